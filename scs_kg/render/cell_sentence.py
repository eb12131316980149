"""A cell in sentences for people: the mark with the first deciding claim, the counts, and the scope."""

from collections.abc import Mapping
from typing import Final

from scs_kg.analysis.explanation import ConditionExplanation, CriterionExplanation, Explanation
from scs_kg.model.claims import Mode
from scs_kg.model.matrix import Cell, Mark, Matrix, Scope
from scs_kg.model.verdicts import OpenReason, Outcome
from scs_kg.render.language import gettext as _
from scs_kg.render.language import joined, listed, ngettext
from scs_kg.render.table import (
    ON_PAPER,
    PARTLY_ON_PAPER,
    REASONS,
    SCOPE_LETTERS,
    SCOPES,
    mark_words,
    paper_sign,
)

NOT_MET = frozenset({Mark.NOT_MET, Mark.NOT_MET_INTERPRETED})
ONLY_CRITERION: Final = (
    "The only criterion that counts is met",
    "The only criterion that counts is not met",
    "The only criterion that counts is not known",
)
CRITERIA: Final = (
    ("{number} of {of} criteria is met", "{number} of {of} criteria are met"),
    ("{number} of {of} criteria is not met", "{number} of {of} criteria are not met"),
    ("{number} of {of} criteria is not known", "{number} of {of} criteria are not known"),
)
"""The words for the criteria of a cell that are met, not met, and not known."""


def cell_sentence(found: Explanation) -> str:
    """Return the mark in words with its first deciding claim, and the counts.

    ``Not met on this reading: Police show offenders on screens. (Shenzhen police, 2018) 1 of 3 criteria is not met; 2
    are not known.``
    """
    cell = found.cell
    if cell.mark is Mark.NOT_ASKED:
        return _("Not asked: the reading has no deciding criterion for this principle.")
    if cell.mark is Mark.INAPPLICABLE:
        return _inapplicable(found)
    return joined((_headline(found), counted_sentence(cell)))


def _headline(found: Explanation) -> str:
    word = _(mark_words(found.matrix, found.cell)) + _paper(found.cell)
    word = word[:1].upper() + word[1:]
    if ground := _ground(found):
        return f"{word}{_(': ')}{ground}"
    if found.cell.open_reason:
        return f"{word}{_(': ')}{_(REASONS[found.cell.open_reason])}{_('.')}"
    return word + _(".")


def _paper(cell: Cell) -> str:
    """Return the words after a mark that is based only on rules, for all or some criteria; empty for other marks."""
    sign = paper_sign(cell)
    if sign == ON_PAPER:
        return _(" on paper")
    return _(", partly on paper") if sign == PARTLY_ON_PAPER else ""


def _ground(found: Explanation) -> str:
    """Return the statement of the first claim that decides, with its source; empty if the mark is open."""
    wanted = Outcome.FAILED if found.cell.mark in NOT_MET else Outcome.PASSED
    for step in found.steps:
        if not step.supporting and step.outcome == wanted and step.claims and found.cell.mark is not Mark.NOT_KNOWN:
            claim = step.claims[0]
            author, _space, year = claim.source.short.rpartition(" (")
            cited = {"statement": claim.statement.rstrip(".。"), "author": author, "year": year.rstrip(")")}
            return _("{statement} ({author}, {year}).", **cited)
    return ""


def counted_sentence(cell: Cell) -> str:
    """Return how many criteria of a cell are met, not met and not known; empty if the cell is out of scope."""
    counts = cell.counts
    if cell.open_reason is OpenReason.OUT_OF_SCOPE:
        return ""
    if counts.of == 1:
        met, not_met, unknown = ONLY_CRITERION
        return (_(met) if counts.met else _(not_met) if counts.not_met else _(unknown)) + _(".")
    numbers = (counts.met, counts.not_met, counts.open)
    parts = (ngettext(*words, number, of=counts.of) for words, number in zip(CRITERIA, numbers, strict=True) if number)
    return listed(parts, "; ") + _(".")


def _inapplicable(found: Explanation) -> str:
    failed = [premise.condition.label for premise in found.premises if premise.outcome == Outcome.FAILED]
    if failed:
        return _("Does not apply: the text covers a system only if this is true: {premises}.", premises=listed(failed))
    return _("Does not apply: no criterion of the principle applies to this system.")


def scope_sentences(found: Explanation) -> Mapping[Scope, str]:
    """Return sentences about how the text covers the system, keyed by the scope that the sentence explains."""
    premises = listed(p.condition.label for p in found.premises if p.outcome == Outcome.CANT_TELL)
    every = {
        Scope.ASSUMED: _("Assumed, but not known to be true: {premises}.", premises=premises),
        Scope.COUNTERFACTUAL: _("Counterfactual: the system operates where the text does not apply."),
        Scope.HINDSIGHT: _(
            "In hindsight: all claims that decide the mark are about a time before {date}, "
            "when the text began to apply or was issued.",
            date=found.since,
        ),
    }
    return {scope: sentence for scope, sentence in every.items() if scope in found.cell.scope}


def element_sentence(step: CriterionExplanation) -> str:
    """Return sentences that list the fulfilled, unfulfilled and open elements of a conjunctive criterion."""
    head = elements_fulfilled(step)
    by_outcome = {
        outcome: listed((_element(one) for one in step.elements if one.outcome == outcome), "; ") for outcome in Outcome
    }
    fulfilled, failed, unknown = (by_outcome[o] for o in (Outcome.PASSED, Outcome.FAILED, Outcome.CANT_TELL))
    sentences = (
        f"{head}{_(': ')}{fulfilled}" if fulfilled else head,
        _("Not fulfilled: {elements}", elements=failed) if failed else "",
        _("Not known: {elements}", elements=unknown) if unknown else "",
    )
    return joined(sentence + _(".") for sentence in sentences if sentence)


def uncounted_sentence(step: CriterionExplanation) -> str:
    """Return sentences on the claims of other datasets that affect a criterion, and on the option that counts them."""
    return ngettext(
        "{number} claim of another dataset ({datasets}) is not counted. The option --dataset all counts it.",
        "{number} claims of other datasets ({datasets}) are not counted. The option --dataset all counts them.",
        len(step.uncounted),
        datasets=listed(sorted({one.dataset for one in step.uncounted})),
    )


def elements_fulfilled(step: CriterionExplanation) -> str:
    """Return how many elements of a conjunctive criterion are fulfilled, without a full stop."""
    return ngettext(
        "{number} of {of} elements is fulfilled",
        "{number} of {of} elements are fulfilled",
        sum(one.outcome == Outcome.PASSED for one in step.elements),
        of=len(step.elements),
    )


def _element(one: ConditionExplanation) -> str:
    """Return the name of an element, with the reason why it is open, or a note that its claims are all de jure."""
    if one.open_reason:
        return f"{one.condition.label}{_(' ({reason})', reason=_(REASONS[OpenReason(one.open_reason)]))}"
    on_paper = one.claims and all(claim.mode == Mode.DE_JURE for claim in one.claims)
    return one.condition.label + (_(" on paper") if on_paper else "")


def cell_words(matrix: Matrix, cell: Cell) -> str:
    """Return the mark in words, "on paper" if rules decide it, and its scope: ``not met on paper, in hindsight``."""
    scope = (_(SCOPES[one]) for one in SCOPE_LETTERS if one in cell.scope)
    return listed((_(mark_words(matrix, cell)) + _paper(cell), *scope))
