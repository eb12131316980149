"""The citations and exports of a cell: equal on the static site and on a server, over HTTP and from a folder."""

import tarfile
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from scs_kg.explorer.cell_exports import ARCHIVE_FORMS, cell_files
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.router import page
from scs_kg.model.matrix import Mark
from scs_kg.model.version import __version__
from scs_kg.render.citation import AUTHOR
from scs_kg.render.table import marked
from scs_kg.store.ontology_header import release_date
from tests.browser.conftest import EACH_SIZE, NewPage, Visit

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
    publisher = data["view"].edition.publisher
    expected = cell_files(publisher, explained[principle])
    name, path = downloaded(shown, "main a[href$='.bib']")
    assert name == f"{folder.partition('/')[2]}.bib"
    marked_cells = [found for found in explained.values() if found.cell.mark is not Mark.NOT_KNOWN]
    assert path.read_text("utf-8") == "".join(cell_files(publisher, found)["bib"] for found in marked_cells)
    visit.open(f"{language}/reading/{folder.partition('/')[0]}.html")
    name, path = downloaded(shown, "main a[href$='.tar.xz']")
    assert name == "cell.tar.xz"
    with tarfile.open(path, "r:xz") as files:
        for _, ending in ARCHIVE_FORMS:
            held = files.extractfile(f"{folder}/{principle}.{ending}")
            assert held
            assert held.read().decode() == expected[ending]


def test_a_cell_is_cited_from_a_folder_without_a_server_or_a_script(new_page: NewPage, site: Path) -> None:
    shown = new_page(java_script_enabled=False)
    start = (site / "en" / "reading" / "agrawal-2022" / "shenzhen.html").as_uri()
    shown.goto(start)  # a browser shows local files instead of saving them
    shown.locator("main a[href$='.bib']").click()
    expect(shown.locator("pre")).to_contain_text("scs-kg-agrawal-2022-shenzhen-respect-for-privacy")
    shown.goto((site / "en" / "reading" / "agrawal-2022.html").as_uri())
    name, path = downloaded(shown, "main a[href$='.tar.xz']")
    assert name == "cell.tar.xz"
    assert path.read_bytes() == (site / name).read_bytes()


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_cell_has_a_citation_with_mark_version_date_address_and_date_of_access(
    visit: Visit, content: SiteContent, language: str
) -> None:
    address = "reading/pipl-2021-full-text/xiamen"
    built = page(content, address)
    shown = visit.open(f"{language}/{address}.html")
    cells = {cell.explanation.principle.id: cell.explanation.cell for cell in built.data["cells"] if not cell.is_listed}
    assert {cell.mark for cell in cells.values()} >= {Mark.PARTLY_MET, Mark.NOT_KNOWN}
    expect(shown.locator("section[id] > p > cite")).to_have_count(len(cells))
    today = shown.locator("footer cite time").inner_text()
    for principle, cell in cells.items():
        section = shown.locator(f"section#{principle}")
        text = section.locator("cite").inner_text()
        title = shown.title().removesuffix(" · scs-kg")
        url = f"https://w3id.org/scs-kg/{language}/{address}.html#{principle}"
        parts = (AUTHOR, title, str(section.locator("h2 a").text_content()), marked(cell), f"scs-kg {__version__}")
        assert [part for part in (*parts, release_date(content.source), url, today) if part not in text] == []


@pytest.mark.parametrize(("language", "copy"), [("en", "Copy"), ("zh-Hans", "复制")])
def test_a_citation_is_copied_by_one_click(visit: Visit, language: str, copy: str) -> None:
    shown = visit.open(f"{language}/reading/agrawal-2022/shenzhen.html")
    shown.evaluate("document.addEventListener('copy', () => { window.taken = String(getSelection()); })")
    for part in (shown.locator("section#respect-for-privacy"), shown.locator("footer")):
        expect(part.locator("button.copy")).to_have_text(copy)
        part.locator("button.copy").click()
        expect(part.locator("button.copy")).to_have_text(f"{copy} ✓")
        cited = part.locator("cite").inner_text()
        assert shown.evaluate("taken") == cited


BRANCHES = """(found) => found.map((branch) => {
  const line = getComputedStyle(branch, "::before"), parent = branch.parentElement.closest("li, section");
  const trunk = parseFloat(line.borderLeftWidth), edge = (element) => element.getBoundingClientRect().left;
  return trunk > 0 && line.borderLeftStyle === "solid" && edge(branch) + parseFloat(line.left) >= edge(parent);
})"""
"""Return whether each branch has a line that begins within the thing above it."""


@EACH_SIZE
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize(("media", "colours"), [("print", "none"), ("screen", "active")])
def test_a_proof_has_lines_and_shapes_on_paper_and_in_forced_colours(
    visit: Visit, language: str, media: Literal["print", "screen"], colours: Literal["none", "active"]
) -> None:
    shown = visit.open(f"{language}/reading/pipl-2021-full-text/fico.html")
    shown.emulate_media(media=media, forced_colors=colours)
    branches = shown.locator("section > section, section li").evaluate_all(BRANCHES)
    assert len(branches) > 50
    assert all(branches)
    edges = shown.evaluate(
        """() => ["passed", "failed"].map((outcome) => {
          const found = getComputedStyle(document.querySelector(`section > h3 > b.${outcome}`));
          return found.borderTopLeftRadius + found.borderTopWidth;
        })"""
    )
    assert len(set(edges)) == 2
    assert shown.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_proof_has_a_way_back_to_all_cells(visit: Visit) -> None:
    shown = visit.open("en/reading/pipl-2021-full-text/rongcheng.html#article-7")
    shown.locator("#article-7 > p > a[href='#']").click()
    shown.wait_for_function("scrollY === 0")
    expect(shown.locator("a[href='#article-7']")).to_have_count(1)
