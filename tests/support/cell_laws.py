"""Properties that every cell must have; for each property, a short function checks it.

The functions take a principle, its cell for one system, the verdicts on criteria and conditions, and the claims.
Verdicts and claims are keyed by IRI.
"""

from collections.abc import Mapping
from dataclasses import replace

from scs_kg.judging.cells import decide_cell
from scs_kg.judging.principles import PrincipleCriteria, Provision
from scs_kg.model.claims import Claim, Mode
from scs_kg.model.matrix import Cell, Counts, Mark, Scope
from scs_kg.model.selection import last_day
from scs_kg.model.verdicts import Outcome, Verdict

Verdicts = Mapping[str, Verdict]
Claims = Mapping[str, Claim]
GIVEN_BY = {
    Mark.MET: Outcome.PASSED,
    Mark.PARTLY_MET: Outcome.PASSED,
    Mark.NOT_MET: Outcome.FAILED,
    Mark.NOT_MET_INTERPRETED: Outcome.FAILED,
}


def assert_supporting_provisions_change_nothing(
    principle: PrincipleCriteria, cell: Cell, verdicts: Verdicts, claims: Claims
) -> None:
    """Compare a cell with the cell of the same principle without its supporting provisions."""
    found = decide_cell(only_deciding(principle), cell.system, verdicts, claims)
    names = ("outcome", "mark", "counts", "open_reason", "scope", "modes", "on_paper")
    assert [getattr(found, name) for name in names] == [getattr(cell, name) for name in names]


def only_deciding(principle: PrincipleCriteria) -> PrincipleCriteria:
    """Return a principle without its supporting provisions."""
    provisions = tuple(provision for provision in principle.provisions if provision.deciding)
    asked = {provision.criterion for provision in provisions}
    criteria = {iri: label for iri, label in principle.criteria.items() if iri in asked}
    return replace(principle, provisions=provisions, criteria=criteria)


def assert_unmet_provisions_contribute_nothing(principle: PrincipleCriteria, cell: Cell, verdicts: Verdicts) -> None:
    """Compare the counts of a cell with those of the principle without the provisions that have a false condition."""
    provisions = tuple(p for p in principle.provisions if not has_failed_condition(p, verdicts))
    asked = {provision.criterion for provision in provisions}
    criteria = {iri: label for iri, label in principle.criteria.items() if iri in asked}
    rest = decide_cell(replace(principle, provisions=provisions, criteria=criteria), cell.system, verdicts)
    assert replace(cell.counts, inapplicable=0) == replace(rest.counts, inapplicable=0)
    if cell.outcome is Outcome.INAPPLICABLE:
        assert rest.mark in {Mark.INAPPLICABLE, Mark.NOT_ASKED}
    else:
        assert (cell.outcome, cell.mark, cell.open_reason) == (rest.outcome, rest.mark, rest.open_reason)


def has_failed_condition(provision: Provision, verdicts: Verdicts) -> bool:
    """Return whether a condition of a provision is known to be false."""
    return any(verdicts[condition].outcome is Outcome.FAILED for condition in provision.conditions)


def assert_outside_counts_nothing(principle: PrincipleCriteria, cell: Cell, verdicts: Verdicts) -> None:
    """A cell is outside if and only if a premise is false; then the cell is inapplicable, and nothing counts."""
    outside = any(verdicts[premise].outcome is Outcome.FAILED for premise in principle.premises)
    assert (Scope.OUTSIDE in cell.scope) == outside
    if outside:
        assert (cell.outcome, cell.mark, cell.counts) == (Outcome.INAPPLICABLE, Mark.INAPPLICABLE, Counts())
        assert (cell.scope, cell.modes, cell.on_paper) == ((Scope.OUTSIDE,), (), 0)


def assert_deciding_claims_are_described(
    principle: PrincipleCriteria, cell: Cell, verdicts: Verdicts, claims: Claims
) -> None:
    """Check modes, the number of criteria on paper, and hindsight, by the claims that decide the criteria.

    A criterion determines the mark if it has the outcome of the mark and is known to apply by a deciding provision.
    Claims that support only the condition of a criterion do not decide the criterion.
    """
    wanted = GIVEN_BY.get(cell.mark)
    giving = {
        provision.criterion
        for provision in principle.provisions
        if provision.deciding
        and verdicts[provision.criterion].outcome is wanted
        and all(verdicts[condition].outcome is Outcome.PASSED for condition in provision.conditions)
    }
    groups = [
        [claims[iri] for iri in verdicts[criterion].claims if iri not in verdicts[criterion].premises]
        for criterion in giving
    ]
    every = [claim for group in groups for claim in group]
    assert set(cell.modes) == {claim.mode for claim in every}
    assert cell.on_paper == sum({claim.mode for claim in group} == {Mode.DE_JURE} for group in groups)
    older = [bool(claim.as_of) and last_day(claim.as_of) < principle.since for claim in every]
    assert (Scope.HINDSIGHT in cell.scope) == (bool(every) and bool(principle.since) and all(older))
