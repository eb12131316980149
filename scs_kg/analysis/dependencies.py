"""What a cell hangs on: each of its outcomes as a formula over claims that are kept or lost.

A fact ``Fact(claim, present=True)`` says here that a claim is kept, and the opposite that it is lost. Losing a claim
may give something back: one that it contradicted or superseded then counts. So these formulas are not monotone in what
is kept, but the dual is the negation, as it is of every formula.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from scs_kg.judging.cells import PrincipleCriteria
from scs_kg.judging.state import JudgedState
from scs_kg.model.claims import Claim, Finding
from scs_kg.model.errors import EngineError
from scs_kg.model.formula import Fact, Formula, conjunction, disjunction, dual, facts, holds, opposite, substitute
from scs_kg.model.namespaces import curie
from scs_kg.model.verdicts import Criterion, Outcome

DECIDED: Final = (Outcome.FAILED, Outcome.PASSED, Outcome.INAPPLICABLE)
MOST_CLAIMS: Final = 300
"""How many claims that bear on one cell are told apart."""


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
    against: Mapping[str, tuple[str, ...]]
    replaced: Mapping[str, tuple[str, ...]]

    def stands(self, claim: str) -> Formula:
        later = (Fact(iri, present=False) for iri in self.replaced.get(claim, ()))
        return conjunction(Fact(claim, present=True), *later)

    def establishes(self, claim: str) -> Formula:
        return conjunction(self.stands(claim), *(dual(self.stands(other)) for other in self.against[claim]))

    def known(self, fact: Fact) -> Formula:
        return disjunction(*(self.establishes(claim) for claim in self.bearing.get(fact, ())))


@dataclass(frozen=True, slots=True)
class _Demand:
    """A criterion as formulas over what is known: when it is passed, when failed, and when it does not apply."""

    passes: Formula
    fails: Formula
    outside: Formula
    firm: bool


def dependencies(state: JudgedState, asked: PrincipleCriteria, system: str) -> Dependencies:
    """Return what the cell of a principle and a system, by IRI, can hang on."""
    demands = [_demand(c, firm=c.iri in asked.firm) for c in state.rules.criteria if c.iri in asked.criteria]
    tested = {fact for demand in demands for form in (demand.passes, demand.fails) for fact in facts(form)}
    found = _relations(state, system, tested)
    decisive = _decisive(demands)
    failed, passed, outside = (substitute(decisive[outcome], found.known) for outcome in DECIDED)
    outcomes = {
        Outcome.FAILED: failed,
        Outcome.PASSED: conjunction(passed, dual(failed)),
        Outcome.INAPPLICABLE: outside,
        Outcome.CANT_TELL: conjunction(dual(failed), dual(passed), dual(outside)),
    }
    names = {*found.against, *(iri for group in (*found.against.values(), *found.replaced.values()) for iri in group)}
    claims = {iri: claim for iri in sorted(names) if (claim := state.claim(iri))}
    undecided = Dependencies(outcomes, None, claims)
    now = undecided.without(frozenset())
    return undecided if now is Outcome.CANT_TELL else replace(undecided, alone=_alone(decisive[now], found, claims))


def _alone(decisive: Formula, found: _Relations, claims: Iterable[str]) -> Formula:
    """Return when claims that establish something with nothing lost are enough."""
    kept = {Fact(iri, present=True) for iri in claims}
    able = {iri for iri in found.against if holds(found.establishes(iri), kept)}

    def by(fact: Fact) -> Formula:
        return disjunction(*(Fact(iri, present=True) for iri in found.bearing.get(fact, ()) if iri in able))

    return substitute(decisive, by)


def _demand(criterion: Criterion, *, firm: bool) -> _Demand:
    passes, fails = criterion.formula, dual(criterion.formula)
    if not criterion.upholds:
        passes, fails = fails, passes
    if criterion.applies_if is None:
        return _Demand(passes, fails, disjunction(), firm)
    within = criterion.applies_if
    return _Demand(conjunction(within, passes), conjunction(within, fails), dual(within), firm)


def _decisive(demands: list[_Demand]) -> Mapping[Outcome, Formula]:
    """Return, over what is known, when a firm criterion is failed, when one is passed, and when none applies."""
    firm = [demand for demand in demands if demand.firm]
    return {
        Outcome.FAILED: disjunction(*(demand.fails for demand in firm)),
        Outcome.PASSED: disjunction(*(demand.passes for demand in firm)),
        Outcome.INAPPLICABLE: conjunction(*(demand.outside for demand in demands)) if demands else disjunction(),
    }


def _relations(state: JudgedState, system: str, tested: set[Fact]) -> _Relations:
    every_claim = state.cases[system].claims.values()
    claims = sorted((c for c in every_claim if not _set_aside_for_good(state, c)), key=lambda claim: claim.iri)
    tested = tested | {opposite(fact) for fact in tested}
    bearing: dict[Fact, list[str]] = defaultdict(list)
    for claim in claims:
        for fact in _meant(state, claim):
            if fact in tested:
                bearing[fact].append(claim.iri)
    hits = {iri for by in bearing.values() for iri in by}
    if len(hits) > MOST_CLAIMS:
        raise EngineError(
            f"{curie(system)}: {len(hits)} claims bear on one cell; only up to {MOST_CLAIMS} can be told apart"
        )
    against = {
        claim.iri: tuple(other.iri for other in claims if contradict(state, claim, other))
        for claim in claims
        if claim.iri in hits
    }
    named = {*against, *(iri for group in against.values() for iri in group)}
    replaced = {iri: tuple(sorted(by)) for iri in sorted(named) if (by := state.replaced.get(iri))}
    return _Relations({fact: tuple(by) for fact, by in bearing.items()}, against, replaced)


def _meant(state: JudgedState, claim: Claim) -> Iterator[Fact]:
    if claim.finding is not Finding.NOT_REPORTED:
        yield from (Fact(feature, claim.finding is Finding.PRESENT) for feature in state.rules.borne(claim))


def _set_aside_for_good(state: JudgedState, claim: Claim) -> bool:
    return any(state.claim(later) is None for later in state.replaced.get(claim.iri, ()))


def contradict(state: JudgedState, one: Claim, other: Claim) -> bool:
    """Tell whether two claims about one system contradict each other, if both stand."""
    pair = {one.finding: one, other.finding: other}
    if pair.keys() != {Finding.PRESENT, Finding.ABSENT}:
        return False
    return pair[Finding.ABSENT].feature in state.rules.borne(pair[Finding.PRESENT])
