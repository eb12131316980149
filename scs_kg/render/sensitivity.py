"""How marks depend on provisions, and what a change of rules would change: as tables, as CSV and as JSON."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from scs_kg.analysis.rule_changes import CellDifference, RuleImpact
from scs_kg.analysis.sensitivity import CoreCell, ProvisionWeight, Sensitivity
from scs_kg.model.namespaces import local_id
from scs_kg.model.selection import Selection
from scs_kg.render.data import as_csv, as_json, cell_data
from scs_kg.render.language import gettext as _
from scs_kg.render.language import listed, ngettext
from scs_kg.render.rankings import EVERYTHING, cell_place
from scs_kg.render.sentences import readings_sentence
from scs_kg.render.table import Table, marked

CORE: Final = (
    "Robust: the mark is the same if each interpreted provision is dropped in turn, and if all of them are "
    "dropped at once."
)
PLACE: Final = ("guideline", "reading", "principle")


def sensitivity_table(found: Sensitivity, top: int | None = None, selection: Selection = EVERYTHING) -> Table:
    """Return the first ``top`` provisions (default: all) as a table; notes count the robust marks of each reading."""
    rows = tuple(
        (
            str(len(one.changes)),
            _("yes") if one.contestable else _("no"),
            one.criterion.label,
            one.principle_criteria.principle.label,
            one.principle_criteria.choice.reading.id,
        )
        for one in found.provisions[:top]
    )
    columns = ("marks", "interpreted", "criterion", "principle", "reading")
    notes = (_("Marks: the number of marks that change if the provision is dropped."), *_core_notes(found, selection))
    return Table(_("Provisions by the marks that depend on them"), tuple(map(_, columns)), rows, notes)


def core_table(found: Sensitivity, top: int | None = None, selection: Selection = EVERYTHING) -> Table:
    """Return the first ``top`` marks of the robust core (default: all) as a table."""
    rows = tuple(
        (marked(one.cell), one.system.label, one.principle_criteria.principle.label, _reading(one))
        for one in found.core[:top]
    )
    columns = ("mark", "system", "principle", "reading")
    return Table(_("The robust core"), tuple(map(_, columns)), rows, _core_notes(found, selection))


def _reading(one: CoreCell) -> str:
    return one.principle_criteria.choice.reading.id


def _core_notes(found: Sensitivity, selection: Selection) -> tuple[str, ...]:
    counts = listed(f"{reading} {number}/{of}" for reading, (number, of) in found.by_reading().items()) or _("none")
    return (
        _("Number of robust marks among all decided marks: {counts}.", counts=counts),
        _(CORE),
        readings_sentence(selection),
    )


def sensitivity_csv(provisions: Sequence[ProvisionWeight]) -> str:
    """Return the marks that depend on each provision as CSV, a row for each provision and mark."""
    header = (*PLACE, "provision", "criterion", "contestable", "system", "before", "after")
    rows = [
        (*_provision(one).values(), change.system.id, str(change.before), str(change.after))
        for one in provisions
        for change in one.changes
    ]
    return as_csv((header, *rows))


def _provision(one: ProvisionWeight) -> dict[str, str]:
    choice = one.principle_criteria.choice
    return {
        "guideline": choice.guideline.id,
        "reading": choice.reading.id,
        "principle": one.principle_criteria.principle.id,
        "provision": one.provision.id,
        "criterion": one.criterion.id,
        "contestable": str(one.contestable).lower(),
    }


def sensitivity_json(found: Sensitivity) -> str:
    """Return JSON with the provisions, the marks that depend on them, and all decided cells."""
    return as_json({"provisions": [_weight(one) for one in found.provisions], "cells": core_records(found.cells)})


def _weight(one: ProvisionWeight) -> dict[str, Any]:
    changes = [{"system": c.system.id, "before": c.before, "after": c.after} for c in one.changes]
    return {**_provision(one), "contestable": one.contestable, "changes": changes}


def core_records(cells: Sequence[CoreCell]) -> list[dict[str, Any]]:
    """Return a record for each decided cell, which says whether its mark is robust."""
    return [
        {
            **cell_place(one.principle_criteria, one.system),
            **cell_data(one.cell),
            "robust": one.robust,
            "dependsOn": list(one.depends_on),
            "markWithoutInterpretation": one.without_all,
        }
        for one in cells
    ]


def core_csv(cells: Sequence[CoreCell]) -> str:
    """Return the decided cells as CSV; a column says whether each mark is robust."""
    header = ("guideline", "reading", "principle", "system", "mark", "robust", "dependsOn", "markWithoutInterpretation")
    rows = [
        (
            *map(str, cell_place(one.principle_criteria, one.system).values()),
            str(one.cell.mark),
            str(one.robust).lower(),
            " ".join(one.depends_on),
            str(one.without_all),
        )
        for one in cells
    ]
    return as_csv((header, *rows))


def rule_impact_table(
    found: RuleImpact, selection: Selection = EVERYTHING, labels: Mapping[str, str] = MappingProxyType({})
) -> Table:
    """Return a table of the cells whose mark a change of rules would change; a note counts other affected cells.

    ``labels`` has the labels of criteria in another language than English, keyed by IRI.
    """
    rows = tuple(
        (
            marked(one.before),
            marked(one.after),
            one.system.label,
            one.principle_criteria.principle.label,
            listed(_changed_criteria(one, labels), "; "),
            _place(one),
        )
        for one in found.changed
    )
    columns = ("before", "after", "system", "principle", "criteria that change", "reading")
    inner = len(found.cells) - len(found.changed)
    notes = [
        ngettext(
            "{number} of {of} marks would change.",
            "{number} of {of} marks would change.",
            len(found.changed),
            of=f"{found.of:,}",
        ),
        *([_counts_only(inner)] if inner else []),
        readings_sentence(selection),
    ]
    title = _("Marks under the changed rules and claims") if found.with_claims else _("Marks under the changed rules")
    return Table(title, tuple(map(_, columns)), rows, tuple(notes))


def _counts_only(number: int) -> str:
    return ngettext(
        "In {number} more cell, the counts would change and the mark would stay.",
        "In {number} more cells, the counts would change and the mark would stay.",
        number,
    )


def _changed_criteria(one: CellDifference, translated: Mapping[str, str]) -> list[str]:
    """Return the labels of the criteria of a cell that are new or dropped, or whose verdict or role changes."""
    before, after = (
        {v.criterion: (v.outcome, v.criterion in cell.supporting) for v in cell.verdicts}
        for cell in (one.before, one.after)
    )
    labels = {**one.principle_criteria.criteria, **translated}
    return [labels.get(iri, local_id(iri)) for iri in {**before, **after} if before.get(iri) != after.get(iri)]


def _place(one: CellDifference) -> str:
    return one.principle_criteria.choice.reading.id


def rule_impact_csv(found: RuleImpact) -> str:
    """Return the cells that a change of rules affects as CSV; a mark has its counts and its scope, as in the table."""
    header = ("guideline", "reading", "principle", "system", "before", "after", "markChanges")
    rows = [
        (
            *map(str, cell_place(one.principle_criteria, one.system).values()),
            marked(one.before),
            marked(one.after),
            str(one.before.mark is not one.after.mark).lower(),
        )
        for one in found.cells
    ]
    return as_csv((header, *rows))


def rule_impact_json(found: RuleImpact) -> str:
    """Return the cells that a change of rules affects as JSON, before and after."""
    return as_json(rule_impact_records(found))


def rule_impact_records(found: RuleImpact) -> dict[str, Any]:
    """Return the cells that a change of rules affects, before and after, as the object that JSON encodes."""
    cells = [
        {
            **cell_place(one.principle_criteria, one.system),
            "before": cell_data(one.before),
            "after": cell_data(one.after),
        }
        for one in found.cells
    ]
    return {"cellsInAll": found.of, "marksChanged": len(found.changed), "cells": cells}
