"""What a cell hangs on, and what keeps it as it is when claims are lost.

What a loss changes is not monotone: a lost claim may have contested or superseded another, which then counts. So for
each set of losses a *guarantee* can be had: claims that keep the outcome while they stay, whatever else is lost.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scs_kg.cells import Asked
from scs_kg.formula import dual, facts
from scs_kg.incremental import Judged
from scs_kg.model import AtLeast, Claim, Criterion, Fact, Finding, Formula, Outcome

Names = tuple[str, ...]
Guarantees = Mapping[Fact, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Demand:
    """A criterion as formulas: when it is passed, when failed, and when it does not apply."""

    passes: Formula
    fails: Formula
    outside: Formula | None
    firm: bool


@dataclass(frozen=True, slots=True)
class Grounds:
    """All that a cell can hang on.

    ``bearing`` has the claims that would establish a fact, ``against`` for a claim those that contradict it while they
    stand, ``replaced`` those that set it aside; what is no claim cannot be lost.
    """

    demands: tuple[Demand, ...]
    bearing: Mapping[Fact, Names]
    against: Mapping[str, Names]
    replaced: Mapping[str, Names]

    def claims(self) -> frozenset[str]:
        """Return every claim whose loss could matter."""
        groups = (*self.bearing.values(), *self.against.values(), *self.replaced.values())
        return frozenset(iri for group in groups for iri in group)


def grounds(state: Judged, asked: Asked, system: str) -> Grounds:
    """Return what the cell of a principle and a system, by IRI, can hang on."""
    demands = tuple(_demand(c, firm=c.iri in asked.firm) for c in state.rules.criteria if c.iri in asked.criteria)
    tested = {fact for demand in demands for form in _forms(demand) for fact in facts(form)}
    claims = [claim for claim in state.cases[system].claims.values() if not _set_aside_for_good(state, claim)]
    bearing: dict[Fact, list[str]] = defaultdict(list)
    against: dict[str, Names] = {}
    for claim in sorted(claims, key=lambda claim: claim.iri):
        meant = (Fact(feature, claim.finding is Finding.PRESENT) for feature in state.rules.borne(claim))
        hit = [fact for fact in meant if fact in tested and claim.finding is not Finding.NOT_REPORTED]
        for fact in hit:
            bearing[fact].append(claim.iri)
        if hit:
            against[claim.iri] = tuple(sorted(o.iri for o in claims if _contradict(state, claim, o)))
    named = {*against, *(iri for group in against.values() for iri in group)}
    replaced = {iri: tuple(sorted(by)) for iri in sorted(named) if (by := state.replaced.get(iri))}
    return Grounds(demands, {fact: tuple(by) for fact, by in bearing.items()}, against, replaced)


def _demand(criterion: Criterion, *, firm: bool) -> Demand:
    passes, fails = criterion.formula, dual(criterion.formula)
    if not criterion.upholds:
        passes, fails = fails, passes
    if criterion.applies_if is None:
        return Demand(passes, fails, None, firm)
    within = criterion.applies_if
    return Demand(AtLeast(2, (within, passes)), AtLeast(2, (within, fails)), dual(within), firm)


def _forms(demand: Demand) -> Iterator[Formula]:
    yield from (demand.passes, demand.fails)
    yield from [demand.outside] if demand.outside else []


def _set_aside_for_good(state: Judged, claim: Claim) -> bool:
    return any(state.claim(later) is None for later in state.replaced.get(claim.iri, ()))


def _contradict(state: Judged, one: Claim, other: Claim) -> bool:
    pair = {one.finding: one, other.finding: other}
    if pair.keys() != {Finding.PRESENT, Finding.ABSENT}:
        return False
    return pair[Finding.ABSENT].feature in state.rules.borne(pair[Finding.PRESENT])


def guarantee(found: Grounds, outcome: Outcome, lost: frozenset[str]) -> frozenset[str] | None:
    """Return claims that keep the outcome while they stay, once some are lost; None if the outcome is another then."""
    known, unknown = _guarantees(found, lost)
    firm = [demand for demand in found.demands if demand.firm]
    spared = [_sure(demand.fails, unknown, negated=True) for demand in firm]
    if outcome is Outcome.FAILED:
        return _smallest(_sure(demand.fails, known) for demand in firm)
    if outcome is Outcome.PASSED:
        return _all([_smallest(_sure(demand.passes, known) for demand in firm), *spared])
    outside = [_sure(demand.outside, known) if demand.outside else None for demand in found.demands]
    if outcome is Outcome.INAPPLICABLE:
        return _all(outside) if outside else None
    unpassed = [_sure(demand.passes, unknown, negated=True) for demand in firm]
    inside = (
        _sure(demand.outside, unknown, negated=True) if demand.outside else frozenset[str]() for demand in found.demands
    )
    return _all([*spared, *unpassed, _smallest(inside) if found.demands else frozenset()])


def _guarantees(found: Grounds, lost: frozenset[str]) -> tuple[Guarantees, Guarantees]:
    """Return for each tested fact claims that keep it known, or unknown, whatever else is lost."""
    known, unknown = {}, {}
    blocked = {iri: _blocker(found, iri, lost) for iri in found.against if iri not in lost}
    tested = {fact for demand in found.demands for form in _forms(demand) for fact in facts(form)}
    for fact in tested:
        left = [iri for iri in found.bearing.get(fact, ()) if iri not in lost]
        free = [iri for iri in left if blocked[iri] is None]
        if free:
            known[fact] = _smallest(_kept_free(found, iri, lost) for iri in free) or frozenset()
        else:
            unknown[fact] = frozenset(by for iri in left if (by := blocked[iri]))
    return known, unknown


def _blocker(found: Grounds, claim: str, lost: frozenset[str]) -> str | None:
    """Return a claim that keeps this one from establishing anything, if one does."""
    if later := _replacer(found, claim, lost):
        return later
    standing = (o for o in found.against[claim] if o not in lost and not _replacer(found, o, lost))
    return next(standing, None)


def _replacer(found: Grounds, claim: str, lost: frozenset[str]) -> str | None:
    return next((later for later in found.replaced.get(claim, ()) if later not in lost), None)


def _kept_free(found: Grounds, claim: str, lost: frozenset[str]) -> frozenset[str]:
    """Return a claim that establishes something, with what keeps those that contradict it from standing."""
    left = (o for o in found.against[claim] if o not in lost)
    return frozenset({claim, *(later for o in left if (later := _replacer(found, o, lost)))})


def _sure(formula: Formula, by: Guarantees, *, negated: bool = False) -> frozenset[str] | None:
    """Return few claims that keep a formula true, or untrue if ``negated``, by those that keep its facts so."""
    if isinstance(formula, Fact):
        return by.get(formula)
    needed = len(formula.parts) - formula.count + 1 if negated else formula.count
    parts = sorted((p for part in formula.parts if (p := _sure(part, by, negated=negated)) is not None), key=len)
    return frozenset[str]().union(*parts[:needed]) if len(parts) >= needed else None


def _smallest(sets: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    return min((found for found in sets if found is not None), key=len, default=None)


def _all(sets: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    found = [claims for claims in sets if claims is not None]
    return frozenset[str]().union(*found) if len(found) == len(sets) else None


def outcome_without(found: Grounds, lost: frozenset[str]) -> Outcome:
    """Return the outcome that the cell has once claims are lost."""
    return next(outcome for outcome in Outcome if guarantee(found, outcome, lost) is not None)


def establishing(found: Grounds) -> Mapping[Fact, Names]:
    """Return the claims that establish each tested fact, with nothing lost."""
    free = {iri for iri in found.against if _blocker(found, iri, frozenset()) is None}
    return {fact: tuple(iri for iri in claims if iri in free) for fact, claims in found.bearing.items()}


def decisive(found: Grounds, outcome: Outcome) -> Formula | None:
    """Return the formula that is true of the known facts if they decide the cell so, as far as it can be decided so."""
    if outcome is Outcome.INAPPLICABLE:
        outside = tuple(demand.outside for demand in found.demands if demand.outside)
        return AtLeast(len(outside), outside)
    failed = outcome is Outcome.FAILED
    firm = tuple(demand.fails if failed else demand.passes for demand in found.demands if demand.firm)
    return None if outcome is Outcome.CANT_TELL else AtLeast(1, firm)
