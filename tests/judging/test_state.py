"""Incremental judging: after any sequence of changes the result equals judging all data by the queries."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scs_kg.judging.evidence import derive, derived_evidence
from scs_kg.judging.hierarchy import FeatureHierarchy
from scs_kg.judging.judge import by_formula, judge, judge_all
from scs_kg.judging.judged import judge_dataset
from scs_kg.judging.read_claims import SUPERSEDING, read_claims, read_supersessions
from scs_kg.judging.state import JudgedState, JudgingRules, change, judge_claims, read_judging_rules
from scs_kg.model.claims import Claim, Finding
from scs_kg.model.errors import EmptyInputError, UnknownNameError, WrongUseError
from scs_kg.model.formula import Formula
from scs_kg.model.namespaces import PREFIXES, SCS, expand
from scs_kg.rules.criteria import read_criteria
from scs_kg.store import Dataset, NamedNode, Triple
from scs_kg.store.dataset import add_triples, empty_dataset, remove_subjects
from tests.conftest import ROOT
from tests.support.invented import (
    ACT,
    FEATURES,
    NAMES,
    OTHER,
    SYSTEM,
    Hierarchy,
    NamedClaims,
    formulas,
    hierarchies,
    named_claims,
    world,
)

ONE = PREFIXES["crit"] + "one"

changes = st.lists(
    st.tuples(st.lists(st.sampled_from(NAMES), max_size=3), st.lists(st.sampled_from(NAMES), max_size=3)), max_size=4
)


def assert_as_specified_by_queries(state: JudgedState, dataset: Dataset) -> None:
    """Compare a state with the evidence and verdicts that the queries specify."""
    derive(dataset)
    try:
        specified = derived_evidence(dataset)
    except EmptyInputError:
        assert not any(judged.claims for judged in state.system_states.values())
        return
    assert {system: judged.evidence for system, judged in state.system_states.items()} == specified
    assert tuple(verdict for judged in state.system_states.values() for verdict in judged.verdicts) == judge_all(
        dataset
    )


CALM = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.no_cover
@CALM
@given(hierarchies(), formulas, named_claims(), changes, st.frozensets(st.sampled_from(NAMES), max_size=1))
def test_changes_give_the_same_result_as_judging_all_data(
    general: Hierarchy,
    formula: Formula,
    claims: NamedClaims,
    steps: list[tuple[list[str], list[str]]],
    aside: frozenset[str],
) -> None:
    start = world(general, {ONE: formula}, (), aside)
    state = judge_claims(read_judging_rules(start), [SYSTEM, OTHER], (), read_supersessions(start))
    names: set[str] = set()
    for added, withdrawn in steps:
        before = state
        state = change(state, (claims[name] for name in added), withdrawn)
        names = (names - set(withdrawn)) | set(added)
        assert_as_specified_by_queries(state, world(general, {ONE: formula}, (claims[name] for name in names), aside))
        assert {s for s, judged in state.system_states.items() if judged is not before.system_states[s]} == set(
            state.touched
        )
    kept = world(general, {ONE: formula}, (claims[name] for name in names))
    assert_as_specified_by_queries(change(state, withdrawn=[ACT]), kept)


@pytest.mark.no_cover
@CALM
@given(hierarchies(), formulas, named_claims(), st.permutations(NAMES))
def test_the_order_of_claims_changes_nothing(
    general: Hierarchy, formula: Formula, claims: NamedClaims, order: list[str]
) -> None:
    rules = read_judging_rules(world(general, {ONE: formula}, ()))
    at_once = judge_claims(rules, [SYSTEM, OTHER], claims.values())
    one_by_one = judge_claims(rules, [OTHER, SYSTEM], ())
    for name in order:
        one_by_one = change(one_by_one, [claims[name]])
    assert replace(one_by_one, touched=at_once.touched) == at_once


@pytest.mark.no_cover
@CALM
@given(hierarchies(), formulas, named_claims())
def test_adding_a_known_claim_and_withdrawing_an_unknown_one_change_nothing(
    general: Hierarchy, formula: Formula, claims: NamedClaims
) -> None:
    rules = read_judging_rules(world(general, {ONE: formula}, ()))
    *most, last = claims.values()
    state = judge_claims(rules, [SYSTEM, OTHER], most)
    same = change(state, most, [last.iri])
    assert (same, same.touched) == (replace(state, touched=()), ())
    there_and_back = change(change(state, [last]), withdrawn=[last.iri])
    assert replace(there_and_back, touched=state.touched) == state


def test_the_real_data_is_judged_as_by_the_queries(field: Dataset, judged_world: Dataset) -> None:
    for dataset in (field, judged_world):
        state = judge_dataset(dataset)
        assert {system: judged.evidence for system, judged in state.system_states.items()} == derived_evidence(dataset)
        assert tuple(v for judged in state.system_states.values() for v in judged.verdicts) == judge_all(dataset)


def test_withdrawing_a_claim_of_the_real_data_affects_only_its_system(field: Dataset) -> None:
    state = judge_dataset(field)
    for claim in read_claims(field)[::40]:
        less = change(state, withdrawn=[claim.iri])
        assert claim.system in less.touched
        assert len(less.touched) <= 1 + len(claim.supersedes)
        assert change(less, [claim]).system_states == state.system_states


def test_superseding_predicates_are_those_of_the_query() -> None:
    (path,) = re.findall(r"\?later (\S+) \?claim", (ROOT / "queries" / "bearing.rq").read_text("utf-8"))
    assert [expand(name) for name in path.split("|")] == list(SUPERSEDING)


def test_verdicts_are_those_of_judge(judged_world: Dataset) -> None:
    state, criteria = judge_dataset(judged_world), read_criteria(judged_world)
    for system, judged in state.system_states.items():
        valuer = by_formula({system: judged.evidence})
        assert judged.verdicts == tuple(judge(criterion, system, judged.evidence, valuer) for criterion in criteria)


def test_inconsistent_claims_are_rejected() -> None:
    rules = JudgingRules((), FeatureHierarchy({}, {}))
    claim = Claim(NAMES[0], SYSTEM, FEATURES[0], Finding.PRESENT)
    state = judge_claims(rules, [SYSTEM], [claim])
    with pytest.raises(WrongUseError, match=r"claim:p: another claim has this name; choose a different one"):
        change(state, [replace(claim, finding=Finding.ABSENT)])
    with pytest.raises(WrongUseError, match=r"another claim has this name"):
        judge_claims(rules, [SYSTEM], [claim, replace(claim, feature=FEATURES[1])])
    with pytest.raises(UnknownNameError, match=r"no system is called 'anyy'; did you mean any\?"):
        change(state, [replace(claim, system=SYSTEM + "y")])


@pytest.mark.parametrize(
    ("reported", "message"),
    [
        ({"feature": "urn:f", "finding": SCS + "Present"}, "needs one scs:about and has none"),
        ({"about": SYSTEM, "finding": SCS + "Present"}, "needs one scs:feature and has none"),
        ({"about": SYSTEM, "feature": "urn:f", "finding": SCS + "Perhaps"}, "scs:Perhaps is not a finding; use one of"),
    ],
)
def test_an_incomplete_claim_is_rejected(reported: Mapping[str, str], message: str) -> None:
    dataset = empty_dataset()
    add_triples(dataset, (Triple(NamedNode(NAMES[0]), NamedNode(SCS + p), NamedNode(o)) for p, o in reported.items()))
    with pytest.raises(WrongUseError, match=message):
        read_claims(dataset)


def test_nothing_to_judge_is_an_error(judged_world: Dataset) -> None:
    empty = world({}, {ONE: read_criteria(judged_world)[0].formula}, ())
    with pytest.raises(EmptyInputError, match="no claim is left"):
        judge_dataset(empty)
    remove_subjects(empty, [SYSTEM, OTHER])
    add_triples(empty, store_claim())
    with pytest.raises(EmptyInputError, match="no system"):
        judge_dataset(empty)


def store_claim() -> list[Triple]:
    """Return a claim as triples."""
    reported = {"about": SYSTEM, "feature": FEATURES[0], "finding": SCS + "Present"}
    return [Triple(NamedNode(NAMES[0]), NamedNode(SCS + p), NamedNode(o)) for p, o in reported.items()]


def test_states_and_evidence_are_read_only(judged_world: Dataset) -> None:
    state = judge_dataset(judged_world)
    (judged, *_) = state.system_states.values()
    hierarchy, evidence = state.rules.hierarchy, judged.evidence
    facts = (evidence.known, evidence.contested, evidence.not_reported)
    for mapping in (state.system_states, judged.claims, hierarchy.broader, hierarchy.narrower, *facts):
        with pytest.raises(TypeError, match="does not support item assignment"):
            mapping["urn:other"] = None  # type: ignore[index]  # this must fail
