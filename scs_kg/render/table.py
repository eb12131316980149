"""Converts matrices and published tables to tables of text, the input of every document format."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from scs_kg.model.claims import Mode
from scs_kg.model.matrix import Cell, Mark, Matrix, Scope
from scs_kg.model.verdicts import OpenReason, Outcome
from scs_kg.render.language import gettext as _
from scs_kg.render.language import listed, translated
from scs_kg.render.principle_labels import is_hard_law, row_label, short_labels
from scs_kg.render.sentences import CELL_RULES, applicability_sentence, selection_sentence

MARKS: Final[Mapping[Mark, str]] = {
    Mark.MET: "√",
    Mark.PARTLY_MET: "◐",
    Mark.NOT_MET: "×",
    Mark.NOT_MET_INTERPRETED: "(×)",
    Mark.NOT_KNOWN: "?",
    Mark.NOT_ASKED: "·",
    Mark.INAPPLICABLE: "–",
}
SIGNS: Final[Mapping[Outcome, str]] = {
    Outcome.PASSED: "√",
    Outcome.FAILED: "×",
    Outcome.CANT_TELL: "?",
    Outcome.INAPPLICABLE: "–",
}
"""The sign of the verdict on one criterion, and of a published mark."""
WORDS: Final[Mapping[Outcome, str]] = {
    Outcome.PASSED: "met",
    Outcome.FAILED: "not met",
    Outcome.CANT_TELL: "not known",
    Outcome.INAPPLICABLE: "does not apply",
}
"""The verdict on one criterion in words."""
MARK_WORDS: Final[Mapping[Mark, str]] = {
    Mark.MET: "met",
    Mark.PARTLY_MET: "partly met",
    Mark.NOT_MET: "not met",
    Mark.NOT_MET_INTERPRETED: "not met on this reading",
    Mark.NOT_KNOWN: "not known",
    Mark.NOT_ASKED: "not asked",
    Mark.INAPPLICABLE: "does not apply",
}
SOFT_WORDS: Final[Mapping[Mark, str]] = {
    Mark.MET: "upheld",
    Mark.PARTLY_MET: "partly upheld",
    Mark.NOT_MET: "breached",
    Mark.NOT_MET_INTERPRETED: "breached on this reading",
}
"""The marks in words for guidelines that are not hard law."""
REASONS: Final[Mapping[OpenReason, str]] = {
    OpenReason.CONTESTED: "contested",
    OpenReason.RULE_AND_PRACTICE_DIFFER: "rule and practice differ",
    OpenReason.NOT_REPORTED: "unreported",
    OpenReason.PLANNED: "only planned",
    OpenReason.SILENT: "no claim",
    OpenReason.OUT_OF_SCOPE: "outside the chosen scope",
}
SCOPE_LETTERS: Final[Mapping[Scope, str]] = {Scope.ASSUMED: "a", Scope.COUNTERFACTUAL: "c", Scope.HINDSIGHT: "h"}
SCOPES: Final[Mapping[Scope, str]] = {
    Scope.ESTABLISHED: "established",
    Scope.ASSUMED: "assumed",
    Scope.COUNTERFACTUAL: "counterfactual",
    Scope.HINDSIGHT: "in hindsight",
    Scope.OUTSIDE: "outside",
}
MODES: Final[Mapping[Mode, str]] = {Mode.DE_JURE: "on paper", Mode.DE_FACTO: "in practice", Mode.PLANNED: "planned"}
FINDINGS: Final[Mapping[str, str]] = {"Present": "present", "Absent": "absent", "NotReported": "not reported"}
NOTHING: Final = MARKS[Mark.NOT_ASKED]
ON_PAPER, PARTLY_ON_PAPER = "§", "(§)"
MANY_SYSTEMS: Final = 8
NOT_MET_MARKS: Final = frozenset({Mark.NOT_MET, Mark.NOT_MET_INTERPRETED})
COUNTS_MET: Final = "of the three criteria that count, one is met"
COUNTS_NOT_MET: Final = "of the three criteria that count, one is not met"
"""The explanation of counts such as √ 1/3 and × 1/3."""
REASON_MEANINGS: Final[Mapping[OpenReason, str]] = {
    OpenReason.CONTESTED: "sources contradict each other",
    OpenReason.RULE_AND_PRACTICE_DIFFER: "a rule in force and a report of practice contradict each other",
    OpenReason.NOT_REPORTED: "a source looked for the feature and found nothing",
    OpenReason.PLANNED: "only a plan or a draft contains it",
    OpenReason.SILENT: "no claim addresses the feature",
    OpenReason.OUT_OF_SCOPE: "cells with this scope are left undecided",
}
PAPER_MEANINGS: Final[Mapping[str, str]] = {
    ON_PAPER: "the claims that decide the mark are about rules, not about practice",
    PARTLY_ON_PAPER: "the claims that decide some of the criteria are about rules, not about practice",
}
SCOPE_MEANINGS: Final[Mapping[Scope, str]] = {
    Scope.ASSUMED: "it is assumed, but not known, that the text covers the system",
    Scope.COUNTERFACTUAL: "the system operates where the text does not apply",
    Scope.HINDSIGHT: "all claims that decide the mark are older than the text",
}
CAUTION: Final = "A mark says only how a system meets these criteria according to these claims."
ORDER: Final = (
    "Columns from left to right: {systems}. Published marks keep their order, but their columns may be unknown. "
    "Derived: one sign for each column; · means blank (not known, or does not apply). Basis: whether the source "
    "states the provisions or implies them, or this project chose them."
)
"""The note below a published table."""


Legend: TypeAlias = tuple[tuple[str, str], ...]
"""Signs or words, paired with their meanings."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text with a title, a legend and notes; the first column names the row.

    The legend is in groups, for example the marks and the letters.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    legend: tuple[Legend, ...] = ()


def matrix_table(matrix: Matrix) -> Table:
    """Return a matrix as a table of marks: a row for each principle, or for each system if there are many."""
    cells = {(cell.principle, cell.system): cell for cell in matrix.cells}
    if len(matrix.systems) > MANY_SYSTEMS:
        short = short_labels(matrix)
        columns = (_("system"), *short.values())
        rows = tuple((system.label, *(marked(cells[iri, system.iri]) for iri in short)) for system in matrix.systems)
        numbered = tuple((short[principle.iri], principle.label) for principle in matrix.principles)
        return Table(_title(matrix), columns, rows, _notes(matrix), (numbered, *_legend(matrix)))
    columns = (_("principle"), *(system.label for system in matrix.systems))
    rows = tuple(
        (row_label(matrix, principle), *(_cell(cells[principle.iri, system.iri]) for system in matrix.systems))
        for principle in matrix.principles
    )
    return Table(_title(matrix), columns, rows, _notes(matrix), (*_legend(matrix), *_reasons(matrix)))


def _legend(matrix: Matrix) -> Iterator[Legend]:
    """Yield the meaning of the marks, counts, signs and letters that occur in a matrix."""
    words, marks = words_of_marks(matrix), {cell.mark for cell in matrix.cells}
    yield tuple((MARKS[mark], _(words[mark])) for mark in Mark if mark in marks)
    not_met = ((f"{MARKS[Mark.NOT_MET]} 1/3", _(COUNTS_NOT_MET)),) if marks & NOT_MET_MARKS else ()
    yield ((f"{MARKS[Mark.MET]} 1/3", _(COUNTS_MET)), *not_met)
    if signs := tuple(sign_meanings(matrix.cells)):
        yield signs


def sign_meanings(cells: Iterable[Cell]) -> Iterator[tuple[str, str]]:
    """Yield the signs for rules and the letters for scope that occur in cells, each with its meaning."""
    cells = tuple(cells)
    papers = {paper_sign(cell) for cell in cells if cell.on_paper}
    scopes = {scope for cell in cells for scope in cell.scope}
    yield from ((sign, _(meaning)) for sign, meaning in PAPER_MEANINGS.items() if sign in papers)
    yield from ((SCOPE_LETTERS[scope], _(meaning)) for scope, meaning in SCOPE_MEANINGS.items() if scope in scopes)


def _reasons(matrix: Matrix) -> Iterator[Legend]:
    """Yield the meaning of the reasons that ``_cell`` shows."""
    found = {cell.open_reason for cell in matrix.cells if cell.mark is Mark.NOT_KNOWN}
    if shown := tuple((_(REASONS[why]), _(meaning)) for why, meaning in REASON_MEANINGS.items() if why in found):
        yield shown


def _notes(matrix: Matrix) -> tuple[str, ...]:
    """Return the notes below a matrix, which say what a mark means and which claims count."""
    others = (applicability_sentence(matrix.applicability), translated(matrix.objections))
    return (_(CELL_RULES[matrix.rule]), _(CAUTION), selection_sentence(matrix.selection), *filter(None, others))


def _title(matrix: Matrix) -> str:
    datasets = (
        _(", claims of {datasets}", datasets=listed(matrix.selection.datasets)) if matrix.selection.datasets else ""
    )
    as_of = _(", claims up to {date}", date=matrix.selection.as_of) if matrix.selection.as_of else ""
    place = {"guideline": matrix.guideline.label, "reading": matrix.reading.label}
    return _("{guideline}, read {reading}", **place) + datasets + as_of


def marked(cell: Cell) -> str:
    """Return the mark of a cell with the sign for rules, the counts and the letters for scope: ``√§ 1/3 ah``."""
    if cell.mark is Mark.NOT_ASKED:
        return NOTHING
    letters = "".join(letter for scope, letter in SCOPE_LETTERS.items() if scope in cell.scope)
    return " ".join(filter(None, (MARKS[cell.mark] + paper_sign(cell), shown_counts(cell), letters)))


def shown_counts(cell: Cell) -> str:
    """Return the counts of a cell as ``1/3``.

    If the mark is "not met", the number before the slash counts the criteria that are not met; otherwise it counts the
    criteria that are met. The number after the slash is the number of criteria that count.
    """
    not_met = cell.mark in NOT_MET_MARKS
    return f"{cell.counts.not_met if not_met else cell.counts.met}/{cell.counts.of}"


def paper_sign(cell: Cell) -> str:
    """Return the sign of a mark that is based only on rules, for all or for some criteria; empty for other marks."""
    if not cell.on_paper:
        return ""
    not_met = cell.mark in NOT_MET_MARKS
    return ON_PAPER if cell.on_paper == (cell.counts.not_met if not_met else cell.counts.met) else PARTLY_ON_PAPER


def mark_words(matrix: Matrix, cell: Cell) -> str:
    """Return the English words for the mark of a cell: a law is met, another text is upheld."""
    return words_of_marks(matrix)[cell.mark]


def words_of_marks(matrix: Matrix) -> Mapping[Mark, str]:
    """Return the words for each mark of a matrix, in English."""
    return MARK_WORDS if is_hard_law(matrix) else {**MARK_WORDS, **SOFT_WORDS}


def _cell(cell: Cell) -> str:
    reason = _(REASONS[cell.open_reason]) if cell.open_reason and cell.mark is Mark.NOT_KNOWN else ""
    return f"{marked(cell)} {reason}".rstrip()
