"""The hierarchy of features: which features are more general or more specific than others."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scs_kg import store
from scs_kg.model.claims import Claim, Finding
from scs_kg.model.namespaces import PREFIXES
from scs_kg.store import Dataset

Hierarchy = Mapping[str, frozenset[str]]
"""Maps a feature to itself and its more general (or more specific) features; a feature with only itself is omitted."""


@dataclass(frozen=True, slots=True)
class FeatureHierarchy:
    """The hierarchy of features in both directions; a feature without an entry has only itself."""

    broader: Hierarchy
    narrower: Hierarchy

    def features_of(self, claim: Claim) -> frozenset[str]:
        """Return the features that a claim affects (``bearing.rq``).

        A claim that a feature is present affects every more general feature. A claim that a feature is absent or not
        reported affects every more specific feature.
        """
        entailed = self.broader if claim.finding is Finding.PRESENT else self.narrower
        return entailed.get(claim.feature) or frozenset({claim.feature})


def broader_features(dataset: Dataset) -> Hierarchy:
    """Map each feature that has more general features to these features (at all levels) and itself."""
    broader: dict[str, set[str]] = defaultdict(set)
    for feature, general in store.subject_objects(dataset, PREFIXES["skos"] + "broader"):
        broader[feature].add(general)

    def closure(feature: str) -> frozenset[str]:
        return frozenset({feature}).union(*(closure(general) for general in broader.get(feature, ())))

    return MappingProxyType({feature: closure(feature) for feature in broader})


def read_hierarchy(dataset: Dataset) -> FeatureHierarchy:
    """Return the hierarchy of features in both directions."""
    broader = broader_features(dataset)
    narrower: dict[str, set[str]] = defaultdict(set)
    for specific, generals in broader.items():
        for general in generals:
            narrower[general] |= {specific, general}
    return FeatureHierarchy(
        broader, MappingProxyType({feature: frozenset(found) for feature, found in narrower.items()})
    )
