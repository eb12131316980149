"""Adds to the criteria of a cell the claims of other datasets, which do not count under a selection of datasets."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from scs_kg import store
from scs_kg.analysis.explanation import CriterionExplanation, UncountedClaim
from scs_kg.judging.hierarchy import FeatureHierarchy
from scs_kg.judging.principles import PrincipleCriteria
from scs_kg.judging.read_claims import read_supersession_graph
from scs_kg.judging.selection import select
from scs_kg.judging.state import JudgedState, JudgingRules
from scs_kg.model.claims import Claim, Finding, Mode
from scs_kg.model.formula import facts
from scs_kg.model.namespaces import SCS, local_id
from scs_kg.model.selection import Selection
from scs_kg.store import Dataset

Steps = tuple[CriterionExplanation, ...]
Claims = tuple[tuple[Claim, str], ...]
"""Claims with the ids of their datasets."""


def claims_of_other_datasets(dataset: Dataset, state: JudgedState, selection: Selection, system: str) -> Claims:
    """Return the claims about a system (an IRI) that would count only if the selection named no dataset."""
    if not selection.datasets:
        return ()
    every = select(dataset, replace(selection, systems=(system,), kinds=(), datasets=()))
    counting, excluding = {c.iri for c in state.counting_claims(system)}, read_supersession_graph(dataset).excluding
    others = [c for c in every.claims if c.iri not in every.left_out | counting and not excluding(c.iri)]
    datasets = dict(store.subject_objects(dataset, SCS + "inDataset")) if others else {}
    return tuple((claim, local_id(datasets[claim.iri])) for claim in others)


def with_uncounted(rules: JudgingRules, principle: PrincipleCriteria, claims: Claims, steps: Steps) -> Steps:
    """Return the criteria of a principle with the claims of other datasets.

    A claim belongs to a criterion if it affects a feature that the criterion or a condition of its provisions tests. A
    finding that such a claim reports is no longer among the findings that would decide the criterion.
    """
    return tuple(_step(rules, principle, claims, step) for step in steps) if claims else steps


def _step(
    rules: JudgingRules, principle: PrincipleCriteria, claims: Claims, step: CriterionExplanation
) -> CriterionExplanation:
    criterion, features_of = step.criterion.iri, rules.hierarchy.features_of
    conditions = (p.conditions for p in principle.provisions if p.criterion == criterion)
    tested = _tested(rules, {criterion}.union(*conditions))
    own = [(claim, dataset) for claim, dataset in claims if not tested.isdisjoint(features_of(claim))]
    reported = {fact for claim, _ in own for fact in _reported(rules.hierarchy, claim)}
    return replace(
        step,
        uncounted=tuple(UncountedClaim(claim.iri, dataset) for claim, dataset in own),
        settling=tuple(one for one in step.settling if (one.feature.iri, one.finding) not in reported),
    )


def _tested(rules: JudgingRules, tests: Iterable[str]) -> frozenset[str]:
    """Return the features that criteria and conditions, given by IRI, test."""
    by_iri = {test.iri: test for test in (*rules.criteria, *rules.conditions)}
    formulas = (formula for iri in tests for formula in (by_iri[iri].formula, by_iri[iri].applies_if) if formula)
    return frozenset(fact.feature for formula in formulas for fact in facts(formula))


def _reported(hierarchy: FeatureHierarchy, claim: Claim) -> Iterator[tuple[str, Finding]]:
    """Yield the features and findings that a claim reports; a plan establishes nothing."""
    if claim.mode is not Mode.PLANNED:
        yield from ((feature, claim.finding) for feature in hierarchy.features_of(claim))
