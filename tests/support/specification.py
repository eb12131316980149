"""Judging and cells by the queries that specify them, independent of the implementation in Python.

``bearing.rq``, ``contradictions.rq`` and ``known.rq`` specify evidence; ``matrix.rq`` and ``evidence.rq`` cells.
"""

from collections import defaultdict
from collections.abc import Mapping

from scs_kg.judging.earl import publish
from scs_kg.judging.evidence import derive
from scs_kg.judging.judge import judge_all
from scs_kg.judging.project import reopen
from scs_kg.judging.readings import ReadingChoice
from scs_kg.judging.selection import read_systems, select
from scs_kg.model.matrix import Cell
from scs_kg.model.namespaces import local_id
from scs_kg.model.selection import Selection
from scs_kg.model.verdicts import OpenReason, Outcome, Verdict
from scs_kg.store import Dataset, query_library
from scs_kg.store.dataset import remove_subjects
from scs_kg.store.query_library import Row, row_text


def specified_graph(dataset: Dataset, selection: Selection) -> Dataset:
    """Return a copy of an opened dataset with the claims of a selection, judged on the evidence of the queries."""
    selected, graph = select(dataset, selection), reopen(dataset)
    remove_subjects(graph, selected.left_out | selected.excluded_systems)
    derive(graph)
    publish(graph, judge_all(graph))
    return graph


def specified_cells(graph: Dataset, choice: ReadingChoice) -> list[Cell]:
    """Return the cells of a reading, ordered by principle and system; verdicts have no open features."""
    verdicts = _verdicts(graph, choice)
    rows = query_library.rows(graph, "matrix", reading=choice.reading.iri)
    by_place = {(row_text(row, "principle"), row_text(row, "system")): row for row in rows}
    principles = [
        row_text(row, "principle") for row in query_library.rows(graph, "principles", guideline=choice.guideline.iri)
    ]
    places = [(principle, system.iri) for principle in dict.fromkeys(principles) for system in read_systems(graph)]
    return [_cell(by_place[place], verdicts.get(place, ())) for place in places]


def open_reason(row: Row) -> OpenReason | None:
    """Return why a row of ``matrix.rq`` or ``evidence.rq`` is undecided, None if it is decided."""
    reason = local_id(row_text(row, "why"))
    return OpenReason(reason[0].lower() + reason[1:]) if reason else None


def _verdicts(graph: Dataset, choice: ReadingChoice) -> Mapping[tuple[str, str], tuple[Verdict, ...]]:
    """Return the verdicts of each cell, by the IRIs of principle and system."""
    claims: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    outcomes: dict[tuple[str, str, str], tuple[Outcome, OpenReason | None]] = {}
    for row in query_library.rows(graph, "evidence", reading=choice.reading.iri):
        key = row_text(row, "principle"), row_text(row, "system"), row_text(row, "criterion")
        outcomes[key] = Outcome(local_id(row_text(row, "outcome"))), open_reason(row)
        if row_text(row, "claim") and row_text(row, "claim") not in claims[key]:
            claims[key].append(row_text(row, "claim"))
    cells: dict[tuple[str, str], tuple[Verdict, ...]] = defaultdict(tuple)
    for key, (outcome, reason) in outcomes.items():
        cells[key[:2]] += (Verdict(key[1], key[2], outcome, tuple(claims[key]), reason),)
    return cells


def _cell(row: Row, verdicts: tuple[Verdict, ...]) -> Cell:
    return Cell(
        row_text(row, "system"),
        row_text(row, "principle"),
        Outcome(local_id(row_text(row, "outcome"))),
        int(row_text(row, "decided")),
        int(row_text(row, "of")),
        open_reason(row),
        verdicts,
    )
