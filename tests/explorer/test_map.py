"""Tests maps: positions of regions, regions without coordinates, outlines, placement of names."""

import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scs_kg.explorer.charts import MAPS
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.html import html, picture
from scs_kg.explorer.i18n import label
from scs_kg.explorer.index_pages import vendored_assets
from scs_kg.explorer.map import CROWDED, WINDOWS, Frame, Label, Spot, Window, labels, map_sheets, overview, subregions
from scs_kg.explorer.page import LANGUAGES
from scs_kg.explorer.router import page
from scs_kg.model.namespaces import BASE, local_id
from scs_kg.store.query_library import row_text

VENDOR = files("scs_kg.explorer") / "static" / "vendor"
EAST_ASIA = WINDOWS[0]


@pytest.fixture(scope="module")
def content(real_content: SiteContent) -> SiteContent:
    """Return the data of all pages."""
    return real_content


@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: window.id)
def test_an_outline_fills_its_window(window: Window) -> None:
    drawn = (VENDOR / f"{window.id}.svg").read_text("utf-8")
    assert f'viewBox="0 0 {window.width} {window.height}"' in drawn
    assert len(drawn) < 6_000
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


def test_every_third_party_file_is_listed_with_its_licence() -> None:
    listed = [name for asset in vendored_assets() for name in asset["files"]]
    assert sorted(listed) == sorted(entry.name for entry in VENDOR.iterdir())
    assert all(asset["licence"] and asset["version"] and asset["note"] for asset in vendored_assets())


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_points_are_inside_the_window_or_not_drawn(latitude: float, longitude: float) -> None:
    for window in WINDOWS:
        at = window.project(latitude, longitude)
        if at:
            assert -0.1 <= at[0] <= window.width + 1
            assert -0.1 <= at[1] <= window.height


def test_north_is_up_and_east_is_right() -> None:
    west, east = EAST_ASIA.project(43.8, 87.6), EAST_ASIA.project(31.2, 121.5)
    assert west
    assert east
    assert west[0] < east[0]
    assert west[1] < east[1]


def test_regions_with_coordinates_are_on_a_map_and_others_are_reported(content: SiteContent) -> None:
    regions = {row_text(row, "region") for row in content.rows["regions"]}
    known = {row_text(row, "region") for row in content.rows["places"]}
    for region in regions:
        drawn = [spot.region for sheet in map_sheets(content, [region]) for spot in sheet.spots]
        assert drawn == ([region] if region in known else [])
    assert {region.rsplit("/", 1)[1] for region in regions - known} == {
        "australia",
        "brazil",
        "china",
        "european-union",
        "germany",
        "henan",
        "india",
        "qingdao",
        "qingzhen",
        "taizhou",
        "united-kingdom",
        "united-states",
    }
    assert "This region is not on the map" in html(content, page(content, "region/qingzhen"), "en")
    assert "whole country" in html(content, page(content, "system/zhima-credit"), "en")
    assert 'r="5"' in html(content, page(content, "system/xiamen"), "zh-Hans")


def test_a_province_shows_the_regions_inside_it(content: SiteContent) -> None:
    (sheet,) = map_sheets(content, [BASE + "region/shandong"], inside=True)
    inside = {spot.region.rsplit("/", 1)[1] for spot in sheet.inside}
    assert inside == {"huantai", "jinan", "rongcheng", "weihai", "wendeng", "zibo"}
    known = {local_id(iri) for iri in content.grouped("regions", "region")}
    outside = {"australia", "brazil", "european-union", "germany", "india", "united-kingdom", "united-states"}
    assert {local_id(iri) for iri in subregions(content, BASE + "region/china")} == known - outside - {"china"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_maps_of_all_places_name_each_region_once(content: SiteContent, language: str) -> None:
    whole, east = (picture(content, shown, language) for shown in MAPS)
    spots = overview(content).spots
    assert whole.count('class="spot"') == len(spots)
    assert east.count('class="spot"') == sum(CROWDED.contains(spot) for spot in spots)
    assert (whole.count('class="detail"'), east.count('class="detail"')) == (1, 0)
    for drawn in (whole, east):
        assert drawn.count('class="land"') == 1
        assert "href" not in drawn
    written = re.findall(r"<text[^>]*>([^<]*)</text>", whole + east)
    assert sorted(written) == sorted(label(content, spot.region, language)[0] for spot in spots)


def boxes(frame: Frame, names: dict[str, str], placed: tuple[Label, ...]) -> list[tuple[float, float, float]]:
    """Return the baseline, left end and right end of each label."""
    found = []
    for spot_label in placed:
        width = 0.6 * frame.letter * len(names[spot_label.region])
        left = spot_label.x - {"start": 0.0, "middle": width / 2, "end": width}[spot_label.anchor]
        found.append((spot_label.y, left, left + width))
    return found


@given(st.lists(st.tuples(st.floats(315, 425), st.floats(130, 320)), max_size=30))
def test_labels_do_not_overlap(points: list[tuple[float, float]]) -> None:
    spots = tuple(Spot(f"r{n}", x, y, "", "", "", "") for n, (x, y) in enumerate(points))
    names = {spot.region: "Somewhere" for spot in spots}
    found = boxes(CROWDED, names, labels(CROWDED, spots, names))
    for n, (y, left, right) in enumerate(found):
        assert re.fullmatch(r"-?\d+\.?\d*", f"{y}")
        assert CROWDED.x - 0.2 <= left <= right <= CROWDED.x + CROWDED.width + 0.2
        for other_y, other_left, other_right in found[:n]:
            apart = CROWDED.letter - 0.2
            assert abs(y - other_y) > apart or left > other_right - 0.2 or other_left > right - 0.2


def test_a_label_without_room_is_placed_first_in_the_next_attempt() -> None:
    letter = CROWDED.letter
    around = [(-letter * 4, 0), (letter * 2.5, -0.1), (0, -letter * 1.2), (0, letter * 1.6)]
    spots = tuple(Spot(f"r{n}", 370 + x, 220 + y, "", "", "", "") for n, (x, y) in enumerate([*around, (0.0, 0.0)]))
    names = {spot.region: "Place" for spot in spots}
    assert {label.region for label in labels(CROWDED, spots, names)} == set(names)
    assert labels(CROWDED, spots, {}) == ()
