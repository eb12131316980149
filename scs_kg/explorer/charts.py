"""Geometry of charts: stacked bars. Templates draw them as SVG."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.map import overview
from scs_kg.explorer.page import Page
from scs_kg.explorer.searches import flow_by_place, whole_flow
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.namespaces import local_id
from scs_kg.store import query_library
from scs_kg.store.query_library import row_text

WIDTH: Final = 640.0
CHARTS: Final = ("spectrum", "years", "coverage")
CROWDED_PLACES: Final = "places-east"
MAPS: Final = ("places", CROWDED_PLACES)


@dataclass(frozen=True, slots=True)
class BarSegment:
    """One segment of a stacked bar: class, count, position and width; the width of a full bar is ``WIDTH``."""

    kind: str
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name (an IRI or a word), its segments from left to right, and their total count."""

    name: str
    segments: tuple[BarSegment, ...]
    total: int


def bars(counted: Mapping[str, Mapping[str, int]], kinds: Iterable[str], longest: int = 0) -> tuple[Bar, ...]:
    """Return a stacked bar for each name.

    A bar with the total ``longest`` is ``WIDTH`` wide; 0 means the largest total.
    """
    order = tuple(kinds)
    scale = WIDTH / (longest or max((sum(counts.values()) for counts in counted.values()), default=1) or 1)
    found = []
    for name, counts in counted.items():
        segments, start = [], 0.0
        for kind in order:
            width = counts.get(kind, 0) * scale
            segments.append(BarSegment(kind, counts.get(kind, 0), round(start, 1), round(width, 1)))
            start += width
        found.append(Bar(name, tuple(segments), sum(counts.values())))
    return tuple(found)


def spectrum(content: SiteContent) -> tuple[Bar, ...]:
    """Return for each system how many features favour privacy, are open, and favour control."""
    counted: dict[str, dict[str, int]] = {}
    for row in query_library.rows(content.edition().dataset, "spectrum"):
        side = local_id(row_text(row, "side")).lower() or "open"
        counts = counted.setdefault(row_text(row, "system"), {})
        counts[side] = counts.get(side, 0) + 1
    ordered = dict.fromkeys(row_text(row, "system") for row in content.rows["systems"])
    return bars({iri: counted[iri] for iri in ordered if iri in counted}, ("privacy", "open", "control"))


def years(content: SiteContent) -> tuple[Bar, ...]:
    """Return the number of claims for each year that they refer to."""
    rows = query_library.rows(content.edition().dataset, "evidence-by-year")
    return bars({row_text(row, "year"): {"claims": int(row_text(row, "claims"))} for row in rows}, ("claims",))


def coverage(content: SiteContent) -> tuple[Bar, ...]:
    """Return for each reading the number of verdicts on its criteria with each outcome."""
    rows = query_library.rows(content.edition().dataset, "guideline-coverage")
    kinds = {"passed": "passed", "failed": "failed", "inapplicable": "inapplicable", "cantTell": "open"}
    counted = {row_text(row, "reading"): {k: int(row_text(row, v)) for k, v in kinds.items()} for row in rows}
    return bars(counted, kinds)


def pictures(content: SiteContent, _: str) -> Page:
    """Build the page of charts and maps, each with its data as a table."""
    data = {
        "charts": {name: chart_bars(content, name) for name in CHARTS},
        "sheet": overview(content),
        "maps": MAPS,
        "flow": whole_flow(content),
        "flow_by_place": flow_by_place(content),
        "searched_criteria": content.rows["searched-criteria"],
        "files": (*MAPS, *CHARTS),
    }
    return Page("pictures", "pictures", "pictures", data)


def chart_bars(content: SiteContent, name: str) -> tuple[Bar, ...]:
    """Return the bars of a chart by its name; raise UnknownNameError for an unknown name."""
    known = {"spectrum": spectrum, "years": years, "coverage": coverage}
    if name not in known:
        raise UnknownNameError("picture", name, known)
    return known[name](content)
