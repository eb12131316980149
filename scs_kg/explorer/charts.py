"""Geometry of charts: stacked bars, and the graph of the evidence of a cell. Templates draw them as SVG."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from scs_kg.analysis.explanation import Explanation
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.map import overview
from scs_kg.explorer.page import Page
from scs_kg.explorer.searches import flow_by_place, whole_flow
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.namespaces import BASE, local_id
from scs_kg.store import query_library
from scs_kg.store.query_library import row_text

WIDTH: Final = 640.0
CHARTS: Final = ("spectrum", "years", "coverage")
CROWDED_PLACES: Final = "places-east"
MAPS: Final = ("places", CROWDED_PLACES)


@dataclass(frozen=True, slots=True)
class BarSegment:
    """One segment of a stacked bar: its class, its count, and its position and width; a full bar is ``WIDTH`` wide."""

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


@dataclass(frozen=True, slots=True)
class GraphNode:
    """One box of a graph: its position, its outcome (empty for claims and sources), and its text."""

    x: float
    y: float
    outcome: str
    label: str


@dataclass(frozen=True, slots=True)
class EvidenceGraph:
    """Boxes, and the lines between them as coordinates of their ends (x1, y1, x2, y2)."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[tuple[float, float, float, float], ...]
    height: float


def bars(counted: Mapping[str, Mapping[str, int]], kinds: Iterable[str], longest: int = 0) -> tuple[Bar, ...]:
    """Return a stacked bar for each name; a bar with the total ``longest`` (0: the largest total) is ``WIDTH`` wide."""
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
    """Return for each system the number of features known to favour privacy, open, and known to favour control."""
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


def evidence_graph(explanation: Explanation) -> EvidenceGraph:
    """Return the graph of a cell; from left to right: its criteria, their claims, the sources of the claims."""
    root = ("cell", explanation.principle.id)
    layers: tuple[dict[tuple[str, str], str], ...] = ({root: explanation.cell.outcome}, {}, {}, {})
    lines: set[tuple[tuple[str, str], tuple[str, str]]] = set()
    for step in explanation.steps:
        criterion = ("criterion", step.criterion.iri)
        layers[1][criterion] = step.outcome
        lines.add((root, criterion))
        for claim in step.claims:
            statement, source = ("claim", claim.iri), ("source", BASE + "source/" + claim.source.id)
            layers[2][statement] = layers[3][source] = ""
            lines |= {(criterion, statement), (statement, source)}
    return _layout(layers, lines)


def _layout(
    layers: tuple[dict[tuple[str, str], str], ...], lines: set[tuple[tuple[str, str], tuple[str, str]]]
) -> EvidenceGraph:
    """Place each layer in a column, its boxes evenly spaced."""
    height = max(len(layer) for layer in layers) * 34.0
    positions: dict[tuple[str, str], tuple[float, float]] = {}
    nodes = []
    for column, layer in enumerate(layers):
        gap = height / max(len(layer), 1)
        for row, (key, outcome) in enumerate(layer.items()):
            positions[key] = column * 250.0, round(gap * (row + 0.5), 1)
            nodes.append(GraphNode(*positions[key], outcome, local_id(key[1])))
    edges = sorted((positions[a][0] + 220, positions[a][1], *positions[b]) for a, b in lines)
    return EvidenceGraph(tuple(nodes), tuple(edges), height)
