"""The cells that a change of claims bears on, before and after it, with what turns in them and by which claims."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from scs_kg.analysis.deciding_findings import deciding_findings
from scs_kg.analysis.dependencies import dependencies
from scs_kg.analysis.explain import MissingFinding
from scs_kg.analysis.proof import minimal_retractions, sources_of
from scs_kg.analysis.workspace import Workspace, cell
from scs_kg.judging.cells import grouped
from scs_kg.judging.principles import PrincipleCriteria
from scs_kg.judging.state import JudgedState
from scs_kg.model.claims import Finding
from scs_kg.model.entity import Entity
from scs_kg.model.errors import EngineError
from scs_kg.model.formula import Fact, facts
from scs_kg.model.matrix import Cell
from scs_kg.model.namespaces import local_id
from scs_kg.model.verdicts import Criterion, Outcome, Verdict

MANY = 20
"""How many claims are tried one by one for whether a verdict turns without them; of more, all are named."""

Remake = Callable[[frozenset[str]], JudgedState]
Reach = Mapping[str, frozenset[str]]
Turned = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class VerdictImpact:
    """A criterion whose verdict changes, and claims, by IRI, that are enough for it and none of them too many."""

    criterion: Entity
    before: Verdict
    after: Verdict
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CellImpact:
    """A cell that claims bear on, before and after.

    ``sources`` are how many independent sources have to fall before the outcome is another, before and after: None if
    it is open, or if too many claims bear on the cell to tell. ``missing`` are single findings that would settle a
    criterion that stays open.
    """

    principle_criteria: PrincipleCriteria
    system: Entity
    before: Cell
    after: Cell
    verdict_changes: tuple[VerdictImpact, ...]
    sources: tuple[int | None, int | None]
    missing: tuple[MissingFinding, ...]


@dataclass(frozen=True, slots=True)
class StateChange:
    """Two states of the same systems, the IRIs of what is in one of them only, and a way to go partway.

    ``remake`` gives the state in which only some of that is changed. Besides claims it may be what sets them aside.
    """

    before: JudgedState
    after: JudgedState
    changed: frozenset[str]
    remake: Remake


def affected_criteria(change: StateChange, system: str) -> Reach:
    """Return for each criterion, by IRI, the changed claims that can touch its verdict on a system, if there are any.

    A claim touches what it bears on, and what those bear on that it sets aside or that either of them contradicts.
    """
    touched: dict[str, set[str]] = defaultdict(set)
    for state in (change.before, change.after):
        for iri, features in _touched(state, system, change.changed):
            touched[iri] |= features
    found: dict[str, frozenset[str]] = {}
    for criterion in change.after.rules.criteria:
        tested = {fact.feature for fact in _tested(criterion)}
        by = frozenset(iri for iri, features in touched.items() if not tested.isdisjoint(features))
        found |= {criterion.iri: by} if by else {}
    return found


def _touched(state: JudgedState, system: str, changed: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield changed claims with the features that they touch in one state, as far as they act on a system."""
    claims, borne = state.system_states[system].claims, state.rules.hierarchy.features_of
    absent: dict[str, set[str]] = defaultdict(set)
    shown: dict[str, set[str]] = defaultdict(set)
    for claim in claims.values():
        if claim.finding is Finding.ABSENT:
            absent[claim.feature] |= borne(claim)
        elif claim.finding is Finding.PRESENT:
            for feature in borne(claim):
                shown[feature] |= borne(claim)
    for claim in claims.values():
        acting = (state.superseded_by.get(claim.iri, frozenset()) | {claim.iri}) & changed
        if acting:
            met = shown[claim.feature] if claim.finding is Finding.ABSENT else set[str]()
            met = met.union(*(absent[f] for f in borne(claim))) if claim.finding is Finding.PRESENT else met
            yield from ((iri, borne(claim) | met) for iri in acting)


def _tested(criterion: Criterion) -> Iterator[Fact]:
    yield from facts(criterion.formula)
    yield from facts(criterion.applies_if) if criterion.applies_if else ()


def changed_verdicts(change: StateChange, reached: Reach, system: str) -> Turned:
    """Return for each criterion, by IRI, whose verdict on a system changes, claims that are enough for it."""
    verdicts = zip(
        change.before.system_states[system].verdicts, change.after.system_states[system].verdicts, strict=True
    )
    return {
        then.criterion: _enough(change, reached[then.criterion], then)
        for was, then in verdicts
        if (was.outcome, was.open_reason) != (then.outcome, then.open_reason)
    }


def cell_impact(
    workspace: Workspace, change: StateChange, by: Turned, principle: PrincipleCriteria, system: str
) -> CellImpact:
    """Return what a change does to the cell of a principle and a system, by IRI."""
    before, after = (
        cell(state, principle, system, workspace.selection.scope) for state in (change.before, change.after)
    )
    turns = (
        VerdictImpact(Entity(local_id(iri), iri, principle.criteria[iri]), was, then, by[iri])
        for was, then in zip(before.verdicts, after.verdicts, strict=True)
        if (iri := then.criterion) in by
    )
    sources = (
        _sources(workspace, change.before, principle, before),
        _sources(workspace, change.after, principle, after),
    )
    missing = tuple(_missing(workspace, change.after, principle, after))
    return CellImpact(principle, workspace.systems[system], before, after, tuple(turns), sources, missing)


def _enough(change: StateChange, bearing: frozenset[str], then: Verdict) -> tuple[str, ...]:
    """Take away one claim after the other as long as the verdict still turns as it does."""
    kept = sorted(bearing)
    for claim in kept[:] if 1 < len(kept) <= MANY else ():
        fewer = frozenset(kept) - {claim}
        found = next(
            v for v in change.remake(fewer).system_states[then.system].verdicts if v.criterion == then.criterion
        )
        if (found.outcome, found.open_reason) == (then.outcome, then.open_reason):
            kept.remove(claim)
    return tuple(kept)


def _sources(workspace: Workspace, state: JudgedState, principle: PrincipleCriteria, found: Cell) -> int | None:
    if found.outcome is Outcome.CANT_TELL:
        return None
    try:
        cause = dependencies(state, principle, found.system)
        return minimal_retractions(cause, sources_of(cause, workspace.canonical_sources), smallest_only=True).fewest
    except EngineError:
        return None


def _missing(
    workspace: Workspace, state: JudgedState, principle: PrincipleCriteria, found: Cell
) -> Iterator[MissingFinding]:
    """Yield each finding that would settle a criterion which the cell leaves open, if the cell itself is open."""
    by_criterion = dict(grouped(principle.provisions))
    if found.outcome is Outcome.CANT_TELL:
        for verdict in (verdict for verdict in found.verdicts if verdict.outcome is Outcome.CANT_TELL):
            provisions, evidence = by_criterion[verdict.criterion], state.system_states[found.system].evidence
            for one in deciding_findings(state.rules, evidence, verdict, provisions):
                yield MissingFinding(workspace.features[one.feature], one.finding, one.outcome)
