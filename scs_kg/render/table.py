"""Matrices and published tables as tables of text, which every document format is written from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scs_kg.model import Cell, Matrix, Outcome, Why
from scs_kg.published import PublishedComparison, Row

MARKS: Final[Mapping[Outcome, str]] = {
    Outcome.PASSED: "√",
    Outcome.FAILED: "×",
    Outcome.CANT_TELL: "?",
    Outcome.INAPPLICABLE: "–",
}
WORDS: Final[Mapping[Outcome, str]] = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.CANT_TELL: "nobody can tell",
    Outcome.INAPPLICABLE: "does not apply",
}
REASONS: Final[Mapping[Why, str]] = {
    Why.CONTESTED: "contested",
    Why.NOT_REPORTED: "unreported",
    Why.SILENT: "silent",
}
FINDINGS: Final[Mapping[str, str]] = {"Present": "present", "Absent": "absent", "NotReported": "not reported"}
NOTHING: Final = "·"
LEGEND: Final = (
    "√ passed, × failed, ? nobody can tell (contested: the sources contradict each other; unreported: a source says "
    "that it found nothing; silent: no source speaks of it), – does not apply. 1/3: one of three criteria is decided. "
    "A mark says how a system stands by these criteria, on these claims, and no more."
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text with a title and notes below it; the first column names the row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def matrix_table(matrix: Matrix) -> Table:
    """Return a matrix as a table of marks, a row for each principle."""
    width = len(matrix.systems)
    cells = [_cell(cell) for cell in matrix.cells]
    rows = tuple(
        (principle.label, *cells[number * width : (number + 1) * width])
        for number, principle in enumerate(matrix.principles)
    )
    as_of = f", claims up to {matrix.as_of}" if matrix.as_of else ""
    title = f"{matrix.guideline.label}, read {matrix.reading.label}{as_of}"
    empty = (f"{NOTHING} the reading asks for no criterion under this principle.",) if NOTHING in cells else ()
    return Table(title, ("principle", *(system.label for system in matrix.systems)), rows, (LEGEND, *empty))


def _cell(cell: Cell) -> str:
    if not cell.of:
        return NOTHING
    reason = f" {REASONS[cell.why]}" if cell.why else ""
    return f"{MARKS[cell.outcome]} {cell.decided}/{cell.of}{reason}"


def published_table(found: PublishedComparison) -> Table:
    """Return a published table beside the derived one, row by row."""
    rows = tuple(
        (
            row.principle.label,
            " ".join(MARKS[mark] for mark in row.marks) or "blank",
            _marks(row.derived),
            row.relation.value,
            row.why,
            ", ".join(row.bases),
        )
        for row in found.rows
    )
    order = ", ".join(system.label for system in found.systems)
    notes = (
        f"Columns from left to right: {order}. Published marks stand in their order; their columns may be lost. "
        "Derived: one sign for each column, · for a blank (nobody can tell, or does not apply). "
        "Grounds: whether the source states the ground of the provisions, implies it, or it was chosen here.",
    )
    title = f"{found.locator} of {found.source} beside what follows from its claims, {found.matrix.reading.label}"
    return Table(title, ("principle", "published", "derived", "agreement", "why", "grounds"), rows, notes)


def _marks(row: Row) -> str:
    return " ".join(MARKS[mark] if mark else "·" for mark in row)
