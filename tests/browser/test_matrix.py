"""The page of a matrix in a browser: filters, sorts and notes, one tab stop, and an address that keeps every choice."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Visit

LAW = "en/matrix/pipl-2021-full-text.html"
FIVE = "systems=xiamen,shanghai,rongcheng,suzhou-osmanthus,hangzhou"

pytestmark = pytest.mark.browser


def rows(shown: Page) -> Locator:
    """Return the rows of the systems or principles."""
    return shown.locator("table.matrix tbody tr:not(.group)")


def heads(shown: Page) -> list[str]:
    """Return the text of the head of each row."""
    return [text.strip() for text in rows(shown).locator("th").all_inner_texts()]


def focused(shown: Page, expression: str) -> object:
    """Return the value of an expression on the element with the focus, ``node``."""
    return shown.evaluate(f"(() => {{ const node = document.activeElement; return {expression}; }})()")


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_explanation_of_counts_and_letters_is_folded_on_the_screen_and_printed(visit: Visit, language: str) -> None:
    shown = visit.open(f"{language}/matrix/pipl-2021-full-text.html")
    explanation = shown.locator("#signs p").first
    expect(explanation).to_be_hidden()
    shown.emulate_media(media="print")
    expect(explanation).to_be_visible()
    shown.emulate_media(media="screen")
    shown.locator("#signs summary").click()
    expect(explanation).to_be_visible()


def test_filters_are_kept_in_the_address_and_an_empty_result_is_reported(visit: Visit) -> None:
    shown = visit.open("en/matrix/china-2019-full-text.html?kind=national")
    few = rows(shown).count()
    shown.select_option("select[name=kind]", "")
    assert 0 < few < rows(shown).count()
    assert "kind=" not in shown.url
    shown.fill("input[name=name]", "no such system")
    expect(shown.locator("#shown")).to_have_text("No system matches. Remove a filter.")
    assert rows(shown).count() == 0
    shown.click("#everything")
    assert rows(shown).count() > few


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("mark=notMetInterpreted", lambda cell: cell["mark"] == "notMetInterpreted"),
        ("mode=de-jure", lambda cell: cell["modes"] == ["de-jure"]),
        ("mode=de-facto&mark=met", lambda cell: "de-facto" in cell["modes"] and cell["mark"] == "met"),
        ("scope=counterfactual", lambda cell: "counterfactual" in cell["scopes"]),
    ],
)
def test_a_filter_leaves_exactly_the_cells_that_match(
    visit: Visit, query: str, matches: Callable[[dict[str, object]], bool]
) -> None:
    shown = visit.open(f"{LAW}?{query}")
    every = shown.evaluate("matrix.systems.map((s) => matrix.principles.map((p) => matrix.cell(s, p)))")
    wanted = [[cell["sign"] for cell in row if matches(cell)] for row in every]
    found = [
        [text.split(" ", 2) for text in row.locator("td").all_inner_texts() if text.strip()]
        for row in rows(shown).all()
    ]
    assert [len(row) for row in found] == [len(row) for row in wanted if row]
    assert found
    expect(shown.locator("#shown")).to_contain_text("are empty")


def test_rows_are_sorted_by_name_by_decided_marks_and_by_any_column(visit: Visit) -> None:
    shown = visit.open(f"{LAW}?sort=name")
    assert heads(shown) == sorted(heads(shown), key=str.casefold)
    shown.select_option("select[name=sort]", "decided")
    counts = [row.locator("td.met, td.notMet, td.notMetInterpreted").count() for row in rows(shown).all()]
    assert counts == sorted(counts, reverse=True)
    shown.get_by_role("button", name="Sort by 24 automated decisions").click()
    assert "sort=article-24" in shown.url
    place = shown.locator("thead tr:nth-child(2) th").evaluate_all(
        "cells => cells.findIndex((cell) => cell.getAttribute('aria-sort') === 'descending')"
    )
    assert place == -1
    first = shown.locator("th[aria-sort]")
    assert first.inner_text().startswith("24")
    marks = rows(shown).locator("td:nth-child(16)").evaluate_all("cells => cells.map((cell) => cell.className)")
    order = ["notMet", "notMetInterpreted", "partlyMet", "met", "notKnown", "inapplicable", "notAsked"]
    ranks = [order.index(mark) for mark in marks]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) > 2


def test_the_address_keeps_systems_principles_and_the_turned_table_in_the_other_language(visit: Visit) -> None:
    shown = visit.open(f"{LAW}?{FIVE}&principles=article-24,article-25&transpose=1")
    assert heads(shown) == ["24 automated decisions", "25 no publication"]
    assert shown.locator("thead tr:first-child th").count() == 6
    shown.locator("a.languages").click()
    assert "/zh-Hans/" in shown.url
    assert FIVE in shown.url
    assert "transpose=1" in shown.url
    assert rows(shown).count() == 2
    assert "自动化决策" in heads(shown)[0]


def test_systems_are_chosen_from_a_list_of_boxes(visit: Visit) -> None:
    shown = visit.open("en/matrix/china-2019-full-text.html?sort=name")
    shown.locator("[data-of=systems] summary").click()
    shown.locator("input[name=systems][value=xiamen]").check()
    shown.locator("input[name=systems][value=shanghai]").check()
    assert heads(shown) == ["Shanghai", "Xiamen"]
    assert "systems=shanghai,xiamen" in shown.url
    shown.click("#beside")
    rows(shown).first.wait_for()  # the script of the page makes the table
    assert heads(shown)[0].startswith("1 ")
    assert shown.locator("thead tr:first-child th").count() == 3


def test_the_table_is_one_tab_stop_and_the_arrow_keys_move_in_it(visit: Visit) -> None:
    shown = visit.open(LAW)
    assert shown.locator("table.matrix [tabindex='0']").count() == 1
    assert shown.locator("table.matrix").get_attribute("role") == "grid"
    shown.locator("table.matrix [tabindex='0']").focus()
    assert focused(shown, "node.closest('td').cellIndex") == 1
    shown.keyboard.press("ArrowRight")
    shown.keyboard.press("ArrowDown")
    assert focused(shown, "[node.closest('td').cellIndex, node.closest('tr').cells[0].innerText.trim()]") == [
        2,
        "Shanghai",
    ]
    for _ in range(3):
        shown.keyboard.press("ArrowUp")  # up past Xinjiang and the name of the group, to the button that sorts
    assert focused(shown, "node.getAttribute('aria-label')") == "Sort by 6 purpose and minimal scope"
    shown.keyboard.press("Control+End")
    assert focused(shown, "node.closest('td').cellIndex") == 33
    assert shown.locator("table.matrix [tabindex='0']").count() == 1
    shown.keyboard.press("Home")
    shown.keyboard.press("Enter")
    shown.wait_for_url("**/system/**")


def test_a_note_says_which_criterion_decides_on_how_many_sources_on_hover_and_focus(visit: Visit) -> None:
    shown = visit.open(f"{LAW}?systems=xinjiang&principles=article-5,article-9")
    note = shown.locator("#cell-note")
    shown.locator("td a").first.focus()
    expect(note).to_have_text(re.compile(r"not met on this reading.* Decided by: .*, on \d+ sources?\.$"))
    assert shown.locator("td a").first.get_attribute("aria-describedby") == "cell-note"
    shown.keyboard.press("Escape")
    expect(note).to_be_hidden()
    shown.locator("td.notKnown").hover()
    expect(note).to_contain_text("not known")
    note.hover()
    expect(note).to_be_visible()


def test_heads_and_group_names_stay_while_the_table_scrolls_both_ways(visit: Visit) -> None:
    shown = visit.open(LAW)
    shown.locator(".both").evaluate("node => node.scrollIntoView()")
    shown.locator(".both").evaluate("node => node.scrollTo(600, 500)")
    places = (".both", "thead th", "tr.group th", "tr.group span", "tbody tr:nth-child(18) th")
    boxes = [shown.locator(place).first.bounding_box() for place in places]
    frame, head, group, name, row = (box for box in boxes if box)
    assert abs(head["y"] - frame["y"]) < 2
    assert abs(head["x"] - frame["x"]) < 2
    assert head["y"] + head["height"] - 3 <= group["y"] < frame["y"] + frame["height"]
    assert frame["x"] <= name["x"] < frame["x"] + 40
    assert abs(row["x"] - frame["x"]) < 2


def test_every_choice_works_in_a_folder_without_a_server(browser: Browser, site: Path) -> None:
    shown = browser.new_page()
    wrong: list[str] = []
    shown.on("pageerror", lambda error: wrong.append(str(error)))
    shown.goto(f"{(site / LAW).as_uri()}?{FIVE}")
    expect(rows(shown)).to_have_count(5)
    shown.goto(f"{(site / 'en' / 'compare.html').as_uri()}?{FIVE}&readings=gdpr-2016-full-text")
    expect(shown.locator("thead tr:first-child th")).to_have_count(6)
    assert not wrong
    shown.close()


def test_without_a_script_the_table_is_whole_and_the_forms_are_hidden(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    shown = context.new_page()
    shown.goto((site / LAW).as_uri())
    assert rows(shown).count() > 40
    assert shown.locator("#choices").is_hidden()
    assert shown.locator("#take").is_hidden()
    assert shown.locator("noscript a").get_attribute("href") == "#other-views"
    context.close()


def test_six_systems_under_two_laws_and_readings_with_their_differences(visit: Visit) -> None:
    shown = visit.open(f"en/compare.html?{FIVE},xinjiang&readings=pipl-2021-full-text,gdpr-2016-full-text")
    expect(shown.locator("thead tr:first-child th")).to_have_count(7)
    assert shown.locator("tr.group").count() == 2
    shown.check("input[name=columns][value=readings]")
    assert "columns=readings" in shown.url
    expect(shown.locator("thead th")).to_have_count(3)
    assert rows(shown).count() == 6  # the two laws share no principle
    shown.goto(
        shown.url.partition("?")[0] + "?columns=readings&readings=oecd-2019-full-text,oecd-2024-full-text&differing=1"
    )
    expect(shown.locator("td.differs").first).to_be_visible()
    assert shown.locator("tr.group").count() > 1
    shown.locator("[data-of=readings] summary").click()
    for box in shown.locator("input[name=readings]").all():
        box.uncheck()
    expect(shown.locator("#shown")).to_contain_text("Choose at least one system")
    assert shown.locator("table.matrix").is_hidden()


def test_a_cell_with_the_focus_is_not_covered_by_heads(visit: Visit) -> None:
    shown = visit.open(LAW)
    shown.locator(".both").evaluate("node => { node.scrollIntoView(); node.scrollTo(900, 900); }")
    shown.locator("tbody tr:nth-child(20) td:nth-child(20) a").first.focus()
    for key in ("ArrowUp",) * 14 + ("ArrowLeft",) * 14:
        shown.keyboard.press(key)
    cell, head, side, group = (
        shown.locator(place).first.bounding_box()
        for place in ("td:has(:focus)", "thead", "tbody tr:nth-child(9) th", "tr.group th")
    )
    assert cell
    assert head
    assert side
    assert group
    assert cell["y"] >= group["y"] + group["height"] - 2 > head["y"] + head["height"]
    assert cell["x"] >= side["x"] + side["width"] - 2


def test_at_a_zoom_of_400_percent_the_heads_do_not_cover_the_table(visit: Visit) -> None:
    shown = visit.open(LAW)
    shown.set_viewport_size({"width": 320, "height": 256})
    box, frame = (shown.locator(place).bounding_box() for place in ("table.matrix", ".both"))
    assert box
    assert frame
    assert frame["height"] >= box["height"]
    assert shown.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
