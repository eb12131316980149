"""The class of a page of the explorer, and the function for the address of the page of a thing.

An address is the path of a page without language and file extension: ``system/xiamen`` is the address of
``en/system/xiamen.html``. The address equals the path of the thing's IRI below the base IRI, so the server can redirect
a request for the IRI.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from scs_kg.explorer.content import SiteContent
from scs_kg.model.namespaces import BASE, SCS, local_id
from scs_kg.store.query_library import row_text

LANGUAGES: Final = ("en", "zh-Hans")
WORD_START: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Matches the position before each word of an id such as ``NewsAgency``, except for the first word."""
KINDS: Final = frozenset({"system", "feature", "criterion", "condition", "source", "region", "guideline", "reading"})


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its address, its template, its title (an IRI or a key of the words) and the data of the template.

    ``data`` has IRIs, texts and classes of the model; rendering adds names in the language of the reader.
    """

    address: str
    template: str
    title: str
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    iri: str = ""


@dataclass(frozen=True, slots=True)
class PageLocation:
    """The language and the address of a page; ``up`` is the relative path from it to the root of the site."""

    language: str
    address: str

    @property
    def folder(self) -> str:
        """Return the part of the address before the last slash; empty if there is no slash."""
        return self.address.rpartition("/")[0]

    @property
    def up(self) -> str:
        """Return the relative path to the root."""
        return "../" * (self.address.count("/") + 1)


def address_of(content: SiteContent, iri: str, fragment: str = "") -> str | None:
    """Return the address of the page that shows a thing, with a fragment if it is part of another page.

    Return None if no page shows the thing, for example for foreign IRIs, groups and verdicts.
    """
    if iri in content.anchors:
        return content.anchors[iri]
    for row in content.grouped("publishers", "publisher").get(iri, ()):
        if row_text(row, "sources") != "0":  # the page of publishers shows only those with a source
            return publisher_address(content, row_text(row, "name"))
    path = iri.removeprefix(BASE)
    if not iri.startswith(BASE) or path.split("/", 1)[0] not in KINDS:
        return f"terms#{local_id(iri)}" if iri.startswith(SCS) else None
    return path + (f"#{fragment}" if fragment else "")


def publisher_address(content: SiteContent, name: str) -> str:
    """Return the address of the section on a publisher, given by name, on the page of the publishers of its kind."""
    return f"publishers/{publisher_group(content, name)}#{slug(name)}"


def publisher_group(content: SiteContent, name: str) -> str:
    """Return the id of the page that lists a publisher with others of its kind, such as ``news-agency``.

    The id is ``other`` if the publisher has no record.
    """
    for row in content.grouped("publishers", "name").get(name, ()):
        return WORD_START.sub("-", local_id(row_text(row, "kind"))).lower()
    return "other"


def slug(name: str) -> str:
    """Return a name as a fragment of an address: its letters and digits, in lower case, with hyphens between words."""
    return "-".join(re.findall(r"\w+", name.lower()))
