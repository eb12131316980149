"""The cells that a change of claims affects, before and after the change, with changed verdicts and their causes."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from scs_kg.analysis.deciding_findings import deciding_findings
from scs_kg.analysis.dependencies import dependencies
from scs_kg.analysis.explanation import MissingFinding
from scs_kg.analysis.proof import minimal_retractions, sources_of
from scs_kg.analysis.workspace import Workspace, cell
from scs_kg.judging.cells import criterion_verdict, grouped
from scs_kg.judging.principles import PrincipleCriteria, Provision
from scs_kg.judging.state import JudgedState
from scs_kg.model.claims import Finding
from scs_kg.model.entity import Entity
from scs_kg.model.errors import EngineError
from scs_kg.model.formula import Fact, facts
from scs_kg.model.matrix import Cell
from scs_kg.model.namespaces import local_id
from scs_kg.model.verdicts import Criterion, Outcome, Verdict

MANY = 20
"""The maximum number of claims for which a minimal set of causes is computed; if there are more, all are listed."""

PartialChange = Callable[[frozenset[str]], JudgedState]
"""A function that returns the state after only the given part of a change."""
ClaimsByTest = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class VerdictImpact:
    """A criterion whose verdict changes; ``by`` has the IRIs of a minimal set of claims sufficient for the change.

    If more than ``MANY`` claims can affect the verdict, ``by`` has all of them.
    """

    criterion: Entity
    before: Verdict
    after: Verdict
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CellImpact:
    """A cell that a change affects, before and after the change.

    ``sources`` has the smallest number of independent sources whose removal changes the outcome, before and after the
    change. The number is None if the cell is open or too many claims affect it. ``missing`` are single findings that
    would decide a criterion that stays open.
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
    """Two states of the same systems, and the claims and acts that differ.

    ``changed`` has the IRIs of the claims and acts that only one of the states has; an act supersedes or retracts
    claims. ``change_only`` returns the state in which only some of these records are changed.
    """

    before: JudgedState
    after: JudgedState
    changed: frozenset[str]
    change_only: PartialChange


def affected_tests(change: StateChange, system: str) -> ClaimsByTest:
    """Map each criterion or condition whose verdict on a system can change to the claims and acts that affect it.

    A claim affects its own feature and the features of the claims that it supersedes. It also affects the features of
    all claims that contradict one of these claims.
    """
    by_claim: dict[str, set[str]] = defaultdict(set)
    for state in (change.before, change.after):
        for iri, features in _affected_features(state, system, change.changed):
            by_claim[iri] |= features
    found: dict[str, frozenset[str]] = {}
    for test in (*change.after.rules.criteria, *change.after.rules.conditions):
        tested = {fact.feature for fact in _tested(test)}
        by = frozenset(iri for iri, features in by_claim.items() if not tested.isdisjoint(features))
        found |= {test.iri: by} if by else {}
    return found


def _affected_features(
    state: JudgedState, system: str, changed: frozenset[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each changed claim or act with the features of a system that it affects in one state."""
    claims, features_of = state.system_states[system].claims, state.rules.hierarchy.features_of
    absent: dict[str, set[str]] = defaultdict(set)
    present: dict[str, set[str]] = defaultdict(set)
    for claim in claims.values():
        if claim.finding is Finding.ABSENT:
            absent[claim.feature] |= features_of(claim)
        elif claim.finding is Finding.PRESENT:
            for feature in features_of(claim):
                present[feature] |= features_of(claim)
    for claim in claims.values():
        acting = (state.supersessions.acting_on(claim.iri) | {claim.iri}) & changed
        if acting:
            own = features_of(claim)
            by_finding = {Finding.ABSENT: [present[claim.feature]], Finding.PRESENT: [absent[f] for f in own]}
            affected = own.union(*by_finding.get(claim.finding, ()))
            yield from ((iri, affected) for iri in acting)


def _tested(criterion: Criterion) -> Iterator[Fact]:
    yield from facts(criterion.formula)
    yield from facts(criterion.applies_if) if criterion.applies_if else ()


def cell_impact(
    workspace: Workspace, change: StateChange, affected: ClaimsByTest, principle: PrincipleCriteria, system: str
) -> CellImpact:
    """Return the effect of a change on the cell of a principle and a system (an IRI)."""
    before, after = (
        cell(state, principle, system, workspace.selection.scope) for state in (change.before, change.after)
    )
    groups = dict(grouped(principle.provisions))
    turns = (
        VerdictImpact(
            Entity(local_id(then.criterion), then.criterion, principle.criteria[then.criterion]),
            was,
            then,
            _sufficient(change, affected, then, groups[then.criterion]),
        )
        for was, then in zip(before.verdicts, after.verdicts, strict=True)
        if (was.outcome, was.open_reason) != (then.outcome, then.open_reason)
    )
    sources = (
        _sources(workspace, change.before, principle, before),
        _sources(workspace, change.after, principle, after),
    )
    missing = tuple(_missing(workspace, change.after, principle, after))
    return CellImpact(principle, workspace.systems[system], before, after, tuple(turns), sources, missing)


def _sufficient(
    change: StateChange, affected: ClaimsByTest, then: Verdict, provisions: tuple[Provision, ...]
) -> tuple[str, ...]:
    """Return a minimal subset of the changed claims that is sufficient for a verdict."""
    tests = {then.criterion}.union(*(provision.conditions for provision in provisions))
    kept = sorted({claim for test in tests for claim in affected.get(test, ())})
    for claim in kept[:] if 1 < len(kept) <= MANY else ():
        state = change.change_only(frozenset(kept) - {claim})
        found = criterion_verdict(then.criterion, provisions, state.system_states[then.system].by_test)
        if (found.outcome, found.open_reason) == (then.outcome, then.open_reason):
            kept.remove(claim)
    return tuple(kept)


def _sources(workspace: Workspace, state: JudgedState, principle: PrincipleCriteria, found: Cell) -> int | None:
    """Return the smallest number of sources whose removal changes a cell; None for an open cell or too many claims."""
    if found.outcome is Outcome.CANT_TELL:
        return None
    try:
        depends_on = dependencies(state, principle, found.system)
        sources = sources_of(depends_on, workspace.canonical_sources)
        return minimal_retractions(depends_on, sources, smallest_only=True).fewest
    except EngineError:
        return None


def _missing(
    workspace: Workspace, state: JudgedState, principle: PrincipleCriteria, found: Cell
) -> Iterator[MissingFinding]:
    """Yield each finding that would decide an undecided criterion of an open cell; a decided cell yields no finding."""
    by_criterion = dict(grouped(principle.provisions))
    if found.outcome is Outcome.CANT_TELL:
        for verdict in (verdict for verdict in found.verdicts if verdict.outcome is Outcome.CANT_TELL):
            criterion = Entity(local_id(verdict.criterion), verdict.criterion, principle.criteria[verdict.criterion])
            provisions, evidence = by_criterion[verdict.criterion], state.system_states[found.system].evidence
            for one in deciding_findings(state.rules, evidence, verdict, provisions):
                yield MissingFinding(workspace.features[one.feature], one.finding, one.outcome, criterion)
