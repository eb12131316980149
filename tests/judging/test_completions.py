"""The outcome of a decided cell is the same for all possible values of the open features."""

import pytest
from hypothesis import HealthCheck, given, settings

from scs_kg.judging.cells import decide_cell
from scs_kg.judging.evidence import evidence_of
from scs_kg.judging.hierarchy import FeatureHierarchy
from scs_kg.judging.judge import by_formula, judge
from scs_kg.model.claims import Claim
from scs_kg.model.formula import Fact, holds
from scs_kg.model.matrix import Cell, CellRule, Counts, Mark, Scope
from scs_kg.model.verdicts import Outcome, Verdict
from tests.support.invented import (
    FEATURES,
    SYSTEM,
    Claims,
    Hierarchy,
    above,
    claims,
    completions,
    hierarchies,
    known_facts,
)
from tests.support.random_principles import Demands, demands

World = frozenset[Fact]


def judged_cell(general: Hierarchy, drawn: Demands, reported: Claims, scope: tuple[str, ...] = ()) -> Cell:
    """Return the cell of the principle, judged from the facts that the claims establish."""
    broader = {feature: above(general, feature) for feature in FEATURES}
    narrower = {feature: frozenset(f for f in FEATURES if feature in broader[f]) for feature in FEATURES}
    made = [Claim(f"urn:{n}", SYSTEM, r.feature, r.finding, mode=r.mode) for n, r in enumerate(reported)]
    found = evidence_of(FeatureHierarchy(broader, narrower), made)
    verdicts = {
        test.iri: judge(test, SYSTEM, found, by_formula({SYSTEM: found}))
        for test in (*drawn.criteria.values(), *drawn.condition_tests())
    }
    return decide_cell(drawn.principle, SYSTEM, verdicts, {claim.iri: claim for claim in made}, scope)


def is_outside(drawn: Demands, world: World) -> bool:
    """Return whether a premise of the principle is false in a complete world."""
    return not all(holds(drawn.conditions[premise], world) for premise in drawn.principle.premises)


def true_outcome(drawn: Demands, criterion: str, world: World) -> Outcome:
    """Return the outcome of a criterion under its deciding provisions in a complete world."""
    asking = [p for p in drawn.principle.provisions if p.deciding and p.criterion == criterion]
    test = drawn.criteria[criterion]
    applies = any(all(holds(drawn.conditions[name], world) for name in p.conditions) for p in asking)
    if not applies or (test.applies_if is not None and not holds(test.applies_if, world)):
        return Outcome.INAPPLICABLE
    return Outcome.PASSED if holds(test.formula, world) is test.upholds else Outcome.FAILED


def true_cell(drawn: Demands, world: World) -> Outcome:
    """Return the outcome of the cell in a complete world, in which every applicable criterion must be met."""
    found = {true_outcome(drawn, criterion, world) for criterion in drawn.principle.deciding}
    if is_outside(drawn, world) or found == {Outcome.INAPPLICABLE}:
        return Outcome.INAPPLICABLE
    return Outcome.FAILED if Outcome.FAILED in found else Outcome.PASSED


CALM = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.mark.crosscheck
@CALM
@given(hierarchies(), demands(), claims)
def test_no_completion_changes_what_a_cell_decides(general: Hierarchy, drawn: Demands, reported: Claims) -> None:
    cell, known = judged_cell(general, drawn, reported), known_facts(general, reported)
    worlds = [world for world in completions(general) if known <= world]
    assert worlds
    assert_completions_keep_the_cell(drawn, cell, worlds)
    assert_completions_keep_the_cell_of_the_established_scope(
        drawn, judged_cell(general, drawn, reported, ("established",)), worlds
    )
    assert_completions_keep_each_decided_criterion(drawn, cell, worlds)
    assert_counts_are_those_of_the_listed_verdicts(cell)


def assert_completions_keep_the_cell(drawn: Demands, cell: Cell, worlds: list[World]) -> None:
    """Check that the outcome of a decided cell is the same in every complete world."""
    if cell.mark is Mark.NOT_ASKED or cell.outcome is Outcome.CANT_TELL:
        return
    for world in worlds:
        if Scope.ASSUMED in cell.scope and is_outside(drawn, world):
            continue
        if drawn.principle.rule is CellRule.EVERY or cell.outcome is not Outcome.PASSED:
            assert true_cell(drawn, world) is cell.outcome
        else:
            outcomes = [true_outcome(drawn, criterion, world) for criterion in drawn.principle.deciding]
            assert Outcome.PASSED in outcomes


def assert_completions_keep_the_cell_of_the_established_scope(drawn: Demands, cell: Cell, worlds: list[World]) -> None:
    """Check the same for a cell of the established scope, whose premises are known."""
    every = drawn.principle.rule is CellRule.EVERY
    if cell.mark is not Mark.NOT_ASKED and cell.outcome is not Outcome.CANT_TELL and every:
        assert {true_cell(drawn, world) for world in worlds} == {cell.outcome}


def assert_completions_keep_each_decided_criterion(drawn: Demands, cell: Cell, worlds: list[World]) -> None:
    """Check that the outcome of each decided criterion that counts is the same in every complete world."""
    deciding = [verdict for verdict in cell.verdicts if verdict.criterion in drawn.principle.deciding]
    assert {verdict.criterion for verdict in deciding} == drawn.principle.deciding
    for world in worlds:
        for verdict in deciding:
            if verdict.outcome is not Outcome.CANT_TELL:
                assert true_outcome(drawn, verdict.criterion, world) is verdict.outcome


def assert_counts_are_those_of_the_listed_verdicts(cell: Cell) -> None:
    """Check the counts of a cell against the verdicts that it lists."""
    listed = [verdict for verdict in cell.verdicts if verdict.criterion not in cell.supporting]
    if Scope.OUTSIDE in cell.scope:
        assert cell.counts == Counts()
    else:
        assert cell.counts == Counts(*(counted(listed, outcome) for outcome in Outcome))


def counted(verdicts: list[Verdict], outcome: Outcome) -> int:
    """Return how many verdicts have an outcome."""
    return sum(verdict.outcome is outcome for verdict in verdicts)
