"""Computes verdicts and cells with the queries that specify them, independent of the implementation in Python.

``bearing.rq``, ``contradictions.rq`` and ``known.rq`` specify evidence; ``matrix.rq`` and ``scope.rq`` specify cells.
"""

from collections import defaultdict
from dataclasses import dataclass, replace

from scs_kg import store
from scs_kg.judging.earl import publish
from scs_kg.judging.evidence import derive
from scs_kg.judging.judge import judge_all
from scs_kg.judging.project import reopen
from scs_kg.judging.readings import ReadingChoice
from scs_kg.judging.selection import SelectedClaims, read_systems, select
from scs_kg.model.matrix import Cell, Counts, Mark, Scope
from scs_kg.model.namespaces import EARL, SCS, local_id
from scs_kg.model.selection import Selection
from scs_kg.model.verdicts import OpenReason, Outcome, Verdict
from scs_kg.store import Dataset, NamedNode, query_library
from scs_kg.store.dataset import remove_subjects
from scs_kg.store.query_library import Row, row_text

IN_QUERY = (Scope.OUTSIDE, Scope.ASSUMED, Scope.COUNTERFACTUAL)
"""The values of scope that ``scope.rq`` returns; they and the dates of deciding claims determine the other values."""


@dataclass(frozen=True, slots=True)
class SpecifiedCell:
    """The values that the queries return for a cell; ``scope`` has only the values in ``IN_QUERY``."""

    principle: str
    system: str
    outcome: Outcome
    mark: Mark
    counts: Counts
    of: int
    open_reason: OpenReason | None
    scope: tuple[Scope, ...]


def specified_graph(dataset: Dataset, selection: Selection) -> Dataset:
    """Return a copy of an opened dataset with the claims of a selection, judged on the evidence of the queries."""
    selected, graph = select(dataset, selection), reopen(dataset)
    kept = superseded_for_good(dataset, selected)
    remove_subjects(graph, selected.left_out | selected.excluded_systems | kept)
    derive(graph)
    publish(graph, judge_all(graph))
    return graph


def superseded_for_good(dataset: Dataset, selected: SelectedClaims) -> frozenset[str]:
    """Return the claims that are superseded by a claim that does not count only because of its mode or confidence.

    The uncounted claim supersedes these claims directly or through other claims, and is not retracted.
    """
    earlier: dict[str, set[str]] = defaultdict(set)
    for later, claim in store.subject_objects(dataset, SCS + "supersedes"):
        earlier[later].add(claim)
    retracted = {claim for _, claim in store.subject_objects(dataset, SCS + "retracts")}
    found: set[str] = set()
    waiting = set(selected.uncounted) - retracted
    while waiting:
        waiting = set[str]().union(*(earlier[later] for later in waiting)) - found
        found |= waiting
    return frozenset(found)


def specified_verdicts(graph: Dataset) -> list[Verdict]:
    """Return the published verdicts on criteria and conditions, keyed by system and test, without their premises."""
    outcomes = dict(store.subject_objects(graph, EARL + "outcome"))
    results = dict(store.subject_objects(graph, EARL + "result"))
    subjects = dict(store.subject_objects(graph, EARL + "subject"))
    found = []
    for name, test in store.subject_objects(graph, EARL + "test"):
        claims, features, reasons = (
            tuple(sorted(store.text(term) for term in store.objects(graph, NamedNode(name), SCS + link)))
            for link in ("restsOn", "hangsOn", "openBecause")
        )
        reason = open_reason(local_id(reasons[0])) if reasons else None
        outcome = Outcome(local_id(outcomes[results[name]]))
        found.append(Verdict(subjects[name], test, outcome, claims, reason, features))
    return sorted(found, key=lambda verdict: (verdict.system, verdict.criterion))


def published(verdicts: tuple[Verdict, ...]) -> list[Verdict]:
    """Return verdicts as they are published: keyed by system and test, without their premises."""
    return sorted(
        (replace(verdict, premises=()) for verdict in verdicts), key=lambda verdict: (verdict.system, verdict.criterion)
    )


def specified_cells(graph: Dataset, choice: ReadingChoice) -> list[SpecifiedCell]:
    """Return the cells of a reading, ordered by principle and system."""
    return cells_of_readings(graph, reading=choice.reading.iri).get(choice.reading.iri, [])


def cells_of_readings(graph: Dataset, **reading: str) -> dict[str, list[SpecifiedCell]]:
    """Return the cells of readings, keyed by the IRI of the reading, ordered by principle and system."""
    rows: dict[str, dict[tuple[str, str], Row]] = defaultdict(dict)
    for row in query_library.rows(graph, "matrix", **reading):
        rows[row_text(row, "reading")][_place(row)] = row
    scopes: dict[str, dict[tuple[str, str], Row]] = defaultdict(dict)
    for row in query_library.rows(graph, "scope", **reading):
        scopes[row_text(row, "reading")][_place(row)] = row
    assert rows.keys() == scopes.keys()
    order = {system.iri: number for number, system in enumerate(read_systems(graph))}
    return {iri: _cells(found, scopes[iri], order) for iri, found in rows.items()}


def _cells(
    rows: dict[tuple[str, str], Row], scopes: dict[tuple[str, str], Row], order: dict[str, int]
) -> list[SpecifiedCell]:
    assert rows.keys() == scopes.keys()
    principles = {principle: number for number, (principle, _) in enumerate(rows)}
    places = sorted(rows, key=lambda place: (principles[place[0]], order[place[1]]))
    return [_cell(rows[place], scopes[place]) for place in places]


def specified(cell: Cell) -> SpecifiedCell:
    """Return the part of a cell that the queries specify."""
    scope = tuple(scope for scope in IN_QUERY if scope in cell.scope)
    reason, counts = cell.open_reason, cell.counts
    return SpecifiedCell(cell.principle, cell.system, cell.outcome, cell.mark, counts, counts.of, reason, scope)


def open_reason(name: str) -> OpenReason | None:
    """Return the reason with this local name; None if the name is empty."""
    return OpenReason(name[0].lower() + name[1:]) if name else None


def _place(row: Row) -> tuple[str, str]:
    return row_text(row, "principle"), row_text(row, "system")


def _cell(row: Row, scope: Row) -> SpecifiedCell:
    return SpecifiedCell(
        principle=row_text(row, "principle"),
        system=row_text(row, "system"),
        outcome=Outcome(local_id(row_text(row, "outcome"))),
        mark=Mark(row_text(row, "mark")),
        counts=Counts(*(int(row_text(row, name)) for name in ("met", "notMet", "open", "inapplicable"))),
        of=int(row_text(row, "of")),
        open_reason=open_reason(local_id(row_text(row, "why"))),
        scope=tuple(name for name in IN_QUERY if row_text(scope, name) == "true"),
    )
