"""After any sequence of changes, the incremental state equals the result of judging all claims with the queries."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scs_kg.judging.evidence import derive, derived_evidence
from scs_kg.judging.hierarchy import FeatureHierarchy
from scs_kg.judging.judge import by_formula, judge, judge_all
from scs_kg.judging.judged import judge_dataset
from scs_kg.judging.read_claims import SUPERSEDING, read_claims, read_supersessions
from scs_kg.judging.state import JudgedState, JudgingRules, change, judge_claims, read_judging_rules, uncount
from scs_kg.judging.supersessions import Supersession
from scs_kg.model.claims import Claim, Finding
from scs_kg.model.errors import EmptyInputError, UnknownNameError, WrongUseError
from scs_kg.model.formula import Formula
from scs_kg.model.namespaces import PREFIXES, SCS, expand
from scs_kg.model.verdicts import Verdict
from scs_kg.rules.criteria import read_conditions, read_criteria
from scs_kg.store import Dataset, NamedNode, Triple
from scs_kg.store.dataset import add_triples, empty_dataset, remove_subjects
from tests.conftest import ROOT
from tests.support.invented import (
    ACT,
    CONDITIONS,
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

Step = tuple[str, list[str], list[str]]
Tests = tuple[Formula, Formula]

some = st.lists(st.sampled_from(NAMES), max_size=3)
steps: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(st.sampled_from(["change", "change", "uncount"]), some, some), max_size=5
)
tests: st.SearchStrategy[Tests] = st.tuples(formulas, formulas)


def assert_as_specified(state: JudgedState, dataset: Dataset) -> None:
    """Compare a state with the evidence and the verdicts that the queries give."""
    derive(dataset)
    try:
        evidence = derived_evidence(dataset)
    except EmptyInputError:
        assert not any(set(judged.claims) - state.uncounted for judged in state.system_states.values())
        return
    assert {system: judged.evidence for system, judged in state.system_states.items()} == evidence
    assert all_verdicts(state) == judge_all(dataset)


def all_verdicts(state: JudgedState) -> tuple[Verdict, ...]:
    """Return the verdicts on criteria and conditions, in the order of ``judge_all``."""
    judged = state.system_states.values()
    return tuple(chain.from_iterable((*one.verdicts, *one.conditions) for one in judged))


def counted_world(
    general: Hierarchy,
    tests: Tests,
    claims: Iterable[Claim],
    aside: Iterable[str],
    uncounted: frozenset[str],
) -> Dataset:
    """Return a dataset of claims; for claims that do not count, it has only their supersessions."""
    formula, condition = tests
    chosen = list(claims)
    dataset = world(
        general,
        {ONE: formula},
        [claim for claim in chosen if claim.iri not in uncounted],
        aside,
        {CONDITIONS[0]: condition},
    )
    links = [(c.iri, SCS + "supersedes", old) for c in chosen if c.iri in uncounted for old in c.supersedes]
    add_triples(dataset, (Triple(*map(NamedNode, link)) for link in links), "urn:data")
    return dataset


CALM = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.slow
@pytest.mark.no_cover
@CALM
@given(hierarchies(), tests, named_claims(), steps, st.frozensets(st.sampled_from(NAMES), max_size=2))
def test_incremental_judging_equals_judging_from_scratch(
    general: Hierarchy, drawn: Tests, claims: NamedClaims, taken: list[Step], aside: frozenset[str]
) -> None:
    start = counted_world(general, drawn, (), aside, frozenset())
    state = judge_claims(read_judging_rules(start), [SYSTEM, OTHER], (), read_supersessions(start))
    names: set[str] = set()
    uncounted = frozenset[str]()
    for kind, added, withdrawn in taken:
        before = state
        if kind == "uncount":
            state = uncount(state, added)
            uncounted |= set(added)
        else:
            state = change(state, (claims[name] for name in added), withdrawn)
            names = (names - set(withdrawn)) | set(added)
        made = [claims[name] for name in names]
        assert_as_specified(state, counted_world(general, drawn, made, aside, uncounted))
        at_once = judge_claims(
            state.rules,
            [SYSTEM, OTHER],
            made,
            (Supersession(ACT, earlier, retracts=True) for earlier in aside),
            uncounted,
        )
        assert replace(state, touched=at_once.touched) == at_once
        assert {s for s, judged in state.system_states.items() if judged is not before.system_states[s]} == set(
            state.touched
        )
    kept = counted_world(general, drawn, [claims[name] for name in names], (), uncounted)
    assert_as_specified(change(state, withdrawn=[ACT]), kept)


@pytest.mark.slow
@pytest.mark.no_cover
@CALM
@given(hierarchies(), formulas, named_claims(), st.permutations(NAMES))
def test_order_does_not_matter_and_known_or_unknown_claims_change_nothing(
    general: Hierarchy, formula: Formula, claims: NamedClaims, order: list[str]
) -> None:
    rules = read_judging_rules(world(general, {ONE: formula}, ()))
    at_once = judge_claims(rules, [SYSTEM, OTHER], claims.values())
    one_by_one = judge_claims(rules, [OTHER, SYSTEM], ())
    for name in order:
        one_by_one = change(one_by_one, [claims[name]])
    assert replace(one_by_one, touched=at_once.touched) == at_once
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
        assert all_verdicts(state) == judge_all(dataset)


def test_withdrawing_a_claim_of_the_real_data_affects_only_its_system(field: Dataset) -> None:
    state = judge_dataset(field)
    for claim in read_claims(field)[::40]:
        less = change(state, withdrawn=[claim.iri])
        assert claim.system in less.touched
        assert len(less.touched) <= 1 + len(claim.supersedes)
        assert change(less, [claim]).system_states == state.system_states


def test_the_predicates_that_supersede_a_claim_are_those_of_the_query() -> None:
    paths = re.findall(r"\?\w+ (scs:\w+)\+? \?claim", (ROOT / "queries" / "bearing.rq").read_text("utf-8"))
    assert {expand(name) for name in paths} == set(SUPERSEDING)


def test_every_query_leaves_out_the_same_claims() -> None:
    places = [*(ROOT / "queries").rglob("*.rq"), *(ROOT / "ontology" / "integrity").glob("*.ttl")]
    excluded = []
    for text in (path.read_text("utf-8") for path in places):
        assert "scs:supersedes|scs:retracts" not in text
        excluded += re.findall(r"NOT EXISTS \{ \?retraction scs:retracts (\?\w+) \}\n(.*)", text)
    assert len(excluded) > 10
    for claim, line in excluded:
        later = r"(\?\w+) scs:supersedes\+ " + re.escape(claim)
        assert re.search(rf"NOT EXISTS {{ {later} \. FILTER NOT EXISTS {{ \?retraction scs:retracts \1 }} }}$", line)


def test_retracting_the_last_correction_brings_back_the_one_before() -> None:
    first, second, third = (
        Claim(name, SYSTEM, FEATURES[0], Finding.PRESENT, frozenset(old))
        for name, old in zip(("urn:1", "urn:2", "urn:3"), ((), ("urn:1",), ("urn:2",)), strict=True)
    )
    state = judge_claims(JudgingRules((), FeatureHierarchy({}, {})), [SYSTEM], [first, second, third])

    def counting(*retracted: str) -> list[str]:
        acts = [Supersession(f"urn:act-{iri}", iri, retracts=True) for iri in retracted]
        return [claim.iri for claim in change(state, supersessions=acts).counting_claims(SYSTEM)]

    assert counting() == ["urn:3"]
    assert counting("urn:3") == ["urn:2"]
    assert counting("urn:2") == ["urn:3"]
    assert counting("urn:2", "urn:3") == ["urn:1"]
    assert counting("urn:1", "urn:2", "urn:3") == []


def test_verdicts_are_those_of_judge(judged_world: Dataset) -> None:
    state = judge_dataset(judged_world)
    criteria, conditions = read_criteria(judged_world), read_conditions(judged_world)
    for system, judged in state.system_states.items():
        valuer = by_formula({system: judged.evidence})
        assert judged.verdicts == tuple(judge(criterion, system, judged.evidence, valuer) for criterion in criteria)
        assert judged.conditions == tuple(judge(one, system, judged.evidence, valuer) for one in conditions)


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
        ({"about": SYSTEM, "feature": "urn:f", "finding": SCS + "Perhaps"}, "scs:Perhaps is not a finding"),
        (
            {"about": SYSTEM, "feature": "urn:f", "finding": SCS + "Present", "mode": SCS + "Perhaps"},
            "needs one scs:mode, one of DeJure, DeFacto, Planned",
        ),
    ],
)
def test_an_incomplete_claim_is_rejected(reported: Mapping[str, str], message: str) -> None:
    dataset = empty_dataset()
    add_triples(dataset, (Triple(NamedNode(NAMES[0]), NamedNode(SCS + p), NamedNode(o)) for p, o in reported.items()))
    with pytest.raises(WrongUseError, match=message):
        read_claims(dataset)


def test_nothing_to_judge_is_an_error(judged_world: Dataset) -> None:
    empty = world({}, {ONE: read_criteria(judged_world)[0].formula}, ())
    with pytest.raises(EmptyInputError, match="no claims are left"):
        judge_dataset(empty)
    remove_subjects(empty, [SYSTEM, OTHER])
    add_triples(empty, store_claim())
    with pytest.raises(EmptyInputError, match="no system"):
        judge_dataset(empty)


def store_claim() -> list[Triple]:
    """Return a claim as triples."""
    reported = {"about": SYSTEM, "feature": FEATURES[0], "finding": SCS + "Present"}
    return [Triple(NamedNode(NAMES[0]), NamedNode(SCS + p), NamedNode(o)) for p, o in reported.items()]


def test_states_and_evidence_cannot_be_changed(judged_world: Dataset) -> None:
    state = judge_dataset(judged_world)
    (judged, *_) = state.system_states.values()
    hierarchy, evidence = state.rules.hierarchy, judged.evidence
    facts = (evidence.known, evidence.contested, evidence.not_reported)
    for mapping in (state.system_states, judged.claims, hierarchy.broader, hierarchy.narrower, *facts):
        with pytest.raises(TypeError, match="does not support item assignment"):
            mapping["urn:other"] = None  # type: ignore[index]  # this must fail
