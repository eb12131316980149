"""Maps: the outline of a country or region, and the points of the regions shown on it.

The outlines in ``static/vendor/`` use an equirectangular projection that is true to scale at 35 degrees north. One unit
is a tenth of a degree of latitude; at 35 degrees north, a unit from west to east has the same length.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Final

from scs_kg.explorer.content import SiteContent
from scs_kg.model.namespaces import BASE
from scs_kg.store.query_library import row_text

PARALLEL: Final = 35.0
"""The latitude in degrees where the scale from east to west is true."""
UNITS: Final = 10.0
"""The number of units of a map per degree of latitude."""
LETTERS: Final = 30.0
"""The width of a map in letter heights; labels stay legible on the screen of a phone."""

Box = tuple[float, float, float, float]
"""The edges of a rectangle in units: left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Window:
    """An outline: its file, its edges in degrees, and the region whose whole mainland is shown."""

    id: str
    west: float
    south: float
    east: float
    north: float
    whole: str

    @property
    def frame(self) -> "Frame":
        """Return the frame of the whole outline."""
        return Frame(0, 0, self.width, self.height)

    @property
    def width(self) -> int:
        """Return the width in units."""
        return round((self.east - self.west) * cos(radians(PARALLEL)) * UNITS)

    @property
    def height(self) -> int:
        """Return the height in units."""
        return round((self.north - self.south) * UNITS)

    def project(self, latitude: float, longitude: float) -> tuple[float, float] | None:
        """Return the position in units of a point in degrees, or None if it lies outside."""
        if not (self.west <= longitude <= self.east and self.south <= latitude <= self.north):
            return None
        across = (longitude - self.west) * cos(radians(PARALLEL)) * UNITS
        return round(across, 1), round((self.north - latitude) * UNITS, 1)


WINDOWS: Final = (
    Window("east-asia", 73.0, 17.0, 136.0, 54.0, BASE + "region/china"),
    Window("north-america", -126.0, 24.0, -66.0, 50.0, BASE + "region/united-states"),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of an outline that is shown, in units."""

    x: float
    y: float
    width: float
    height: float

    @property
    def letter(self) -> float:
        """Return the height of a letter."""
        return round(self.width / LETTERS, 1)

    @property
    def spot(self) -> float:
        """Return the radius of a spot."""
        return round(self.letter * 0.3, 1)

    def contains(self, spot: "Spot") -> bool:
        """Return whether a spot lies inside."""
        return self.x < spot.x < self.x + self.width and self.y < spot.y < self.y + self.height


def _frame(window: Window, west: float, south: float, east: float, north: float) -> Frame:
    """Return the frame between two longitudes and two latitudes inside a window."""
    (left, bottom), (right, top) = (
        window.project(south, west) or (0, window.height),
        window.project(north, east) or (0, 0),
    )
    return Frame(left, top, round(right - left, 1), round(bottom - top, 1))


CROWDED: Final = _frame(WINDOWS[0], 111.2, 21.4, 124.9, 41.0)
"""The east of China, which has most of the spots."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A region on a map: its position in map units, and the GeoNames place that gives this position.

    ``latitude`` and ``longitude`` are the coordinates of the place, in degrees.
    """

    region: str
    x: float
    y: float
    place: str
    called: str
    latitude: str
    longitude: str


@dataclass(frozen=True, slots=True)
class MapSheet:
    """A map of regions and of the regions inside them; the map of a whole country has no spots."""

    window: Window
    spots: tuple[Spot, ...]
    inside: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """The label of a spot on the map: its position, and its SVG text anchor."""

    x: float
    y: float
    anchor: str
    region: str


def spots(content: SiteContent, regions: Iterable[str]) -> Iterator[tuple[Window, Spot]]:
    """Yield a spot and its window for each region whose coordinates are known."""
    for region in regions:
        for row in content.grouped("places", "region").get(region, ()):
            latitude, longitude = row_text(row, "latitude"), row_text(row, "longitude")
            for window in WINDOWS:
                if at := window.project(float(latitude), float(longitude)):
                    place, called = row_text(row, "place"), row_text(row, "called")
                    yield window, Spot(region, *at, place, called, latitude, longitude)


def map_sheets(content: SiteContent, regions: Iterable[str], *, inside: bool = False) -> tuple[MapSheet, ...]:
    """Return the maps of regions, and with ``inside`` also of the regions in them; omit regions without coordinates."""
    own = list(regions)
    parts = [part for region in own for part in subregions(content, region)] if inside else []
    found, within = list(spots(content, own)), list(spots(content, parts))
    return tuple(
        MapSheet(window, tuple(s for w, s in found if w == window), tuple(s for w, s in within if w == window))
        for window in WINDOWS
        if window.whole in own or any(w == window for w, _ in (*found, *within))
    )


def subregions(content: SiteContent, region: str) -> Iterator[str]:
    """Yield the regions inside a region, at all levels."""
    for row in content.grouped("regions", "within").get(region, ()):
        yield row_text(row, "region")
        yield from subregions(content, row_text(row, "region"))


def overview(content: SiteContent) -> MapSheet:
    """Return the map of all regions that have a system, in the window that shows most of them."""
    used = dict.fromkeys(row_text(row, "region") for row in content.rows["systems"])
    found = list(spots(content, used))
    shown = max(WINDOWS, key=lambda window: sum(w == window for w, _ in found))
    return MapSheet(shown, tuple(spot for window, spot in found if window == shown))


def labels(frame: Frame, spots: tuple[Spot, ...], names: Mapping[str, str]) -> tuple[Label, ...]:
    """Place the names of regions next to their spots without overlap.

    The algorithm is greedy: in the order of the spots, each name gets the first free side of its spot. If some names do
    not fit, they are moved to the front and placement restarts. Return the attempt that placed the most names; names
    that were not placed are omitted.
    """
    waiting, best = [spot for spot in spots if spot.region in names], tuple[Label, ...]()
    for _ in range(len(waiting)):
        found = _placed(frame, spots, waiting, names)
        best = max(best, found, key=len)
        placed = {label.region for label in found}
        waiting.sort(key=lambda spot: spot.region in placed)
    return best


def _placed(frame: Frame, spots: Iterable[Spot], order: Iterable[Spot], names: Mapping[str, str]) -> tuple[Label, ...]:
    taken = [(s.x - frame.spot, s.y - frame.spot, s.x + frame.spot, s.y + frame.spot) for s in spots]
    found = []
    for spot in order:
        width = frame.letter * sum(1 if ord(sign) > 0x2E7F else 0.6 for sign in names[spot.region])
        for label, box in _sides(frame, spot, width):
            inside = box[0] >= frame.x and box[2] <= frame.x + frame.width
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                found.append(label)
                break
    return tuple(found)


def _sides(frame: Frame, spot: Spot, width: float) -> Iterator[tuple[Label, Box]]:
    """Yield the possible labels of a spot with their boxes: right, left, above, below, then the diagonals."""
    letter, reach = frame.letter, frame.spot * 1.6
    for across, down in ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1)):
        anchor = "middle" if not across else "start" if across > 0 else "end"
        x, y = spot.x + across * reach, spot.y + down * reach + letter * (0.35 + 0.35 * down)
        left, gap = x - width * {"start": 0, "middle": 0.5, "end": 1}[anchor], letter * 0.15
        box = (left - gap, y - letter * 0.85, left + width + gap, y + gap)
        yield Label(round(x, 1), round(y, 1), anchor, spot.region), box


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
