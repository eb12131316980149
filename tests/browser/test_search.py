"""The search page, opened from a folder that has only this page, its scripts and the index of the real data."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.html import html
from scs_kg.explorer.page import LANGUAGES
from scs_kg.explorer.router import page
from scs_kg.explorer.search_index import names_script, texts_script
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


@pytest.fixture
def search(browser: Browser, folder: Path) -> Iterator[Search]:
    """Return a function that searches in a language and returns the page with the results."""
    shown, wrong = browser.new_page(), list[str]()
    shown.on("pageerror", lambda error: wrong.append(str(error)))

    def opened(language: str, query: str) -> Page:
        shown.goto((folder / language / "search.html").as_uri())
        shown.wait_for_function("entries !== null")
        shown.fill("input[name=q]", query)
        return shown

    yield opened
    shown.close()
    assert not wrong


def first_links(shown: Page, count: int) -> list[str]:
    """Return the texts of the first results."""
    return shown.locator("#found section:visible > ul a").all_inner_texts()[:count]


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
    ],
)
def test_the_thing_that_was_meant_is_the_first_result(search: Search, language: str, query: str, found: str) -> None:
    assert first_links(search(language, query), 1) == [found]


def test_the_cells_of_a_system_under_a_law_are_a_whole_match(search: Search) -> None:
    shown = search("en", "Xiamen PIPL")
    expect(shown.locator("#status")).not_to_contain_text("No entry has all words")
    assert shown.locator("#found a").first.get_attribute("href") == "reading/pipl-2021-full-text/xiamen.html"


@pytest.mark.parametrize(("language", "query"), [("zh-Hans", "失信 亲属"), ("en", "blacklisted relatives zzzz")])
def test_entries_with_most_words_are_shown_if_none_has_all(search: Search, language: str, query: str) -> None:
    shown = search(language, query)
    assert first_links(shown, 1)
    expected = {"en": "No entry has all words", "zh-Hans": "没有包含全部词语的条目"}
    expect(shown.locator("#status")).to_contain_text(expected[language])


def test_initials_find_what_the_name_of_the_publisher_finds(search: Search) -> None:
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
def test_a_misspelt_name_brings_a_link_to_the_name(search: Search, query: str, similar: str) -> None:
    shown = search("zh-Hans", query)
    link = shown.locator("#similar a", has_text=similar).first
    expect(link).to_be_visible()
    link.click()
    expect(shown.locator("#found section:visible a").first).to_be_visible()
    expect(shown.locator("#similar")).to_be_hidden()


def test_a_query_without_any_match_takes_less_than_100_ms_with_the_words_of_all_names(search: Search) -> None:
    shown = search("en", "qqqqqqq wwwwwww")
    expect(shown.locator("#status")).to_have_text("Nothing matches.")
    taken = shown.evaluate(
        "(() => { known = null; const start = performance.now(); show(); return performance.now() - start; })()"
    )
    assert taken < 100
