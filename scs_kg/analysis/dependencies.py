"""Finds the claims on which a cell depends, from a formula over claims for each outcome of the cell.

In this module ``Fact(claim, present=True)`` means that a claim is kept, and its opposite means that the claim is
removed. If a claim is removed, claims that it contradicted or superseded count again. Therefore these formulas are not
monotone in the set of kept claims. The dual of such a formula is still its negation, because every claim is either kept
or removed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Final

from scs_kg.judging.cells import DECIDED, cell_outcomes, criterion_outcomes, grouped, verdict_fact
from scs_kg.judging.evidence import contradict
from scs_kg.judging.principles import PrincipleCriteria
from scs_kg.judging.state import JudgedState
from scs_kg.model.claims import Claim, Finding, Mode
from scs_kg.model.errors import EngineError
from scs_kg.model.formula import Fact, Formula, conjunction, disjunction, dual, facts, holds, opposite, substitute
from scs_kg.model.namespaces import curie
from scs_kg.model.verdicts import Criterion, Outcome

MOST_CLAIMS: Final = 300
"""Dependencies are computed only for cells that at most this number of claims affects."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The claims on which the outcome of a cell, and the mark of an open cell, can depend.

    ``outcomes`` has a formula for each outcome. ``partly_met`` is true if the cell is open and at least one criterion
    is met. ``alone`` is a formula over the claims that establish a known fact at present. ``alone`` is true if the kept
    claims alone give the cell its present outcome, and None if the cell is open. ``claims`` has the claims whose
    removal can change the outcome or ``partly_met``, keyed by IRI.
    """

    outcomes: Mapping[Outcome, Formula]
    partly_met: Formula
    alone: Formula | None
    claims: Mapping[str, Claim]

    def without(self, removed: frozenset[str]) -> tuple[Outcome, bool]:
        """Return the outcome of the cell without some claims, given by IRI, and whether the cell is partly met."""
        kept_or_not = {Fact(iri, iri not in removed) for iri in self.claims}
        outcome = next(outcome for outcome, formula in self.outcomes.items() if holds(formula, kept_or_not))
        return outcome, holds(self.partly_met, kept_or_not)

    def unchanged(self) -> Formula:
        """Return the condition that a decided cell keeps its outcome, or that an open cell keeps its mark."""
        outcome, partly_met = self.without(frozenset())
        if outcome is not Outcome.CANT_TELL:
            return self.outcomes[outcome]
        return self.partly_met if partly_met else conjunction(self.outcomes[outcome], dual(self.partly_met))


@dataclass(frozen=True, slots=True)
class _Relations:
    """The relations between the claims about one system.

    ``evidence`` maps a fact to the claims that would establish it. ``modes``, ``contradicted_by`` and ``in_force`` are
    keyed by claim. ``modes`` has the mode of a claim, and ``contradicted_by`` has the claims that contradict it.
    ``in_force`` has the condition that nothing supersedes the claim.
    """

    evidence: Mapping[Fact, tuple[str, ...]]
    modes: Mapping[str, Mode]
    contradicted_by: Mapping[str, tuple[str, ...]]
    in_force: Mapping[str, Formula]

    def counts(self, claim: str) -> Formula:
        """Return the condition that a claim is kept and not superseded."""
        return conjunction(Fact(claim, present=True), self.in_force[claim])

    def establishes(self, claim: str) -> Formula:
        """Return the condition that a claim counts and no claim that counts contradicts it."""
        return conjunction(self.counts(claim), *(dual(self.counts(other)) for other in self.contradicted_by[claim]))

    def known(self, fact: Fact) -> Formula:
        """Return the condition that a claim establishes a fact and no claim of the other mode reports the opposite."""
        return disjunction(
            *(
                conjunction(
                    self.establishes(claim), *(dual(self.counts(other)) for other in self._denials(fact, claim))
                )
                for claim in self.evidence.get(fact, ())
            )
        )

    def _denials(self, fact: Fact, claim: str) -> Iterator[str]:
        """Yield the claims that report the opposite of ``fact`` and have another mode than ``claim``."""
        return (other for other in self.evidence.get(opposite(fact), ()) if self.modes[other] is not self.modes[claim])


def dependencies(state: JudgedState, principle: PrincipleCriteria, system: str) -> Dependencies:
    """Return the claims on which the cell of a principle and a system (an IRI) can depend.

    Raises:
        EngineError: more than ``MOST_CLAIMS`` claims affect the cell.
    """
    tests = principle.criteria.keys() | principle.conditions
    conditions = [_conditions(test) for test in (*state.rules.criteria, *state.rules.conditions) if test.iri in tests]
    verdicts = {fact: formula for by_fact in conditions for fact, formula in by_fact.items()}
    tested = {fact for formula in verdicts.values() for fact in facts(formula)}
    found = _relations(state, system, tested)
    decisive = {
        outcome: substitute(condition, verdicts.__getitem__) for outcome, condition in cell_outcomes(principle).items()
    }
    outcomes: dict[Outcome, Formula] = {}
    for outcome in DECIDED:
        earlier = (dual(formula) for formula in outcomes.values())
        outcomes[outcome] = conjunction(substitute(decisive[outcome], found.known), *earlier)
    outcomes[Outcome.CANT_TELL] = conjunction(*(dual(formula) for formula in outcomes.values()))
    met = substitute(substitute(_some_met(principle), verdicts.__getitem__), found.known)
    partly_met = conjunction(met, outcomes[Outcome.CANT_TELL])
    superseding = (fact.feature for formula in found.in_force.values() for fact in facts(formula))
    names = {*found.in_force, *superseding}
    claims = {iri: claim for iri in sorted(names) if (claim := state.claim(iri))}
    undecided = Dependencies(MappingProxyType(outcomes), partly_met, None, MappingProxyType(claims))
    now, _ = undecided.without(frozenset())
    return undecided if now is Outcome.CANT_TELL else replace(undecided, alone=_alone(decisive[now], found, claims))


def _some_met(principle: PrincipleCriteria) -> Formula:
    """Return the condition that at least one deciding criterion is met, over the facts of ``verdict_fact``."""
    groups = (group for group in grouped(principle.provisions) if group[1][0].deciding)
    return disjunction(*(criterion_outcomes(*group)[Outcome.PASSED] for group in groups))


def _alone(decisive: Formula, found: _Relations, claims: Iterable[str]) -> Formula:
    """Return the formula ``Dependencies.alone``: the condition that the kept claims alone decide the cell."""
    all_kept = {Fact(iri, present=True) for iri in claims}
    establishing = {iri for iri in found.contradicted_by if holds(found.establishes(iri), all_kept)}

    def by(fact: Fact) -> Formula:
        claims = found.evidence.get(fact, ()) if holds(found.known(fact), all_kept) else ()
        return disjunction(*(Fact(iri, present=True) for iri in claims if iri in establishing))

    return substitute(decisive, by)


@cache
def _conditions(criterion: Criterion) -> Mapping[Fact, Formula]:
    """Map the ``verdict_fact`` of each decided outcome of a criterion to its condition over known facts."""
    passed, failed = criterion.formula, dual(criterion.formula)
    if not criterion.upholds:
        passed, failed = failed, passed
    inapplicable = disjunction()
    if (condition := criterion.applies_if) is not None:
        passed, failed = conjunction(condition, passed), conjunction(condition, failed)
        inapplicable = dual(condition)
    outcomes = {Outcome.PASSED: passed, Outcome.FAILED: failed, Outcome.INAPPLICABLE: inapplicable}
    return MappingProxyType({verdict_fact(criterion.iri, outcome): formula for outcome, formula in outcomes.items()})


def _relations(state: JudgedState, system: str, tested: set[Fact]) -> _Relations:
    every_claim = state.system_states[system].claims.values()
    claims = sorted((c for c in every_claim if _can_count(state, c)), key=lambda claim: claim.iri)
    tested = tested | {opposite(fact) for fact in tested}
    evidence: dict[Fact, list[str]] = defaultdict(list)
    for claim in claims:
        for fact in _reported_facts(state, claim):
            if fact in tested:
                evidence[fact].append(claim.iri)
    relevant = {iri for by in evidence.values() for iri in by}
    if len(relevant) > MOST_CLAIMS:
        raise EngineError(
            f"{curie(system)}: {len(relevant)} claims affect one cell; at most {MOST_CLAIMS} can be analysed"
        )
    contradicted_by = {
        claim.iri: tuple(other.iri for other in claims if contradict(state.rules.hierarchy, claim, other))
        for claim in claims
        if claim.iri in relevant
    }
    named = {*contradicted_by, *(iri for group in contradicted_by.values() for iri in group)}
    return _Relations(
        MappingProxyType({fact: tuple(by) for fact, by in evidence.items()}),
        MappingProxyType({claim.iri: claim.mode for claim in claims}),
        MappingProxyType(contradicted_by),
        MappingProxyType({iri: _in_force(state, iri) for iri in sorted(named)}),
    )


def _reported_facts(state: JudgedState, claim: Claim) -> Iterator[Fact]:
    """Yield the facts that a claim establishes if nothing contradicts it."""
    if claim.finding is not Finding.NOT_REPORTED and claim.mode is not Mode.PLANNED:
        yield from (
            Fact(feature, claim.finding is Finding.PRESENT) for feature in state.rules.hierarchy.features_of(claim)
        )


def _can_count(state: JudgedState, claim: Claim) -> bool:
    """Return whether a claim counts, or would count if claims that supersede it were removed."""
    if claim.iri in state.uncounted:
        return False
    return all(state.claim(later) is not None for later in state.supersessions.excluding(claim.iri))


def _in_force(state: JudgedState, claim: str, seen: frozenset[str] = frozenset()) -> Formula:
    """Return the condition that no claim supersedes ``claim``, directly or through retracted claims.

    A claim that is removed or retracted supersedes nothing itself. If a retracted claim is kept, the claims that
    supersede it also supersede ``claim``. ``seen`` are the claims that were visited before.
    """
    graph, path = state.supersessions, seen | {claim}
    conditions: list[Formula] = []
    for later in sorted(graph.superseded_by.get(claim, frozenset())):
        removed = [Fact(later, present=False)] if state.claim(later) else []
        onward = conjunction() if later in path else _in_force(state, later, path)
        conditions.append(disjunction(*removed, *([onward] if later in graph.retracted_by else [])))
    return conjunction(*conditions)
