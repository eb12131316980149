"""The page on which a reader changes a reading, in a browser: marks, address, file, speed, and without a server."""

from pathlib import Path

import pytest
import yaml
from playwright.sync_api import expect

from tests.browser.accessibility import violations
from tests.browser.conftest import EACH_SIZE, SIZES, NewPage, Visit
from tests.browser.work import drawing_times
from tests.conftest import SYSTEM_COUNT

PIPL = "en/own-reading/pipl-2021-full-text.html"
MAX_MILLISECONDS = 50
SYSTEMS = 39
"""The number of systems for which the limit was set."""
LAY_OUT = "document.querySelector('table.matrix').offsetHeight"
SWITCH = "document.querySelectorAll('.provision input')[{number}].click(); " + LAY_OUT
"""Switches a provision off, and forces the layout of the table."""
SWITCH_MANY = "document.querySelector('button[value={name}]').click(); " + LAY_OUT
"""Switches all interpreted provisions off (``plain``) or on (``reset``), and forces the layout of the table."""

pytestmark = pytest.mark.browser


@EACH_SIZE
def test_a_switched_provision_changes_marks_which_are_listed_and_kept_in_the_address(visit: Visit) -> None:
    shown = visit.open(PIPL)
    marks = shown.locator("table.matrix td")
    before = marks.all_text_contents()
    expect(shown.locator("#whose")).to_have_text(
        "The reading “full text (PIPL 2021)” of this project, without changes."
    )
    expect(shown.locator("#differing")).to_be_hidden()
    shown.fill("input[name=by]", "Ada Reader")
    shown.get_by_label("Force: No public shaming").first.select_option("Plain")
    shown.get_by_role("checkbox", name="Scoring rules are public").first.uncheck()
    expect(shown.locator("#whose")).to_have_text(
        "Reading of Ada Reader, changed from “full text (PIPL 2021)”. Provisions changed: 2."
    )
    after = marks.all_text_contents()
    count = sum(one != other for one, other in zip(before, after, strict=True))
    assert 0 < count < len(before)
    first = [(one.split()[0], other.split()[0]) for one, other in zip(before, after, strict=True)]
    other_marks = sum(one.rstrip("§()") != other.rstrip("§()") for one, other in first)
    assert 0 < other_marks < count
    said = f"Cells that differ: {count} of {len(before)}. Marks that differ: {other_marks}."
    expect(shown.locator("#shown")).to_have_text(said)
    expect(shown.locator("#differing li")).to_have_count(min(count, 200))
    expect(shown.locator("td.differs")).to_have_count(count)
    kept = "by=Ada+Reader&off=article-7-published-scoring-rules&plain=article-10-no-public-shaming"
    expect(shown).to_have_url(f"{visit.start}/{PIPL}?{kept}")
    visit.follow(shown.reload)
    assert marks.all_text_contents() == after
    expect(shown.locator("input[name=by]")).to_have_value("Ada Reader")
    shown.click("button[value=reset]")
    expect(shown.locator("td.differs")).to_have_count(0)
    assert marks.all_text_contents() == before


@pytest.mark.parametrize(("visit", "size"), [(size, size) for size in SIZES], indirect=["visit"])
def test_the_page_without_interpreted_provisions_is_accessible_and_fits(visit: Visit, size: str) -> None:
    shown = visit.open(PIPL.replace("en/", "zh-Hans/"))
    shown.click("button[value=plain]")
    expect(shown.locator("table.matrix td.notMetInterpreted")).to_have_count(0)
    shown.locator("#differing summary").click()
    assert shown.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert not violations(shown, colours=size == "desk")


def test_the_saved_file_names_its_author_and_its_changes(visit: Visit) -> None:
    shown = visit.open(f"{PIPL}?by=Ada&off=article-10-no-public-shaming&supporting=article-24-human-decides")
    with shown.expect_download() as saved:
        shown.click("#save")
    written = yaml.safe_load(Path(saved.value.path()).read_text("utf-8"))
    assert saved.value.suggested_filename == "pipl-2021-full-text-by-ada.yaml"
    assert written["readings"][0]["creator"] == "Ada"
    assert written["readings"][0]["label"]["en"] == "full text (PIPL 2021), provisions changed: 2"
    by_id = {one["id"].removeprefix("pipl-2021-full-text-by-ada-"): one for one in written["provisions"]}
    assert "article-10-no-public-shaming" not in by_id
    assert by_id["article-24-human-decides"]["role"] == "Supporting"
    assert by_id["article-24-human-decides"]["note"] == "Changed by Ada: role from Deciding to Supporting."


def test_a_saved_table_names_the_author_of_the_reading(visit: Visit) -> None:
    shown = visit.open(f"{PIPL}?by=Ada&off=article-10-no-public-shaming")
    with shown.expect_download() as saved:
        shown.click("#take button[value=csv]")
    text = Path(saved.value.path()).read_text("utf-8")
    assert "Reading of Ada, changed from “full text (PIPL 2021)”. Provisions changed: 1." in text


def test_marks_are_recomputed_within_the_time_limit(visit: Visit) -> None:
    shown = visit.open(PIPL)
    took = sorted(drawing_times(shown, [SWITCH.format(number=number) for number in range(20)]))
    assert took[len(took) // 4] * 1000 <= MAX_MILLISECONDS


def test_all_interpreted_provisions_are_switched_within_the_time_limit(visit: Visit) -> None:
    """Earlier, changed cells were parsed as HTML, and the address was written before the marks: 60 to 106 ms."""
    shown = visit.open(PIPL)
    took = drawing_times(shown, [SWITCH_MANY.format(name=name) for name in ("plain", "reset") * 8])
    assert min(took) * 1000 <= MAX_MILLISECONDS / SYSTEMS * SYSTEM_COUNT


def test_the_page_works_from_a_folder(new_page: NewPage, site: Path) -> None:
    shown = new_page()
    shown.goto(f"{(site / PIPL).as_uri()}?off=article-10-no-public-shaming")
    expect(shown.locator("#whose")).to_contain_text("Reading of a reader without a name")
    expect(shown.locator("td.differs")).not_to_have_count(0)
