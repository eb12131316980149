"""The agreement of two coders: as a table, as CSV and as JSON."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from scs_kg.analysis.agreement import ALL, Agreement
from scs_kg.analysis.reading_agreement import ReadingAgreement
from scs_kg.model.namespaces import SCS
from scs_kg.render.data import as_csv, as_json
from scs_kg.render.language import gettext as _
from scs_kg.render.language import listed
from scs_kg.render.sensitivity import rule_impact_records, rule_impact_table
from scs_kg.render.table import Table

FIELDS: Final = ("coded", "kind", "field", "units", "agreeing", "alpha")
NOTES: Final = (
    "Alpha is Krippendorff's alpha for nominal codes: 1 means perfect agreement, and 0 means agreement"
    " by chance. Alpha is empty if "
    "all codes are the same, and for fields that the second coder only judged right or wrong.",
    "First feature compares the first choice of the second coder. Feature counts the feature of a claim as chosen if "
    "it is one of the features that the second coder gave for the passage. Finding and mode count only these claims.",
)


def agreement_table(found: Sequence[Agreement], labels: Mapping[str, str] = MappingProxyType({})) -> Table:
    """Return the agreement as a table with a row for each kind and field; ``labels`` has labels of classes by IRI."""
    kinds = {one.kind: labels.get(SCS + one.kind, one.kind) for one in found} | {ALL: _(ALL)}
    rows = tuple((_(one.coded), kinds[one.kind], _(one.field), *_numbers(one)) for one in found)
    return Table(_("Agreement of two coders"), tuple(map(_, FIELDS)), rows, tuple(map(_, NOTES)))


def agreement_csv(found: Sequence[Agreement]) -> str:
    """Return the agreement as CSV; an undefined alpha is empty."""
    return as_csv((FIELDS, *((one.coded, one.kind, one.field, *_numbers(one)) for one in found)))


def agreement_json(found: Sequence[Agreement]) -> str:
    """Return the agreement as JSON; an undefined alpha is null."""
    return as_json(_records(found))


def _records(found: Sequence[Agreement]) -> list[dict[str, Any]]:
    return [
        {
            "coded": one.coded,
            "kind": one.kind,
            "field": one.field,
            "units": one.units,
            "agreeing": one.agreeing,
            "alpha": None if one.alpha is None else round(one.alpha, 3),
        }
        for one in found
    ]


def _numbers(one: Agreement) -> tuple[str, str, str]:
    return str(one.units), str(one.agreeing), "" if one.alpha is None else f"{one.alpha:.3f}"


def reading_agreement_tables(
    found: ReadingAgreement, labels: Mapping[str, str] = MappingProxyType({})
) -> tuple[Table, Table]:
    """Return the agreement of two readings as one table, and the marks that differ as another table.

    ``labels`` has the labels of criteria in another language than English, keyed by IRI.
    """
    rows = tuple((_(one.field), *_numbers(one)) for one in found.agreements)
    notes = (
        _("Provisions of {reading} only: {names}.", reading=found.first.reading.id, names=_names(found.only_first)),
        _("Provisions of {reading} only: {names}.", reading=found.second.reading.id, names=_names(found.only_second)),
        _(NOTES[0]),
    )
    names = {"first": found.first.reading.label, "second": found.second.reading.label}
    title = _("Agreement of {first} and {second}", **names)
    columns = ("field", "units", "agreeing", "alpha")
    return Table(title, tuple(map(_, columns)), rows, notes), rule_impact_table(found.marks, labels=labels)


def _names(pairs: Sequence[tuple[str, str]]) -> str:
    return listed(f"{principle}/{criterion}" for principle, criterion in pairs) or _("none")


def reading_agreement_json(found: ReadingAgreement) -> str:
    """Return the agreement of two readings as JSON, with the cells that differ."""
    return as_json(
        {
            "first": found.first.reading.iri,
            "second": found.second.reading.iri,
            "agreement": _records(found.agreements),
            "onlyFirst": ["/".join(pair) for pair in found.only_first],
            "onlySecond": ["/".join(pair) for pair in found.only_second],
            "marks": rule_impact_records(found.marks),
        }
    )
