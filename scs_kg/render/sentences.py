"""Facts of the model as sentences in the language of the context."""

from typing import Final

from scs_kg.model.selection import Selection
from scs_kg.render.language import gettext as _
from scs_kg.render.language import listed, ngettext

EACH_READING: Final = "for each reading those of the dataset that it was written for, or else all"


def readings_sentence(selection: Selection) -> str:
    """Say which claims counted where several readings are compared, each by its own dataset unless one was chosen."""
    return selection_sentence(selection, "all" if selection.datasets else EACH_READING)


def selection_sentence(selection: Selection, every: str = "all") -> str:
    """Say which claims counted and which systems were compared.

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
        _("confidence at least {level}", level=_(selection.min_confidence)) if selection.min_confidence else "",
    ]
    counted = _("Claims counted: {claims}", claims=listed(filter(None, claims)) or _("all"))
    kinds = _("kind of system: {kinds}", kinds=listed(map(_, selection.kinds))) if selection.kinds else ""
    systems = _("systems: {systems}", systems=listed(selection.systems)) if selection.systems else ""
    return listed(filter(None, (counted, kinds, systems)), "; ") + _(".")
