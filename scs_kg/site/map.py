"""Places on a map: an outline that is drawn once, and where on it a region is shown.

The outlines in ``static/vendor/`` are in equirectangular projection, true to scale at 35 degrees north: one unit down
is a tenth of a degree of latitude, one unit across a tenth of a degree of longitude at that parallel.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import cos, radians
from typing import Final

from scs_kg.namespaces import BASE
from scs_kg.query import text
from scs_kg.site.book import Book

PARALLEL: Final = 35.0
UNITS: Final = 10.0
LETTER: Final = 7.0
GAP: Final = 3.0


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
class Sheet:
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


def spots(book: Book, regions: Iterable[str]) -> Iterator[tuple[Window, Spot]]:
    """Yield a spot, and the window in which it is, for each of the regions whose place is known."""
    for region in regions:
        for row in book.grouped("places", "region").get(region, ()):
            latitude, longitude = text(row, "latitude"), text(row, "longitude")
            for window in WINDOWS:
                if at := window.place(float(latitude), float(longitude)):
                    yield window, Spot(region, *at, text(row, "place"), text(row, "called"), latitude, longitude)


def sheets(book: Book, regions: Iterable[str], *, inside: bool = False) -> tuple[Sheet, ...]:
    """Return the maps that show some regions, and on request the regions in them; a region without place is on none."""
    own, held = list(regions), [] if not inside else [part for region in regions for part in parts(book, region)]
    found, within = list(spots(book, own)), list(spots(book, held))
    return tuple(
        Sheet(window, tuple(s for w, s in found if w == window), tuple(s for w, s in within if w == window))
        for window in WINDOWS
        if window.whole in own or any(w == window for w, _ in (*found, *within))
    )


def parts(book: Book, region: str) -> Iterator[str]:
    """Yield the regions inside a region, however deep."""
    for row in book.grouped("regions", "within").get(region, ()):
        yield text(row, "region")
        yield from parts(book, text(row, "region"))


def overview(book: Book) -> Sheet:
    """Return the map of all regions in which a system operates, in the window that shows most of them."""
    used = dict.fromkeys(text(row, "region") for row in book.rows["systems"])
    found = list(spots(book, used))
    shown = max(WINDOWS, key=lambda window: sum(w == window for w, _ in found))
    return Sheet(shown, tuple(spot for window, spot in found if window == shown))


def labels(sheet: Sheet, names: dict[str, str]) -> tuple[Label, ...]:
    """Place names beside spots, right, left, above or below; where there is no room, a spot goes without."""
    taken = [(s.x - GAP, s.y - GAP, s.x + GAP, s.y + GAP) for s in sheet.spots]
    found = []
    for spot in sheet.spots:
        width = sum(LETTER if ord(letter) > 0x2E7F else LETTER * 0.55 for letter in names[spot.region])
        for x, y, anchor, left in (
            (spot.x + 5, spot.y + 2.5, "start", spot.x + 5),
            (spot.x - 5, spot.y + 2.5, "end", spot.x - 5 - width),
            (spot.x, spot.y - 5, "middle", spot.x - width / 2),
            (spot.x, spot.y + 10, "middle", spot.x - width / 2),
        ):
            box = (left, y - LETTER + 1, left + width, y + 1)
            if left >= 0 and box[2] <= sheet.window.width and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                found.append(Label(round(x, 1), round(y, 1), anchor, spot.region))
                break
    return tuple(found)


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
