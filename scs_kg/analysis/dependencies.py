"""What a cell hangs on: each of its outcomes as a formula over claims that are kept or lost.

A fact ``Fact(claim, present=True)`` says here that a claim is kept, and the opposite that it is lost. Losing a claim
may give something back: one that it contradicted or superseded then counts. So these formulas are not monotone in what
is kept, but the dual is the negation, as it is of every formula.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from scs_kg.judging.cells import DECIDED, cell_outcomes, verdict_fact
from scs_kg.judging.evidence import ESTABLISHING, contradict
from scs_kg.judging.principles import PrincipleCriteria
from scs_kg.judging.state import JudgedState
from scs_kg.model.claims import Claim, Finding, Mode
from scs_kg.model.errors import EngineError
from scs_kg.model.formula import Fact, Formula, conjunction, disjunction, dual, facts, holds, opposite, substitute
from scs_kg.model.namespaces import curie
from scs_kg.model.verdicts import Criterion, Outcome

MOST_CLAIMS: Final = 300
"""The largest number of claims affecting one cell for which dependencies are computed."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """All that a cell can hang on.

    ``outcomes`` has for each outcome when the cell has it; ``alone`` when claims that now establish something decide
    it as it is decided, whatever the others do, or None if it is open. ``claims`` are those whose loss could matter.
    """

    outcomes: Mapping[Outcome, Formula]
    alone: Formula | None
    claims: Mapping[str, Claim]

    def without(self, lost: frozenset[str]) -> Outcome:
        """Return the outcome of the cell once claims, by IRI, are lost."""
        left = {Fact(iri, iri not in lost) for iri in self.claims}
        return next(outcome for outcome, formula in self.outcomes.items() if holds(formula, left))


@dataclass(frozen=True, slots=True)
class _Relations:
    """The claims about one system that can be lost: by the fact that each would establish, and how they stand."""

    bearing: Mapping[Fact, tuple[str, ...]]
    modes: Mapping[str, Mode]
    against: Mapping[str, tuple[str, ...]]
    replaced: Mapping[str, tuple[str, ...]]

    def is_valid(self, claim: str) -> Formula:
        later = (Fact(iri, present=False) for iri in self.replaced.get(claim, ()))
        return conjunction(Fact(claim, present=True), *later)

    def establishes(self, claim: str) -> Formula:
        return conjunction(self.is_valid(claim), *(dual(self.is_valid(other)) for other in self.against[claim]))

    def known(self, fact: Fact) -> Formula:
        """Return when a fact is known: one mode establishes it, and the other does not differ (``known.rq``)."""
        return disjunction(
            *(
                conjunction(self._sure(fact, mode), *(dual(self._differs(fact, other)) for other in self._other(mode)))
                for mode in ESTABLISHING
            )
        )

    def _other(self, mode: Mode) -> Iterator[Mode]:
        return (other for other in ESTABLISHING if other is not mode)

    def _of(self, fact: Fact, mode: Mode) -> list[str]:
        return [claim for claim in self.bearing.get(fact, ()) if self.modes[claim] is mode]

    def _sure(self, fact: Fact, mode: Mode) -> Formula:
        return disjunction(*(self.establishes(claim) for claim in self._of(fact, mode)))

    def _differs(self, fact: Fact, mode: Mode) -> Formula:
        """Return when a mode establishes the opposite of a fact, or contests it and does not establish the fact."""
        contested = disjunction(
            *(
                conjunction(self.is_valid(claim), dual(self.establishes(claim)))
                for claim in self._of(opposite(fact), mode)
            )
        )
        return disjunction(self._sure(opposite(fact), mode), conjunction(contested, dual(self._sure(fact, mode))))


def dependencies(state: JudgedState, principle: PrincipleCriteria, system: str) -> Dependencies:
    """Return what the cell of a principle and a system, by IRI, can hang on."""
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
    names = {*found.against, *(iri for group in (*found.against.values(), *found.replaced.values()) for iri in group)}
    claims = {iri: claim for iri in sorted(names) if (claim := state.claim(iri))}
    undecided = Dependencies(outcomes, None, claims)
    now = undecided.without(frozenset())
    return undecided if now is Outcome.CANT_TELL else replace(undecided, alone=_alone(decisive[now], found, claims))


def _alone(decisive: Formula, found: _Relations, claims: Iterable[str]) -> Formula:
    """Return when claims are enough that establish something known if nothing is lost."""
    kept = {Fact(iri, present=True) for iri in claims}
    able = {iri for iri in found.against if holds(found.establishes(iri), kept)}

    def by(fact: Fact) -> Formula:
        claims = found.bearing.get(fact, ()) if holds(found.known(fact), kept) else ()
        return disjunction(*(Fact(iri, present=True) for iri in claims if iri in able))

    return substitute(decisive, by)


def _conditions(criterion: Criterion) -> Mapping[Fact, Formula]:
    """Return over known facts when the verdict on a criterion is passed, failed or inapplicable, by that fact."""
    passed, failed = criterion.formula, dual(criterion.formula)
    if not criterion.upholds:
        passed, failed = failed, passed
    inapplicable = disjunction()
    if (condition := criterion.applies_if) is not None:
        passed, failed = conjunction(condition, passed), conjunction(condition, failed)
        inapplicable = dual(condition)
    outcomes = {Outcome.PASSED: passed, Outcome.FAILED: failed, Outcome.INAPPLICABLE: inapplicable}
    return {verdict_fact(criterion.iri, outcome): formula for outcome, formula in outcomes.items()}


def _relations(state: JudgedState, system: str, tested: set[Fact]) -> _Relations:
    every_claim = state.system_states[system].claims.values()
    claims = sorted((c for c in every_claim if _can_count(state, c)), key=lambda claim: claim.iri)
    tested = tested | {opposite(fact) for fact in tested}
    bearing: dict[Fact, list[str]] = defaultdict(list)
    for claim in claims:
        for fact in _meant(state, claim):
            if fact in tested:
                bearing[fact].append(claim.iri)
    relevant = {iri for by in bearing.values() for iri in by}
    if len(relevant) > MOST_CLAIMS:
        raise EngineError(
            f"{curie(system)}: {len(relevant)} claims affect one cell; at most {MOST_CLAIMS} can be analysed"
        )
    against = {
        claim.iri: tuple(other.iri for other in claims if contradict(state.rules.hierarchy, claim, other))
        for claim in claims
        if claim.iri in relevant
    }
    named = {*against, *(iri for group in against.values() for iri in group)}
    replaced = {iri: tuple(sorted(by)) for iri in sorted(named) if (by := state.superseded_by.get(iri))}
    modes = {claim.iri: claim.mode for claim in claims}
    return _Relations({fact: tuple(by) for fact, by in bearing.items()}, modes, against, replaced)


def _meant(state: JudgedState, claim: Claim) -> Iterator[Fact]:
    if claim.finding is not Finding.NOT_REPORTED and claim.mode is not Mode.PLANNED:
        yield from (
            Fact(feature, claim.finding is Finding.PRESENT) for feature in state.rules.hierarchy.features_of(claim)
        )


def _can_count(state: JudgedState, claim: Claim) -> bool:
    """Return whether a claim counts, or would count if claims that supersede it were lost."""
    if claim.iri in state.uncounted:
        return False
    return all(state.claim(later) is not None for later in state.superseded_by.get(claim.iri, ()))
