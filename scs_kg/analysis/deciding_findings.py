"""Finds the single findings that would decide the undecided criteria of a cell."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from scs_kg.judging.cells import criterion_outcome
from scs_kg.judging.evidence import Evidence
from scs_kg.judging.hierarchy import Hierarchy
from scs_kg.judging.judge import by_formula, judge
from scs_kg.judging.principles import Provision
from scs_kg.judging.state import JudgingRules
from scs_kg.model.claims import Finding
from scs_kg.model.formula import Fact, opposite
from scs_kg.model.verdicts import Outcome, Verdict


@dataclass(frozen=True, slots=True)
class DecidingFinding:
    """A finding on one feature, and the outcome that the verdict would have with this finding."""

    feature: str
    finding: Finding
    outcome: Outcome


def deciding_findings(
    rules: JudgingRules, found: Evidence, verdict: Verdict, provisions: tuple[Provision, ...] = ()
) -> Iterator[DecidingFinding]:
    """Yield each finding on an open feature that would decide an undecided verdict if one more claim reported it.

    The verdict is on a criterion under the conditions of ``provisions`` (default: no conditions). ``found`` is the
    evidence on the system. A finding that a claim contradicts is left out, because it would not be established.
    """
    provisions = provisions or (Provision("", verdict.criterion, deciding=True, plain=True),)
    wanted = {verdict.criterion}.union(*(provision.conditions for provision in provisions))
    tests = [test for test in (*rules.criteria, *rules.conditions) if test.iri in wanted]
    found = replace(found, known=dict(found.known))  # a dict is copied faster than a read-only mapping
    for feature in verdict.open:
        for finding in (Finding.PRESENT, Finding.ABSENT):
            supposed = suppose(found, Fact(feature, finding is Finding.PRESENT), rules.hierarchy.broader)
            if supposed is not None:
                valuer = by_formula({verdict.system: supposed})
                then = {test.iri: judge(test, verdict.system, supposed, valuer) for test in tests}
                outcome = criterion_outcome(verdict.criterion, provisions, then)
                if outcome is not Outcome.CANT_TELL:
                    yield DecidingFinding(feature, finding, outcome)


def suppose(found: Evidence, assumed: Fact, broader: Hierarchy) -> Evidence | None:
    """Return the facts that would be known if one more claim reported ``assumed``; None if a claim contradicts it.

    Facts that follow from ``assumed`` have no claims in the result.
    """
    if opposite(assumed) in found.contested or opposite(assumed) in found.differing:
        return None
    return Evidence(dict(found.known) | dict.fromkeys(entailed(assumed, broader), frozenset()))


def entailed(fact: Fact, broader: Hierarchy) -> Iterator[Fact]:
    """Yield a fact and the facts that follow from it by the hierarchy."""
    yield fact
    if fact.present:
        yield from (Fact(general, present=True) for general in broader.get(fact.feature, ()))
    else:
        yield from (Fact(specific, present=False) for specific, general in broader.items() if fact.feature in general)
