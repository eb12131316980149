"""Compares the judge with every completion of the open facts and with pySHACL, also on the real data."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scs_kg import store
from scs_kg.judging.evidence import derive, derived_evidence
from scs_kg.judging.judge import by_formula, by_pyshacl, judge, judge_all
from scs_kg.judging.judged import system_iris
from scs_kg.judging.project import open_judged
from scs_kg.judging.read_claims import read_claims
from scs_kg.model.claims import Finding, Mode
from scs_kg.model.errors import EmptyInputError
from scs_kg.model.formula import Fact, Formula, facts, holds
from scs_kg.model.namespaces import EARL, PREFIXES, RDF, SCS, local_id
from scs_kg.model.selection import Selection
from scs_kg.model.verdicts import OpenReason, Outcome, Verdict
from scs_kg.rules.criteria import read_conditions, read_criteria
from scs_kg.store import Dataset, NamedNode
from tests.conftest import ROOT
from tests.support.invented import (
    CONDITIONS,
    FEATURES,
    SYSTEM,
    Claims,
    Hierarchy,
    Report,
    above,
    claims,
    completions,
    dataset_of,
    formulas,
    hierarchies,
    known_facts,
)

ONE = PREFIXES["crit"] + "one"
PRESENT = Finding.PRESENT


def one_sided(formula: Formula, hierarchy: Hierarchy) -> bool:
    """Return whether features tested as present are neither above nor below features tested as absent."""
    has = {fact.feature for fact in facts(formula) if fact.present}
    lacks = {fact.feature for fact in facts(formula) if not fact.present}
    return not any(no in above(hierarchy, yes) or yes in above(hierarchy, no) for yes in has for no in lacks)


@pytest.mark.no_cover
@given(hierarchies(), claims, formulas)
def test_verdicts_agree_with_every_completion(hierarchy: Hierarchy, reported: Claims, formula: Formula) -> None:
    dataset = dataset_of(hierarchy, (*reported, Report("urn:other", PRESENT)), {ONE: formula})
    derive(dataset)
    (verdict,) = judge_all(dataset)
    known = known_facts(hierarchy, reported)
    outcomes = {holds(formula, world) for world in completions(hierarchy) if known <= world}
    assert outcomes
    if verdict.outcome is not Outcome.CANT_TELL:
        assert outcomes == {verdict.outcome is Outcome.PASSED}
    elif one_sided(formula, hierarchy):
        assert len(outcomes) == 2


@pytest.mark.crosscheck
@pytest.mark.no_cover
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hierarchies(), claims, st.lists(formulas, min_size=1, max_size=3), st.lists(formulas, max_size=2))
def test_pyshacl_gives_the_same_verdicts_on_random_criteria_and_conditions(
    hierarchy: Hierarchy, reported: Claims, chosen: list[Formula], conditions: list[Formula]
) -> None:
    named = {f"{ONE}-{number}": formula for number, formula in enumerate(chosen)}
    shapes = dict(zip(CONDITIONS, conditions, strict=False))
    dataset = dataset_of(hierarchy, (*reported, Report("urn:other", PRESENT)), named, shapes)
    derive(dataset)
    verdicts = judge_all(dataset)
    assert {verdict.criterion for verdict in verdicts} == {*named, *shapes}
    assert judge_all(dataset, "pyshacl") == verdicts


@pytest.mark.slow
@pytest.mark.no_cover
@settings(max_examples=300)
@given(hierarchies(), claims)
def test_evidence_equals_its_definition(hierarchy: Hierarchy, reported: Claims) -> None:
    dataset = dataset_of(hierarchy, (*reported, Report("urn:other", PRESENT)), {ONE: Fact(FEATURES[0], present=True)})
    derive(dataset)
    known = derived_evidence(dataset)[SYSTEM].known.keys() - {Fact("urn:other", present=True)}
    assert known == known_facts(hierarchy, reported)


def test_a_feature_in_a_rule_implies_more_general_features_also_if_claims_about_practice_conflict() -> None:
    penalty, punishment, fine, stocks, other = FEATURES
    hierarchy = {penalty: (), punishment: {penalty}, fine: {penalty}, stocks: {punishment}, other: ()}
    reported = (
        Report(fine, PRESENT, Mode.DE_JURE),
        Report(stocks, PRESENT, Mode.DE_FACTO),
        Report(punishment, Finding.ABSENT, Mode.DE_FACTO),
    )
    general = {feature: frozenset(more) for feature, more in hierarchy.items()}
    dataset = dataset_of(general, reported, {ONE: Fact(penalty, present=True)})
    derive(dataset)
    found = derived_evidence(dataset)[SYSTEM]
    assert found.known.keys() == {Fact(fine, present=True), Fact(penalty, present=True)}
    assert found.differing == {}


@pytest.mark.no_cover
@given(hierarchies(), claims, formulas)
def test_the_claims_of_a_decided_verdict_are_enough_for_it(
    hierarchy: Hierarchy, reported: Claims, formula: Formula
) -> None:
    (verdict,) = verdicts(hierarchy, (*reported, Report("urn:other", PRESENT)), formula)
    if verdict.outcome is not Outcome.CANT_TELL:
        kept = tuple(reported[int(local_id(claim))] for claim in verdict.claims)
        (again,) = verdicts(hierarchy, (*kept, Report("urn:other", PRESENT)), formula)
        assert again.outcome is verdict.outcome


@pytest.mark.no_cover
@given(hierarchies(), claims, formulas, st.randoms())
def test_the_order_of_claims_changes_nothing(
    hierarchy: Hierarchy, reported: Claims, formula: Formula, chance: Random
) -> None:
    shuffled = tuple(chance.sample(list(reported), len(reported)))
    (one,) = verdicts(hierarchy, (*reported, Report("urn:other", PRESENT)), formula)
    (other,) = verdicts(hierarchy, (*shuffled, Report("urn:other", PRESENT)), formula)
    assert (one.outcome, one.open_reason) == (other.outcome, other.open_reason)


def verdicts(hierarchy: Hierarchy, reported: Claims, formula: Formula) -> tuple[Verdict, ...]:
    """Judge one system by one criterion with the polarity ``scs:Upholds``."""
    dataset = dataset_of(hierarchy, reported, {ONE: formula})
    derive(dataset)
    return judge_all(dataset)


@pytest.mark.crosscheck
@pytest.mark.no_cover
def test_pyshacl_gives_the_same_verdicts_on_the_real_data(judged: Dataset) -> None:
    assert judge_all(judged, "pyshacl") == judge_all(judged)


@pytest.mark.slow
def test_pyshacl_gives_the_same_verdicts_on_all_systems_from_all_claims(field: Dataset) -> None:
    verdicts = judge_all(field)
    assert {verdict.system for verdict in verdicts} == system_iris(field)
    assert judge_all(field, "pyshacl") == verdicts


def test_pyshacl_gives_the_same_verdicts_on_the_invented_world(judged_world: Dataset) -> None:
    assert judge_all(judged_world, "pyshacl") == judge_all(judged_world)


def test_the_verdicts_of_the_invented_world_equal_those_computed_by_hand(judged_world: Dataset) -> None:
    found = {
        (local_id(v.system), local_id(v.criterion)): (v.outcome.value, v.open_reason) for v in judge_all(judged_world)
    }
    assert found == {
        ("alpha", "cake"): ("passed", None),
        ("alpha", "machine"): ("failed", None),
        ("beta", "cake"): ("cantTell", OpenReason.NOT_REPORTED),
        ("beta", "machine"): ("passed", None),
        ("gamma", "cake"): ("failed", None),
        ("gamma", "machine"): ("cantTell", OpenReason.PLANNED),
        ("alpha", "explained"): ("inapplicable", None),
        ("alpha", "gentle"): ("passed", None),
        ("alpha", "no-stocks"): ("passed", None),
        ("alpha", "no-ledger"): ("failed", None),
        ("alpha", "not-nosy"): ("passed", None),
        ("alpha", "way-out"): ("passed", None),
        ("beta", "explained"): ("failed", None),
        ("beta", "gentle"): ("failed", None),
        ("beta", "no-ledger"): ("cantTell", OpenReason.SILENT),
        ("beta", "no-stocks"): ("failed", None),
        ("beta", "not-nosy"): ("failed", None),
        ("beta", "way-out"): ("failed", None),
        ("gamma", "explained"): ("cantTell", OpenReason.PLANNED),
        ("gamma", "gentle"): ("cantTell", OpenReason.CONTESTED),
        ("gamma", "no-ledger"): ("cantTell", OpenReason.RULE_AND_PRACTICE_DIFFER),
        ("gamma", "no-stocks"): ("cantTell", OpenReason.CONTESTED),
        ("gamma", "not-nosy"): ("cantTell", OpenReason.RULE_AND_PRACTICE_DIFFER),
        ("gamma", "way-out"): ("cantTell", OpenReason.SILENT),
    }


def test_if_rule_and_practice_differ_the_verdict_has_the_claims_of_both_sides(judged_world: Dataset) -> None:
    (verdict,) = (
        v for v in judge_all(judged_world) if v.criterion.endswith("no-ledger") and v.system.endswith("gamma")
    )
    assert [local_id(claim) for claim in verdict.claims] == ["gamma-ledger-law-2003", "gamma-ledger-news-2002"]


def test_a_contested_verdict_has_the_claims_of_both_sides(judged_world: Dataset) -> None:
    (verdict,) = (
        v for v in judge_all(judged_world) if v.criterion.endswith("no-stocks") and v.system.endswith("gamma")
    )
    assert [local_id(claim) for claim in verdict.claims] == ["gamma-punishment-book-2001", "gamma-stocks-news-2002"]


def test_a_superseded_claim_establishes_nothing_and_contests_nothing(judged_world: Dataset) -> None:
    gamma = derived_evidence(judged_world)[PREFIXES["sys"] + "gamma"]
    cake = PREFIXES["feat"] + "cake"
    assert gamma.known[Fact(cake, present=False)] == {PREFIXES["claim"] + "gamma-cake-law-2003"}
    assert Fact(cake, present=True) not in gamma.contested


def test_an_open_condition_leaves_the_verdict_open(judged_world: Dataset) -> None:
    criterion = next(c for c in read_criteria(judged_world) if c.applies_if)
    found = derived_evidence(judged_world)
    gamma = PREFIXES["sys"] + "gamma"
    verdict = judge(criterion, gamma, found[gamma], by_formula(found))
    assert verdict.outcome is Outcome.CANT_TELL


def test_every_verdict_is_published_as_one_named_assertion(judged: Dataset) -> None:
    names = {store.text(term) for term in store.subjects(judged, RDF + "type", EARL + "Assertion")}
    assert len(names) == len(judge_all(judged))
    for name in names:
        result = store.objects(judged, NamedNode(name), EARL + "result")
        assert len(result) == 1
        assert store.objects(judged, result[0], EARL + "outcome")


def test_judging_without_claims_is_an_error(field: Dataset) -> None:
    claims = [claim for claim in read_claims(field) if PREFIXES["src"] + "agrawal-2022" not in claim.sources]
    left = f"--dataset all would leave {len(claims)} claims on {len({claim.system for claim in claims})} systems"
    with pytest.raises(EmptyInputError, match=f"no claims of agrawal-2022 are left to judge; {left}$"):
        open_judged(ROOT, Selection(datasets=("agrawal-2022",), without=("agrawal-2022",)))


def test_every_claim_of_a_verdict_affects_what_the_criterion_tests(judged: Dataset) -> None:
    criteria = {test.iri: test for test in (*read_criteria(judged), *read_conditions(judged))}
    evidence_on = set(store.subject_objects(judged, SCS + "bearsOn"))
    resting = [(verdict, claim) for verdict in judge_all(judged) for claim in verdict.claims]
    assert resting
    for verdict, claim in resting:
        criterion = criteria[verdict.criterion]
        forms = [form for form in (criterion.formula, criterion.applies_if) if form]
        assert any((claim, fact.feature) in evidence_on for form in forms for fact in facts(form))


def test_the_reference_engine_evaluates_applicability(judged_world: Dataset) -> None:
    criteria, found = read_criteria(judged_world), derived_evidence(judged_world)
    criterion = next(c for c in criteria if c.applies_if)
    alpha = PREFIXES["sys"] + "alpha"
    verdict = judge(criterion, alpha, found[alpha], by_pyshacl(judged_world, criteria, found))
    assert verdict.outcome is Outcome.INAPPLICABLE
