"""Ranks single findings by the number of open cells that they would decide.

``research-agenda.rq`` counts the features on which verdicts depend. Here each finding on such a feature is assumed, and
the cells are decided with it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scs_kg.analysis.deciding_findings import entailed, suppose
from scs_kg.analysis.workspace import ReadingScope, Workspace
from scs_kg.judging.cells import PrincipleCriteria, decide_cell
from scs_kg.judging.judge import by_formula, judge, open_features
from scs_kg.model.claims import Finding
from scs_kg.model.entity import Entity
from scs_kg.model.formula import Fact, facts
from scs_kg.model.verdicts import Criterion, Outcome, Verdict


@dataclass(frozen=True, slots=True)
class FindingToSeek:
    """A finding on a system that no source reports, and the open cells that it would decide, with their outcomes."""

    system: Entity
    feature: Entity
    finding: Finding
    settles: tuple[tuple[PrincipleCriteria, Outcome], ...]


def findings_to_seek(workspace: Workspace) -> tuple[FindingToSeek, ...]:
    """Return every finding that decides a cell, sorted by the number of cells, then by system, feature and finding."""
    found: dict[tuple[str, Fact], list[tuple[PrincipleCriteria, Outcome]]] = {}
    for written_for, scope in workspace.scopes.items():
        principles = [one for one in workspace.principles if one.choice.written_for == written_for]
        for system in (iri for iri in workspace.systems if iri in scope.systems):
            for fact, decided in _deciding_facts(scope, system, principles):
                found.setdefault((system, fact), []).extend(decided)
    position = {system: number for number, system in enumerate(workspace.systems)}
    order = {id(principle): number for number, principle in enumerate(workspace.principles)}
    listed = [
        FindingToSeek(
            workspace.systems[system],
            workspace.features[fact.feature],
            Finding.PRESENT if fact.present else Finding.ABSENT,
            tuple(sorted(decided, key=lambda pair: order[id(pair[0])])),
        )
        for (system, fact), decided in found.items()
    ]
    return tuple(
        sorted(listed, key=lambda one: (-len(one.settles), position[one.system.iri], one.feature.id, one.finding))
    )


def _deciding_facts(
    scope: ReadingScope, system: str, principles: list[PrincipleCriteria]
) -> Iterator[tuple[Fact, list[tuple[PrincipleCriteria, Outcome]]]]:
    """Yield each fact about a system that would decide open cells, with these cells and their outcomes."""
    judged, rules = scope.state.system_states[system], scope.state.rules
    now = {verdict.criterion: verdict for verdict in judged.verdicts}
    open_cells = [one for one in principles if decide_cell(one, system, now).outcome is Outcome.CANT_TELL]
    open_iris = {iri for one in open_cells for iri in one.criteria if now[iri].outcome is Outcome.CANT_TELL}
    open_criteria = [criterion for criterion in rules.criteria if criterion.iri in open_iris]
    features = {feature for criterion in open_criteria for feature in open_features(criterion, judged.evidence.known)}
    for fact in (Fact(feature, present) for feature in sorted(features) for present in (True, False)):
        then = _verdicts_decided_by(fact, scope, system, open_criteria)
        affected = (one for one in open_cells if not then.keys().isdisjoint(one.criteria))
        outcomes = ((one, decide_cell(one, system, {**now, **then}).outcome) for one in affected)
        if decided := [pair for pair in outcomes if pair[1] is not Outcome.CANT_TELL]:
            yield fact, decided


def _verdicts_decided_by(
    fact: Fact, scope: ReadingScope, system: str, open_criteria: list[Criterion]
) -> Mapping[str, Verdict]:
    """Return the open verdicts that would be decided if one more claim reported a fact, by criterion."""
    broader = scope.state.rules.hierarchy.broader
    supposed = suppose(scope.state.system_states[system].evidence, fact, broader)
    if supposed is None:
        return {}
    implied = set(entailed(fact, broader))
    valuer = by_formula({system: supposed})
    affected = (criterion for criterion in open_criteria if not implied.isdisjoint(_facts_and_opposites(criterion)))
    judged = (judge(criterion, system, supposed, valuer) for criterion in affected)
    return {verdict.criterion: verdict for verdict in judged if verdict.outcome is not Outcome.CANT_TELL}


def _facts_and_opposites(criterion: Criterion) -> Iterator[Fact]:
    """Yield each fact that the criterion tests, and its opposite."""
    formulas = [criterion.formula] + ([criterion.applies_if] if criterion.applies_if else [])
    for fact in (fact for formula in formulas for fact in facts(formula)):
        yield from (Fact(fact.feature, present) for present in (True, False))
