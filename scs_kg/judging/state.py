"""Re-judges after claims are added or withdrawn, by touching only the systems that the change can reach.

The questions ``bearing.rq``, ``contradictions.rq`` and ``known.rq`` define what claims establish; here the same is
reckoned for one system at a time, from its claims alone. It is no second meaning: formula and verdict are those of
``judge``, and a test holds both ways together over random claims and random sequences of changes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from scs_kg import store
from scs_kg.judging.judge import Evidence, by_formula, judge, nothing_left
from scs_kg.judging.settle import Hierarchy, hierarchy
from scs_kg.model.claims import Claim, Finding
from scs_kg.model.errors import EmptyInputError, UnknownNameError, WrongUseError
from scs_kg.model.formula import Fact
from scs_kg.model.namespaces import RDF, SCS, curie, local_id
from scs_kg.model.persistent_map import PersistentMap
from scs_kg.model.verdicts import Criterion, Verdict
from scs_kg.rules.criteria import read_criteria
from scs_kg.store import Dataset

SETS_ASIDE: Final = (SCS + "supersedes", SCS + "retracts")
"""The properties by which something, a claim or not, takes a claim out of all judging."""

NOTHING: Final[frozenset[str]] = frozenset()
Aside = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class JudgingRules:
    """What verdicts follow from besides claims: the criteria, and each feature's more general and specific ones."""

    criteria: tuple[Criterion, ...]
    above: Hierarchy
    below: Hierarchy

    def borne(self, claim: Claim) -> frozenset[str]:
        """Return the features that a claim bears on: its own and the more general or the more specific ones."""
        wider = self.above if claim.finding is Finding.PRESENT else self.below
        return wider.get(claim.feature) or frozenset({claim.feature})


@dataclass(frozen=True, slots=True)
class SystemState:
    """One system with its claims by IRI, whether they stand or not, and what follows; verdicts as the criteria go."""

    claims: Mapping[str, Claim] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=lambda: Evidence({}, {}, {}))
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedState:
    """All systems as their claims have them judged, by IRI; a change makes a new state and leaves this as it is.

    ``homes`` names the system of each claim, ``replaced`` for a claim what sets it aside, ``acts`` what is set aside
    by something that is no claim. ``touched`` are the systems, sorted, that the last change had judged anew.
    """

    rules: JudgingRules
    cases: Mapping[str, SystemState]
    homes: PersistentMap[str] = field(default_factory=PersistentMap)
    replaced: PersistentMap[frozenset[str]] = field(default_factory=PersistentMap)
    acts: PersistentMap[frozenset[str]] = field(default_factory=PersistentMap)
    touched: tuple[str, ...] = ()

    def claim(self, iri: str) -> Claim | None:
        """Return the claim that is called so, if there is one."""
        home = self.homes.get(iri)
        return self.cases[home].claims[iri] if home else None


def read_judging_rules(dataset: Dataset) -> JudgingRules:
    """Return criteria and hierarchy; raise EmptyInputError or BadFileError as ``criteria.read_criteria`` does."""
    above = hierarchy(dataset)
    below: dict[str, set[str]] = defaultdict(set)
    for specific, generals in above.items():
        for general in generals:
            below[general] |= {specific, general}
    return JudgingRules(read_criteria(dataset), above, {feature: frozenset(found) for feature, found in below.items()})


def read_claims(dataset: Dataset) -> tuple[Claim, ...]:
    """Return all claims of a dataset, sorted by IRI; raise WrongUseError if one lacks system, feature or finding."""
    said: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for name in ("about", "feature", "finding", "source", "primarySource", "asOf", "supersedes"):
        for claim, value in store.subject_objects(dataset, SCS + name):
            said[claim][name].add(value)
    return tuple(_claim(iri, found) for iri, found in sorted(said.items()) if found["feature"] or found["finding"])


def _claim(iri: str, said: Mapping[str, set[str]]) -> Claim:
    for name in ("about", "feature", "finding"):
        if len(said[name]) != 1:
            raise WrongUseError(f"{curie(iri)}: a claim needs one scs:{name} and has {len(said[name]) or 'none'}")
    ((system,), (feature,), (finding,)) = (said[name] for name in ("about", "feature", "finding"))
    if finding not in {SCS + known for known in Finding}:
        raise WrongUseError(f"{curie(iri)}: {curie(finding)} is no finding; give one of {', '.join(Finding)}")
    sources = frozenset(said["source"] | said["primarySource"])
    replaces, as_of = frozenset(said["supersedes"]), min(said["asOf"], default="")
    return Claim(iri, system, feature, Finding(local_id(finding)), replaces, sources, as_of)


def read_aside(dataset: Dataset) -> Aside:
    """Yield each thing that sets a claim aside, with that claim; claims that do so are among them."""
    return ((later, earlier) for link in SETS_ASIDE for later, earlier in store.subject_objects(dataset, link))


def judge_dataset(dataset: Dataset) -> JudgedState:
    """Judge every system of a dataset, which need not hold what ``judge.derive`` adds.

    Raises:
        EmptyInputError: there is no criterion, no system or no claim.
        UnknownNameError: a claim is about a system that is none.
        WrongUseError: a claim lacks its system, feature or finding.
    """
    systems = {store.text(term) for term in store.subjects(dataset, RDF + "type", SCS + "SocialCreditSystem")}
    claims = read_claims(dataset)
    if not claims:
        raise nothing_left(dataset)
    if not systems:
        raise EmptyInputError(f"{dataset.root}: no system in data/; a comparison needs at least one")
    return judge_claims(read_judging_rules(dataset), systems, claims, read_aside(dataset))


def judge_claims(
    rules: JudgingRules, systems: Iterable[str], claims: Iterable[Claim], aside: Aside = ()
) -> JudgedState:
    """Judge systems, by IRI, by claims about them and by what sets claims aside."""
    empty = JudgedState(rules, {system: SystemState() for system in sorted(systems)})
    state, _ = _with(empty, claims, aside)
    return _rejudged(state, state.cases)


def change(
    state: JudgedState, added: Iterable[Claim] = (), withdrawn: Iterable[str] = (), aside: Aside = ()
) -> JudgedState:
    """Withdraw claims by IRI, then add others, and re-judge what that can touch.

    ``withdrawn`` and ``aside`` may also name what is no claim and sets claims aside. A claim that is there already
    changes nothing, nor does withdrawing one that is not; what a withdrawn claim had superseded stands again.

    Raises:
        WrongUseError: a claim has the IRI of another that says something else.
        UnknownNameError: a claim is about a system that is not judged.
    """
    left, first = _without(state, frozenset(withdrawn))
    after, second = _with(left, added, aside)
    return _rejudged(after, first | second)


def _without(state: JudgedState, withdrawn: frozenset[str]) -> tuple[JudgedState, set[str]]:
    """Return the state without claims, not yet judged, and the systems touched."""
    claims = [claim for iri in withdrawn if (claim := state.claim(iri))]
    freed: dict[str, frozenset[str]] = {}
    for later in withdrawn:
        own = next((claim.supersedes for claim in claims if claim.iri == later), NOTHING)
        for earlier in own | state.acts.get(later, NOTHING):
            freed[earlier] = freed.get(earlier, state.replaced.get(earlier, NOTHING)) - {later}
    cases = dict(state.cases)
    for system in {claim.system for claim in claims}:
        kept = {iri: claim for iri, claim in cases[system].claims.items() if iri not in withdrawn}
        cases[system] = replace(cases[system], claims=kept)
    touched = {claim.system for claim in claims} | {home for iri in freed if (home := state.homes.get(iri))}
    homes, acts = state.homes.changed(drop=(c.iri for c in claims)), state.acts.changed(drop=withdrawn)
    replaced = state.replaced.changed(((iri, by) for iri, by in freed.items() if by), drop=freed)
    return replace(state, cases=cases, homes=homes, replaced=replaced, acts=acts), touched


def _with(state: JudgedState, added: Iterable[Claim], aside: Aside) -> tuple[JudgedState, set[str]]:
    """Return the state with more claims and acts, not yet judged, and the systems touched."""
    fresh: dict[str, dict[str, Claim]] = defaultdict(dict)
    for claim in added:
        if claim.system not in state.cases:
            raise UnknownNameError("system", local_id(claim.system), map(local_id, state.cases))
        known = state.claim(claim.iri) or fresh[claim.system].get(claim.iri) or claim
        if known != claim:
            raise WrongUseError(f"{curie(claim.iri)}: is a claim already and says something else; choose another name")
        fresh[claim.system][claim.iri] = claim
    new = {iri: claim for claims in fresh.values() for iri, claim in claims.items() if not state.homes.get(iri)}
    acts = [(later, earlier) for later, earlier in aside if later not in new and not state.homes.get(later)]
    homes = state.homes.changed((iri, claim.system) for iri, claim in new.items())
    bound: dict[str, frozenset[str]] = {}
    for later, earlier in [*acts, *((iri, old) for iri, claim in new.items() for old in claim.supersedes)]:
        bound[earlier] = bound.get(earlier, state.replaced.get(earlier, NOTHING)) | {later}
    done: dict[str, frozenset[str]] = {}
    for later, earlier in acts:
        done[later] = done.get(later, state.acts.get(later, NOTHING)) | {earlier}
    cases = dict(state.cases)
    for system in {claim.system for claim in new.values()}:
        cases[system] = replace(cases[system], claims={**cases[system].claims, **fresh[system]})
    touched = {claim.system for claim in new.values()} | {home for iri in bound if (home := homes.get(iri))}
    replaced = state.replaced.changed(bound.items())
    return replace(state, cases=cases, homes=homes, replaced=replaced, acts=state.acts.changed(done.items())), touched


def _rejudged(state: JudgedState, touched: Iterable[str]) -> JudgedState:
    order = tuple(sorted(touched))
    fresh = {system: _case(state, system) for system in order}
    return replace(state, cases={**state.cases, **fresh}, touched=order)


def _case(state: JudgedState, system: str) -> SystemState:
    claims = state.cases[system].claims
    found = evidence_of(state.rules, (claim for iri, claim in claims.items() if not state.replaced.get(iri)))
    valuer = by_formula({system: found})
    return SystemState(
        claims, found, tuple(judge(criterion, system, found, valuer) for criterion in state.rules.criteria)
    )


def evidence_of(rules: JudgingRules, standing: Iterable[Claim]) -> Evidence:
    """Return what standing claims about one system establish, contest, or looked for and did not find."""
    claims = list(standing)
    absent = {claim.feature for claim in claims if claim.finding is Finding.ABSENT}
    shown = {f for claim in claims if claim.finding is Finding.PRESENT for f in rules.borne(claim)}
    heaps: tuple[dict[Fact, set[str]], ...] = (defaultdict(set), defaultdict(set), defaultdict(set))
    for claim in claims:
        borne = rules.borne(claim)
        contested = claim.feature in shown if claim.finding is Finding.ABSENT else not absent.isdisjoint(borne)
        heap = heaps[2 if claim.finding is Finding.NOT_REPORTED else contested]
        for feature in borne:
            heap[Fact(feature, claim.finding is not Finding.ABSENT)].add(claim.iri)
    return Evidence(*({fact: frozenset(by) for fact, by in heap.items()} for heap in heaps))
