"""Facts of the model as sentences in the language of the context."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from scs_kg.model.entity import Entity
from scs_kg.model.matrix import Applicability, CellRule
from scs_kg.model.selection import Selection
from scs_kg.render.language import gettext as _
from scs_kg.render.language import listed, ngettext

MODE_CLAIMS: Final = {"de-jure": "about rules in force", "de-facto": "about practice"}
SCOPE_CELLS: Final = {
    "established": "cells with the scope assumed or counterfactual are not decided",
    "current": "cells in hindsight are not decided",
}
CELL_RULES: Final = {
    CellRule.EVERY: "Only deciding criteria count: the mark is × if at least one is not met, and √ if all that "
    "apply are met.",
    CellRule.ANY: "Only deciding criteria count: the mark is × if at least one is not met, and otherwise √ "
    "if at least one is met.",
}
"""The cell rule of a reading in a sentence."""
_ARTICLE: Final = re.compile(
    r"^(?!the ).*\b(Union|States|Kingdom|Netherlands|Philippines|Republic|Emirates)$", re.IGNORECASE
)
EACH_READING: Final = "for each reading, the claims of its dataset, or all claims if it has no dataset"


def readings_sentence(selection: Selection) -> str:
    """Return a sentence on the claims that count for several readings; the default is the dataset of each reading."""
    return selection_sentence(selection, "all" if selection.datasets else EACH_READING)


def selection_sentence(selection: Selection, every: str = "all") -> str:
    """Return a sentence on the claims that counted and the systems that were compared.

    ``Claims counted: of dataset agrawal-2022, dated up to 2018, without source schmitz-2017; systems: xiamen.``
    """
    datasets, without = selection.datasets, selection.without
    claims = [
        _(every) if every != "all" else "",
        ngettext("of dataset {names}", "of datasets {names}", len(datasets), names=listed(datasets, " or "))
        if datasets
        else "",
        _("dated up to {date}", date=selection.as_of) if selection.as_of else "",
        ngettext("without source {names}", "without sources {names}", len(without), names=listed(without, " and "))
        if without
        else "",
        _(MODE_CLAIMS[selection.mode]) if selection.mode else "",
        _("confidence at least {level}", level=_(selection.min_confidence)) if selection.min_confidence else "",
    ]
    counted = _("Claims counted: {claims}", claims=listed(filter(None, claims)) or _("all"))
    kinds = _("kind of system: {kinds}", kinds=listed(map(_, selection.kinds))) if selection.kinds else ""
    systems = _("systems: {systems}", systems=listed(selection.systems)) if selection.systems else ""
    scope = [_(SCOPE_CELLS[name]) for name in selection.scope]
    return listed(filter(None, (counted, kinds, systems, *scope)), "; ") + _(".")


def applicability_sentence(found: Applicability | None) -> str:
    """Return a sentence on the kind, the addressees, the territory and the start of a guideline; empty if unknown.

    The sentence also says how many systems operate where the guideline does not apply. For these systems, the
    comparison is counterfactual.
    """
    if found is None:
        return ""
    parts = [
        found.nature.label.capitalize(),
        _(" for {addressees}", addressees=_labels(found.addressees)) if found.addressees else "",
        _(" in {regions}", regions=_places(found.regions)) if found.regions else "",
        _(" since {date}; claims about earlier dates are judged in hindsight", date=found.since) if found.since else "",
    ]
    return "".join(parts) + _elsewhere(found) + _(".")


def _elsewhere(found: Applicability) -> str:
    """Return in words how many systems operate where the guideline does not apply; empty if no system does."""
    if not found.elsewhere:
        return ""
    if found.elsewhere == found.of:
        return ngettext(
            "; the system operates elsewhere, so its comparison is counterfactual",
            "; the systems operate elsewhere, so their comparison is counterfactual",
            found.of,
        )
    return ngettext(
        "; {number} of the systems operates elsewhere, so its comparison is counterfactual",
        "; {number} of the systems operate elsewhere, so their comparison is counterfactual",
        found.elsewhere,
    )


def _places(regions: Iterable[Entity]) -> str:
    """Return the names of regions; in an English sentence, the European Union and the United States have an article."""
    return _labels(replace(region, label=_ARTICLE.sub(r"the \g<0>", region.label)) for region in regions)


def _labels(entities: Iterable[Entity]) -> str:
    return listed(sorted({entity.label for entity in entities}), " and ")
