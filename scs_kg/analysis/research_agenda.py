"""Ranks open questions by the number of open cells that an answer would decide.

A question is whether a system has a feature. The answer is not known in advance. Therefore the rank is the number of
cells that the less decisive answer decides, then the number for both answers. ``research-agenda.rq`` counts the open
verdicts that depend on a feature; this module assumes each answer and decides the cells again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scs_kg.analysis.deciding_findings import entailed, suppose
from scs_kg.analysis.workspace import ReadingScope, Workspace
from scs_kg.judging.cells import decide_cell
from scs_kg.judging.judge import by_formula, judge
from scs_kg.judging.principles import PrincipleCriteria
from scs_kg.model.entity import Entity
from scs_kg.model.formula import Fact, facts
from scs_kg.model.verdicts import Criterion, Outcome, Verdict

Settled = tuple[tuple[PrincipleCriteria, Outcome], ...]
"""Cells, by their principle, with the outcome that each would have."""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """The question whether a system has a feature, with the open cells that each answer would decide."""

    system: Entity
    feature: Entity
    if_present: Settled
    if_absent: Settled

    @property
    def worth(self) -> tuple[int, int]:
        """Return the number of cells that the less decisive answer decides, and the sum for both answers."""
        counts = len(self.if_present), len(self.if_absent)
        return min(counts), sum(counts)


def open_questions(workspace: Workspace) -> tuple[OpenQuestion, ...]:
    """Return every question with an answer that decides a cell, by decreasing worth, then by system and feature."""
    found: dict[tuple[str, str], dict[bool, list[tuple[PrincipleCriteria, Outcome]]]] = {}
    for written_for, scope in workspace.scopes.items():
        principles = [one for one in workspace.principles if one.choice.written_for == written_for]
        for system in (iri for iri in workspace.systems if iri in scope.systems):
            for fact, settled in _settling(workspace, scope, system, principles):
                answers = found.setdefault((system, fact.feature), {True: [], False: []})
                answers[fact.present] += settled
    place = {system: number for number, system in enumerate(workspace.systems)}
    order = {id(principle): number for number, principle in enumerate(workspace.principles)}
    questions = [
        OpenQuestion(
            workspace.systems[system],
            workspace.features[feature],
            *(tuple(sorted(answers[present], key=lambda pair: order[id(pair[0])])) for present in (True, False)),
        )
        for (system, feature), answers in found.items()
    ]
    return tuple(sorted(questions, key=lambda one: (*(-n for n in one.worth), place[one.system.iri], one.feature.id)))


def _settling(
    workspace: Workspace, scope: ReadingScope, system: str, principles: list[PrincipleCriteria]
) -> Iterator[tuple[Fact, list[tuple[PrincipleCriteria, Outcome]]]]:
    judged, rules, within = scope.state.system_states[system], scope.state.rules, workspace.selection.scope
    now = judged.by_test
    waiting = [one for one in principles if decide_cell(one, system, now, within=within).outcome is Outcome.CANT_TELL]
    wanted = {iri for one in waiting for iri in (*one.criteria, *one.conditions)}
    still = [
        test
        for test in (*rules.criteria, *rules.conditions)
        if test.iri in wanted and now[test.iri].outcome is Outcome.CANT_TELL
    ]
    features = {feature for test in still for feature in now[test.iri].open}
    for fact in (Fact(feature, present) for feature in sorted(features) for present in (True, False)):
        then = _supposed(scope, system, still, fact)
        affected = (one for one in waiting if not then.keys().isdisjoint((*one.criteria, *one.conditions)))
        decided = ((one, decide_cell(one, system, {**now, **then}, within=within).outcome) for one in affected)
        if settled := [pair for pair in decided if pair[1] is not Outcome.CANT_TELL]:
            yield fact, settled


def _supposed(scope: ReadingScope, system: str, still: list[Criterion], fact: Fact) -> Mapping[str, Verdict]:
    """Return, by criterion or condition, the verdicts that would be decided if one more claim reported a fact."""
    above = scope.state.rules.hierarchy.broader
    supposed = suppose(scope.state.system_states[system].evidence, fact, above)
    if supposed is None:
        return {}
    follows = set(entailed(fact, above))
    valuer = by_formula({system: supposed})
    touched = (test for test in still if not follows.isdisjoint(_either(test)))
    judged = (judge(test, system, supposed, valuer) for test in touched)
    return {verdict.criterion: verdict for verdict in judged if verdict.outcome is not Outcome.CANT_TELL}


def _either(test: Criterion) -> Iterator[Fact]:
    """Yield each fact that a criterion or condition tests, and its opposite."""
    forms = [test.formula] + ([test.applies_if] if test.applies_if else [])
    for fact in (fact for form in forms for fact in facts(form)):
        yield from (Fact(fact.feature, present) for present in (True, False))
