"""The cell rule: the outcome, the counts and the mark of a cell from the verdicts on its criteria and conditions.

``matrix.rq`` is the specification. In this module, each outcome of a criterion or a cell has a formula over verdicts.
The formulas decide cells; ``analysis.dependencies`` derives from them the claims on which a cell depends. Tests compare
cells and dependencies with ``matrix.rq`` on all readings of the real data and on random verdicts.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from scs_kg.judging.principles import PrincipleCriteria, Provision
from scs_kg.judging.scope import is_outside, is_within, scope_of
from scs_kg.model.claims import Claim, Mode
from scs_kg.model.formula import Fact, Formula, conjunction, disjunction, holds
from scs_kg.model.matrix import Cell, CellRule, Counts, Mark
from scs_kg.model.verdicts import OpenReason, Outcome, Verdict

Outcomes = Mapping[Outcome, Formula]
DECIDED: Final = (Outcome.INAPPLICABLE, Outcome.FAILED, Outcome.PASSED)
NO_CLAIMS: Final[Mapping[str, Claim]] = MappingProxyType({})


def verdict_fact(test: str, outcome: Outcome) -> Fact:
    """Return the fact that the verdict on ``test``, the IRI of a criterion or a condition, is ``outcome``."""
    return Fact(f"{test} {outcome}", present=True)


@lru_cache(maxsize=4096)
def criterion_outcomes(criterion: str, provisions: tuple[Provision, ...]) -> Outcomes:
    """Return a formula for each decided outcome of a criterion, under the conditions of its provisions.

    The criterion applies if all conditions of one provision are true. The criterion does not apply if every provision
    has a false condition.
    """
    holding, failing = (
        [[verdict_fact(condition, outcome) for condition in sorted(provision.conditions)] for provision in provisions]
        for outcome in (Outcome.PASSED, Outcome.FAILED)
    )
    applies = disjunction(*(conjunction(*conditions) for conditions in holding))
    excluded = conjunction(*(disjunction(*conditions) for conditions in failing))
    return MappingProxyType(
        {
            Outcome.INAPPLICABLE: disjunction(excluded, verdict_fact(criterion, Outcome.INAPPLICABLE)),
            Outcome.FAILED: conjunction(applies, verdict_fact(criterion, Outcome.FAILED)),
            Outcome.PASSED: conjunction(applies, verdict_fact(criterion, Outcome.PASSED)),
        }
    )


@lru_cache(maxsize=4096)
def _cell_outcomes(provisions: tuple[Provision, ...], rule: CellRule, premises: frozenset[str]) -> Outcomes:
    by_criterion = [criterion_outcomes(*group) for group in grouped(provisions) if group[1][0].deciding]
    met, not_met, unasked = (
        [outcomes[outcome] for outcomes in by_criterion]
        for outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.INAPPLICABLE)
    )
    every = conjunction(*(disjunction(*pair) for pair in zip(met, unasked, strict=True)))
    outside = disjunction(*(verdict_fact(premise, Outcome.FAILED) for premise in sorted(premises)))
    return MappingProxyType(
        {
            Outcome.INAPPLICABLE: disjunction(outside, conjunction(*unasked)) if unasked else outside,
            Outcome.FAILED: disjunction(*not_met),
            Outcome.PASSED: disjunction(*met) if rule is CellRule.ANY else conjunction(every, disjunction(*met)),
        }
    )


def cell_outcomes(principle: PrincipleCriteria) -> Outcomes:
    """Return a formula for each decided outcome of a cell of a principle, over the facts of ``verdict_fact``.

    The outcome of a cell is the first whose formula is true: inapplicable, then failed, then passed. If none is true,
    the cell is undecided. The formulas are cached.
    """
    return _cell_outcomes(principle.provisions, principle.rule, principle.premises)


def grouped(provisions: Iterable[Provision]) -> list[tuple[str, tuple[Provision, ...]]]:
    """Return each criterion, in order, with the provisions that count for it.

    If a criterion has deciding provisions, only these count. A supporting provision must not make a criterion apply if
    the deciding provisions exclude it. Otherwise all provisions of the criterion count.
    """
    every: dict[str, list[Provision]] = {}
    for provision in provisions:
        every.setdefault(provision.criterion, []).append(provision)
    return [(criterion, tuple(p for p in found if p.deciding) or tuple(found)) for criterion, found in every.items()]


def first_true(outcomes: Outcomes, known: Collection[Fact]) -> Outcome:
    """Return the first outcome whose formula the facts make true, or ``CANT_TELL``."""
    return next((outcome for outcome in DECIDED if holds(outcomes[outcome], known)), Outcome.CANT_TELL)


def criterion_outcome(criterion: str, provisions: tuple[Provision, ...], verdicts: Mapping[str, Verdict]) -> Outcome:
    """Return the outcome of a criterion under the conditions of its provisions, as ``grouped`` returns them."""
    tests = {criterion}.union(*(provision.conditions for provision in provisions))
    known = frozenset(verdict_fact(test, verdicts[test].outcome) for test in tests)
    return first_true(criterion_outcomes(criterion, provisions), known)


def criterion_verdict(criterion: str, provisions: tuple[Provision, ...], verdicts: Mapping[str, Verdict]) -> Verdict:
    """Return the verdict on a criterion under the conditions of its provisions, as a cell contains it."""
    outcome = criterion_outcome(criterion, provisions, verdicts)
    return _under_conditions(verdicts[criterion], outcome, provisions, verdicts)


def outcome_of(principle: PrincipleCriteria, verdicts: Mapping[str, Verdict]) -> Outcome:
    """Return the outcome of a cell from the verdicts on criteria and conditions, keyed by IRI."""
    return first_true(cell_outcomes(principle), _facts(principle, verdicts))


def _facts(principle: PrincipleCriteria, verdicts: Mapping[str, Verdict]) -> frozenset[Fact]:
    tests = (*principle.criteria, *principle.conditions)
    return frozenset(verdict_fact(test, verdicts[test].outcome) for test in tests)


def decide_cell(
    principle: PrincipleCriteria,
    system: str,
    verdicts: Mapping[str, Verdict],
    claims: Mapping[str, Claim] = NO_CLAIMS,
    within: Collection[str] = (),
) -> Cell:
    """Return the cell of a principle and a system (an IRI) from the verdicts on criteria and conditions, keyed by IRI.

    ``claims`` are the claims about the system, keyed by IRI. ``within`` is the scope of the selection: a cell that
    ``is_within`` rejects is undecided, with the reason ``OUT_OF_SCOPE``.
    """
    outcome = outcome_of(principle, verdicts)
    found = tuple(criterion_verdict(criterion, group, verdicts) for criterion, group in grouped(principle.provisions))
    supporting = principle.criteria.keys() - principle.deciding
    deciding = [verdict for verdict in found if verdict.criterion not in supporting]
    counts = Counts() if is_outside(principle, verdicts) else count(deciding)
    mark = _mark(principle, outcome, counts, deciding, verdicts)
    giving = [[claims[iri] for iri in verdict.demand if iri in claims] for verdict in deciding_verdicts(mark, deciding)]
    cell = Cell(
        system=system,
        principle=principle.principle.iri,
        outcome=outcome,
        mark=mark,
        counts=counts,
        open_reason=strongest_reason(deciding) if outcome is Outcome.CANT_TELL else None,
        verdicts=found,
        supporting=frozenset(supporting),
        conditions=tuple(verdicts[condition] for condition in sorted(principle.conditions)),
        scope=scope_of(principle, system, verdicts, [claim for group in giving for claim in group]),
        modes=tuple(mode for mode in Mode if any(claim.mode is mode for group in giving for claim in group)),
        on_paper=sum(bool(group) and all(claim.mode is Mode.DE_JURE for claim in group) for group in giving),
    )
    return cell if is_within(cell, within) else _out_of_scope(cell)


def deciding_verdicts(mark: Mark, deciding: Iterable[Verdict]) -> list[Verdict]:
    """Return the verdicts that determine a mark: the failed or the passed verdicts.

    If the mark is open, return no verdict.
    """
    outcome = {
        Mark.MET: Outcome.PASSED,
        Mark.PARTLY_MET: Outcome.PASSED,
        Mark.NOT_MET: Outcome.FAILED,
        Mark.NOT_MET_INTERPRETED: Outcome.FAILED,
    }.get(mark)
    return [verdict for verdict in deciding if verdict.outcome is outcome]


def _out_of_scope(cell: Cell) -> Cell:
    return replace(
        cell,
        outcome=Outcome.CANT_TELL,
        mark=Mark.NOT_KNOWN,
        counts=Counts(open=cell.counts.of, inapplicable=cell.counts.inapplicable),
        open_reason=OpenReason.OUT_OF_SCOPE,
        modes=(),
        on_paper=0,
    )


def count(verdicts: Iterable[Verdict]) -> Counts:
    """Count the verdicts with each outcome."""
    outcomes = [verdict.outcome for verdict in verdicts]
    order = (Outcome.PASSED, Outcome.FAILED, Outcome.CANT_TELL, Outcome.INAPPLICABLE)
    return Counts(*(outcomes.count(outcome) for outcome in order))


def _mark(
    principle: PrincipleCriteria,
    outcome: Outcome,
    counts: Counts,
    deciding: Collection[Verdict],
    verdicts: Mapping[str, Verdict],
) -> Mark:
    if outcome is Outcome.INAPPLICABLE:
        return Mark.INAPPLICABLE
    if not principle.deciding:
        return Mark.NOT_ASKED
    if outcome is Outcome.FAILED:
        failed = {verdict.criterion for verdict in deciding if verdict.outcome is Outcome.FAILED}
        plain = principle.rule is CellRule.ANY or any(
            provision.criterion in failed and provision.plain and _surely(provision, verdicts)
            for provision in principle.provisions
            if provision.deciding
        )
        return Mark.NOT_MET if plain else Mark.NOT_MET_INTERPRETED
    if outcome is Outcome.PASSED:
        return Mark.MET
    return Mark.PARTLY_MET if counts.met else Mark.NOT_KNOWN


def _surely(provision: Provision, verdicts: Mapping[str, Verdict]) -> bool:
    return all(verdicts[condition].outcome is Outcome.PASSED for condition in provision.conditions)


def _under_conditions(
    verdict: Verdict, outcome: Outcome, provisions: Iterable[Provision], verdicts: Mapping[str, Verdict]
) -> Verdict:
    """Return the verdict under the conditions of the provisions.

    ``outcome`` is the outcome under these conditions; the claims of the verdict are those that lead to ``outcome``.
    """
    if outcome is verdict.outcome and outcome is not Outcome.CANT_TELL:
        return verdict
    asked = [[verdicts[condition] for condition in provision.conditions] for provision in provisions]
    if outcome is Outcome.INAPPLICABLE:
        failed = {v for conditions in asked for v in conditions if v.outcome is Outcome.FAILED}
        return Verdict(verdict.system, verdict.criterion, outcome, _claims(failed))
    possible = [group for group in asked if not any(v.outcome is Outcome.FAILED for v in group)]
    pending = {v for group in possible for v in group if v.outcome is Outcome.CANT_TELL}
    if not pending or any(not any(v in pending for v in group) for group in possible):
        return verdict
    waiting = pending | ({verdict} if verdict.outcome is Outcome.CANT_TELL else set())
    reason = strongest_reason(waiting)
    claims = _claims(v for v in waiting if v.open_reason is reason)
    features = tuple(sorted({feature for v in waiting for feature in v.open}))
    return Verdict(verdict.system, verdict.criterion, Outcome.CANT_TELL, claims, reason, features)


def _claims(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    return tuple(sorted({claim for verdict in verdicts for claim in verdict.claims}))


def strongest_reason(verdicts: Collection[Verdict]) -> OpenReason | None:
    """Return the strongest of the reasons why verdicts are undecided, or None if all verdicts are decided."""
    return next((reason for reason in OpenReason if any(verdict.open_reason is reason for verdict in verdicts)), None)
