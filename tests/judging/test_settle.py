"""``deciding_findings`` returns every finding that would decide an undecided verdict, and no other finding."""

import pytest
from hypothesis import HealthCheck, given, settings

from scs_kg.analysis.deciding_findings import deciding_findings
from scs_kg.judging.cells import criterion_outcome, decide_cell, grouped
from scs_kg.judging.judged import judge_dataset
from scs_kg.judging.principles import Provision
from scs_kg.judging.state import JudgedState, judge_claims, read_judging_rules
from scs_kg.model.claims import Claim, Finding
from scs_kg.model.namespaces import PREFIXES, local_id
from scs_kg.model.verdicts import Outcome, Verdict
from scs_kg.store import Dataset
from tests.support.invented import SYSTEM, Claims, Hierarchy, Report, claims, hierarchies
from tests.support.random_principles import CRITERIA, Demands, demands

CALM = settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def judged(general: Hierarchy, drawn: Demands, reported: Claims) -> JudgedState:
    """Judge the only system by these claims."""
    made = [Claim(f"urn:{n}", SYSTEM, r.feature, r.finding, mode=r.mode) for n, r in enumerate(reported)]
    return judge_claims(read_judging_rules(drawn.world(general, ())), [SYSTEM], made)


def provisions_of(drawn: Demands) -> tuple[Provision, ...]:
    """Return the provisions that count for the first criterion."""
    return dict(grouped(drawn.principle.provisions))[CRITERIA[0]]


def outcome(state: JudgedState, drawn: Demands) -> Outcome:
    """Return the outcome of the first criterion under the conditions of its provisions."""
    return criterion_outcome(CRITERIA[0], provisions_of(drawn), state.system_states[SYSTEM].by_test)


def in_cell(state: JudgedState, drawn: Demands) -> Verdict:
    """Return the verdict on the first criterion as the cell lists it."""
    cell = decide_cell(drawn.principle, SYSTEM, state.system_states[SYSTEM].by_test)
    return next(verdict for verdict in cell.verdicts if verdict.criterion == CRITERIA[0])


@pytest.mark.slow
@pytest.mark.no_cover
@CALM
@given(hierarchies(), demands(), claims)
def test_every_listed_finding_decides_the_verdict_if_a_claim_reports_it(
    general: Hierarchy, drawn: Demands, reported: Claims
) -> None:
    state = judged(general, drawn, reported)
    verdict, evidence = in_cell(state, drawn), state.system_states[SYSTEM].evidence
    offers = list(deciding_findings(state.rules, evidence, verdict, provisions_of(drawn)))
    if verdict.outcome is not Outcome.CANT_TELL:
        assert not offers
    for offer in offers:
        then = judged(general, drawn, (*reported, Report(offer.feature, offer.finding)))
        assert outcome(then, drawn) is offer.outcome is not Outcome.CANT_TELL


@pytest.mark.slow
@pytest.mark.no_cover
@CALM
@given(hierarchies(), demands(), claims)
def test_every_finding_on_an_open_feature_that_would_decide_is_listed(
    general: Hierarchy, drawn: Demands, reported: Claims
) -> None:
    state = judged(general, drawn, reported)
    verdict, evidence = in_cell(state, drawn), state.system_states[SYSTEM].evidence
    offers = deciding_findings(state.rules, evidence, verdict, provisions_of(drawn))
    offered = {(offer.feature, offer.finding) for offer in offers}
    disputed = {fact.feature for fact in (*evidence.contested, *evidence.differing)}
    for feature in set(verdict.open) - disputed:
        for finding in (Finding.PRESENT, Finding.ABSENT):
            then = judged(general, drawn, (*reported, Report(feature, finding)))
            assert (outcome(then, drawn) is not Outcome.CANT_TELL) == ((feature, finding) in offered)


@pytest.mark.parametrize("criterion", ["no-stocks", "no-ledger"])
def test_one_more_claim_does_not_decide_a_feature_that_is_contested_or_differs(
    criterion: str, judged_world: Dataset
) -> None:
    state = judge_dataset(judged_world)
    gamma = state.system_states[PREFIXES["sys"] + "gamma"]
    verdict = next(one for one in gamma.verdicts if local_id(one.criterion) == criterion)
    assert verdict.outcome is Outcome.CANT_TELL
    assert not list(deciding_findings(state.rules, gamma.evidence, verdict))
