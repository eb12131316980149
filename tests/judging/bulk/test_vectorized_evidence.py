"""Vectorized evidence equals the evidence that is derived for one system: the status and the claims of each fact."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scs_kg.judging.bulk.partition_by_subject import FINDINGS, MODES
from scs_kg.judging.bulk.rulebook import rulebook
from scs_kg.judging.bulk.vectorized_evidence import STATUSES, ClaimArrays, derive_evidence
from scs_kg.judging.evidence import Evidence, evidence_of
from scs_kg.judging.hierarchy import FeatureHierarchy
from scs_kg.model.claims import Claim, Finding, Mode
from scs_kg.model.formula import Fact
from tests.support.invented import FEATURES, Hierarchy, above, hierarchies

SYSTEMS = ("alpha", "beta")
establishing = st.tuples(st.sampled_from([Finding.PRESENT, Finding.ABSENT]), st.sampled_from(MODES[:2]))
kinds = st.one_of(establishing, establishing, st.tuples(st.sampled_from(Finding), st.sampled_from(Mode)))
claim_lists = st.lists(st.tuples(st.sampled_from(SYSTEMS), st.sampled_from(FEATURES), kinds), max_size=14)


def vectorized(broader: dict[str, frozenset[str]], claims: list[Claim]) -> dict[str, Evidence]:
    """Return the evidence on each system, derived by vectorized code."""
    rules = rulebook((), FEATURES, broader)
    rows = [
        (SYSTEMS.index(c.system), rules.features.index(c.feature), FINDINGS.index(c.finding), MODES.index(c.mode))
        for c in claims
    ]
    arrays = ClaimArrays(*np.array(rows, dtype=np.int64).reshape(-1, 4).T)
    found = derive_evidence(arrays, len(SYSTEMS), rules)
    facts: dict[str, dict[str, dict[Fact, set[str]]]] = {s: {name: {} for name, _ in STATUSES} for s in SYSTEMS}
    for claim, system, state in zip(found.claim.tolist(), found.system.tolist(), found.state.tolist(), strict=True):
        name, present = STATUSES[state % len(STATUSES)]
        fact = Fact(rules.features[state // len(STATUSES)], present)
        facts[SYSTEMS[system]][name].setdefault(fact, set()).add(claims[claim].iri)
    return {
        system: Evidence(**{name: {f: frozenset(iris) for f, iris in own.items()} for name, own in by_status.items()})
        for system, by_status in facts.items()
    }


@pytest.mark.crosscheck
@pytest.mark.no_cover
@settings(max_examples=600, deadline=None)
@given(hierarchies(), claim_lists)
def test_vectorized_evidence_is_that_of_single_judging(
    general: Hierarchy, given_claims: list[tuple[str, str, tuple[Finding, Mode]]]
) -> None:
    broader = {feature: above(general, feature) for feature in FEATURES}
    narrower = {f: frozenset(g for g in FEATURES if f in broader[g]) for f in FEATURES}
    claims = [
        Claim(str(number), system, feature, finding, mode=mode)
        for number, (system, feature, (finding, mode)) in enumerate(given_claims)
    ]
    hierarchy = FeatureHierarchy(broader, narrower)
    expected = {s: evidence_of(hierarchy, [claim for claim in claims if claim.system == s]) for s in SYSTEMS}
    assert vectorized(broader, claims) == expected
