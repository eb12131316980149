"""Which claims count and which systems are compared."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Selection:
    """What counts; an empty field means everything.

    ``as_of`` (``2019``, ``2019-06`` or ``2019-06-30``) keeps claims dated up to the end of that period and leaves out
    undated ones. ``without`` lists sources: a claim with one of them as source or primary source is left out.
    ``datasets`` lists the datasets whose claims count. ``min_confidence`` leaves out claims below it and claims
    without a confidence. ``systems`` and ``kinds`` list the systems to compare. Names are ids, IRIs or labels; after
    ``judging.selection.resolve_selection`` they are ids.
    """

    as_of: str | None = None
    without: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    min_confidence: str | None = None
    systems: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    engine: str = "formula"
