"""The page of a matrix in a browser: filters, sorts and notes, one tab stop, and an address that keeps every choice."""

import re
from collections.abc import Callable
from functools import partial
from itertools import chain
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import EACH_SIZE, NewPage, Visit, show_choices
from tests.conftest import SYSTEM_COUNT

LAW = "en/matrix/pipl-2021-full-text.html"
FIVE = "systems=xiamen,shanghai,rongcheng,suzhou-osmanthus,hangzhou"
TEXTS = "rows => rows.map((row) => [...row.querySelectorAll('td')].map((td) => td.textContent).filter(Boolean))"
COUNTS = "rows => rows.map((row) => row.querySelectorAll('td:is(.met, .notMet, .notMetInterpreted)').length)"
"""Returns the number of decided marks in each row."""

pytestmark = pytest.mark.browser


def rows(shown: Page) -> Locator:
    """Return the rows of the systems or principles."""
    return shown.locator("table.matrix tbody tr:not(.group)")


def columns(shown: Page) -> Locator:
    """Return the column headings, including the heading of the column with the row names."""
    return shown.locator("thead tr:first-child th")


def heads(shown: Page) -> Locator:
    """Return the row headings."""
    return rows(shown).locator("th")


def focused(shown: Page) -> Locator:
    """Return the element with the focus in the table."""
    return shown.locator("table.matrix :focus")


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_counts_and_letters_are_explained_in_a_folded_part_that_is_open_in_print(visit: Visit, language: str) -> None:
    shown = visit.open(f"{language}/matrix/pipl-2021-full-text.html")
    explanation = shown.locator("#signs p").first
    expect(explanation).to_be_hidden()
    shown.emulate_media(media="print")
    expect(explanation).to_be_visible()
    shown.emulate_media(media="screen")
    shown.locator("#signs summary").click()
    expect(explanation).to_be_visible()


@EACH_SIZE
def test_filters_are_kept_in_the_address_and_an_empty_result_is_reported(visit: Visit) -> None:
    shown = visit.open("en/matrix/china-2019-full-text.html?kind=national")
    national = shown.evaluate("matrix.systems.filter(({ kind }) => kind === 'national').length")
    assert 0 < national < SYSTEM_COUNT
    expect(rows(shown)).to_have_count(national)
    shown.select_option("select[name=kind]", "")
    expect(rows(shown)).to_have_count(SYSTEM_COUNT)
    expect(shown).not_to_have_url(re.compile("kind="))
    shown.fill("input[name=name]", "no such system")
    expect(shown.locator("#shown")).to_have_text("No system matches. Remove a filter.")
    expect(rows(shown)).to_have_count(0)
    visit.follow(partial(shown.click, "#everything"))
    expect(rows(shown)).to_have_count(SYSTEM_COUNT)


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
    wanted = [signs for row in every if (signs := [cell["sign"] for cell in row if matches(cell)])]
    found = rows(shown).evaluate_all(TEXTS)
    assert [len(row) for row in found] == [len(row) for row in wanted]
    assert found
    assert all(text.startswith(sign) for text, sign in zip(chain(*found), chain(*wanted), strict=True))
    expect(shown.locator("#shown")).to_contain_text("are empty")


def test_rows_are_sorted_by_name_by_decided_marks_and_by_any_column(visit: Visit) -> None:
    shown = visit.open(f"{LAW}?sort=name")
    names = [text.strip() for text in heads(shown).all_inner_texts()]
    assert names == sorted(names, key=str.casefold)
    shown.select_option("select[name=sort]", "decided")
    expect(heads(shown)).not_to_have_text(names)
    counts = rows(shown).evaluate_all(COUNTS)
    assert counts == sorted(counts, reverse=True)
    shown.get_by_role("button", name="Sort by 24 automated decisions").click()
    expect(shown).to_have_url(re.compile("sort=article-24"))
    expect(shown.locator("th[aria-sort]")).to_have_text(re.compile("^24"))
    expect(shown.locator("th[aria-sort]")).to_have_attribute("aria-sort", "ascending")
    marks = rows(shown).locator("td:nth-child(16)").evaluate_all("cells => cells.map((cell) => cell.className)")
    order = ["notMet", "notMetInterpreted", "partlyMet", "met", "notKnown", "inapplicable", "notAsked"]
    ranks = [order.index(mark) for mark in marks]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) > 2


def test_the_address_keeps_systems_principles_and_transposition_in_the_other_language(visit: Visit) -> None:
    shown = visit.open(f"{LAW}?{FIVE}&principles=article-24,article-25&transpose=1")
    expect(heads(shown)).to_have_text(["24 automated decisions", "25 no publication"])
    expect(columns(shown)).to_have_count(6)
    visit.follow(shown.locator("header > a[lang]").click)
    for part in ("/zh-Hans/", FIVE, "transpose=1"):
        expect(shown).to_have_url(re.compile(part))
    expect(rows(shown)).to_have_count(2)
    expect(heads(shown).first).to_contain_text("自动化决策")


@EACH_SIZE
@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "1 system and 1 principle shown. Not found: wuhan, x. The address has ids that this page does not know.",
        ),
        ("zh-Hans", "显示 1 个体系、1 项原则。未找到：wuhan、x。网址中有本页没有的标识。"),
    ],
)
def test_unknown_ids_in_the_address_are_reported(visit: Visit, language: str, said: str) -> None:
    address = "matrix/pipl-2021-full-text.html?systems=xiamen,wuhan&principles=article-17,x"
    shown = visit.open(f"{language}/{address}")
    expect(shown.locator("#shown")).to_contain_text(said)


def test_systems_are_chosen_from_a_list_of_boxes(visit: Visit) -> None:
    shown = visit.open("en/matrix/china-2019-full-text.html?sort=name")
    shown.locator("[data-of=systems] summary").click()
    shown.locator("input[name=systems][value=xiamen]").check()
    shown.locator("input[name=systems][value=shanghai]").check()
    expect(heads(shown)).to_have_text(["Shanghai", "Xiamen"])
    expect(shown).to_have_url(re.compile("systems=shanghai,xiamen"))
    visit.follow(partial(shown.click, "#beside"))
    expect(heads(shown).first).to_have_text(re.compile("^1 "))
    expect(columns(shown)).to_have_count(3)


def test_the_table_is_one_tab_stop_and_the_arrow_keys_move_in_it(visit: Visit) -> None:
    shown = visit.open(LAW)
    expect(shown.locator("table.matrix [tabindex='0']")).to_have_count(1)
    expect(shown.locator("table.matrix")).to_have_attribute("role", "grid")
    shown.locator("table.matrix [tabindex='0']").focus()
    expect(shown.locator("tr:not(.group) td:nth-child(2):is(:focus, :has(:focus))")).to_have_count(1)
    shown.keyboard.press("ArrowRight")
    shown.keyboard.press("ArrowDown")
    expect(shown.locator("tr:has(:focus) th")).to_have_text("Shanghai")
    expect(shown.locator("td:nth-child(3):is(:focus, :has(:focus))")).to_have_count(1)
    for _ in range(3):
        shown.keyboard.press("ArrowUp")  # moves the focus from the row of Xinjiang to the button that sorts
    expect(focused(shown)).to_have_attribute("aria-label", "Sort by 6 purpose and minimal scope")
    shown.keyboard.press("Control+End")
    expect(shown.locator("td:nth-child(34):last-child:is(:focus, :has(:focus))")).to_have_count(1)
    expect(shown.locator("table.matrix [tabindex='0']")).to_have_count(1)
    shown.keyboard.press("Home")
    visit.follow(partial(shown.keyboard.press, "Enter"))
    expect(shown).to_have_url(re.compile("/system/"))


@EACH_SIZE
def test_on_hover_and_focus_a_note_names_the_deciding_criteria_and_counts_sources(visit: Visit) -> None:
    shown = visit.open(f"{LAW}?systems=xinjiang&principles=article-5,article-9")
    note = shown.locator("#cell-note")
    shown.locator("td a").first.focus()
    expect(note).to_have_text(re.compile(r"not met on this reading.* Decided by: .*, on \d+ sources?\.$"))
    expect(shown.locator("td a").first).to_have_attribute("aria-describedby", "cell-note")
    shown.keyboard.press("Escape")
    expect(note).to_be_hidden()
    shown.locator("td.notKnown").hover()
    expect(note).to_contain_text("not known")
    note.hover()
    expect(note).to_be_visible()


@EACH_SIZE
def test_headings_and_group_names_stay_visible_while_the_table_scrolls(visit: Visit) -> None:
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


def test_every_choice_works_in_a_folder_without_a_server(new_page: NewPage, site: Path) -> None:
    shown = new_page()
    shown.goto(f"{(site / LAW).as_uri()}?{FIVE}")
    expect(rows(shown)).to_have_count(5)
    shown.goto(f"{(site / 'en' / 'compare.html').as_uri()}?{FIVE}&readings=gdpr-2016-full-text")
    expect(columns(shown)).to_have_count(6)


def test_without_a_script_the_table_is_whole_and_the_forms_are_hidden(new_page: NewPage, site: Path) -> None:
    shown = new_page(java_script_enabled=False)
    shown.goto((site / LAW).as_uri())
    expect(rows(shown)).to_have_count(SYSTEM_COUNT)
    expect(shown.locator("#choices")).to_be_hidden()
    expect(shown.locator("#take")).to_be_hidden()
    expect(shown.locator("noscript a")).to_have_attribute("href", "#other-views")


@EACH_SIZE
def test_six_systems_are_compared_under_two_laws_and_differences_are_shown(visit: Visit) -> None:
    shown = visit.open(f"en/compare.html?{FIVE},xinjiang&readings=pipl-2021-full-text,gdpr-2016-full-text")
    expect(columns(shown)).to_have_count(7)
    expect(shown.locator("tr.group")).to_have_count(2)
    show_choices(shown)
    shown.check("input[name=columns][value=readings]")
    expect(shown).to_have_url(re.compile("columns=readings"))
    expect(shown.locator("thead th")).to_have_count(3)
    expect(rows(shown)).to_have_count(6)  # the two laws share no principle
    visit.open("en/compare.html?columns=readings&readings=oecd-2019-full-text,oecd-2024-full-text&differing=1")
    expect(shown.locator("td.differs").first).to_be_visible()
    expect(shown.locator("tr.group").nth(1)).to_be_attached()
    show_choices(shown)
    shown.locator("[data-of=readings] summary").click()
    for box in shown.locator("input[name=readings]").all():
        box.uncheck()
    expect(shown.locator("#shown")).to_contain_text("Choose at least one system")
    expect(shown.locator("table.matrix")).to_be_hidden()


@EACH_SIZE
def test_headings_do_not_cover_the_cell_with_the_focus(visit: Visit) -> None:
    shown = visit.open(LAW)
    shown.locator(".both").evaluate("node => { node.scrollIntoView(); node.scrollTo(900, 900); }")
    shown.locator("tbody tr:nth-child(20) td a").last.focus()
    for key in ("ArrowUp",) * 14 + ("ArrowLeft",) * 14:
        shown.keyboard.press(key)
    cell, head, side, group = (
        shown.locator(place).first.bounding_box()
        for place in ("td:is(:focus, :has(:focus))", "thead", "tbody tr:nth-child(9) th", "tr.group th")
    )
    assert cell
    assert head
    assert side
    assert group
    assert cell["y"] >= group["y"] + group["height"] - 2 > head["y"] + head["height"]
    assert cell["x"] >= side["x"] + side["width"] - 2


def test_at_a_zoom_of_400_percent_headings_do_not_cover_the_table(visit: Visit) -> None:
    shown = visit.open(LAW)
    shown.set_viewport_size({"width": 320, "height": 256})
    box, frame = (shown.locator(place).bounding_box() for place in ("table.matrix", ".both"))
    assert box
    assert frame
    assert frame["height"] >= box["height"]
    assert shown.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
