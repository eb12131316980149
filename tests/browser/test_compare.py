"""Tables with groups of rows: group headings do not cover rows, and the size of a chosen table is limited."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import EACH_SIZE, Visit, show_choices

FIVE = "xiamen,shanghai,rongcheng,suzhou-osmanthus,hangzhou"
SIX = f"systems={FIVE},xinjiang"
COVERED = """(tables) => tables.flatMap((table) => [...table.querySelectorAll("tr.group")]).filter((group) => {
  const box = (row) => row.cells[0].getBoundingClientRect(), before = group.parentElement.previousElementSibling;
  const above = before.rows[before.rows.length - 1], below = group.nextElementSibling;
  return box(group).top < box(above).bottom - 2 || box(group).bottom > box(below).top + 2;
}).map((group) => group.textContent.trim())"""
"""Returns the names of the groups whose heading covers the row above or below."""

pytestmark = pytest.mark.browser


@EACH_SIZE
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("address", ["index", "matrix/pipl-2021-full-text"])
def test_the_heading_of_a_group_covers_no_row(visit: Visit, address: str, language: str) -> None:
    shown = visit.open(f"{language}/{address}.html")
    expect(shown.locator(".matrix tr.group")).not_to_have_count(0)
    assert shown.locator(".matrix").evaluate_all(COVERED) == []


@EACH_SIZE
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_table_begins_on_the_first_screen_of_a_desk_and_the_second_of_a_phone(visit: Visit, language: str) -> None:
    shown = visit.open(f"{language}/compare.html?{SIX}")
    height = shown.evaluate("innerHeight")
    top = shown.locator("#beside").evaluate("node => node.getBoundingClientRect().top + scrollY")
    assert top < height * (2 if shown.evaluate("innerWidth") < 640 else 1)


def test_choices_are_open_on_a_phone_if_there_is_nothing_to_show(visit: Visit) -> None:
    shown = visit.open("en/compare.html?systems=&columns=readings&readings=")
    expect(shown.locator("#choices")).to_have_attribute("open", "")


@EACH_SIZE
@pytest.mark.parametrize(("language", "said"), [("en", "Not added: "), ("zh-Hans", "未加入：")])
def test_a_seventh_system_is_not_added_and_the_page_says_so(visit: Visit, language: str, said: str) -> None:
    shown = visit.open(f"{language}/compare.html?{SIX}")
    expect(shown.locator("thead tr:first-child th")).to_have_count(7)
    show_choices(shown)
    shown.locator("[data-of=systems] summary").click()
    box = shown.locator("input[name=systems][value=fuzhou]")
    name = box.evaluate("node => node.parentElement.textContent.trim()")
    box.click()
    message = shown.locator("#shown.notice")
    expect(message).to_contain_text(f"{said}{name}")
    expect(message).to_be_in_viewport()
    expect(box).not_to_be_checked()
    expect(shown.locator("thead tr:first-child th")).to_have_count(7)
    expect(shown).not_to_have_url(re.compile("fuzhou"))
    shown.locator("input[name=systems][value=xinjiang]").click()
    expect(shown.locator("#shown")).to_have_text("")
    box.click()
    expect(shown.locator("thead tr:first-child th")).to_have_count(7)
    expect(shown).to_have_url(re.compile("fuzhou"))
    expect(shown.locator("#shown")).to_have_text("")
    expect(box).to_be_checked()


def test_of_seven_systems_in_an_address_six_are_shown(visit: Visit) -> None:
    shown = visit.open(f"en/compare.html?{SIX},fuzhou")
    expect(shown.locator("#shown.notice")).to_contain_text("Not added: ")
    expect(shown.locator("thead tr:first-child th")).to_have_count(7)
    expect(shown.locator("input[name=systems]:checked")).to_have_count(6)


@pytest.mark.parametrize(("language", "said"), [("en", "Not found: wuhan, x."), ("zh-Hans", "未找到：wuhan、x。")])
@pytest.mark.parametrize("systems", ["xiamen,wuhan,shanghai", "wuhan"])
def test_unknown_ids_in_the_address_are_reported(visit: Visit, language: str, said: str, systems: str) -> None:
    shown = visit.open(f"{language}/compare.html?systems={systems}&readings=x,gdpr-2016-full-text")
    expect(shown.locator("#shown")).to_contain_text(said)
    expect(shown.locator("#shown.notice")).to_have_count(1)
