"""A cell is cited and exported from the static site as a server gives it, from a web space and from a folder."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from scs_kg.site.book import Book
from scs_kg.site.exports import FORMS, forms
from scs_kg.site.pages import page
from tests.browser.conftest import Visit

CELLS = {
    "agrawal-2022/shenzhen": ("respect-for-privacy", "agile-governance"),
    "gdpr-2016-full-text/rongcheng": ("article-5", "article-16"),
}

pytestmark = pytest.mark.browser


def downloaded(shown: Page, principle: str, place: int) -> tuple[str, str]:
    """Press one of the buttons of a cell; return the name and the text of the file that it gives."""
    with shown.expect_download() as got:
        shown.locator(f"#{principle} .cite button").nth(place).click()
    return got.value.suggested_filename, Path(got.value.path()).read_text("utf-8")


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("folder", CELLS)
def test_the_buttons_of_a_cell_give_what_the_server_gives(visit: Visit, book: Book, folder: str, language: str) -> None:
    shown = visit.open(f"{language}/reading/{folder}.html")
    data = page(book, f"reading/{folder}").data
    explained = {found.principle.id: found for found, _, _ in data["explained"]}
    for principle in CELLS[folder]:
        expected = forms(data["view"].edition.dataset, explained[principle])
        for place, (_, ending) in enumerate(FORMS):
            name, text = downloaded(shown, principle, place)
            assert name == f"{folder.replace('/', '-')}-{principle}.{ending}"
            assert text == expected[ending]


def test_a_cell_is_cited_from_a_folder_without_a_server(browser: Browser, site: Path) -> None:
    shown = browser.new_page()
    shown.goto((site / "en" / "reading" / "agrawal-2022" / "shenzhen.html").as_uri())
    _, text = downloaded(shown, "respect-for-privacy", 0)
    assert text.startswith("@misc{scs-kg-agrawal-2022-shenzhen-respect-for-privacy,")
    shown.close()


def test_the_graph_of_a_cell_is_a_picture_of_its_own(visit: Visit, site: Path) -> None:
    shown = visit.open("zh-Hans/reading/agrawal-2022/shenzhen.html")
    link = shown.locator("#respect-for-privacy a[href$='.svg']")
    assert (link.get_attribute("href") or "").endswith("en/proof/agrawal-2022/shenzhen/respect-for-privacy.svg")
    drawn = (site / "en" / "proof" / "agrawal-2022" / "shenzhen" / "respect-for-privacy.svg").read_text("utf-8")
    assert drawn.count("<use") >= 4
