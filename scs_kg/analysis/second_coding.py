"""Finds the marks that would differ if provisions had the weakest codes that a coder gave them."""

from collections.abc import Sequence

from scs_kg import store
from scs_kg.analysis.agreement import provision_codes
from scs_kg.analysis.rule_changes import RuleChanges, RuleImpact, reading_impact, with_changed_rules
from scs_kg.model.namespaces import SCS, local_id
from scs_kg.model.selection import Selection
from scs_kg.store import Dataset, NamedNode


def second_coding_settings(dataset: Dataset) -> tuple[str, ...]:
    """Return the changes from the codes of the data to the weakest ones of the coders, as ``RuleChanges.settings``.

    Raises:
        BadFileError: the table of codings is missing or names something that the data does not have.
    """
    settings = []
    for provision, field, own, codes in provision_codes(dataset):
        weakest = max(codes, key=lambda code: _weakness(dataset, code))
        if weakest != own:
            settings.append(f"{local_id(provision)}.{field}={weakest}")
    return tuple(settings)


def _weakness(dataset: Dataset, code: str) -> int:
    """Return the number of codes that are stronger than a code according to ``scs:weakerThan``."""
    stronger = store.objects(dataset, NamedNode(SCS + code), SCS + "weakerThan")
    return 1 + _weakness(dataset, local_id(store.text(stronger[0]))) if stronger else 0


def second_coding_impact(dataset: Dataset, selection: Selection | None = None) -> RuleImpact:
    """Return the cells that differ under the weakest codes, of all readings with a provision in the table of codings.

    Raises:
        BadFileError: the table of codings is missing or names something that the data does not have.
        UnknownNameError: the selection names a system, claim or source that the data does not have.
    """
    provisions = {provision for provision, _, _, _ in provision_codes(dataset)}
    readings = {reading for provision in provisions for reading in _readings(dataset, provision)}
    changed = with_changed_rules(dataset, RuleChanges(settings=second_coding_settings(dataset)))
    chosen = selection or Selection()
    return _joined([reading_impact(dataset, changed, reading, chosen) for reading in sorted(readings)])


def _readings(dataset: Dataset, provision: str) -> list[str]:
    return [store.text(term) for term in store.objects(dataset, NamedNode(provision), SCS + "inReading")]


def _joined(impacts: Sequence[RuleImpact]) -> RuleImpact:
    return RuleImpact(tuple(cell for one in impacts for cell in one.cells), sum(one.of for one in impacts))
