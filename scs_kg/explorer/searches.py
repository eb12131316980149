"""Shows searches for evidence on the pages: searches for one criterion and one system, and the flow of documents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Final

from scs_kg.analysis.searches import NO_SEARCH, SearchSummary, summarized
from scs_kg.explorer.content import SiteContent
from scs_kg.model.namespaces import local_id
from scs_kg.render.data import as_csv
from scs_kg.store.query_library import Row, row_text

COLUMNS: Final = (
    "search",
    "date",
    "searcher",
    "place",
    "words",
    "identified",
    "screened",
    "included",
    "outcome",
    "note",
)
"""The columns of the table of searches, named as in the query ``searches``; the table also has the criteria."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Figures on searches: their number, documents identified, screened and included, and claims written."""

    searches: int = 0
    identified: int = 0
    screened: int = 0
    included: int = 0
    claims: int = 0


def summary(content: SiteContent, system: str, criterion: str) -> SearchSummary | None:
    """Return the searches for a criterion and a system, both given by IRI; None if nobody searched."""
    found = content.grouped("searches", "system", "criterion").get(f"{system} {criterion}", ())
    return summarized(found) if found else None


def searches_for(content: SiteContent, system: str, criteria: Iterable[str]) -> list[tuple[str, int]]:
    """Return criteria with the number of searches for each, for a system; the most searched criteria come first."""
    found = ((criterion, summary(content, system, criterion) or NO_SEARCH) for criterion in criteria)
    return sorted(((criterion, own.searches) for criterion, own in found), key=lambda pair: -pair[1])


def by_search(content: SiteContent, system: str) -> Mapping[str, tuple[Row, ...]]:
    """Return the rows on the searches for a system, keyed by the IRI of the search: one row for each criterion."""
    found: dict[str, list[Row]] = {}
    for row in content.grouped("searches", "system").get(system, ()):
        found.setdefault(row_text(row, "search"), []).append(row)
    return MappingProxyType({search: tuple(rows) for search, rows in found.items()})


def searches_csv(content: SiteContent, system: str) -> str:
    """Return the searches for a system as CSV with a row for each search; spaces separate the ids of its criteria."""
    table: list[tuple[str, ...]] = [(*COLUMNS, "criteria")]
    for search, rows in by_search(content, system).items():
        values = {name: row_text(rows[0], name) for name in COLUMNS} | {"search": local_id(search)}
        values |= {name: local_id(values[name]) for name in ("place", "outcome")}
        table.append((*values.values(), " ".join(local_id(row_text(row, "criterion")) for row in rows)))
    return as_csv(table)


def flow_by_place_of(content: SiteContent, system: str) -> Mapping[str, Flow]:
    """Return the flow of documents of the searches for a system, by place of search; claims are not counted."""
    found: dict[str, Flow] = {}
    for row, *_ in by_search(content, system).values():
        so_far = found.get(row_text(row, "place"), Flow())
        found[row_text(row, "place")] = Flow(
            so_far.searches + 1,
            *(getattr(so_far, name) + int(row_text(row, name)) for name in ("identified", "screened", "included")),
        )
    return MappingProxyType(dict(sorted(found.items())))


def flow_by_place(content: SiteContent) -> Mapping[str, Flow]:
    """Return the flow of documents of each place of search."""
    return MappingProxyType(
        {
            row_text(row, "place"): Flow(
                searches=int(row_text(row, "searches")),
                identified=int(row_text(row, "documentsIdentified")),
                screened=int(row_text(row, "documentsScreened")),
                included=int(row_text(row, "documentsIncluded")),
                claims=int(row_text(row, "claims")),
            )
            for row in content.rows["search-figures"]
        }
    )


def whole_flow(content: SiteContent) -> Flow:
    """Return the flow of documents of all searches."""
    found = flow_by_place(content).values()
    return Flow(*(sum(getattr(flow, field.name) for flow in found) for field in fields(Flow)))
