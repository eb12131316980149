"""The evidence on a system: facts that are known, contested, unreported or planned, or differ between modes.

The queries ``bearing.rq``, ``contradictions.rq`` and ``known.rq`` are the specification; ``derive`` runs them.
``evidence_of`` is the implementation, for one system at a time; tests compare it with the queries on random claims.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Final

from scs_kg import store
from scs_kg.judging.hierarchy import FeatureHierarchy
from scs_kg.model.claims import Claim, Finding, Mode
from scs_kg.model.errors import EmptyInputError
from scs_kg.model.formula import Fact, opposite
from scs_kg.model.namespaces import RDF, SCS, local_id
from scs_kg.store import Dataset, query_library
from scs_kg.store.dataset import add_triples

ClaimsByFact = Mapping[Fact, frozenset[str]]
NO_FACTS: Final[ClaimsByFact] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Evidence:
    """The facts about one system, mapped to their claims.

    ``known`` has the established facts. ``contested`` has the facts on which claims of the same mode contradict each
    other. ``differing`` has the facts that one mode establishes although a claim of the other mode reports the
    opposite. ``not_reported`` and ``planned`` are about features: the ``present`` of their facts is always True and has
    no meaning.
    """

    known: ClaimsByFact
    contested: ClaimsByFact = field(default_factory=lambda: NO_FACTS)
    not_reported: ClaimsByFact = field(default_factory=lambda: NO_FACTS)
    differing: ClaimsByFact = field(default_factory=lambda: NO_FACTS)
    planned: ClaimsByFact = field(default_factory=lambda: NO_FACTS)

    @property
    def features(self) -> frozenset[str]:
        """The features of all facts."""
        parts = (self.known, self.contested, self.not_reported, self.differing, self.planned)
        return frozenset(fact.feature for part in parts for fact in part)


ESTABLISHING: Final = (Mode.DE_JURE, Mode.DE_FACTO)
"""The modes of claims that can establish a fact; a plan establishes nothing."""


NO_EVIDENCE: Final = Evidence(NO_FACTS)
"""The evidence on a system without claims."""


def evidence_of(hierarchy: FeatureHierarchy, claims: Collection[Claim]) -> Evidence:
    """Return the evidence of the claims about one system; no claim may be superseded or retracted.

    The claims of each mode are combined first. A fact that one mode establishes is known unless a claim of the other
    mode reports the opposite. Therefore all facts that follow from a known fact by the hierarchy are known too.
    """
    of_mode = {
        mode: _of_one_mode(hierarchy, [c for c in claims if c.mode is mode and c.finding is not Finding.NOT_REPORTED])
        for mode in ESTABLISHING
    }
    found: dict[str, dict[Fact, set[str]]] = {part.name: defaultdict(set) for part in fields(Evidence)}
    for mode, other in (ESTABLISHING, ESTABLISHING[::-1]):
        (established, contested), others = of_mode[mode], of_mode[other]
        for fact, iris in established.items():
            differs = any(opposite(fact) in said for said in others)
            found["differing" if differs else "known"][fact] |= iris
        for fact, iris in contested.items():
            found["contested"][fact] |= iris
    for claim in claims:
        if claim.mode is Mode.PLANNED or claim.finding is Finding.NOT_REPORTED:
            status = "planned" if claim.mode is Mode.PLANNED else "not_reported"
            for feature in hierarchy.features_of(claim):
                found[status][Fact(feature, present=True)].add(claim.iri)
    return Evidence(**{status: _frozen(facts) for status, facts in found.items()})


def _of_one_mode(
    hierarchy: FeatureHierarchy, claims: Collection[Claim]
) -> tuple[dict[Fact, set[str]], dict[Fact, set[str]]]:
    """Return the facts that claims of one mode establish, and the facts that they contest."""
    absent = {claim.feature for claim in claims if claim.finding is Finding.ABSENT}
    present = {f for claim in claims if claim.finding is Finding.PRESENT for f in hierarchy.features_of(claim)}
    known: dict[Fact, set[str]] = defaultdict(set)
    contested: dict[Fact, set[str]] = defaultdict(set)
    for claim in claims:
        features = hierarchy.features_of(claim)
        is_contested = claim.feature in present if claim.finding is Finding.ABSENT else not absent.isdisjoint(features)
        for feature in features:
            (contested if is_contested else known)[Fact(feature, claim.finding is Finding.PRESENT)].add(claim.iri)
    return known, contested


def contradict(hierarchy: FeatureHierarchy, one: Claim, other: Claim) -> bool:
    """Return whether two claims about one system contradict each other, if neither claim is superseded.

    Claims of different modes never contradict each other. Plans contradict nothing.
    """
    if one.mode is not other.mode or one.mode is Mode.PLANNED:
        return False
    pair = {one.finding: one, other.finding: other}
    if pair.keys() != {Finding.PRESENT, Finding.ABSENT}:
        return False
    return pair[Finding.ABSENT].feature in hierarchy.features_of(pair[Finding.PRESENT])


def contradicting(hierarchy: FeatureHierarchy, claim: Claim, claims: Iterable[Claim]) -> frozenset[str]:
    """Return the IRIs of the claims that contradict ``claim``; all must be about one system."""
    return frozenset(other.iri for other in claims if contradict(hierarchy, claim, other))


def derive(dataset: Dataset) -> None:
    """Run the queries of the specification and add the resulting triples to the dataset."""
    for name in ("bearing", "contradictions"):
        add_triples(dataset, query_library.triples(dataset, name))
    add_triples(dataset, query_library.triples(dataset, "known"))


def derived_evidence(dataset: Dataset) -> dict[str, Evidence]:
    """Return the evidence on each system, keyed by IRI, from a dataset to which ``derive`` was applied.

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
    modes = {claim: local_id(mode) for claim, mode in store.subject_objects(dataset, SCS + "mode")}
    establishing = set(store.subject_objects(dataset, SCS + "establishes"))
    contradicting_claims = {claim for claim, _ in store.subject_objects(dataset, SCS + "contradicts")}
    names = tuple(part.name for part in fields(Evidence))
    grouped: dict[str, dict[str, dict[Fact, set[str]]]] = {
        system: {name: defaultdict(set) for name in names} for system in systems
    }
    for claim, feature in store.subject_objects(dataset, SCS + "bearsOn"):
        reported, present = Finding(local_id(finding[claim])), True
        if modes.get(claim) == Mode.PLANNED:
            status = "planned"
        elif reported is Finding.NOT_REPORTED:
            status = "not_reported"
        else:
            present = reported is Finding.PRESENT
            contested = "contested" if claim in contradicting_claims else "differing"
            status = "known" if (claim, feature) in establishing else contested
        grouped[about[claim]][status][Fact(feature, present)].add(claim)
    return {system: Evidence(**{n: _frozen(facts) for n, facts in found.items()}) for system, found in grouped.items()}


def no_claims_error(dataset: Dataset) -> EmptyInputError:
    """Return the error for a dataset or a selection without a claim."""
    return EmptyInputError(
        f"{dataset.root}: no claims are left to judge; the data has none, or the selection leaves all of them out"
    )


def no_systems_error(dataset: Dataset) -> EmptyInputError:
    """Return the error for a dataset without a system."""
    return EmptyInputError(f"{dataset.root}: no system in data/; a comparison needs at least one")


def _frozen(claims: Mapping[Fact, set[str]]) -> ClaimsByFact:
    return MappingProxyType({fact: frozenset(iris) for fact, iris in claims.items()})
