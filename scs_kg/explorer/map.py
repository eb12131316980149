"""Places on a map: an outline that is drawn once, and where on it a region is shown.

The outlines in ``static/vendor/`` are in equirectangular projection, true to scale at 35 degrees north: one unit down
is a tenth of a degree of latitude, one unit across a tenth of a degree of longitude at that parallel.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Final

from scs_kg.explorer.content import SiteContent
from scs_kg.model.namespaces import BASE
from scs_kg.store.query_library import text

PARALLEL: Final = 35.0
UNITS: Final = 10.0
LETTERS: Final = 30.0
"""How many times the height of a letter a map is wide: letters that can be read where the map is as wide as a phone."""

Box = tuple[float, float, float, float]
"""The edges of a rectangle in units: left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Window:
    """An outline: its file, its edges in degrees, and the region of which it shows the whole mainland."""

    id: str
    west: float
    south: float
    east: float
    north: float
    whole: str

    @property
    def frame(self) -> "Frame":
        """Return the whole of it."""
        return Frame(0, 0, self.width, self.height)

    @property
    def width(self) -> int:
        """Return the width in units."""
        return round((self.east - self.west) * cos(radians(PARALLEL)) * UNITS)

    @property
    def height(self) -> int:
        """Return the height in units."""
        return round((self.north - self.south) * UNITS)

    def place(self, latitude: float, longitude: float) -> tuple[float, float] | None:
        """Return where a point in degrees is drawn, or None if it lies outside."""
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

    def holds(self, spot: "Spot") -> bool:
        """Tell whether a spot lies inside."""
        return self.x < spot.x < self.x + self.width and self.y < spot.y < self.y + self.height


def _frame(window: Window, west: float, south: float, east: float, north: float) -> Frame:
    """Return the part of a window between degrees that lie in it."""
    (left, bottom), (right, top) = window.place(south, west) or (0, window.height), window.place(north, east) or (0, 0)
    return Frame(left, top, round(right - left, 1), round(bottom - top, 1))


CROWDED: Final = _frame(WINDOWS[0], 111.2, 21.4, 124.9, 41.0)
"""The east of China, where most of the spots are."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A region on a map: where it is drawn, and the place in GeoNames by which it is shown, with its degrees."""

    region: str
    x: float
    y: float
    place: str
    called: str
    latitude: str
    longitude: str


@dataclass(frozen=True, slots=True)
class MapSheet:
    """A map of some regions, or without any where a region is the whole country, and what lies inside of them."""

    window: Window
    spots: tuple[Spot, ...]
    inside: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a spot beside it: where it begins, and how it is anchored."""

    x: float
    y: float
    anchor: str
    region: str


def spots(book: SiteContent, regions: Iterable[str]) -> Iterator[tuple[Window, Spot]]:
    """Yield a spot, and the window in which it is, for each of the regions whose place is known."""
    for region in regions:
        for row in book.grouped("places", "region").get(region, ()):
            latitude, longitude = text(row, "latitude"), text(row, "longitude")
            for window in WINDOWS:
                if at := window.place(float(latitude), float(longitude)):
                    yield window, Spot(region, *at, text(row, "place"), text(row, "called"), latitude, longitude)


def sheets(book: SiteContent, regions: Iterable[str], *, inside: bool = False) -> tuple[MapSheet, ...]:
    """Return the maps that show some regions, and on request the regions in them; a region without place is on none."""
    own, held = list(regions), [] if not inside else [part for region in regions for part in parts(book, region)]
    found, within = list(spots(book, own)), list(spots(book, held))
    return tuple(
        MapSheet(window, tuple(s for w, s in found if w == window), tuple(s for w, s in within if w == window))
        for window in WINDOWS
        if window.whole in own or any(w == window for w, _ in (*found, *within))
    )


def parts(book: SiteContent, region: str) -> Iterator[str]:
    """Yield the regions inside a region, however deep."""
    for row in book.grouped("regions", "within").get(region, ()):
        yield text(row, "region")
        yield from parts(book, text(row, "region"))


def overview(book: SiteContent) -> MapSheet:
    """Return the map of all regions in which a system operates, in the window that shows most of them."""
    used = dict.fromkeys(text(row, "region") for row in book.rows["systems"])
    found = list(spots(book, used))
    shown = max(WINDOWS, key=lambda window: sum(w == window for w, _ in found))
    return MapSheet(shown, tuple(spot for window, spot in found if window == shown))


def labels(frame: Frame, spots: tuple[Spot, ...], names: Mapping[str, str]) -> tuple[Label, ...]:
    """Place names, by region, beside spots, each on the first side with room, the spots in the order given.

    Where there was room for all but some, these come first and the rest has another try; of all tries the one counts
    that placed most names, and a spot for which there is no room even so goes without.
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
    """Yield where the name of a spot may stand, with the box that it takes: right, left, above, below, aslant."""
    letter, reach = frame.letter, frame.spot * 1.6
    for across, down in ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1)):
        anchor = "middle" if not across else "start" if across > 0 else "end"
        x, y = spot.x + across * reach, spot.y + down * reach + letter * (0.35 + 0.35 * down)
        left, gap = x - width * {"start": 0, "middle": 0.5, "end": 1}[anchor], letter * 0.15
        box = (left - gap, y - letter * 0.85, left + width + gap, y + gap)
        yield Label(round(x, 1), round(y, 1), anchor, spot.region), box


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
