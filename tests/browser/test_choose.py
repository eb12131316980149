"""The fields that add systems, readings and principles by name, and the search field at the top of each page."""

import re
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import EACH_SIZE, NewPage, Visit, ready, show_choices

pytestmark = pytest.mark.browser

FIVE = ["Rongcheng", "Hangzhou", "Wuhu", "Suining", "Shanghai"]
HEADS = "#beside thead tr:first-child th:not(:first-child)"
SYSTEM_FIELD, SECOND_FIELD = ".choose input[type=search] >> nth=0", ".choose input[type=search] >> nth=1"
CHIPS = ".chips >> nth=0"


def wait_for_chosen(shown: Page, **lists: set[str]) -> None:
    """Wait until the address has exactly the ids of each list."""

    def has_all(url: str) -> bool:
        found = parse_qs(urlsplit(url).query)
        return all(set("".join(found.get(name, ())).split(",")) == ids for name, ids in lists.items())

    shown.wait_for_url(has_all)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", ", ".join(FIVE)),
        ("zh-Hans", "荣成，杭州、芜湖；睢宁，上海"),
        ("en", "rong cheng,hangzhou,芜湖,suin,上海"),
    ],
    ids=["English", "Chinese", "pinyin and beginnings"],
)
def test_five_own_systems_are_chosen_by_their_names_in_one_field(visit: Visit, language: str, written: str) -> None:
    shown = visit.open(f"{language}/compare.html")
    expect(shown.locator(HEADS)).to_have_count(5)
    shown.locator(SYSTEM_FIELD).click()
    shown.keyboard.type(written)
    shown.keyboard.press("Enter")
    for name in FIVE:
        expect(shown.locator(f"input[name=systems][value={name.lower()}]")).to_be_checked()
    expect(shown.locator(CHIPS).locator("li")).to_have_count(5)
    expect(shown.locator(HEADS)).to_have_count(5)
    wait_for_chosen(shown, systems={name.lower() for name in FIVE})
    visit.follow(shown.reload)
    expect(shown.locator(CHIPS).locator("li")).to_have_count(5)
    expect(shown.locator("input[name=systems][value=xinjiang]")).not_to_be_checked()


@EACH_SIZE
def test_hits_are_shown_while_a_name_is_written_and_enter_takes_the_first(visit: Visit) -> None:
    shown = visit.open("en/compare.html?systems=xiamen,shanghai")
    show_choices(shown)
    field = shown.locator(SYSTEM_FIELD)
    field.fill("suz")
    hits = shown.locator(".hits >> nth=0").locator("button")
    expect(hits.nth(1)).to_be_visible()
    first, second = hits.all_inner_texts()[:2]
    expect(shown.locator(".choose output").first).to_contain_text(first)
    field.press("Enter")
    expect(shown.locator(CHIPS)).to_contain_text(first)
    expect(hits).to_have_count(0)
    field.fill("suz")
    shown.locator(".hits button", has_text=second).click()
    expect(shown.locator(CHIPS).locator("li")).to_have_count(4)
    expect(field).to_be_focused()


@pytest.mark.parametrize(("language", "said"), [("en", "Nothing has this name: qqqq"), ("zh-Hans", "没有此名称：qqqq")])
def test_a_name_without_a_hit_is_reported_and_changes_nothing(visit: Visit, language: str, said: str) -> None:
    shown = visit.open(f"{language}/compare.html?systems=xiamen,shanghai")
    shown.locator(SYSTEM_FIELD).fill("qqqq,wuhu")
    shown.locator(SYSTEM_FIELD).press("Enter")
    expect(shown.locator(".choose output").first).to_have_text(said)
    expect(shown.locator(CHIPS).locator("li")).to_have_count(3)


def test_names_with_a_similar_spelling_are_suggested_for_a_name_without_a_hit(visit: Visit) -> None:
    shown = visit.open("en/compare.html?systems=xiamen,shanghai")
    shown.locator(SYSTEM_FIELD).fill("Rongcheg")
    shown.locator(SYSTEM_FIELD).press("Enter")
    expect(shown.locator(".choose output").first).to_contain_text("Nothing has this name: Rongcheg")
    shown.locator(".hits button", has_text="Rongcheng").click()
    expect(shown.locator(CHIPS)).to_contain_text("Rongcheng")
    expect(shown.locator(".choose output").first).to_have_text("")
    wait_for_chosen(shown, systems={"xiamen", "shanghai", "rongcheng"})


@EACH_SIZE
def test_chosen_systems_can_be_removed_one_by_one_or_all_at_once(visit: Visit) -> None:
    shown = visit.open("en/compare.html?systems=xiamen,shanghai,wuhu")
    show_choices(shown)
    shown.get_by_role("button", name="Remove: Shanghai").click()
    expect(shown.locator(HEADS)).to_have_count(2)
    shown.get_by_role("button", name="Clear all: Systems").click()
    expect(shown.locator(CHIPS).locator("li")).to_have_count(0)
    expect(shown.locator("#shown")).to_contain_text("Choose at least one system")
    expect(shown.locator(SYSTEM_FIELD)).to_be_focused()
    expect(shown).not_to_have_url(re.compile("systems="))


def test_a_reading_is_added_by_the_name_of_its_guideline_in_another_language(visit: Visit) -> None:
    shown = visit.open("en/compare.html")
    shown.locator(SECOND_FIELD).fill("GDPR")
    shown.locator(SECOND_FIELD).press("Enter")
    expect(shown.locator("#beside tr.group")).to_have_count(2)
    expect(shown.locator("input[name=systems]:checked")).to_have_count(5)
    expect(shown).to_have_url(re.compile("readings=.*gdpr-2016-full-text"))


READINGS = [
    "China's AI governance principles (2019), full text (China 2019)",
    "EU AI Act, article 5 as amended (2026), full text (EU AI Act 2026)",
]


def test_a_label_with_commas_is_one_name_and_its_first_part_can_be_another_name(visit: Visit) -> None:
    shown = visit.open("en/compare.html?systems=xiamen&readings=pipl-2021-full-text")
    field = shown.locator(SECOND_FIELD)
    field.click()
    shown.keyboard.type(", ".join(READINGS))
    shown.keyboard.press("Enter")
    chosen = {"pipl-2021-full-text", "china-2019-full-text", "eu-ai-act-2026-full-text"}
    wait_for_chosen(shown, readings=chosen)
    shown.keyboard.type("EU AI Act, GDPR")
    shown.keyboard.press("Enter")
    wait_for_chosen(shown, readings={*chosen, "eu-ai-act-2024-full-text", "gdpr-2016-full-text"})


def test_the_page_names_the_systems_beyond_the_sixth_that_are_not_added(visit: Visit) -> None:
    shown = visit.open("en/compare.html")
    shown.locator(SYSTEM_FIELD).fill("xiamen,wuhu,suining,suqian,wuxi,ningbo,yiwu,hangzhou,wuhu")
    shown.locator(SYSTEM_FIELD).press("Enter")
    expect(shown.locator("#shown.notice")).to_contain_text("Not added: Yiwu, Hangzhou.")
    expect(shown.locator(CHIPS).locator("li")).to_have_count(6)


PASTE = """(field, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def test_lines_and_cells_that_are_pasted_are_names(visit: Visit) -> None:
    shown = visit.open("en/compare.html?systems=xiamen")
    shown.locator(SYSTEM_FIELD).evaluate(PASTE, "Wuhu\nSuining\r\nWuxi\tNingbo\n")
    expect(shown.locator(SYSTEM_FIELD)).to_have_value("Ningbo")
    shown.locator(SYSTEM_FIELD).press("Enter")
    wait_for_chosen(shown, systems={"xiamen", "wuhu", "suining", "wuxi", "ningbo"})


def test_the_enter_key_of_an_input_method_chooses_no_name(visit: Visit) -> None:
    shown = visit.open("en/compare.html?systems=xiamen")
    field = shown.locator(SYSTEM_FIELD)
    field.fill("wuhu")
    field.evaluate("field => field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229 }))")
    expect(shown.locator(".hits >> nth=0").locator("button")).to_have_count(1)
    expect(field).to_have_value("wuhu")
    expect(shown.locator(CHIPS).locator("li")).to_have_count(1)


@EACH_SIZE
def test_a_long_name_without_a_hit_makes_the_page_no_wider(visit: Visit) -> None:
    shown = visit.open("en/compare.html?systems=xiamen,shanghai")
    show_choices(shown)
    shown.locator(SYSTEM_FIELD).fill("q" * 2000)
    shown.locator(SYSTEM_FIELD).press("Enter")
    expect(shown.locator(".choose output").first).to_contain_text("qqq")
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_names_that_could_not_be_loaded_are_loaded_at_the_next_use(new_page: NewPage, served: str) -> None:
    shown = new_page()
    shown.route("**/names.js", lambda route: route.abort())
    shown.goto(f"{served}/en/compare.html?systems=xiamen")
    ready(shown)
    shown.locator(SYSTEM_FIELD).fill("wuhu")
    expect(shown.locator(".choose output").first).to_contain_text("names.js")
    shown.unroute("**/names.js")
    shown.locator(SYSTEM_FIELD).press("Enter")
    wait_for_chosen(shown, systems={"xiamen", "wuhu"})


def test_the_systems_and_principles_of_a_matrix_are_chosen_by_name(visit: Visit) -> None:
    shown = visit.open("en/matrix/pipl-2021-full-text.html")
    shown.locator("#choices").evaluate("node => { node.open = true; }")
    for field, written in ((SYSTEM_FIELD, "厦门,wuhu"), (SECOND_FIELD, "17,自动化决策")):
        shown.locator(field).fill(written)
        shown.locator(field).press("Enter")
    expect(shown.locator("#shown")).to_contain_text("2 systems and 2 principles shown.")
    wait_for_chosen(shown, systems={"xiamen", "wuhu"}, principles={"article-17", "article-24"})


def test_the_rows_of_a_matrix_are_filtered_by_names_in_the_other_language(visit: Visit) -> None:
    shown = visit.open("en/matrix/pipl-2021-full-text.html?name=厦门")
    expect(shown.locator("tbody th[scope=row]")).to_have_count(1)
    expect(shown.locator("tbody th[scope=row]")).to_have_text("Xiamen")


@EACH_SIZE
@pytest.mark.parametrize(("language", "named"), [("en", "Xiamen"), ("zh-Hans", "厦门")])
@pytest.mark.parametrize("address", ["index", "system/xiamen", "guideline/china-2019/respect-for-privacy"])
def test_every_page_has_a_search_field_at_its_top(visit: Visit, address: str, language: str, named: str) -> None:
    shown = visit.open(f"{language}/{address}.html")
    field = shown.locator("header input[type=search]")
    expect(field).to_be_visible()
    field.fill(named)
    visit.follow(partial(field.press, "Enter"))
    expect(shown.locator("#found a").first).to_have_text(named)


def test_the_search_field_works_in_a_folder_without_a_server_or_scripts(new_page: NewPage, site: Path) -> None:
    shown = new_page(java_script_enabled=False)
    shown.goto(f"file://{site}/en/system/xiamen.html")
    shown.locator("header input[type=search]").fill("appeal")
    shown.locator("header input[type=search]").press("Enter")
    expect(shown).to_have_url(f"file://{site}/en/search.html?q=appeal")
    expect(shown.locator("#search")).to_be_visible()
