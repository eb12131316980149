"""Computes the mark of a cell by counting, without formulas and without the code that the tests check."""

from collections import Counter
from collections.abc import Mapping

from scs_kg.judging.principles import PrincipleCriteria
from scs_kg.model.matrix import Mark
from scs_kg.model.verdicts import Outcome


def counted_by_hand(principle: PrincipleCriteria, outcomes: Mapping[str, Outcome]) -> Mark:
    """Count the outcomes of criteria and conditions without formulas, and return the mark of the cell."""
    if any(outcomes[premise] is Outcome.FAILED for premise in principle.premises):
        return Mark.INAPPLICABLE
    counted: dict[str, str] = {}
    plain = set()
    for criterion in principle.deciding:
        states = []
        for one in (p for p in principle.provisions if p.criterion == criterion):
            found = {outcomes[condition] for condition in one.conditions}
            surely = found <= {Outcome.PASSED}
            states.append("no" if Outcome.FAILED in found else "yes" if surely else "perhaps")
            if surely and one.plain and one.deciding:
                plain.add(criterion)
        outcome = outcomes[criterion]
        if set(states) == {"no"} or outcome is Outcome.INAPPLICABLE:
            counted[criterion] = "inapplicable"
        elif "yes" in states and outcome in {Outcome.PASSED, Outcome.FAILED}:
            counted[criterion] = "met" if outcome is Outcome.PASSED else "not met"
        else:
            counted[criterion] = "open"
    return mark_of(counted, plain, every=principle.rule == "EveryCriterion")


def mark_of(counted: Mapping[str, str], plain: set[str], *, every: bool) -> Mark:
    """Return the mark for the counted criteria; a provision with plain force requires the criteria in ``plain``."""
    numbers = Counter(counted.values())
    if not counted:
        return Mark.NOT_ASKED
    if numbers["inapplicable"] == len(counted):
        return Mark.INAPPLICABLE
    if numbers["not met"]:
        failed = {criterion for criterion, state in counted.items() if state == "not met"}
        return Mark.NOT_MET if not every or failed & plain else Mark.NOT_MET_INTERPRETED
    if numbers["met"]:
        return Mark.PARTLY_MET if every and numbers["open"] else Mark.MET
    return Mark.NOT_KNOWN
