"""Every page of the explorer: the builder of each kind of page, and the addresses of the static site."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from scs_kg.explorer import (
    answers,
    charts,
    comparison_pages,
    entity_pages,
    guide_pages,
    guideline_pages,
    home_page,
    index_pages,
    linked,
    matrix_pages,
    own_readings,
    publisher_pages,
    shape_pages,
)
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.page import Page
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.namespaces import BASE
from scs_kg.store.query_library import row_text

Builder = Callable[[SiteContent, str], Page]

BUILDERS: Final[Mapping[str, Builder]] = MappingProxyType(
    {
        "system": entity_pages.system,
        "feature": entity_pages.feature,
        "criterion": shape_pages.criterion,
        "condition": shape_pages.condition,
        "source": entity_pages.source,
        "region": entity_pages.region,
        "guideline": guideline_pages.guideline_or_principle,
        "reading": guideline_pages.reading_or_cells,
        "matrix": comparison_pages.matrix,
        "beside": comparison_pages.side_by_side,
        "compare": comparison_pages.compare,
        "own-reading": own_readings.own_reading,
        "times": guideline_pages.verdict_history,
        "guide": guide_pages.guide,
        "index": home_page.home,
        "systems": index_pages.systems,
        "features": index_pages.features,
        "criteria": index_pages.criteria,
        "guidelines": index_pages.guidelines,
        "sources": index_pages.sources,
        "publishers": publisher_pages.publishers,
        "links": linked.links,
        "query": index_pages.query_form,
        "propose": index_pages.claim_form,
        "pictures": charts.pictures,
        "question": answers.question,
        "questions": answers.questions,
        "terms": index_pages.terms,
        "about": index_pages.about,
        "search": index_pages.search,
        "pages": index_pages.pages,
    }
)
SINGLE_PAGES: Final = (
    "index",
    "systems",
    "features",
    "criteria",
    "guidelines",
    "sources",
    "publishers",
    "links",
    "pictures",
    "questions",
    "compare",
    "query",
    "propose",
    "terms",
    "about",
    "search",
    "pages",
)


def page(content: SiteContent, address: str) -> Page:
    """Build the page at an address.

    Raises:
        UnknownNameError: there is no such page; the message has the address and similar addresses.
    """
    kind, _, path = address.partition("/")
    if kind not in BUILDERS or (path and kind in SINGLE_PAGES and kind != "publishers"):
        raise UnknownNameError("page", address, BUILDERS)
    return BUILDERS[kind](content, path)


def addresses(content: SiteContent) -> Iterator[str]:
    """Yield the address of every page of the static site, in a stable order."""
    yield from SINGLE_PAGES
    yield from guide_pages.guide_addresses()
    yield from (f"question/{one.id}" for one in answers.QUESTIONS)
    yield from publisher_pages.addresses(content)
    yield from matrix_pages.addresses(content)
    for query, name, kind in (
        ("systems", "system", "system"),
        ("features", "feature", "feature"),
        ("criteria-record", "criterion", "criterion"),
        ("condition-list", "condition", "condition"),
        ("guidelines", "guideline", "guideline"),
        ("principles", "principle", "guideline"),
        ("readings", "reading", "reading"),
        ("sources", "source", "source"),
        ("regions", "region", "region"),
    ):
        for iri in dict.fromkeys(row_text(row, name) for row in content.rows[query]):
            yield iri.removeprefix(BASE) if iri.startswith(BASE + kind) else f"{kind}/{iri}"
