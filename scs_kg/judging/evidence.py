"""Derives evidence from claims: which facts are known, contested, or not reported.

The queries ``bearing.rq``, ``contradictions.rq`` and ``known.rq`` are the specification; ``derive`` runs them.
``evidence_of`` is the implementation, for one system at a time; tests compare both on random claims.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from scs_kg import store
from scs_kg.judging.hierarchy import FeatureHierarchy
from scs_kg.model.claims import Claim, Finding
from scs_kg.model.errors import EmptyInputError
from scs_kg.model.formula import Fact
from scs_kg.model.namespaces import RDF, SCS, local_id
from scs_kg.store import Dataset, query_library
from scs_kg.store.dataset import add_triples

ClaimsByFact = Mapping[Fact, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The facts about one system, each with its claims: known, contested, or looked for and not found.

    The ``present`` of a fact that is not reported has no meaning; it is True. The mappings are read-only views: nobody
    can change evidence after it was derived.
    """

    known: ClaimsByFact
    contested: ClaimsByFact
    not_reported: ClaimsByFact


NO_EVIDENCE: Final = Evidence(MappingProxyType({}), MappingProxyType({}), MappingProxyType({}))
"""The evidence on a system without claims."""


def evidence_of(hierarchy: FeatureHierarchy, claims: Collection[Claim]) -> Evidence:
    """Return the evidence from the claims about one system, which must not be superseded or retracted."""
    absent = {claim.feature for claim in claims if claim.finding is Finding.ABSENT}
    present = {f for claim in claims if claim.finding is Finding.PRESENT for f in hierarchy.features_of(claim)}
    known: dict[Fact, set[str]] = defaultdict(set)
    contested: dict[Fact, set[str]] = defaultdict(set)
    not_reported: dict[Fact, set[str]] = defaultdict(set)
    for claim in claims:
        features = hierarchy.features_of(claim)
        is_contested = claim.feature in present if claim.finding is Finding.ABSENT else not absent.isdisjoint(features)
        facts = not_reported if claim.finding is Finding.NOT_REPORTED else contested if is_contested else known
        for feature in features:
            facts[Fact(feature, claim.finding is not Finding.ABSENT)].add(claim.iri)
    return Evidence(_frozen(known), _frozen(contested), _frozen(not_reported))


def contradict(hierarchy: FeatureHierarchy, one: Claim, other: Claim) -> bool:
    """Return whether two claims about one system contradict each other, provided that neither is superseded."""
    pair = {one.finding: one, other.finding: other}
    if pair.keys() != {Finding.PRESENT, Finding.ABSENT}:
        return False
    return pair[Finding.ABSENT].feature in hierarchy.features_of(pair[Finding.PRESENT])


def contradicting(hierarchy: FeatureHierarchy, claim: Claim, claims: Iterable[Claim]) -> frozenset[str]:
    """Return the IRIs of those claims about one system that contradict a claim."""
    return frozenset(other.iri for other in claims if contradict(hierarchy, claim, other))


def derive(dataset: Dataset) -> None:
    """Add the triples to a dataset that follow from its claims by the queries of the specification."""
    for name in ("bearing", "contradictions"):
        add_triples(dataset, query_library.triples(dataset, name))
    add_triples(dataset, query_library.triples(dataset, "known"))


def derived_evidence(dataset: Dataset) -> dict[str, Evidence]:
    """Return the evidence on each system, by IRI, from a dataset to which ``derive`` was applied.

    Raises:
        EmptyInputError: there is no system or no claim.
    """
    about = dict(store.subject_objects(dataset, SCS + "about"))
    finding = dict(store.subject_objects(dataset, SCS + "finding"))
    if not finding:
        raise no_claims_error(dataset)
    systems = sorted(store.text(s) for s in set(store.subjects(dataset, RDF + "type", SCS + "SocialCreditSystem")))
    if not systems:
        raise no_systems_error(dataset)
    establishing = set(store.subject_objects(dataset, SCS + "establishes"))
    grouped: dict[str, tuple[dict[Fact, set[str]], ...]] = {
        system: (defaultdict(set), defaultdict(set), defaultdict(set)) for system in systems
    }
    for claim, feature in store.subject_objects(dataset, SCS + "bearsOn"):
        known, contested, not_reported = grouped[about[claim]]
        reported = Finding(local_id(finding[claim]))
        undecided = not_reported if reported is Finding.NOT_REPORTED else contested
        facts = known if (claim, feature) in establishing else undecided
        facts[Fact(feature, reported is not Finding.ABSENT)].add(claim)
    return {system: Evidence(*map(_frozen, facts)) for system, facts in grouped.items()}


def no_claims_error(dataset: Dataset) -> EmptyInputError:
    """Return the error for a dataset or a selection without a claim."""
    return EmptyInputError(f"{dataset.root}: no claim is left to judge by; check data/ and the options")


def no_systems_error(dataset: Dataset) -> EmptyInputError:
    """Return the error for a dataset without a system."""
    return EmptyInputError(f"{dataset.root}: no system in data/; a comparison needs at least one")


def _frozen(claims: Mapping[Fact, set[str]]) -> ClaimsByFact:
    return MappingProxyType({fact: frozenset(iris) for fact, iris in claims.items()})
