"""Judges systems from their claims; after a change of claims, judges only the affected systems again.

Tests compare every state with the specification in SPARQL, on random claims and random sequences of changes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from types import MappingProxyType

from immutables import Map

from scs_kg.judging.evidence import NO_EVIDENCE, Evidence, evidence_of
from scs_kg.judging.hierarchy import FeatureHierarchy, read_hierarchy
from scs_kg.judging.judge import BlankVerdict, blank_verdict, by_formula, judge_from
from scs_kg.judging.supersessions import NOTHING, Supersession, SupersessionGraph, Supersessions
from scs_kg.model.claims import Claim
from scs_kg.model.errors import UnknownNameError, WrongUseError
from scs_kg.model.namespaces import curie, local_id
from scs_kg.model.verdicts import Criterion, Verdict
from scs_kg.rules.criteria import read_conditions, read_criteria
from scs_kg.store import Dataset


@dataclass(frozen=True, slots=True)
class JudgingRules:
    """The criteria, conditions and feature hierarchy, which determine every verdict together with the claims.

    ``blank`` has the verdicts without evidence on the criteria, then on the conditions.
    """

    criteria: tuple[Criterion, ...]
    hierarchy: FeatureHierarchy
    conditions: tuple[Criterion, ...] = ()
    blank: tuple[BlankVerdict, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Judge each criterion and each condition without evidence."""
        object.__setattr__(self, "blank", tuple(map(blank_verdict, (*self.criteria, *self.conditions))))


@dataclass(frozen=True, slots=True)
class SystemState:
    """One system: its claims, keyed by IRI, its evidence, and a verdict for each criterion and condition in order."""

    claims: Mapping[str, Claim] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=lambda: NO_EVIDENCE)
    verdicts: tuple[Verdict, ...] = ()
    conditions: tuple[Verdict, ...] = ()

    @property
    def by_test(self) -> dict[str, Verdict]:
        """Return the verdicts on criteria and conditions, keyed by the IRI of the criterion or condition."""
        return {verdict.criterion: verdict for verdict in (*self.verdicts, *self.conditions)}


@dataclass(frozen=True, slots=True)
class JudgedState:
    """All systems, keyed by IRI, judged from their claims. A change returns a new state.

    All keys and values are IRIs. ``system_of`` maps a claim to its system. ``uncounted`` are claims that do not count,
    but that still supersede other claims. ``touched`` are the systems that the last change judged again, sorted.
    """

    rules: JudgingRules
    system_states: Mapping[str, SystemState]
    system_of: Map[str, str] = field(default_factory=Map)
    supersessions: SupersessionGraph = field(default_factory=SupersessionGraph)
    uncounted: frozenset[str] = NOTHING
    touched: tuple[str, ...] = ()

    def claim(self, iri: str) -> Claim | None:
        """Return the claim with this IRI, if there is one."""
        home = self.system_of.get(iri)
        return self.system_states[home].claims[iri] if home else None

    def counting_claims(self, system: str) -> list[Claim]:
        """Return the claims about a system that count and that are neither superseded nor retracted."""
        claims, excluding = self.system_states[system].claims.items(), self.supersessions.excluding
        return [claim for iri, claim in claims if iri not in self.uncounted and not excluding(iri)]


def read_judging_rules(dataset: Dataset) -> JudgingRules:
    """Return criteria, hierarchy and conditions; errors are those of ``criteria.read_criteria``."""
    return JudgingRules(read_criteria(dataset), read_hierarchy(dataset), read_conditions(dataset))


def judge_claims(
    rules: JudgingRules,
    systems: Iterable[str],
    claims: Iterable[Claim],
    supersessions: Supersessions = (),
    uncounted: frozenset[str] = NOTHING,
) -> JudgedState:
    """Judge systems, given by IRI, from the claims about them. Claims may be superseded, retracted or ``uncounted``."""
    empty = JudgedState(rules, {system: SystemState() for system in sorted(systems)}, uncounted=uncounted)
    state, _ = _with(empty, claims, supersessions)
    return _judged_again(state, state.system_states)


def change(
    state: JudgedState, added: Iterable[Claim] = (), withdrawn: Iterable[str] = (), supersessions: Supersessions = ()
) -> JudgedState:
    """Withdraw claims, given by IRI, add other claims, and judge the affected systems again.

    ``withdrawn`` and ``supersessions`` can also name acts. A claim that is already in the state is not added again; a
    withdrawn claim that is not in the state is ignored. A claim that only withdrawn claims superseded counts again.

    Raises:
        WrongUseError: a claim has the IRI of a different claim.
        UnknownNameError: a claim is about a system that is not judged.
    """
    left, first = _without(state, frozenset(withdrawn))
    after, second = _with(left, added, supersessions)
    return _judged_again(after, first | second)


def uncount(state: JudgedState, claims: Iterable[str]) -> JudgedState:
    """Return the state in which more claims (IRIs) do not count; the claims superseded by them stay superseded."""
    fresh = frozenset(claims) - state.uncounted
    touched = {home for iri in fresh if (home := state.system_of.get(iri))}
    return _judged_again(replace(state, uncounted=state.uncounted | fresh), touched)


def _without(state: JudgedState, withdrawn: frozenset[str]) -> tuple[JudgedState, set[str]]:
    """Return the state without some claims, before it is judged again, and the affected systems."""
    claims = [claim for iri in withdrawn if (claim := state.claim(iri))]
    touched = _homes(state, [claim.iri for claim in claims], state.supersessions.affected_by(withdrawn))
    system_states = dict(state.system_states)
    for system in {claim.system for claim in claims}:
        kept = {iri: claim for iri, claim in system_states[system].claims.items() if iri not in withdrawn}
        system_states[system] = replace(system_states[system], claims=MappingProxyType(kept))
    system_of = state.system_of.mutate()
    for claim in claims:
        del system_of[claim.iri]
    return replace(
        state,
        system_states=MappingProxyType(system_states),
        system_of=system_of.finish(),
        supersessions=state.supersessions.without(withdrawn),
    ), touched


def _with(state: JudgedState, added: Iterable[Claim], links: Supersessions) -> tuple[JudgedState, set[str]]:
    """Return the state with more claims and acts, before it is judged again, and the affected systems."""
    fresh: dict[str, dict[str, Claim]] = defaultdict(dict)
    for claim in added:
        if claim.system not in state.system_states:
            raise UnknownNameError("system", local_id(claim.system), map(local_id, state.system_states))
        known = state.claim(claim.iri) or fresh[claim.system].get(claim.iri) or claim
        if known != claim:
            raise WrongUseError(f"{curie(claim.iri)}: another claim has this name; choose a different one")
        fresh[claim.system][claim.iri] = claim
    new = {iri: claim for claims in fresh.values() for iri, claim in claims.items() if not state.system_of.get(iri)}
    acts = [link for link in links if link.later not in new and not state.system_of.get(link.later)]
    own = [Supersession(iri, earlier) for iri, claim in new.items() for earlier in claim.supersedes]
    system_states = dict(state.system_states)
    for system in {claim.system for claim in new.values()}:
        claims = MappingProxyType({**system_states[system].claims, **fresh[system]})
        system_states[system] = replace(system_states[system], claims=claims)
    after = replace(
        state,
        system_states=MappingProxyType(system_states),
        system_of=state.system_of.update({iri: claim.system for iri, claim in new.items()}),
        supersessions=state.supersessions.with_links([*acts, *own]),
    )
    return after, _homes(after, new, after.supersessions.affected_by(link.later for link in (*acts, *own)))


def _homes(state: JudgedState, *claims: Iterable[str]) -> set[str]:
    """Return the systems of the claims that the state has."""
    return {home for iri in chain(*claims) if (home := state.system_of.get(iri))}


def _judged_again(state: JudgedState, touched: Iterable[str]) -> JudgedState:
    order = tuple(sorted(touched))
    fresh = {system: _judge_system(state, system) for system in order}
    return replace(state, system_states=MappingProxyType({**state.system_states, **fresh}), touched=order)


def _judge_system(state: JudgedState, system: str) -> SystemState:
    claims, rules = state.system_states[system].claims, state.rules
    found = evidence_of(rules.hierarchy, state.counting_claims(system))
    valuer, reported = by_formula({system: found}), found.features
    verdicts = tuple(judge_from(blank, system, found, valuer, reported) for blank in rules.blank)
    return SystemState(claims, found, verdicts[: len(rules.criteria)], verdicts[len(rules.criteria) :])
