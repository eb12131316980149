"""The search page, opened from a folder that has only this page, its scripts and the index of the real data."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.html import html
from scs_kg.explorer.page import LANGUAGES
from scs_kg.explorer.router import page
from scs_kg.explorer.search_index import names_script, texts_script
from tests.browser.conftest import page_in, ready
from tests.browser.work import drawing_times
from tests.conftest import ROOT

pytestmark = pytest.mark.browser

Search = Callable[[str, str], Page]


@pytest.fixture(scope="module")
def folder(content: SiteContent, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the search page in each language."""
    target = tmp_path_factory.mktemp("search")
    shutil.copytree(ROOT / "scs_kg" / "explorer" / "static", target / "static")
    (target / "static" / "names.js").write_text(names_script(content), "utf-8")
    (target / "static" / "texts.js").write_text(texts_script(content), "utf-8")
    for language in LANGUAGES:
        (target / language).mkdir()
        (target / language / "search.html").write_text(html(content, page(content, "search"), language), "utf-8")
    return target


@pytest.fixture(scope="module")
def pages(browser: Browser, folder: Path) -> Iterator[dict[str, Page]]:
    """Return the search page in each language; loading it takes longer than a search."""
    wrong = list[str]()
    with browser.new_context() as context:
        opened = {language: page_in(context, wrong) for language in LANGUAGES}
        for language, shown in opened.items():
            shown.goto((folder / language / "search.html").as_uri())
        yield opened
    assert not wrong


@pytest.fixture
def search(pages: dict[str, Page]) -> Search:
    """Return a function that searches in a language and returns the page with the results."""

    def opened(language: str, query: str) -> Page:
        shown = ready(pages[language])
        shown.fill("input[name=q]", "")
        expect(shown.locator("#found section:visible")).to_have_count(0)
        shown.fill("input[name=q]", query)
        return shown

    return opened


def first_link(shown: Page) -> Locator:
    """Return the first result."""
    return shown.locator("#found section:visible > ul a").first


@pytest.mark.parametrize(
    ("language", "query", "found"),
    [
        ("en", "Xiamen PIPL", "Xiamen · full text (PIPL 2021)"),
        ("zh-Hans", "厦门 个人信息保护法", "厦门 · 全文解读（个人信息保护法2021）"),
        ("en", "PIPL", "China's Personal Information Protection Law (2021)"),
        ("zh-Hans", "个保法", "中国个人信息保护法（2021）"),
        ("zh-Hans", "上诉", "提出异议"),
        ("en", "SCHUFA", "SCHUFA (Germany)"),
        ("en", "FICO", "FICO scores (US)"),
        ("en", "HRW", "Human Rights Watch"),
        ("en", "Human Rights Watch", "Human Rights Watch"),
        ("en", "appeals", "contestation"),
        ("en", "no-fly", "Travel ban lists"),
        ("en", "Is Xiamen in breach of PIPL?", "Xiamen · full text (PIPL 2021)"),
        ("zh-Hans", "厦门个人信息保护法", "厦门 · 全文解读（个人信息保护法2021）"),
        ("zh-Hans", "厦门是否违反个保法", "厦门 · 全文解读（个人信息保护法2021）"),
        ("zh-Hans", "老赖", "失信被执行人名单"),
        ("zh-Hans", "没有申诉", "提出异议"),
    ],
)
def test_the_thing_that_was_meant_is_the_first_result(search: Search, language: str, query: str, found: str) -> None:
    expect(first_link(search(language, query))).to_have_text(found)


def test_the_cells_of_a_system_under_a_law_are_a_whole_match(search: Search) -> None:
    shown = search("en", "Xiamen PIPL")
    expect(shown.locator("#status")).not_to_contain_text("No entry has all words")
    expect(first_link(shown)).to_have_attribute("href", "reading/pipl-2021-full-text/xiamen.html")


@pytest.mark.parametrize(("language", "query"), [("zh-Hans", "失信 亲属 恐龙"), ("en", "blacklisted relatives zzzz")])
def test_entries_with_most_words_are_shown_if_none_has_all(search: Search, language: str, query: str) -> None:
    shown = search(language, query)
    expect(first_link(shown)).to_be_visible()
    expected = {"en": "No entry has all words", "zh-Hans": "没有包含全部词语的条目"}
    expect(shown.locator("#status")).to_contain_text(expected[language])


def test_a_statement_is_found_in_both_languages_on_chinese_pages(search: Search) -> None:
    for query in ("黑箱", "black box"):
        shown = search("zh-Hans", query)
        claims = shown.locator("#found section[data-kind=claim] li")
        expect(claims.filter(has_text="黑箱").first).to_be_visible()


def test_initials_find_the_same_as_the_name_of_the_publisher(search: Search) -> None:
    shown = search("en", "HRW")
    found = (
        "(query) => matches(entries, query, wordsOf(query), spelledOut.get(query) || []).map(([, one]) => one.address)"
    )
    by_name, by_initials = (set(shown.evaluate(found, query)) for query in ("human rights watch", "hrw"))
    assert len(by_name) > 40
    assert by_name <= by_initials


@pytest.mark.parametrize(
    ("query", "similar"),
    [
        ("xinjang", "Xinjiang"),
        ("Shanghia", "Shanghai"),
        ("Xiamn", "Xiamen"),
        ("shcufa", "SCHUFA"),
        ("荣城", "荣成"),
        ("Xiamn PIPL", "Xiamen pipl"),
    ],
)
def test_a_misspelt_name_gives_a_link_to_the_correct_name(search: Search, query: str, similar: str) -> None:
    shown = search("zh-Hans", query)
    link = shown.locator("#similar a", has_text=similar).first
    expect(link).to_be_visible()
    with shown.expect_event("load"):
        link.click()
    ready(shown)
    expect(shown.locator("#found section:visible a").first).to_be_visible()
    expect(shown.locator("#similar")).to_be_hidden()


def test_a_query_that_matches_nothing_takes_less_than_100_ms_although_all_names_are_split(search: Search) -> None:
    shown = search("en", "qqqqqqq wwwwwww")
    expect(shown.locator("#status")).to_have_text("Nothing matches.")
    assert min(drawing_times(shown, ["known = null; show()"] * 5)) < 0.1
