"""Validates the parameters of a request to the JSON API."""

from collections.abc import Iterable, Mapping
from typing import Final

from scs_kg.model.errors import UnknownNameError, WrongUseError
from scs_kg.model.selection import CONFIDENCES, KINDS, MODES, SCOPES, Selection, is_date

Parameters = Mapping[str, list[str]]
"""The values of each parameter of a request, in order."""

ENUMERATED: Final = (("min-confidence", CONFIDENCES), ("kind", KINDS), ("mode", MODES), ("scope", SCOPES))


def refuse_others(params: Iterable[str], known: Iterable[str]) -> None:
    """Raise WrongUseError if a parameter is unknown."""
    for name in sorted(set(params) - set(known)):
        raise WrongUseError(f"no parameter is called '{name}'; known: {', '.join(known) or 'none'}")


def read_selection(params: Parameters) -> Selection:
    """Return the selection of claims and systems.

    Raises: UnknownNameError: a value is not one of the allowed values. WrongUseError: a date is malformed, or a
    parameter has no value or too many.
    """
    for name, allowed in ENUMERATED:
        for value in set(params.get(name, [])) - set(allowed):
            raise UnknownNameError(name, value, allowed)
    return Selection(
        as_of=date(params, "as-of"),
        without=many(params, "without"),
        datasets=many(params, "dataset"),
        min_confidence=single(params, "min-confidence"),
        mode=single(params, "mode"),
        scope=many(params, "scope"),
        systems=many(params, "systems"),
        kinds=many(params, "kind"),
    )


def many(params: Parameters, name: str) -> tuple[str, ...]:
    """Return the values of a parameter that may be repeated and may have several values separated by commas.

    Raises:
        WrongUseError: the parameter is given without a value.
    """
    for value in params.get(name, []):
        if not value.strip(", "):
            raise WrongUseError(f"'{name}={value}' has no value; give one, or several separated by commas")
    return tuple(part.strip() for value in params.get(name, []) for part in value.split(",") if part.strip())


def date(params: Parameters, name: str) -> str | None:
    """Return the value of a parameter that is a date, or None; raise WrongUseError if the date is malformed."""
    value = single(params, name)
    if value is not None and not is_date(value):
        raise WrongUseError(f"'{value}' is not a date; write 2019, 2019-06 or 2019-06-30")
    return value


def single(params: Parameters, name: str) -> str | None:
    """Return the value of a parameter, or None; raise WrongUseError if the parameter is given more than once."""
    values = params.get(name, [])
    if len(values) > 1:
        raise WrongUseError(f"{name} is given {len(values)} times; give it once")
    return values[0] if values else None
