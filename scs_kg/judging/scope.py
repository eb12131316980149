"""The scope of a cell: how the text of its principle covers the system.

``scope.rq`` is the specification; tests compare this module with it on all readings.
"""

from collections.abc import Collection, Iterable, Mapping

from scs_kg.judging.principles import PrincipleCriteria
from scs_kg.model.claims import Claim
from scs_kg.model.matrix import Cell, Mark, Scope
from scs_kg.model.selection import last_day
from scs_kg.model.verdicts import Outcome, Verdict


def is_outside(principle: PrincipleCriteria, verdicts: Mapping[str, Verdict]) -> bool:
    """Return whether a premise of a principle is false; ``verdicts`` are keyed by the IRI of the condition."""
    return any(verdicts[premise].outcome is Outcome.FAILED for premise in principle.premises)


def scope_of(
    principle: PrincipleCriteria, system: str, verdicts: Mapping[str, Verdict], deciding: Iterable[Claim]
) -> tuple[Scope, ...]:
    """Return the scope of the cell of a principle and a system (an IRI); ``deciding`` are the claims that decide it."""
    if is_outside(principle, verdicts):
        return (Scope.OUTSIDE,)
    assumed = any(verdicts[premise].outcome is Outcome.CANT_TELL for premise in principle.premises)
    counterfactual = system in principle.elsewhere
    found = {
        Scope.ESTABLISHED: not assumed and not counterfactual,
        Scope.ASSUMED: assumed,
        Scope.COUNTERFACTUAL: counterfactual,
        Scope.HINDSIGHT: _in_hindsight(principle.since, tuple(deciding)),
    }
    return tuple(scope for scope, holds in found.items() if holds)


def _in_hindsight(since: str, deciding: Collection[Claim]) -> bool:
    """Return whether all claims are dated before ``since``; False if a claim is undated or there is no claim."""
    return bool(since and deciding) and all(claim.as_of and last_day(claim.as_of) < since for claim in deciding)


def is_within(cell: Cell, within: Collection[str]) -> bool:
    """Return whether a selection by scope lets a cell be decided.

    ``established`` requires that the cell is established, ``current`` that it is not in hindsight. The result is
    always True for a cell that does not apply or whose principle has no deciding provision.
    """
    if cell.mark in {Mark.INAPPLICABLE, Mark.NOT_ASKED}:
        return True
    established = "established" not in within or Scope.ESTABLISHED in cell.scope
    return established and ("current" not in within or Scope.HINDSIGHT not in cell.scope)
