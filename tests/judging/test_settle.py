"""Deciding findings: each one decides the open verdict when claimed, and no deciding finding is missing."""

from collections.abc import Collection

import pytest
from hypothesis import given, settings

from scs_kg.analysis.deciding_findings import deciding_findings
from scs_kg.judging.evidence import derive, derived_evidence
from scs_kg.judging.hierarchy import broader_features
from scs_kg.judging.judge import by_formula, judge, judge_all, open_features
from scs_kg.model.claims import Finding
from scs_kg.model.formula import Fact, Formula
from scs_kg.model.namespaces import PREFIXES, local_id
from scs_kg.model.verdicts import Criterion, Outcome
from scs_kg.rules.criteria import read_criteria
from scs_kg.store import Dataset
from tests.support.invented import (
    FEATURES,
    SYSTEM,
    Claims,
    Hierarchy,
    Report,
    claims,
    dataset_of,
    formulas,
    hierarchies,
)

ONE = PREFIXES["crit"] + "one"


@pytest.mark.no_cover
@settings(deadline=None)
@given(hierarchies(), claims, formulas)
def test_settling_findings_are_those_that_decide_when_claimed(
    general: Hierarchy, said: Claims, formula: Formula
) -> None:
    dataset = dataset_of(general, (*said, Report("urn:other", Finding.PRESENT)), {ONE: formula})
    derive(dataset)
    found = derived_evidence(dataset)[SYSTEM]
    (criterion,) = read_criteria(dataset)
    if judge(criterion, SYSTEM, found, by_formula({SYSTEM: found})).outcome is not Outcome.CANT_TELL:
        assert not list(deciding_findings(criterion, SYSTEM, found, broader_features(dataset)))
        return
    for offer in deciding_findings(criterion, SYSTEM, found, broader_features(dataset)):
        assert outcome_with(general, said, formula, offer.feature, offer.finding) is offer.outcome


def outcome_with(general: Hierarchy, said: Claims, formula: Formula, feature: str, finding: Finding) -> Outcome:
    """Return the outcome once one more claim is made."""
    dataset = dataset_of(general, (*said, Report(feature, finding)), {ONE: formula})
    derive(dataset)
    (verdict,) = judge_all(dataset)
    return verdict.outcome


@pytest.mark.no_cover
@settings(deadline=None)
@given(hierarchies(), claims, formulas)
def test_no_finding_on_an_open_feature_that_decides_is_missed(
    general: Hierarchy, said: Claims, formula: Formula
) -> None:
    dataset = dataset_of(general, (*said, Report("urn:other", Finding.PRESENT)), {ONE: formula})
    derive(dataset)
    found, (criterion,) = derived_evidence(dataset)[SYSTEM], read_criteria(dataset)
    offered = {
        (offer.feature, offer.finding)
        for offer in deciding_findings(criterion, SYSTEM, found, broader_features(dataset))
    }
    known = {fact.feature for fact in found.known} | {fact.feature for fact in found.contested}
    for feature in open_of(criterion, found.known) - known:
        for finding in (Finding.PRESENT, Finding.ABSENT):
            decides = outcome_with(general, said, formula, feature, finding) is not Outcome.CANT_TELL
            assert decides == ((feature, finding) in offered)


def open_of(criterion: Criterion, known: Collection[Fact]) -> set[str]:
    """Return the invented features on which an open verdict depends."""
    return set(open_features(criterion, known)) & set(FEATURES)


def test_one_more_claim_does_not_decide_a_contested_feature(judged_world: Dataset) -> None:
    gamma = PREFIXES["sys"] + "gamma"
    found = derived_evidence(judged_world)[gamma]
    criterion = next(c for c in read_criteria(judged_world) if local_id(c.iri) == "no-stocks")
    assert not list(deciding_findings(criterion, gamma, found, broader_features(judged_world)))
