"""Tests the form of the page "Add a claim": filling in, files, keyboard, stop and time-out, languages."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from scs_kg.contribute.check import CheckContext, check
from scs_kg.contribute.read import read_draft
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.i18n import definition
from scs_kg.model.namespaces import BASE
from tests.browser.conftest import Visit
from tests.contribute.check.test_check import FOLDER

pytestmark = pytest.mark.browser

FORM: Final = {
    "system": "Fuzhou",
    "feature": "data-breach",
    "source": "new-2020",
    "locator": 'a "quoted" place',
    "asOf": "2020-06",
}
SOURCE: Final = {"id": "new-2020", "title": "New <b>", "creator": "N. N.", "language": "zh"}
CHECK_AND_STOP: Final = """() => {
  for (const button of ["form p > button:not([type])", "#stop"]) document.querySelector(button).click();
}"""
"""Clicks both buttons in one task, because on a busy machine the check can end before the test clicks."""


def fill(page: Page) -> None:
    """Fill in a claim with a new source."""
    page.locator("fieldset summary").click()
    page.locator("#source summary").click()
    for key, written in FORM.items():
        page.fill(f"[name='Claim.{key}']", written)
    page.fill("[name='Claim.statement']", "For a test: <script>alert(1)</script> data leaked.")
    page.select_option("[name='Claim.finding']", "Present")
    page.select_option("[name='Claim.mode']", "DeFacto")
    for key, written in SOURCE.items():
        page.fill(f"[name='Source.{key}']", written)
    page.select_option("[name='Source.kind']", index=1)
    page.select_option("[name='Source.verification']", index=1)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_definition_of_the_chosen_feature_is_at_its_field(
    visit: Visit, language: str, content: SiteContent
) -> None:
    shown = visit.open(f"{language}/propose.html")
    feature, definition_at_field = shown.locator("[name='Claim.feature']"), shown.locator("output[for=claim-feature]")
    expected, _ = definition(content, f"{BASE}feature/data-breach", language)
    assert expected
    for written in ("data-breach", "feat:data-breach", f"{BASE}feature/data-breach"):
        feature.fill(written)
        expect(definition_at_field).to_have_text(expected)
    visit.follow(shown.reload)
    expect(definition_at_field).to_have_text(expected)
    feature.fill("no-such-feature")
    expect(definition_at_field).to_be_empty()


@pytest.mark.parametrize(("visit", "language"), [("phone", "en"), ("desk", "zh-Hans")], indirect=["visit"])
def test_the_form_creates_a_file_that_check_accepts(visit: Visit, language: str, checking: CheckContext) -> None:
    shown = visit.open(f"{language}/propose.html")
    fill(shown)
    shown.click("form p > button:not([type])")
    expect(shown.locator("#answer")).to_be_visible()
    expect(shown.locator("#cells tbody tr")).not_to_have_count(0)
    with shown.expect_download() as got:
        shown.click("#file")
    text = Path(got.value.path()).read_text("utf-8")
    assert got.value.suggested_filename == "claim.ttl"
    draft = read_draft(checking.reading, "claim.ttl", content=text.encode())
    assert check(checking, [draft], datetime.now(UTC).date().isoformat()).problems == ()
    assert '"2020-06"^^xsd:gYearMonth' in text
    assert '"New <b>"@zh' in text
    assert shown.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_an_unreadable_file_is_reported(visit: Visit) -> None:
    shown = visit.open("en/propose.html")
    shown.set_input_files("#chosen", FOLDER / "ten-mistakes.xlsx")
    expect(shown.locator("#status")).to_contain_text("This page cannot read files of this format")
    expect(shown.locator("#answer")).to_be_hidden()


def test_a_claim_can_be_written_with_the_keyboard_alone(visit: Visit) -> None:
    shown = visit.open("en/propose.html")
    shown.focus("[name='Claim.system']")
    for written in ("fuzhou", "opt-out", "p", "d", "People opt out there.", "aiaaic-2018", "p. 1"):
        shown.keyboard.type(written)
        shown.keyboard.press("Tab")
    shown.focus("[name='Claim.locator']")
    shown.keyboard.press("Enter")
    expect(shown.locator("#status")).to_have_text("The claims break no rule.")


@pytest.mark.parametrize(
    ("language", "stopped", "rule"),
    [("en", "Stopped.", "needs exactly one finding"), ("zh-Hans", "已停止。", "须恰好有一个认定")],
)
def test_a_check_can_be_stopped_and_repeated_and_shows_a_rule_with_the_english_message(
    visit: Visit, language: str, stopped: str, rule: str
) -> None:
    shown = visit.open(f"{language}/propose.html")
    expect(shown.locator("#stop")).to_be_disabled()
    shown.evaluate(CHECK_AND_STOP)
    expect(shown.locator("#status")).to_have_text(stopped)
    expect(shown.locator("#answer")).to_be_hidden()
    shown.click("form p > button:not([type])")
    shown_problem = shown.locator("#problems li[data-rule='integrity:ClaimFinding']")
    expect(shown_problem).to_contain_text(rule)
    expect(shown_problem.locator("[lang=en]")).to_contain_text("needs exactly one finding")
    expect(shown.locator("#stop")).to_be_disabled()


def test_a_check_stops_at_its_time_out(visit: Visit) -> None:
    shown = visit.open("en/propose.html")
    shown.evaluate("document.getElementById('proposal').dataset.limit = '0.01'")
    shown.click("form p > button:not([type])")
    expect(shown.locator("#status")).to_have_text("Stopped.")


def test_the_form_keeps_its_text_after_a_reload_and_a_change_of_language(visit: Visit) -> None:
    shown = visit.open("en/propose.html")
    fill(shown)
    visit.follow(shown.reload)
    expect(shown.locator("[name='Claim.locator']")).to_have_value(FORM["locator"])
    expect(shown.locator("[name='Source.title']")).to_be_visible()
    visit.open("zh-Hans/propose.html")
    expect(shown.locator("[name='Claim.finding']")).to_have_value("Present")


def test_an_error_is_shown_at_its_field_which_gets_the_focus(visit: Visit) -> None:
    shown = visit.open("en/propose.html")
    fill(shown)
    shown.fill("[name='Claim.system']", "betta")
    shown.click("form p > button:not([type])")
    wrong = shown.locator("[name='Claim.system'][aria-invalid=true]")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_attribute("aria-describedby", "error-Claim-system")
    expect(shown.locator("#error-Claim-system")).to_be_visible()
    expect(shown.locator("[aria-invalid]")).to_have_count(1)
    shown.fill("[name='Claim.system']", FORM["system"])
    shown.click("form p > button:not([type])")
    expect(shown.locator("#status")).to_have_text("The claims break no rule.")
    expect(shown.locator("[aria-invalid], .field-error")).to_have_count(0)
    expect(shown.locator("#summary [data-kind=notCountedIn] li")).not_to_have_count(0)
