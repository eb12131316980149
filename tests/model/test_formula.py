"""Compares the properties of monotone formulas with brute force."""

from itertools import combinations
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scs_kg.model.formula import (
    AtLeast,
    Fact,
    Formula,
    dual,
    facts,
    holds,
    minimal_models,
    open_facts,
    opposite,
    prime_implicants,
    value,
)
from tests.support.invented import FEATURES, completions, formulas

FLAT = {feature: frozenset[str]() for feature in FEATURES}
known_facts = st.dictionaries(st.sampled_from(FEATURES), st.booleans()).map(
    lambda world: frozenset(Fact(feature, present) for feature, present in world.items())
)


@pytest.mark.no_cover
@given(formulas)
def test_the_dual_of_the_dual_is_the_formula(formula: Formula) -> None:
    assert dual(dual(formula)) == formula


@given(formulas, known_facts)
def test_no_completion_changes_a_decided_value(formula: Formula, known: frozenset[Fact]) -> None:
    decided = value(formula, known)
    outcomes = {holds(formula, world) for world in completions(FLAT) if known <= world}
    assert decided is None or outcomes == {decided}


@given(formulas, known_facts)
def test_a_one_sided_formula_is_open_only_if_completions_differ(formula: Formula, known: frozenset[Fact]) -> None:
    tested = set(facts(formula))
    one_sided = not any(opposite(fact) in tested for fact in tested)
    outcomes = {holds(formula, world) for world in completions(FLAT) if known <= world}
    assert not one_sided or (value(formula, known) is None) == (len(outcomes) == 2)


@pytest.mark.no_cover
@given(formulas, known_facts, known_facts)
def test_more_facts_change_no_decided_value(formula: Formula, known: frozenset[Fact], more: frozenset[Fact]) -> None:
    added = known | {fact for fact in more if opposite(fact) not in known}
    decided = value(formula, known)
    assert decided is None or value(formula, added) is decided


@pytest.mark.no_cover
@given(formulas, known_facts)
def test_proofs_are_exactly_the_smallest_sets_that_decide(formula: Formula, known: frozenset[Fact]) -> None:
    relevant = sorted(known & set(facts(formula)))
    sets = [frozenset(c) for size in range(len(relevant) + 1) for c in combinations(relevant, size)]
    deciding = [chosen for chosen in sets if holds(formula, chosen)]
    smallest = {chosen for chosen in deciding if not any(other < chosen for other in deciding)}
    assert minimal_models(formula, known) == smallest


@given(formulas, known_facts)
def test_there_are_open_facts_exactly_if_the_value_is_unknown(formula: Formula, known: frozenset[Fact]) -> None:
    found_open = open_facts(formula, known)
    assert bool(found_open) == (value(formula, known) is None)
    assert not any(fact in known or opposite(fact) in known for fact in found_open)


def test_two_of_three_needs_two() -> None:
    formula = AtLeast(2, tuple(Fact(feature, present=True) for feature in FEATURES[:3]))
    one, two = (frozenset(Fact(feature, present=True) for feature in FEATURES[:n]) for n in (1, 2))
    gone = frozenset(Fact(feature, present=False) for feature in FEATURES[:2])
    assert (value(formula, one), value(formula, two), value(formula, gone)) == (None, True, False)


@pytest.mark.parametrize("count", [1, 199, 200])
def test_the_limit_does_not_stop_formulas_with_few_prime_implicants(count: int) -> None:
    features = tuple(Fact(f"f{number}", True) for number in range(200))
    found = prime_implicants(AtLeast(count, features), 300)
    assert found is not None
    assert len(found) == comb(200, count)
    assert prime_implicants(AtLeast(2, features), 300) is None
