"""Which claims count and which systems are compared."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

CONFIDENCES: Final = ("low", "medium", "high")
KINDS: Final = ("local", "national", "commercial", "comparator")
MODES: Final = ("de-jure", "de-facto")
SCOPES: Final = ("established", "current")


@dataclass(frozen=True, slots=True)
class Selection:
    """The claims that count and the systems that are compared; an empty field means all.

    ``as_of`` (``2019``, ``2019-06`` or ``2019-06-30``) keeps claims dated up to the end of that period and leaves out
    undated claims. ``without`` lists sources: a claim is left out if one of these sources is its source or primary
    source. ``datasets`` lists the datasets whose claims count. ``min_confidence`` leaves out claims with a lower
    confidence and claims without a confidence. ``mode`` keeps the claims of one mode. ``scope`` lists which cells may
    be decided: ``established`` (neither assumed nor counterfactual) and ``current`` (not in hindsight). ``systems`` and
    ``kinds`` list the systems to compare. Names are ids, IRIs or labels; after ``judging.selection.select`` they are
    ids.
    """

    as_of: str | None = None
    without: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    min_confidence: str | None = None
    mode: str | None = None
    scope: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    engine: str = "formula"


def is_date(value: str) -> bool:
    """Return whether a text is a valid year, month or day in the form of ``as_of``."""
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", value, re.ASCII):
        return False
    try:
        date.fromisoformat(value + "-01-01"[len(value) - len("2019") :])
    except ValueError:
        return False
    return True


def last_day(when: str) -> str:
    """Return the last day of a year, a month or a day as ``2018-12-31``, which can be compared as text."""
    if len(when) == len("2018-12"):
        year, month = map(int, when.split("-"))
        return f"{when}-{monthrange(year, month)[1]:02}"
    return f"{when}-12-31" if len(when) == len("2018") else when
