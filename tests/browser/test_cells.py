"""The citations and exports of a cell: equal on the static site and on a server, over HTTP and from a folder."""

import tarfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from scs_kg.explorer.cell_exports import ARCHIVE_FORMS, SINGLE_FORMS, cell_files
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.router import page
from tests.browser.conftest import Visit

CELLS = {"agrawal-2022/shenzhen": "respect-for-privacy", "gdpr-2016-full-text/rongcheng": "article-16"}

pytestmark = pytest.mark.browser


def downloaded(shown: Page, link: str) -> tuple[str, Path]:
    """Follow a download link; return the suggested file name and the path of the file."""
    with shown.expect_download() as got:
        shown.locator(link).first.click()
    return got.value.suggested_filename, Path(got.value.path())


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("folder", CELLS)
def test_the_downloads_of_a_cell_equal_those_of_the_server(
    visit: Visit, content: SiteContent, folder: str, language: str
) -> None:
    shown = visit.open(f"{language}/reading/{folder}.html")
    data = page(content, f"reading/{folder}").data
    explained = {cell.explanation.principle.id: cell.explanation for cell in data["cells"]}
    principle = CELLS[folder]
    expected = cell_files(data["view"].edition.dataset, explained[principle])
    for _, ending in SINGLE_FORMS:
        name, path = downloaded(shown, f"#{principle} a[href$='.{ending}']")
        assert name == f"{principle}.{ending}"
        assert path.read_text("utf-8") == expected[ending]
    visit.open(f"{language}/reading/{folder.partition('/')[0]}.html")
    name, path = downloaded(shown, "main a[href$='.tar.xz']")
    assert name == f"{folder.partition('/')[0]}.tar.xz"
    with tarfile.open(path, "r:xz") as files:
        for _, ending in ARCHIVE_FORMS:
            held = files.extractfile(f"{folder}/{principle}.{ending}")
            assert held
            assert held.read().decode() == expected[ending]


def test_a_cell_is_cited_from_a_folder_without_a_server_or_a_script(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    shown = context.new_page()
    start = (site / "en" / "reading" / "agrawal-2022" / "shenzhen.html").as_uri()
    for _, ending in SINGLE_FORMS:  # a browser shows local files instead of saving them
        shown.goto(start)
        shown.locator(f"#respect-for-privacy a[href$='.{ending}']").click()
        expect(shown.locator("pre")).to_contain_text("scs-kg-agrawal-2022-shenzhen-respect-for-privacy")
    shown.goto((site / "en" / "reading" / "agrawal-2022.html").as_uri())
    name, path = downloaded(shown, "main a[href$='.tar.xz']")
    assert name == "agrawal-2022.tar.xz"
    assert path.read_bytes() == (site / "cell" / name).read_bytes()
    context.close()
