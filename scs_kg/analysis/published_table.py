"""Compares the derived matrix with a table that a source published, whose columns may be unknown.

The order of the marks in a published row is known, but the columns of the marks may be unknown. If the columns are not
known, every row with the marks in this order is possible. The published row determines its cells only if one row is
possible.
"""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from scs_kg.model.entity import Entity
from scs_kg.model.errors import EmptyInputError
from scs_kg.model.matrix import Matrix
from scs_kg.model.namespaces import local_id
from scs_kg.model.verdicts import Outcome
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_text

Row = tuple[Outcome | None, ...]


class Relation(StrEnum):
    """The relation of a derived row to the published one: the only possible row, a possible row, or neither."""

    SAME = "same"
    CONSISTENT = "consistent"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One principle: the published marks from left to right, the possible rows, the derived row, and their relation."""

    principle: Entity
    marks: tuple[Outcome, ...]
    placements: tuple[Row, ...]
    derived: Row
    relation: Relation
    reason: str
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublishedComparison:
    """A published table compared with the derived matrix; the systems are in the order of its columns."""

    matrix: Matrix
    source: str
    locator: str
    systems: tuple[Entity, ...]
    rows: tuple[ComparedRow, ...]


def placements(marks: tuple[Outcome, ...], width: int) -> tuple[Row, ...]:
    """Return every row of ``width`` cells that has the marks in their order and is blank elsewhere."""
    return tuple(
        tuple(marks[columns.index(column)] if column in columns else None for column in range(width))
        for columns in combinations(range(width), len(marks))
    )


def relate(marks: tuple[Outcome, ...], derived: Row) -> Relation:
    """Return the relation of a derived row to a published row with these marks."""
    possible = placements(marks, len(derived))
    if derived not in possible:
        return Relation.DIFFERENT
    return Relation.SAME if len(possible) == 1 else Relation.CONSISTENT


def compare_published(dataset: Dataset, matrix: Matrix) -> PublishedComparison:
    """Compare a matrix with the published table that its reading follows.

    Raises:
        EmptyInputError: no table was published for the reading, or the matrix lacks a system of the table.
    """
    columns = query_library.rows(dataset, "published-columns", reading=matrix.reading.iri)
    if not columns:
        raise EmptyInputError(f"no table was published for the reading {matrix.reading.id}; choose another reading")
    marks: dict[str, tuple[Outcome, ...]] = defaultdict(tuple)
    for row in query_library.rows(dataset, "published-marks", reading=matrix.reading.iri):
        marks[row_text(row, "principle")] += (Outcome(local_id(row_text(row, "mark"))),)
    bases: dict[str, set[str]] = defaultdict(set)
    for row in query_library.rows(dataset, "provisions", reading=matrix.reading.iri):
        bases[row_text(row, "principle")].add(local_id(row_text(row, "basis")).lower())
    known = {system.iri: system for system in matrix.systems}
    missing = {local_id(row_text(row, "system")) for row in columns if row_text(row, "system") not in known}
    if missing:
        raise EmptyInputError(f"the published table also compares {', '.join(sorted(missing))}; select these as well")
    systems = tuple(known[row_text(row, "system")] for row in columns)
    rows = tuple(_row(matrix, p, systems, marks[p.iri], tuple(sorted(bases[p.iri]))) for p in matrix.principles)
    return PublishedComparison(
        matrix, local_id(row_text(columns[0], "source")), row_text(columns[0], "locator"), systems, rows
    )


def _row(
    matrix: Matrix, principle: Entity, systems: tuple[Entity, ...], marks: tuple[Outcome, ...], bases: tuple[str, ...]
) -> ComparedRow:
    outcomes = {(cell.principle, cell.system): cell.outcome for cell in matrix.cells}
    found = [outcomes[principle.iri, system.iri] for system in systems]
    derived = tuple(outcome if outcome in {Outcome.PASSED, Outcome.FAILED} else None for outcome in found)
    possible, relation = placements(marks, len(systems)), relate(marks, derived)
    return ComparedRow(
        principle, marks, possible, derived, relation, _reason(systems, possible, derived, relation), bases
    )


def _reason(systems: tuple[Entity, ...], possible: tuple[Row, ...], derived: Row, relation: Relation) -> str:
    """Return the reason for the relation in English."""
    if relation is Relation.SAME:
        return "the position of every mark is known" if any(derived) else "left blank"
    if relation is Relation.CONSISTENT:
        return f"the derived row is one of {len(possible)} rows that have the published marks in their order"
    if len(possible) > 1:
        count = len(possible)
        return f"the derived row differs from each of the {count} rows that have the published marks in their order"
    cells = zip(systems, possible[0], derived, strict=True)
    return "; ".join(
        f"{system.label}: published {mark or 'blank'}, derived {outcome or 'blank'}"
        for system, mark, outcome in cells
        if mark != outcome
    )
