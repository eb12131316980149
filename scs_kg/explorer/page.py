"""One page of the explorer, and the address of the page of a thing.

An address is the path of a page without language and ending: ``system/xiamen`` stands at ``en/system/xiamen.html``. The
page of a thing has the address that its IRI has under the base, so that the IRI can be answered by a redirect.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scs_kg.explorer.content import SiteContent
from scs_kg.model.namespaces import BASE, SCS, local_id

LANGUAGES: Final = ("en", "zh-Hans")
KINDS: Final = frozenset({"system", "feature", "criterion", "source", "region", "guideline", "reading"})


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its address, its template, the IRI or the word that names it, and what the template shows.

    ``data`` holds IRIs, texts and the nouns of the model; names in the language of the reader come with rendering.
    """

    address: str
    template: str
    title: str
    data: Mapping[str, Any] = field(default_factory=dict)
    iri: str = ""


def address_of(book: SiteContent, iri: str, fragment: str = "") -> str | None:
    """Return the address of the page of a thing of ours, with a fragment where it stands on the page of another.

    None for what has no page: things of others, groups, verdicts.
    """
    if iri in book.anchors:
        return book.anchors[iri]
    rest = iri.removeprefix(BASE)
    if not iri.startswith(BASE) or rest.split("/", 1)[0] not in KINDS:
        return f"terms#{local_id(iri)}" if iri.startswith(SCS) else None
    return rest + (f"#{fragment}" if fragment else "")
