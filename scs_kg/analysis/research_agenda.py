"""Ranks open questions by the number of open cells that an answer would decide.

A question is whether a system has a feature. The answer is not known in advance. Therefore questions are ranked by the
number of cells that the less decisive answer decides, then by the number for both answers. ``research-agenda.rq``
counts the open verdicts that depend on a feature; this module assumes each answer and decides the cells again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from scs_kg.analysis.deciding_findings import entailed, suppose
from scs_kg.analysis.workspace import ReadingScope, Workspace
from scs_kg.judging.cells import decide_cell, outcome_of
from scs_kg.judging.judge import by_formula, judge
from scs_kg.judging.principles import PrincipleCriteria
from scs_kg.model.entity import Entity
from scs_kg.model.formula import Fact, facts
from scs_kg.model.verdicts import Criterion, Outcome, Verdict

Value = TypeVar("Value")
Settled = tuple[tuple[PrincipleCriteria, Outcome], ...]
"""The cells that an answer to a question would decide: pairs of the principle and the outcome of the cell."""


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

    def outcome(principle: PrincipleCriteria, verdicts: Mapping[str, Verdict]) -> Outcome:
        found = outcome_of(principle, verdicts)
        if not within or found is Outcome.CANT_TELL:
            return found
        return decide_cell(principle, system, verdicts, within=within).outcome

    waiting = [one for one in principles if outcome(one, now) is Outcome.CANT_TELL]
    cells_of = _grouped((test, n) for n, one in enumerate(waiting) for test in (*one.criteria, *one.conditions))
    still = [
        test
        for test in (*rules.criteria, *rules.conditions)
        if test.iri in cells_of and now[test.iri].outcome is Outcome.CANT_TELL
    ]
    tests_of = _grouped((feature, test) for test in still for feature in _features(test))
    features = {feature for test in still for feature in now[test.iri].open}
    for fact in (Fact(feature, present) for feature in sorted(features) for present in (True, False)):
        then = _supposed(scope, system, tests_of, fact)
        verdicts = now | then
        affected = (waiting[number] for number in sorted({number for test in then for number in cells_of[test]}))
        decided = ((one, outcome(one, verdicts)) for one in affected)
        if settled := [pair for pair in decided if pair[1] is not Outcome.CANT_TELL]:
            yield fact, settled


def _supposed(
    scope: ReadingScope, system: str, tests_of: Mapping[str, list[Criterion]], fact: Fact
) -> dict[str, Verdict]:
    """Return the verdicts that would be decided if one more claim reported a fact, keyed by criterion or condition.

    ``tests_of`` maps each feature to the undecided criteria and conditions that test it.
    """
    above = scope.state.rules.hierarchy.broader
    supposed = suppose(scope.state.system_states[system].evidence, fact, above)
    if supposed is None:
        return {}
    valuer = by_formula({system: supposed})
    touched = {test.iri: test for follows in entailed(fact, above) for test in tests_of.get(follows.feature, ())}
    judged = {iri: judge(test, system, supposed, valuer) for iri, test in touched.items()}
    return {iri: verdict for iri, verdict in judged.items() if verdict.outcome is not Outcome.CANT_TELL}


def _features(test: Criterion) -> frozenset[str]:
    """Return the features that a criterion or condition tests."""
    forms = [test.formula] + ([test.applies_if] if test.applies_if else [])
    return frozenset(fact.feature for form in forms for fact in facts(form))


def _grouped(pairs: Iterable[tuple[str, Value]]) -> dict[str, list[Value]]:
    groups: dict[str, list[Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
