"""Summarizes the searches for evidence on one criterion of one system, from the log of searches."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from scs_kg import store
from scs_kg.model.entity import Entity
from scs_kg.model.namespaces import PREFIXES, local_id
from scs_kg.store import Dataset, Literal, NamedNode, query_library
from scs_kg.store.query_library import Row, row_text


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """How many searches had an outcome. An outcome is that of a whole search, which can be for several criteria."""

    outcome: Entity
    searches: int


@dataclass(frozen=True, slots=True)
class SearchSummary:
    """The searches for one criterion and one system: their number, and the documents that were read.

    ``last`` is the day of the last search, as 2026-11-30; it is empty if nobody searched. ``outcomes`` are sorted by
    id.
    """

    searches: int = 0
    screened: int = 0
    last: str = ""
    outcomes: tuple[OutcomeCount, ...] = ()


NO_SEARCH: Final = SearchSummary()
"""The summary for a criterion for which nobody searched."""


def search_summaries(dataset: Dataset, system: str) -> Mapping[str, SearchSummary]:
    """Return the searches for a system (an IRI), summarized for each criterion (an IRI) that was searched for."""
    by_criterion: dict[str, list[Row]] = {}
    for row in query_library.rows(dataset, "searches", system=system):
        by_criterion.setdefault(row_text(row, "criterion"), []).append(row)
    outcomes = {row_text(row, "outcome") for rows in by_criterion.values() for row in rows}
    labels = {outcome: _english_label(dataset, outcome) for outcome in outcomes}
    return {criterion: summarized(rows, labels) for criterion, rows in by_criterion.items()}


def summarized(rows: Iterable[Row], labels: Mapping[str, str] = MappingProxyType({})) -> SearchSummary:
    """Return the summary of rows of the query ``searches``: one row for each search for a criterion.

    ``labels`` has the labels of outcomes, keyed by IRI; the label of another outcome is its id.
    """
    found = list(rows)
    counts = Counter(row_text(row, "outcome") for row in found)
    return SearchSummary(
        searches=len(found),
        screened=sum(int(row_text(row, "screened")) for row in found),
        last=max((row_text(row, "date") for row in found), default=""),
        outcomes=tuple(
            OutcomeCount(Entity(local_id(iri), iri, labels.get(iri, local_id(iri))), counts[iri])
            for iri in sorted(counts)
        ),
    )


def _english_label(dataset: Dataset, iri: str) -> str:
    """Return the English label of a thing of the ontology; its id if it has none."""
    labels = store.objects(dataset, NamedNode(iri), PREFIXES["skos"] + "prefLabel")
    return next((term.value for term in labels if isinstance(term, Literal) and term.language == "en"), local_id(iri))
