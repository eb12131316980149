"""The page on which a reader changes a reading, in a browser: marks, address, file, speed, and without a server."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.conftest import ONLY_VIOLATIONS, Visit

PIPL = "en/own-reading/pipl-2021-full-text.html"
MAX_MILLISECONDS = 50
SYSTEMS = 39
"""The number of systems for which the limit was set."""
SWITCH = """() => {
  const took = [];
  for (let count = 0; count < 20; count++) {
    const box = document.querySelectorAll(".provision input")[count], start = performance.now();
    box.click();
    document.querySelector("table.matrix").offsetHeight;
    took.push(performance.now() - start);
  }
  return took;
}"""
"""Switches twenty provisions off, one by one; returns the milliseconds until the marks of each are laid out."""
SWITCH_MANY = """(name) => {
  document.querySelector(`button[value=${name}]`).click();
  document.querySelector("table.matrix").offsetHeight;
}"""
"""Switches all interpreted provisions off (``plain``) or on again (``reset``), and lays the table out."""
WORK = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
"""The times that Chromium measures for what a switch needs until its marks are laid out, in seconds."""

pytestmark = pytest.mark.browser


def marks(shown: Page) -> list[str]:
    """Return the signs of all cells."""
    return shown.locator("table.matrix td").all_inner_texts()


def test_a_switched_provision_changes_marks_which_are_listed_and_kept_in_the_address(visit: Visit) -> None:
    shown = visit.open(PIPL)
    before = marks(shown)
    expect(shown.locator("#whose")).to_have_text(
        "The reading “full text (PIPL 2021)” of this project, without changes."
    )
    expect(shown.locator("#differing")).to_be_hidden()
    shown.fill("input[name=by]", "Ada Reader")
    shown.get_by_label("Force: No public shaming").first.select_option("Plain")
    shown.get_by_role("checkbox", name="Scoring rules are public").first.uncheck()
    after = marks(shown)
    count = sum(one != other for one, other in zip(before, after, strict=True))
    assert 0 < count < len(before)
    first = [(one.split()[0], other.split()[0]) for one, other in zip(before, after, strict=True)]
    other_marks = sum(one.rstrip("§()") != other.rstrip("§()") for one, other in first)
    assert 0 < other_marks < count
    said = f"Cells that differ: {count} of {len(before)}. Marks that differ: {other_marks}."
    expect(shown.locator("#shown")).to_have_text(said)
    expect(shown.locator("#whose")).to_have_text(
        "Reading of Ada Reader, changed from “full text (PIPL 2021)”. Provisions changed: 2."
    )
    assert shown.locator("#differing li").count() == min(count, 200)
    assert shown.locator("td.differs").count() == count
    kept = "by=Ada+Reader&off=article-7-published-scoring-rules&plain=article-10-no-public-shaming"
    expect(shown).to_have_url(f"{visit.start}/{PIPL}?{kept}")
    shown.reload()
    shown.wait_for_selector("form[data-ready]", state="attached")
    assert marks(shown) == after
    assert shown.input_value("input[name=by]") == "Ada Reader"
    shown.click("button[value=reset]")
    assert marks(shown) == before


def test_the_page_without_interpreted_provisions_is_accessible_and_fits(visit: Visit) -> None:
    shown = visit.open(PIPL.replace("en/", "zh-Hans/"))
    shown.click("button[value=plain]")
    expect(shown.locator("table.matrix td.notMetInterpreted")).to_have_count(0)
    shown.locator("#differing summary").click()
    assert shown.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    found = Axe().run(shown, options=ONLY_VIOLATIONS)
    assert not found.response["violations"], found.generate_report()


def test_the_saved_file_names_its_author_and_its_changes(visit: Visit) -> None:
    shown = visit.open(f"{PIPL}?by=Ada&off=article-10-no-public-shaming&supporting=article-24-human-decides")
    with shown.expect_download() as saved:
        shown.click("#save")
    written = yaml.safe_load(Path(saved.value.path()).read_text("utf-8"))
    assert saved.value.suggested_filename == "pipl-2021-full-text-by-ada.yaml"
    assert written["readings"][0]["creator"] == "Ada"
    assert written["readings"][0]["label"]["en"] == "full text (PIPL 2021), 2 provisions changed"
    by_id = {one["id"].removeprefix("pipl-2021-full-text-by-ada-"): one for one in written["provisions"]}
    assert "article-10-no-public-shaming" not in by_id
    assert by_id["article-24-human-decides"]["role"] == "Supporting"
    assert by_id["article-24-human-decides"]["note"] == "Changed by Ada: role from Deciding to Supporting."


def test_a_table_that_is_taken_along_says_whose_reading_it_is(visit: Visit) -> None:
    shown = visit.open(f"{PIPL}?by=Ada&off=article-10-no-public-shaming")
    with shown.expect_download() as saved:
        shown.click("#take button[value=csv]")
    text = Path(saved.value.path()).read_text("utf-8")
    assert "Reading of Ada, changed from “full text (PIPL 2021)”. Provisions changed: 1." in text


def test_marks_are_computed_again_in_time(visit: Visit) -> None:
    shown = visit.open(PIPL)
    assert shown.locator("table.matrix tbody tr:not(.group)").count() >= 50
    took = sorted(shown.evaluate(SWITCH))
    assert took[len(took) // 4] <= MAX_MILLISECONDS  # other processes on the machine can only make it slower


def test_all_interpreted_provisions_are_switched_in_time(visit: Visit) -> None:
    """Changed cells were parsed as HTML, and the address was written before the marks: 60 to 106 milliseconds."""
    shown = visit.open(PIPL)
    session = shown.context.new_cdp_session(shown)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})  # processor time, whatever else runs
    took = sorted(work_of(session, partial(shown.evaluate, SWITCH_MANY, name)) for name in ("plain", "reset") * 8)
    rows = shown.locator("table.matrix tbody tr:not(.group)").count()
    assert rows >= 50
    assert took[0] * 1000 <= MAX_MILLISECONDS / SYSTEMS * rows  # other processes on the machine can only make it slower


def work_of(session: CDPSession, action: Callable[[], object]) -> float:
    """Return the seconds of processor time that an action takes for scripts, styles and layout."""
    before = worked(session)
    action()
    return worked(session) - before


def worked(session: CDPSession) -> float:
    """Return the seconds of processor time that the page has needed so far for scripts, styles and layout."""
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return sum(float(metrics[name]) for name in WORK)


def test_the_page_works_from_a_folder(browser: Browser, site: Path) -> None:
    shown = browser.new_page()
    wrong: list[str] = []
    shown.on("pageerror", lambda error: wrong.append(str(error)))
    shown.goto(f"{(site / PIPL).as_uri()}?off=article-10-no-public-shaming")
    expect(shown.locator("#whose")).to_contain_text("Reading of a reader without a name")
    assert shown.locator("td.differs").count() > 0
    shown.close()
    assert not wrong
