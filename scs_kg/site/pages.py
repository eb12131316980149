"""Every page of the explorer: what builds the pages of each kind, and where all of them stand."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from scs_kg.errors import UnknownNameError
from scs_kg.namespaces import BASE
from scs_kg.query import text
from scs_kg.site import comparison, lists, norms, pictures, things
from scs_kg.site.book import Book
from scs_kg.site.page import Page

Builder = Callable[[Book, str], Page]

BUILDERS: Final[Mapping[str, Builder]] = MappingProxyType(
    {
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
)
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


def page(book: Book, address: str) -> Page:
    """Build the page at an address.

    Raises:
        UnknownNameError: there is no such page; the message names what was looked for and what is near.
    """
    kind, _, rest = address.partition("/")
    if kind not in BUILDERS:
        raise UnknownNameError("page", address, BUILDERS)
    return BUILDERS[kind](book, rest)


def addresses(book: Book) -> Iterator[str]:
    """Yield the address of every page of the static site, in a stable order."""
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
