"""Main tasks of readers: from a mark to its source, two readings side by side, filters, search, queries."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import EACH_SIZE, NewPage, Visit, ready, show_choices
from tests.browser.work import drawing_times
from tests.conftest import SYSTEM_COUNT

pytestmark = pytest.mark.browser


@EACH_SIZE
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_reader_gets_from_the_matrix_to_a_source_in_two_clicks(visit: Visit, language: str) -> None:
    shown = visit.open(f"{language}/matrix/agrawal-2022.html")
    visit.follow(shown.locator("td.notMet a").first.click)
    expect(shown).to_have_url(re.compile("/reading/agrawal-2022/"))
    visit.follow(shown.locator("li > q ~ a[href*='/source/']").first.click)
    expect(shown.locator("li:target > q")).to_have_count(1)
    expect(shown.locator("main dl a[href^=http]").first).to_have_attribute("href", re.compile("https?://"))


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_two_readings_side_by_side_show_their_differences(visit: Visit, language: str) -> None:
    shown = visit.open(f"{language}/matrix/agrawal-2022.html")
    visit.follow(shown.locator("a[href*='beside/agrawal-2022/china-2019-full-text']").click)
    marked = len(shown.locator("td.differs").all())
    assert marked > 0
    expect(shown.locator("main > p").first).to_contain_text(str(marked))


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("xiamen", "Xiamen"),
        ("厦门", "Xiamen"),
        ("bailufen", "Xiamen"),
        ("egret", "Xiamen"),
        ("zunzhong yinsi", "respect for privacy"),
        ("appeal", "Which systems have no way to contest a decision?"),
        ("no-fly", "Travel ban lists"),
        ("HRW", "Human Rights Watch"),
    ],
)
def test_search_finds_names_texts_and_initials(visit: Visit, written: str, found: str) -> None:
    shown = visit.open("en/search.html")
    shown.fill("input[name=q]", written)
    expect(shown.locator("#found a").filter(has_text=found).first).to_be_visible()
    shown.fill("input[name=q]", "qqqqqq")
    expect(shown.locator("#status")).not_to_be_empty()


def test_search_is_fast_and_ranks_exact_names_first_and_reads_pinyin_from_the_first_syllable(
    new_page: NewPage, site: Path
) -> None:
    """The search works from a folder without a server."""
    shown = new_page()
    shown.goto((site / "zh-Hans" / "search.html").as_uri() + "?q=shanghai")
    ready(shown)
    expect(shown.locator("#found section:visible a").first).to_have_text("上海")
    expect(shown.locator("#found section[data-kind=principle]")).not_to_contain_text("不伤害")
    assert min(drawing_times(shown, ["show()"] * 5)) < 0.1


def test_a_query_of_the_library_runs_in_the_browser(visit: Visit) -> None:
    shown = visit.open("en/query.html")
    shown.select_option("select[name=question]", "coverage")
    shown.click("form p > button:not([type])")
    expect(shown.locator("#status")).to_have_text(f"{SYSTEM_COUNT} rows")
    expect(shown.locator("#answer tbody tr")).to_have_count(SYSTEM_COUNT)
    expect(shown.locator("#chart svg")).to_have_count(1)


def test_a_query_in_the_address_runs_at_once_and_needs_no_prefix_declarations(visit: Visit) -> None:
    query = "SELECT ?system (-5 AS ?number) { ?system a scs:SocialCreditSystem } ORDER BY ?system LIMIT 3"
    shown = visit.open(f"zh-Hans/query.html?query={quote(query)}")
    expect(shown.locator("#status")).to_have_text("3 行")
    expect(shown.locator("select[name=question]")).to_have_value("")
    expect(shown.locator("#answer tbody a[href^='system/']")).to_have_count(3)
    with shown.expect_download() as got:
        shown.click("#csv")
    assert re.search(r"^sys:\S+,-5\r?$", Path(got.value.path()).read_text("utf-8"), re.MULTILINE)
    shown.click("form p > button:not([type])")
    expect(shown.locator("#stop")).to_be_disabled()
    expect(shown.locator("#status")).to_have_text("3 行")
    (worker,) = shown.workers
    loaded = worker.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert [name.rpartition("/")[2] for name in loaded].count("graph.trig.gz") == 1, "the second query loaded the graph"


@pytest.mark.parametrize(
    ("language", "question", "parameter"),
    [
        ("en", "Which principles does a guideline have, and what do they require?", "guideline: the guideline"),
        ("zh-Hans", "指南有哪些原则，各有何要求？", "guideline: 指南；不填则为全部"),
    ],
)
def test_question_and_parameters_are_in_the_language_of_the_page(
    visit: Visit, language: str, question: str, parameter: str
) -> None:
    shown = visit.open(f"{language}/query.html?question=principles")
    expect(shown.locator("#question")).to_have_text(question)
    expect(shown.locator("#params label")).to_contain_text(parameter)


def test_the_address_names_the_query_of_the_library(visit: Visit) -> None:
    shown = visit.open("en/query.html")
    shown.select_option("select[name=question]", "coverage")
    expect(shown).to_have_url(re.compile(r"\?question=coverage$"))


def test_a_query_with_an_error_shows_only_the_error(visit: Visit) -> None:
    shown = visit.open("en/query.html?query=SELEKT")
    expect(shown.locator("#status")).to_contain_text("error")
    expect(shown.locator("#stop")).to_be_disabled()
    expect(shown.locator("#answer")).to_be_hidden()


def test_pages_work_without_javascript_and_server(new_page: NewPage, site: Path) -> None:
    shown = new_page(java_script_enabled=False)
    shown.goto((site / "en" / "matrix" / "agrawal-2022.html").as_uri())
    shown.locator("td.notMet a").first.click()
    shown.locator("main li > q ~ a[href*='/source/']").first.click()
    expect(shown.locator("main dl a[href^=http]")).not_to_have_count(0)
    expect(shown.locator("h1")).to_have_css("font-weight", re.compile("[67]00"))


def test_a_cell_can_be_cited_with_the_keyboard_alone(visit: Visit) -> None:
    shown = visit.open("en/reading/agrawal-2022/shenzhen.html")
    shown.locator("main h1 a").focus()
    for _ in range(40):
        shown.keyboard.press("Tab")
        if shown.evaluate("document.activeElement.textContent") == "BibTeX":
            break
    with shown.expect_download() as got:
        shown.keyboard.press("Enter")
    assert got.value.suggested_filename == "shenzhen.bib"


@EACH_SIZE
def test_filters_and_claim_form_are_reachable_with_the_keyboard_alone(visit: Visit) -> None:
    shown = visit.open("en/matrix/china-2019-full-text.html")
    show_choices(shown)
    for _ in range(20):
        shown.keyboard.press("Tab")
        if shown.evaluate("document.activeElement.name") == "name":
            break
    shown.keyboard.type("xiamen")
    expect(shown.locator("table.matrix tbody tr:visible:not(.group)")).to_have_count(1)
    visit.open("en/propose.html")
    reached = []
    for _ in range(40):
        shown.keyboard.press("Tab")
        reached.append(shown.evaluate("document.activeElement.name || document.activeElement.type || ''"))
    assert {"Claim.system", "Claim.finding", "Claim.locator", "submit"} <= set(reached)
