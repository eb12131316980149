"""Tells which single findings would settle most open cells: what to find out first.

``research-agenda.rq`` counts on which features verdicts hang; here each finding on such a feature is supposed, and the
cells are decided anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scs_kg.analysis.deciding_findings import entailed, suppose
from scs_kg.analysis.workspace import ReadingScope, Workspace
from scs_kg.judging.cells import decide_cell
from scs_kg.judging.judge import by_formula, judge, open_features
from scs_kg.judging.principles import PrincipleCriteria
from scs_kg.model.claims import Finding
from scs_kg.model.entity import Entity
from scs_kg.model.formula import Fact, facts
from scs_kg.model.verdicts import Criterion, Outcome, Verdict


@dataclass(frozen=True, slots=True)
class FindingToSeek:
    """A finding that some source might report of a system, and the open cells that it would settle, with how."""

    system: Entity
    feature: Entity
    finding: Finding
    settles: tuple[tuple[PrincipleCriteria, Outcome], ...]


def findings_to_seek(workspace: Workspace) -> tuple[FindingToSeek, ...]:
    """Return every finding that settles a cell, those that settle most first, then by system, feature and finding."""
    found: dict[tuple[str, Fact], list[tuple[PrincipleCriteria, Outcome]]] = {}
    for written_for, scope in workspace.scopes.items():
        principles = [one for one in workspace.principles if one.choice.written_for == written_for]
        for system in (iri for iri in workspace.systems if iri in scope.systems):
            for fact, settled in _settling(scope, system, principles):
                found.setdefault((system, fact), []).extend(settled)
    place = {system: number for number, system in enumerate(workspace.systems)}
    order = {id(principle): number for number, principle in enumerate(workspace.principles)}
    listed = [
        FindingToSeek(
            workspace.systems[system],
            workspace.features[fact.feature],
            Finding.PRESENT if fact.present else Finding.ABSENT,
            tuple(sorted(settled, key=lambda pair: order[id(pair[0])])),
        )
        for (system, fact), settled in found.items()
    ]
    return tuple(
        sorted(listed, key=lambda lead: (-len(lead.settles), place[lead.system.iri], lead.feature.id, lead.finding))
    )


def _settling(
    scope: ReadingScope, system: str, principles: list[PrincipleCriteria]
) -> Iterator[tuple[Fact, list[tuple[PrincipleCriteria, Outcome]]]]:
    judged, rules = scope.state.system_states[system], scope.state.rules
    now = {verdict.criterion: verdict for verdict in judged.verdicts}
    waiting = [one for one in principles if decide_cell(one, system, now).outcome is Outcome.CANT_TELL]
    wanted = {iri for one in waiting for iri in one.criteria if now[iri].outcome is Outcome.CANT_TELL}
    still = [criterion for criterion in rules.criteria if criterion.iri in wanted]
    features = {feature for criterion in still for feature in open_features(criterion, judged.evidence.known)}
    for fact in (Fact(feature, present) for feature in sorted(features) for present in (True, False)):
        then = _supposed(scope, system, still, fact)
        affected = (one for one in waiting if not then.keys().isdisjoint(one.criteria))
        decided = ((one, decide_cell(one, system, {**now, **then}).outcome) for one in affected)
        if settled := [pair for pair in decided if pair[1] is not Outcome.CANT_TELL]:
            yield fact, settled


def _supposed(scope: ReadingScope, system: str, still: list[Criterion], fact: Fact) -> Mapping[str, Verdict]:
    """Return the open verdicts that would be decided if one more claim said so, by criterion."""
    above = scope.state.rules.hierarchy.broader
    supposed = suppose(scope.state.system_states[system].evidence, fact, above)
    if supposed is None:
        return {}
    follows = set(entailed(fact, above))
    valuer = by_formula({system: supposed})
    touched = (c for c in still if not follows.isdisjoint(_either(c)))
    judged = (judge(criterion, system, supposed, valuer) for criterion in touched)
    return {verdict.criterion: verdict for verdict in judged if verdict.outcome is not Outcome.CANT_TELL}


def _either(criterion: Criterion) -> Iterator[Fact]:
    """Yield each fact that the criterion tests, and its opposite."""
    forms = [criterion.formula] + ([criterion.applies_if] if criterion.applies_if else [])
    for fact in (fact for form in forms for fact in facts(form)):
        yield from (Fact(fact.feature, present) for present in (True, False))
