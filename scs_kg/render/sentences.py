"""Facts of the model as English sentences."""

from scs_kg.model.selection import Selection


def selection_sentence(selection: Selection) -> str:
    """Say which claims counted and which systems were compared.

    ``Claims counted: of dataset agrawal-2022, dated up to 2018, without source schmitz-2017; systems: xiamen.``
    """
    claims = [
        _listed("of dataset", selection.datasets, " or "),
        f"dated up to {selection.as_of}" if selection.as_of else "",
        _listed("without source", selection.without, " and "),
        f"confidence at least {selection.min_confidence}" if selection.min_confidence else "",
    ]
    kinds = f"kind of system: {', '.join(selection.kinds)}" if selection.kinds else ""
    systems = f"systems: {', '.join(selection.systems)}" if selection.systems else ""
    counted = "Claims counted: " + (", ".join(filter(None, claims)) or "all")
    return "; ".join(filter(None, (counted, kinds, systems))) + "."


def _listed(what: str, names: tuple[str, ...], between: str) -> str:
    """Return names after what they are, in the plural if there are several; nothing if there is no name."""
    return f"{what}{'s' * (len(names) > 1)} {between.join(names)}" if names else ""
