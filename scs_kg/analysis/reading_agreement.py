"""Compares the provisions of two coders for one guideline, and the marks that differ because of them.

Provisions correspond if they apply the same criterion to the same principle. For corresponding provisions, the
agreement on basis, force and role is measured as in ``analysis.agreement``.
"""

from collections import defaultdict
from dataclasses import dataclass

from scs_kg.analysis.agreement import ALL, PROVISION_FIELDS, Agreement, alpha
from scs_kg.analysis.rule_changes import CellDifference, RuleImpact
from scs_kg.analysis.workspace import cell, open_workspace
from scs_kg.judging.principles import principle_criteria
from scs_kg.judging.readings import ReadingChoice
from scs_kg.model.errors import WrongUseError
from scs_kg.model.namespaces import local_id
from scs_kg.model.selection import Selection
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_text

PRESENCE = "provision"
"""The field that says whether a coder has a provision for a principle and a criterion."""

Codes = dict[tuple[str, str], list[dict[str, str]]]
"""The codes of provisions, grouped by principle and criterion."""


@dataclass(frozen=True, slots=True)
class ReadingAgreement:
    """How far two readings of a guideline agree.

    ``agreements`` has a row for each field. ``only_first`` and ``only_second`` have the principles and criteria (ids)
    for which only one reading has a provision. ``marks`` has the cells whose mark or counts differ.
    """

    first: ReadingChoice
    second: ReadingChoice
    agreements: tuple[Agreement, ...]
    only_first: tuple[tuple[str, str], ...]
    only_second: tuple[tuple[str, str], ...]
    marks: RuleImpact


def reading_agreement(
    dataset: Dataset, first: ReadingChoice, second: ReadingChoice, selection: Selection | None = None
) -> ReadingAgreement:
    """Compare two readings of one guideline, on the same claims.

    Raises:
        WrongUseError: the readings are of different guidelines, or the library ``krippendorff`` is not installed.
    """
    if first.guideline != second.guideline:
        raise WrongUseError(
            f"{first.reading.id} and {second.reading.id} are readings of different guidelines; "
            "name two of one guideline"
        )
    codes = [_codes(dataset, choice) for choice in (first, second)]
    only_first, only_second = (_names(codes[one].keys() - codes[1 - one].keys()) for one in (0, 1))
    shared = sorted(codes[0].keys() & codes[1].keys())
    units = [pair for key in shared for pair in zip(codes[0][key], codes[1][key], strict=False)]
    presence = [(key in codes[0], key in codes[1]) for key in sorted({*codes[0], *codes[1]})]
    return ReadingAgreement(
        first,
        second,
        (
            _agreement(PRESENCE, [(str(one), str(other)) for one, other in presence]),
            *(_agreement(field, [(one[field], other[field]) for one, other in units]) for field in PROVISION_FIELDS),
        ),
        only_first,
        only_second,
        _marks(dataset, first, second, selection or Selection()),
    )


def _names(keys: set[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((local_id(principle), local_id(criterion)) for principle, criterion in sorted(keys))


def _codes(dataset: Dataset, choice: ReadingChoice) -> Codes:
    found: Codes = defaultdict(list)
    for row in query_library.rows(dataset, "provisions", reading=choice.reading.iri):
        codes = {field: local_id(row_text(row, field)) for field in PROVISION_FIELDS}
        found[row_text(row, "principle"), row_text(row, "criterion")].append(codes)
    return dict(found)


def _agreement(field: str, pairs: list[tuple[str, str]]) -> Agreement:
    agreeing = sum(first == second for first, second in pairs)
    return Agreement("provision", ALL, field, len(pairs), agreeing, alpha(pairs) if pairs else None)


def _marks(dataset: Dataset, first: ReadingChoice, second: ReadingChoice, selection: Selection) -> RuleImpact:
    """Return the cells that differ; both readings are judged from the claims that count for the first reading."""
    readings = [principle_criteria(dataset, [choice]) for choice in (first, second)]
    workspace = open_workspace(dataset, readings[0], selection)
    scope = workspace.scopes[first.written_for]
    systems = [iri for iri in workspace.systems if iri in scope.systems]
    found, total = [], 0
    for before, after in zip(*readings, strict=True):
        for system in systems:
            was, then = (cell(scope.state, one, system, selection.scope) for one in (before, after))
            total += 1
            if (was.mark, was.counts) != (then.mark, then.counts):
                found.append(CellDifference(before, workspace.systems[system], was, then))
    return RuleImpact(tuple(found), total)
