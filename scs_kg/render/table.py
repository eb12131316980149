"""Matrices and published tables as tables of text, which every document format is written from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from scs_kg.analysis.published_table import PublishedComparison, Row
from scs_kg.model.matrix import Cell, Matrix
from scs_kg.model.verdicts import OpenReason, Outcome
from scs_kg.render.language import gettext as _
from scs_kg.render.language import listed, translated
from scs_kg.render.sentences import applicability_sentence, selection_sentence

MARKS: Final[Mapping[Outcome, str]] = {
    Outcome.PASSED: "√",
    Outcome.FAILED: "×",
    Outcome.CANT_TELL: "?",
    Outcome.INAPPLICABLE: "–",
}
WORDS: Final[Mapping[Outcome, str]] = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.CANT_TELL: "not known",
    Outcome.INAPPLICABLE: "does not apply",
}
REASONS: Final[Mapping[OpenReason, str]] = {
    OpenReason.CONTESTED: "contested",
    OpenReason.NOT_REPORTED: "unreported",
    OpenReason.SILENT: "no claim",
}
FINDINGS: Final[Mapping[str, str]] = {"Present": "present", "Absent": "absent", "NotReported": "not reported"}
NOTHING: Final = "·"
MANY_SYSTEMS: Final = 8
MANY_PRINCIPLES: Final = 10
LEGEND: Final = (
    "√ passed, × failed, ? not known (contested: sources contradict each other; unreported: a source looked for it "
    "and found nothing; no claim: no claim addresses it), – does not apply. 1/3: one of three criteria is decided. "
    "A mark says only how a system meets these criteria according to these claims."
)
ORDER: Final = (
    "Columns from left to right: {systems}. Published marks are in their order; their columns may be lost. Derived: "
    "one sign for each column, · for a blank (not known, or does not apply). Grounds: whether the source states the "
    "ground of the provisions, implies it, or this project chose it."
)
"""The note below a published table."""


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
        columns = (_("system"), *number.values())
        shown = _mark if wide else _coverage
        rows = tuple((system.label, *(shown(cells[iri, system.iri]) for iri in number)) for system in matrix.systems)
    else:
        columns = (_("principle"), *(system.label for system in matrix.systems))
        rows = tuple(
            (principle.label, *(_cell(cells[principle.iri, system.iri]) for system in matrix.systems))
            for principle in matrix.principles
        )
    return Table(_title(matrix), columns, rows, tuple(_notes(matrix, many=many)))


def _notes(matrix: Matrix, *, many: bool) -> Iterator[str]:
    """Yield the notes below a matrix: what its columns, marks and claims are."""
    if many:
        numbered = "; ".join(f"{place} {principle.label}" for place, principle in enumerate(matrix.principles, 1))
        yield _("Principles: {principles}.", principles=numbered)
    yield _(LEGEND)
    if not all(cell.of for cell in matrix.cells):
        yield _("{sign} the reading has no criterion for this principle.", sign=NOTHING)
    if any(cell.of and cell.outcome is Outcome.CANT_TELL and not cell.open_reason for cell in matrix.cells):
        yield _("? with every criterion decided: the text only aspires to them, so that they decide no mark.")
    yield selection_sentence(matrix.selection)
    yield from filter(None, (applicability_sentence(matrix.applicability), translated(matrix.objections)))


def _title(matrix: Matrix) -> str:
    datasets = (
        _(", claims of {datasets}", datasets=listed(matrix.selection.datasets)) if matrix.selection.datasets else ""
    )
    as_of = _(", claims up to {date}", date=matrix.selection.as_of) if matrix.selection.as_of else ""
    place = {"guideline": matrix.guideline.label, "reading": matrix.reading.label}
    return _("{guideline}, read {reading}", **place) + datasets + as_of


def _mark(cell: Cell) -> str:
    return MARKS[cell.outcome] if cell.of else NOTHING


def _coverage(cell: Cell) -> str:
    return f"{_mark(cell)} {cell.decided}/{cell.of}" if cell.of else NOTHING


def _cell(cell: Cell) -> str:
    return f"{_coverage(cell)} {_(REASONS[cell.open_reason])}" if cell.open_reason else _coverage(cell)


def published_table(found: PublishedComparison) -> Table:
    """Return a published table beside the derived one, row by row."""
    rows = tuple(
        (
            row.principle.label,
            " ".join(MARKS[mark] for mark in row.marks) or _("blank"),
            _marks(row.derived),
            _(row.relation.value),
            translated(row.reason),
            ", ".join(map(_, row.bases)),
        )
        for row in found.rows
    )
    order = listed(system.label for system in found.systems)
    place = {"locator": found.locator, "source": found.source, "reading": found.matrix.reading.label}
    title = _("{locator} of {source} and the table derived from its claims, read {reading}", **place)
    notes = (_(ORDER, systems=order), selection_sentence(found.matrix.selection))
    columns = ("principle", "published", "derived", "agreement", "why", "grounds")
    return Table(title, tuple(map(_, columns)), rows, notes)


def _marks(row: Row) -> str:
    return " ".join(MARKS[mark] if mark else "·" for mark in row)
