"""The table on the screen as a file (CSV, XLSX, LaTeX, Markdown, SVG, PNG) and as a copy in the clipboard."""

import csv
import re
import struct
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

ADDRESSES = {
    "matrix": "matrix/pipl-2021-full-text.html?systems=xinjiang,shanghai&principles=article-5,article-24,article-25",
    "compare": "compare.html?systems=xinjiang,shanghai&readings=china-2019-full-text,oecd-2019-full-text",
}
EXTENSIONS = {"csv": "csv", "xlsx": "xlsx", "latex": "tex", "markdown": "md", "svg": "svg", "png": "png"}
PNG = b"\x89PNG\r\n\x1a\n"
COPY = """() => new Promise((resolve) => {
  const taken = {};
  const set = DataTransfer.prototype.setData;
  DataTransfer.prototype.setData = function (type, text) { taken[type] = text; return set.call(this, type, text); };
  document.querySelector('#take button[value="copy"]').click();
  setTimeout(() => { DataTransfer.prototype.setData = set; resolve(taken); });
})"""

pytestmark = pytest.mark.browser


def opened(visit: Visit, kind: str, language: str) -> Page:
    """Open a page with a table."""
    return visit.open(f"{language}/{ADDRESSES[kind]}")


def taken(shown: Page, form: str) -> bytes:
    """Click the button of a format; return the file."""
    with shown.expect_download() as got:
        shown.click(f"#take button[value={form}]")
    assert re.fullmatch(rf"scs-kg-[\w-]+-\d{{4}}-\d\d-\d\d\.{EXTENSIONS[form]}", got.value.suggested_filename)
    return Path(got.value.path()).read_bytes()


def signs(shown: Page) -> list[list[str]]:
    """Return the marks with their counts in each row of the table on the screen, without their words."""
    found: list[list[str]] = shown.locator("table.matrix tbody tr:not(.group)").evaluate_all(
        "rows => rows.map((row) => [...row.querySelectorAll('td')].map((td) => {"
        " const copy = td.cloneNode(true); copy.querySelectorAll('i').forEach((i) => i.remove());"
        " return copy.textContent; }))"
    )
    return found


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("kind", ADDRESSES)
def test_each_text_format_has_every_mark_and_how_to_cite_it(visit: Visit, kind: str, language: str) -> None:
    shown = opened(visit, kind, language)
    every = [sign for row in signs(shown) for sign in row]
    assert len(every) > 5
    version = shown.evaluate("SETTINGS.version")
    for form in ("csv", "markdown", "svg"):
        text = taken(shown, form).decode("utf-8-sig")
        assert all(text.count(sign) >= every.count(sign) for sign in every), form
        assert all(part in text for part in (f"scs-kg {version}", "systems=xinjiang,shanghai", "CC BY 4.0")), form
    latex = taken(shown, "latex").decode()
    assert latex.count(r"\\") == len(signs(shown)) + len(shown.locator("tr.group").all()) + 1
    assert latex.count("$\\times$") + latex.count("$\\circ$") > 1
    assert not re.search(r"(?<!\\)[%#_]|(?<![\\ ])&", latex.partition("\n")[2])


@pytest.mark.parametrize("kind", ADDRESSES)
def test_csv_begins_with_a_byte_order_mark_and_has_rows_of_one_length(visit: Visit, kind: str) -> None:
    shown = opened(visit, kind, "zh-Hans")
    found = taken(shown, "csv")
    assert found.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(found.decode("utf-8-sig").splitlines()))
    assert len({len(row) for row in rows}) == 1
    table = [row[1:] for row in rows if row[1:] in signs(shown)]
    assert table == signs(shown)


@pytest.mark.parametrize("kind", ADDRESSES)
@pytest.mark.filterwarnings("error")
def test_xlsx_is_a_workbook_with_the_table_and_its_metadata(visit: Visit, kind: str, tmp_path: Path) -> None:
    shown = opened(visit, kind, "en")
    (tmp_path / "taken.xlsx").write_bytes(taken(shown, "xlsx"))
    table, about = openpyxl.load_workbook(tmp_path / "taken.xlsx").worksheets
    rows = [[cell.value or "" for cell in row] for row in table.iter_rows()]
    assert [row[1:] for row in rows if row[1:] in signs(shown)] == signs(shown)
    assert table.freeze_panes == "B2"
    marks = [cell for row in table.iter_rows(min_row=2, min_col=2) for cell in row if cell.value and "×" in cell.value]
    assert marks
    assert all(cell.fill.fgColor.rgb in {"FFFAE1DD", "FFFBE6D0"} for cell in marks)
    facts = {row[0].value: row[1].value for row in about.iter_rows(min_row=2)}
    assert facts["Version"].startswith("scs-kg ")
    assert "systems=xinjiang,shanghai" in facts["Address"]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", facts[name]) for name in ("Date of the data", "Accessed"))
    assert facts["To cite"].count("scs-kg") >= 2


@pytest.mark.parametrize("kind", ADDRESSES)
def test_the_png_has_twice_the_size_of_the_svg(visit: Visit, kind: str) -> None:
    shown = opened(visit, kind, "zh-Hans")
    picture = ElementTree.fromstring(taken(shown, "svg"))  # noqa: S314  # written by the page of this project
    drawn = taken(shown, "png")
    assert drawn.startswith(PNG)
    width, height = struct.unpack(">II", drawn[16:24])
    assert (width, height) == (2 * float(picture.attrib["width"]), 2 * float(picture.attrib["height"]))


@pytest.mark.parametrize("kind", ADDRESSES)
def test_a_copied_table_keeps_marks_and_counts_as_text_and_as_html(visit: Visit, kind: str) -> None:
    shown = opened(visit, kind, "en")
    copied = shown.evaluate(COPY)
    rows = [line.split("\t")[1:] for line in copied["text/plain"].splitlines()]
    assert [row for row in rows if row in signs(shown)] == signs(shown)
    every = [sign for row in signs(shown) for sign in row]
    assert all(copied["text/html"].count(f">{sign}</td>") >= every.count(sign) for sign in every)
    expect(shown.locator("#take output")).to_have_text("The table is in the clipboard.")


def test_a_selection_copied_by_hand_has_marks_and_counts(visit: Visit) -> None:
    shown = opened(visit, "matrix", "en")
    text = shown.evaluate("(getSelection().selectAllChildren(document.querySelector('table')), String(getSelection()))")
    assert all(sign in text for row in signs(shown) for sign in row)
