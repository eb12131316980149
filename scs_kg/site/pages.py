"""Every page of the explorer: where it stands, what is on it, and how it is rendered in a language.

An address is the path of a page without language and ending: ``system/xiamen`` stands at ``en/system/xiamen.html``. The
page of a thing has the address that its IRI has under the base, so that the IRI can be answered by a redirect.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scs_kg.namespaces import BASE, SCS, local_id
from scs_kg.query import text
from scs_kg.site.book import Book

LANGUAGES: Final = ("en", "zh-Hans")


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


Builder = Callable[[Book, str], Page]


def address_of(book: Book, iri: str, fragment: str = "") -> str | None:
    """Return the address of the page of a thing of ours, with a fragment where it stands on the page of another.

    None for what has no page: things of others, groups, verdicts.
    """
    if iri in book.anchors:
        return book.anchors[iri]
    rest = iri.removeprefix(BASE)
    if not iri.startswith(BASE) or rest.split("/", 1)[0] not in KINDS:
        return f"terms#{local_id(iri)}" if iri.startswith(SCS) else None
    return rest + (f"#{fragment}" if fragment else "")


def builders() -> Mapping[str, Builder]:
    """Return what builds the pages of each kind, by the first part of their addresses."""
    from scs_kg.site import comparison, lists, norms, pictures, things

    return {
        "system": things.system,
        "feature": things.feature,
        "criterion": things.criterion,
        "source": things.source,
        "region": things.region,
        "guideline": norms.guideline_or_principle,
        "reading": norms.reading_or_cells,
        "matrix": comparison.matrix,
        "beside": comparison.beside,
        "times": norms.times,
        "index": lists.home,
        "systems": lists.systems,
        "features": lists.features,
        "criteria": lists.criteria,
        "guidelines": lists.guidelines,
        "sources": lists.sources,
        "query": lists.asking,
        "propose": lists.proposing,
        "pictures": pictures.pictures,
        "terms": lists.terms,
        "about": lists.about,
        "search": lists.search,
    }


LISTS: Final = (
    "index",
    "systems",
    "features",
    "criteria",
    "guidelines",
    "sources",
    "pictures",
    "query",
    "propose",
    "terms",
    "about",
    "search",
)
KINDS: Final = frozenset({"system", "feature", "criterion", "source", "region", "guideline", "reading"})


def page(book: Book, address: str) -> Page:
    """Build the page at an address.

    Raises:
        UnknownNameError: there is no such page; the message names what was looked for and what is near.
    """
    from scs_kg.errors import UnknownNameError

    kind, _, rest = address.partition("/")
    found = builders()
    if kind not in found:
        raise UnknownNameError("page", address, found)
    return found[kind](book, rest)


def addresses(book: Book) -> Iterator[str]:
    """Yield the address of every page of the static site, in a stable order."""
    from scs_kg.site import comparison

    yield from LISTS
    yield from comparison.addresses(book)
    for question, name, kind in (
        ("systems", "system", "system"),
        ("features", "feature", "feature"),
        ("criteria-record", "criterion", "criterion"),
        ("guidelines", "guideline", "guideline"),
        ("principles", "principle", "guideline"),
        ("readings", "reading", "reading"),
        ("sources", "source", "source"),
        ("regions", "region", "region"),
    ):
        for iri in dict.fromkeys(text(row, name) for row in book.rows[question]):
            yield iri.removeprefix(BASE) if iri.startswith(BASE + kind) else f"{kind}/{iri}"
