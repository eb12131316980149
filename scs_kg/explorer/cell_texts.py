"""Texts of cells for the templates: marks, counts, scope and sentences, in the language of the context.

The rules for marks and their words are in ``scs_kg.render``; here labels get the language of the page.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from scs_kg.analysis.citations import CitedClaim
from scs_kg.analysis.explanation import ConditionExplanation, Explanation
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.counted import counted_marks, counted_totals
from scs_kg.explorer.i18n import in_language, label
from scs_kg.explorer.matrix_pages import View
from scs_kg.model.claims import Mode
from scs_kg.model.matrix import Cell, Mark, Matrix, Scope
from scs_kg.model.verdicts import OpenReason, Outcome
from scs_kg.render.cell_sentence import (
    cell_sentence,
    cell_words,
    counted_sentence,
    elements_fulfilled,
    scope_sentences,
)
from scs_kg.render.language import gettext, listed
from scs_kg.render.principle_labels import principle_numbers
from scs_kg.render.sentences import CELL_RULES
from scs_kg.render.table import (
    MARKS,
    MODES,
    REASONS,
    SCOPES,
    SIGNS,
    WORDS,
    marked,
    sign_meanings,
    words_of_marks,
)
from scs_kg.store.query_library import row_text

GLOBALS: Final[Mapping[str, Any]] = {
    "marks": MARKS,
    "signs": SIGNS,
    "marked": marked,
    "cell_words": cell_words,
    "verdict_word": lambda outcome: gettext(WORDS[Outcome(outcome)]),
    "counted_marks": counted_marks,
    "counted_totals": counted_totals,
    "counted": counted_sentence,
    "elements_fulfilled": elements_fulfilled,
    "principle_numbers": principle_numbers,
    "cell_rule": lambda matrix: gettext(CELL_RULES[matrix.rule]),
    "reason": lambda why: gettext(REASONS[OpenReason(why)]),
    "mode": lambda name: gettext(MODES[Mode(name)]),
}
"""Functions and values for templates; they depend on neither the data nor the page."""


def functions(content: SiteContent, language: str) -> Mapping[str, Any]:
    """Return the functions on cells and marks that templates call and that depend on the data or the language."""
    return {
        "scope_notes": scope_notes,
        "shared_scope": shared_scope,
        "sentence": lambda found: sentence(content, found, language),
        "by_feature": lambda claims: by_feature(content, claims),
        "mark_legend": legend,
        "scopes": scopes,
        "words_by_reading": words_by_reading,
        "legend_notes": lambda matrices: legend_notes(content, matrices, language),
    }


def legend(matrices: Iterable[Matrix]) -> list[tuple[Mark, str]]:
    """Return each mark with its words; if the matrices use different words for a mark, all of them are listed."""
    found = [words_of_marks(matrix) for matrix in matrices]
    return [(mark, " / ".join(dict.fromkeys(gettext(words[mark]) for words in found))) for mark in Mark]


def mark_counts(cells: Iterable[Cell]) -> list[tuple[Mark, int]]:
    """Return the number of cells with each mark that occurs, in the order of the legend."""
    counts = Counter(cell.mark for cell in cells)
    return [(mark, counts[mark]) for mark in Mark if counts[mark]]


def scopes() -> list[tuple[Scope, str]]:
    """Return each scope of a cell with its words."""
    return [(scope, gettext(SCOPES[scope])) for scope in Scope]


def words_by_reading(views: Iterable[View]) -> dict[str, dict[str, str]]:
    """Return the words for each mark under each reading, keyed by the id of the reading."""
    return {view.choice.reading.id: {str(mark): words for mark, words in legend([view.matrix])} for view in views}


def legend_notes(content: SiteContent, matrices: Iterable[Matrix], language: str) -> list[str]:
    """Return the cell rule, and the meaning of each sign for rules and each letter for scope that occurs.

    If the matrices have different cell rules, the note on a rule begins with the readings that have it.
    """
    shown = list(matrices)
    readings: dict[str, dict[str, None]] = {}
    for matrix in shown:
        readings.setdefault(gettext(CELL_RULES[matrix.rule]), {})[label(content, matrix.reading.iri, language)[0]] = (
            None
        )
    rules = [(listed(names), rule) for rule, names in readings.items()]
    signs = sign_meanings(cell for matrix in shown for cell in matrix.cells)
    notes = (gettext("{sign}: {meaning}", sign=sign, meaning=meaning) for sign, meaning in (*rules, *signs))
    return [rules[0][1], *list(notes)[1:]] if len(rules) == 1 else list(notes)


def sentence(content: SiteContent, found: Explanation, language: str) -> str:
    """Return the sentence on a cell, with its premises in a language."""
    return cell_sentence(replace(found, premises=_named(content, found.premises, language)))


def scope_notes(found: Explanation) -> Mapping[Scope, str]:
    """Return the sentences on the scope of a cell; assumptions are left out, because the page lists their premises."""
    return {scope: note for scope, note in scope_sentences(found).items() if scope is not Scope.ASSUMED}


def shared_scope(cells: Iterable[Explanation]) -> Mapping[Scope, str]:
    """For each scope, return the sentence that most cells of a page have; the page shows this sentence once."""
    counts = Counter(note for found in cells for note in scope_notes(found).items())
    return {scope: note for (scope, note), _ in reversed(counts.most_common())}


def by_feature(content: SiteContent, claims: Iterable[CitedClaim]) -> dict[str, list[CitedClaim]]:
    """Return claims, keyed by the IRI of their feature, in the order in which the features occur."""
    found: dict[str, list[CitedClaim]] = {}
    for claim in claims:
        (row, *_) = content.grouped("claims", "claim")[claim.iri]
        found.setdefault(row_text(row, "feature"), []).append(claim)
    return found


def _named(
    content: SiteContent, conditions: Iterable[ConditionExplanation], language: str
) -> tuple[ConditionExplanation, ...]:
    return tuple(replace(one, condition=in_language(content, one.condition, language)) for one in conditions)
