"""Pictures as numbers: bars whose parts add up, and the graph of what a cell rests on; templates draw them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from scs_kg.analysis.explain import Explanation
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.map import overview
from scs_kg.explorer.page import Page
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.namespaces import BASE, local_id
from scs_kg.store import query_library
from scs_kg.store.query_library import text

WIDTH: Final = 640.0
PICTURES: Final = ("spectrum", "years", "coverage")
CROWDED_PLACES: Final = "places-east"
MAPS: Final = ("places", CROWDED_PLACES)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar: its class, how many it counts, and where it is drawn."""

    kind: str
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: the IRI or the word that names it, and its parts from left to right."""

    name: str
    parts: tuple[Part, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Node:
    """One box of a graph: where it stands, its outcome if it has one, and its text."""

    x: float
    y: float
    outcome: str
    shown: str


@dataclass(frozen=True, slots=True)
class Graph:
    """Boxes and the lines between them, as places of ends."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[float, float, float, float], ...]
    height: float


def bars(counted: Mapping[str, Mapping[str, int]], kinds: Iterable[str], longest: int = 0) -> tuple[Bar, ...]:
    """Return a bar for each name; ``longest`` is the count that fills the width, by default the largest total."""
    order = tuple(kinds)
    scale = WIDTH / (longest or max((sum(counts.values()) for counts in counted.values()), default=1) or 1)
    found = []
    for name, counts in counted.items():
        parts, start = [], 0.0
        for kind in order:
            width = counts.get(kind, 0) * scale
            parts.append(Part(kind, counts.get(kind, 0), round(start, 1), round(width, 1)))
            start += width
        found.append(Bar(name, tuple(parts), sum(counts.values())))
    return tuple(found)


def spectrum(book: SiteContent) -> tuple[Bar, ...]:
    """Return for each system how many leaning features are known for privacy, open, and known for control."""
    counted: dict[str, dict[str, int]] = {}
    for row in query_library.rows(book.edition().dataset, "spectrum"):
        side = local_id(text(row, "side")).lower() or "open"
        counts = counted.setdefault(text(row, "system"), {})
        counts[side] = counts.get(side, 0) + 1
    ordered = dict.fromkeys(text(row, "system") for row in book.rows["systems"])
    return bars({iri: counted[iri] for iri in ordered if iri in counted}, ("privacy", "open", "control"))


def years(book: SiteContent) -> tuple[Bar, ...]:
    """Return for each year how many claims speak for it."""
    rows = query_library.rows(book.edition().dataset, "evidence-by-year")
    return bars({text(row, "year"): {"claims": int(text(row, "claims"))} for row in rows}, ("claims",))


def coverage(book: SiteContent) -> tuple[Bar, ...]:
    """Return for each reading how many verdicts that it asks for have which outcome."""
    rows = query_library.rows(book.edition().dataset, "guideline-coverage")
    kinds = {"passed": "passed", "failed": "failed", "inapplicable": "inapplicable", "cantTell": "open"}
    counted = {text(row, "reading"): {k: int(text(row, v)) for k, v in kinds.items()} for row in rows}
    return bars(counted, kinds, 0)


def pictures(book: SiteContent, _: str) -> Page:
    """Build the page of pictures, each with the table behind it."""
    data = {
        "drawn": {name: drawn(book, name) for name in PICTURES},
        "sheet": overview(book),
        "maps": MAPS,
        "files": (*MAPS, *PICTURES),
    }
    return Page("pictures", "pictures", "pictures", data)


def drawn(book: SiteContent, name: str) -> tuple[Bar, ...]:
    """Return the bars of a picture by its name; raise UnknownNameError if there is none."""
    known = {"spectrum": spectrum, "years": years, "coverage": coverage}
    if name not in known:
        raise UnknownNameError("picture", name, known)
    return known[name](book)


def proof(found: Explanation) -> Graph:
    """Return the graph of a cell from left to right: its criteria, the claims behind each, and their sources."""
    root = ("cell", found.principle.id)
    layers: tuple[dict[tuple[str, str], str], ...] = ({root: found.cell.outcome}, {}, {}, {})
    lines: set[tuple[tuple[str, str], tuple[str, str]]] = set()
    for step in found.steps:
        criterion = ("criterion", step.criterion.iri)
        layers[1][criterion] = step.outcome
        lines.add((root, criterion))
        for claim in step.claims:
            stated, source = ("claim", claim.iri), ("source", BASE + "source/" + claim.source.id)
            layers[2][stated] = layers[3][source] = ""
            lines |= {(criterion, stated), (stated, source)}
    return _laid_out(layers, lines)


def _laid_out(
    layers: tuple[dict[tuple[str, str], str], ...], lines: set[tuple[tuple[str, str], tuple[str, str]]]
) -> Graph:
    height = max(len(layer) for layer in layers) * 34.0
    places: dict[tuple[str, str], tuple[float, float]] = {}
    nodes = []
    for column, layer in enumerate(layers):
        gap = height / max(len(layer), 1)
        for row, (key, outcome) in enumerate(layer.items()):
            places[key] = column * 250.0, round(gap * (row + 0.5), 1)
            nodes.append(Node(*places[key], outcome, local_id(key[1])))
    edges = sorted((places[a][0] + 220, places[a][1], *places[b]) for a, b in lines)
    return Graph(tuple(nodes), tuple(edges), height)
