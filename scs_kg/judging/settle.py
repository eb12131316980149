"""Finds the single findings that would settle an open verdict."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scs_kg import store
from scs_kg.judging.judge import Evidence, by_formula, judge, open_features
from scs_kg.model.claims import Finding
from scs_kg.model.formula import Fact
from scs_kg.model.namespaces import PREFIXES
from scs_kg.model.verdicts import Criterion, Outcome
from scs_kg.store import Dataset

Hierarchy = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class DecidingFinding:
    """A finding on one feature, and the outcome that the verdict would then have."""

    feature: str
    finding: Finding
    outcome: Outcome


def hierarchy(dataset: Dataset) -> Hierarchy:
    """Return each feature that has more general ones, with all of these and itself."""
    broader: dict[str, set[str]] = defaultdict(set)
    for feature, general in store.subject_objects(dataset, PREFIXES["skos"] + "broader"):
        broader[feature].add(general)

    def above(feature: str) -> frozenset[str]:
        return frozenset({feature}).union(*(above(general) for general in broader.get(feature, ())))

    return {feature: above(feature) for feature in broader}


def deciding_findings(
    criterion: Criterion, system: str, found: Evidence, above: Hierarchy
) -> Iterator[DecidingFinding]:
    """Yield each finding on a feature that the verdict hangs on which would decide it, if one claim said so.

    A finding that a standing claim contradicts is left out: it would only add to the contest.
    """
    for feature in sorted(open_features(criterion, found.known)):
        for finding in (Finding.PRESENT, Finding.ABSENT):
            supposed = suppose(found, Fact(feature, finding is Finding.PRESENT), above)
            if supposed is not None:
                then = judge(criterion, system, supposed, by_formula({system: supposed}))
                if then.outcome is not Outcome.CANT_TELL:
                    yield DecidingFinding(feature, finding, then.outcome)


def suppose(found: Evidence, said: Fact, above: Hierarchy) -> Evidence | None:
    """Return the evidence if one more claim said so, its claims left out; None if a standing claim contradicts it."""
    if Fact(said.feature, not said.present) in found.contested:
        return None
    return Evidence(dict(found.known) | dict.fromkeys(entailed(said, above), frozenset()), {}, {})


def entailed(fact: Fact, above: Hierarchy) -> Iterator[Fact]:
    """Yield a fact and those that the hierarchy makes follow from it."""
    yield fact
    if fact.present:
        yield from (Fact(general, present=True) for general in above.get(fact.feature, ()))
    else:
        yield from (Fact(specific, present=False) for specific, general in above.items() if fact.feature in general)
