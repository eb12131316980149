"""Finds the single findings that would decide an undecided verdict."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType

from scs_kg.judging.evidence import NO_EVIDENCE, Evidence
from scs_kg.judging.hierarchy import Hierarchy
from scs_kg.judging.judge import by_formula, judge, open_features
from scs_kg.model.claims import Finding
from scs_kg.model.formula import Fact
from scs_kg.model.verdicts import Criterion, Outcome


@dataclass(frozen=True, slots=True)
class DecidingFinding:
    """A finding on one feature, and the outcome that the verdict would have with it."""

    feature: str
    finding: Finding
    outcome: Outcome


def deciding_findings(
    criterion: Criterion, system: str, found: Evidence, broader: Hierarchy
) -> Iterator[DecidingFinding]:
    """Yield each finding on an open feature that would decide the verdict, if one more claim reported it.

    A finding that a claim contradicts is left out, because the feature would then be contested.
    """
    for feature in sorted(open_features(criterion, found.known)):
        for finding in (Finding.PRESENT, Finding.ABSENT):
            supposed = suppose(found, Fact(feature, finding is Finding.PRESENT), broader)
            if supposed is not None:
                then = judge(criterion, system, supposed, by_formula({system: supposed}))
                if then.outcome is not Outcome.CANT_TELL:
                    yield DecidingFinding(feature, finding, then.outcome)


def suppose(found: Evidence, assumed: Fact, broader: Hierarchy) -> Evidence | None:
    """Return the evidence if one more claim reported a fact; None if a claim contradicts the fact.

    The assumed facts have no claims. The result has only known facts, as it serves to judge whether a verdict is
    decided.
    """
    if Fact(assumed.feature, not assumed.present) in found.contested:
        return None
    known = {**found.known, **dict.fromkeys(entailed(assumed, broader), frozenset[str]())}
    return replace(NO_EVIDENCE, known=MappingProxyType(known))


def entailed(fact: Fact, broader: Hierarchy) -> Iterator[Fact]:
    """Yield a fact and the facts that follow from it by the hierarchy."""
    yield fact
    if fact.present:
        yield from (Fact(general, present=True) for general in broader.get(fact.feature, ()))
    else:
        yield from (Fact(specific, present=False) for specific, general in broader.items() if fact.feature in general)
