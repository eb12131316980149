"""Matrices and published tables as tables of text, which every document format is written from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scs_kg.analysis.published_table import PublishedComparison, Row
from scs_kg.model.matrix import Cell, Matrix
from scs_kg.model.verdicts import OpenReason, Outcome
from scs_kg.render.sentences import selection_sentence

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
REASONS: Final[Mapping[OpenReason, str]] = {
    OpenReason.CONTESTED: "contested",
    OpenReason.NOT_REPORTED: "unreported",
    OpenReason.SILENT: "silent",
}
FINDINGS: Final[Mapping[str, str]] = {"Present": "present", "Absent": "absent", "NotReported": "not reported"}
NOTHING: Final = "·"
MANY_SYSTEMS: Final = 8
MANY_PRINCIPLES: Final = 10
LEGEND: Final = (
    "√ passed, × failed, ? nobody can tell (contested: the sources contradict each other; unreported: a source says "
    "that it found nothing; silent: no claim bears on it), – does not apply. 1/3: one of three criteria is decided. "
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
    """Return a matrix as a table of marks: a row for each principle, or for each system if there are many."""
    cells = {(cell.principle, cell.system): cell for cell in matrix.cells}
    many, wide = len(matrix.systems) > MANY_SYSTEMS, len(matrix.principles) > MANY_PRINCIPLES
    if many:
        number = {principle.iri: str(place) for place, principle in enumerate(matrix.principles, 1)}
        columns = ("system", *number.values())
        shown = _mark if wide else _coverage
        rows = tuple((system.label, *(shown(cells[iri, system.iri]) for iri in number)) for system in matrix.systems)
    else:
        columns = ("principle", *(system.label for system in matrix.systems))
        rows = tuple(
            (principle.label, *(_cell(cells[principle.iri, system.iri]) for system in matrix.systems))
            for principle in matrix.principles
        )
    numbered = "; ".join(f"{place} {principle.label}" for place, principle in enumerate(matrix.principles, 1))
    notes = [f"Principles: {numbered}."] if many else []
    notes.append(LEGEND)
    if not all(cell.of for cell in matrix.cells):
        notes.append(f"{NOTHING} the reading asks for no criterion under this principle.")
    if any(cell.of and cell.outcome is Outcome.CANT_TELL and not cell.why for cell in matrix.cells):
        notes.append("? with every criterion decided: the text only aspires to what they ask, which decides no mark.")
    notes.append(selection_sentence(matrix.selection))
    notes += [note for note in (matrix.standing, matrix.objections) if note]
    return Table(_title(matrix), columns, rows, tuple(notes))


def _title(matrix: Matrix) -> str:
    datasets = f", claims of {' and '.join(matrix.selection.datasets)}" if matrix.selection.datasets else ""
    as_of = f", claims up to {matrix.selection.as_of}" if matrix.selection.as_of else ""
    return f"{matrix.guideline.label}, read {matrix.reading.label}{datasets}{as_of}"


def _mark(cell: Cell) -> str:
    return MARKS[cell.outcome] if cell.of else NOTHING


def _coverage(cell: Cell) -> str:
    return f"{_mark(cell)} {cell.decided}/{cell.of}" if cell.of else NOTHING


def _cell(cell: Cell) -> str:
    return f"{_coverage(cell)} {REASONS[cell.why]}" if cell.why else _coverage(cell)


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
        selection_sentence(found.matrix.selection),
    )
    title = f"{found.locator} of {found.source} beside what follows from its claims, {found.matrix.reading.label}"
    return Table(title, ("principle", "published", "derived", "agreement", "why", "grounds"), rows, notes)


def _marks(row: Row) -> str:
    return " ".join(MARKS[mark] if mark else "·" for mark in row)
