"""Holds the derived comparison against one that a source published, with the published one's uncertainty.

A published row keeps the order of its marks and may have lost their columns. It then stands for every row in which
the marks keep that order; it fixes its cells only if there is one such row.
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
    """How a derived row stands to the published one."""

    SAME = "same"
    CONSISTENT = "consistent"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One principle: the published marks from left to right, the derived row, and how they agree."""

    principle: Entity
    marks: tuple[Outcome, ...]
    placements: tuple[Row, ...]
    derived: Row
    relation: Relation
    reason: str
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublishedComparison:
    """A published table beside the derived one, with the systems in the order of its columns."""

    matrix: Matrix
    source: str
    locator: str
    systems: tuple[Entity, ...]
    rows: tuple[ComparedRow, ...]


def placements(marks: tuple[Outcome, ...], width: int) -> tuple[Row, ...]:
    """Return every row of ``width`` cells in which the marks stand in their order and the rest is blank."""
    return tuple(
        tuple(marks[columns.index(column)] if column in columns else None for column in range(width))
        for columns in combinations(range(width), len(marks))
    )


def relate(marks: tuple[Outcome, ...], derived: Row) -> Relation:
    """Tell whether a derived row is the published one, is one that it may be, or is neither."""
    possible = placements(marks, len(derived))
    if derived not in possible:
        return Relation.DIFFERENT
    return Relation.SAME if len(possible) == 1 else Relation.CONSISTENT


def compare_published(dataset: Dataset, matrix: Matrix) -> PublishedComparison:
    """Hold a matrix against the published table that its reading follows.

    Raises:
        EmptyInputError: no table was published for the reading.
    """
    columns = query_library.rows(dataset, "published-columns", reading=matrix.reading.iri)
    if not columns:
        raise EmptyInputError(f"no published table goes with the reading {matrix.reading.id}; choose another reading")
    marks: dict[str, tuple[Outcome, ...]] = defaultdict(tuple)
    for row in query_library.rows(dataset, "published-marks", reading=matrix.reading.iri):
        marks[row_text(row, "principle")] += (Outcome(local_id(row_text(row, "mark"))),)
    bases: dict[str, set[str]] = defaultdict(set)
    for row in query_library.rows(dataset, "provisions", reading=matrix.reading.iri):
        bases[row_text(row, "principle")].add(local_id(row_text(row, "basis")).lower())
    known = {system.iri: system for system in matrix.systems}
    missing = {local_id(row_text(row, "system")) for row in columns if row_text(row, "system") not in known}
    if missing:
        raise EmptyInputError(f"the published table also compares {', '.join(sorted(missing))}; do not leave it out")
    across = tuple(known[row_text(row, "system")] for row in columns)
    rows = tuple(_row(matrix, p, across, marks[p.iri], tuple(sorted(bases[p.iri]))) for p in matrix.principles)
    return PublishedComparison(
        matrix, local_id(row_text(columns[0], "source")), row_text(columns[0], "locator"), across, rows
    )


def _row(
    matrix: Matrix, principle: Entity, across: tuple[Entity, ...], marks: tuple[Outcome, ...], bases: tuple[str, ...]
) -> ComparedRow:
    outcomes = {(cell.principle, cell.system): cell.outcome for cell in matrix.cells}
    found = [outcomes[principle.iri, system.iri] for system in across]
    derived = tuple(outcome if outcome in {Outcome.PASSED, Outcome.FAILED} else None for outcome in found)
    possible, relation = placements(marks, len(across)), relate(marks, derived)
    return ComparedRow(
        principle, marks, possible, derived, relation, _reason(across, possible, derived, relation), bases
    )


def _reason(across: tuple[Entity, ...], possible: tuple[Row, ...], derived: Row, relation: Relation) -> str:
    if relation is Relation.SAME:
        return "the position of every mark is known" if any(derived) else "left blank"
    if relation is Relation.CONSISTENT:
        return f"one of the {len(possible)} rows with the same marks in the same order"
    if len(possible) > 1:
        return f"none of the {len(possible)} rows with the same marks in the same order"
    cells = zip(across, possible[0], derived, strict=True)
    differing = [
        f"{s.label}: published {was or 'blank'}, derived {now or 'blank'}" for s, was, now in cells if was != now
    ]
    return "; ".join(differing)
