"""Chinese pages show the translation of an English text if the data has one, and otherwise the English text."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from scs_kg import store
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.html import html
from scs_kg.explorer.router import page
from scs_kg.explorer.search_index import search_texts
from scs_kg.explorer.translated_texts import COLUMNS, FOLDER, read_translations
from scs_kg.model.errors import BadFileError
from scs_kg.store.csv_table import table_rows
from scs_kg.store.query_library import row_text
from tests.conftest import ROOT
from tests.support.asgi import site_content

HEADER = ",".join(COLUMNS)
STATEMENT = "Alpha gives cake to singers."
TRANSLATION = "甲体系向歌手发放蛋糕。"
SOURCE = "source/book-2001"
FILE_NAME = re.compile(r"[^，。；：、“”（）《》\s]*\.(?:md|csv|yaml|json)")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?()]|[,;!?(][\u4e00-\u9fff]")


def write(root: Path, name: str, *lines: str) -> Path:
    """Write a catalogue of Chinese translations with these lines."""
    path = root / FOLDER / "zh-Hans" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((*lines, "")), "utf-8")
    return path


def test_only_the_chinese_page_shows_a_translation(world: Path) -> None:
    write(world, "tales.csv", HEADER, f"{STATEMENT},{TRANSLATION}")
    content = site_content(world)
    chinese, english = (html(content, page(content, SOURCE), language) for language in ("zh-Hans", "en"))
    assert f"<q>{TRANSLATION}</q>" in chinese
    assert STATEMENT not in chinese
    assert f"<q>{STATEMENT}</q>" in english
    assert TRANSLATION not in english


def test_an_english_text_that_changed_has_no_translation(world: Path) -> None:
    write(world, "tales.csv", HEADER, f"{STATEMENT.replace('cake', 'a cake')},{TRANSLATION}")
    content = site_content(world)
    assert f'<q lang="en">{STATEMENT}</q>' in html(content, page(content, SOURCE), "zh-Hans")


def test_a_chinese_page_says_if_a_statement_is_in_english(world: Path, content: SiteContent) -> None:
    notice = "本页部分证据陈述或条款说明目前只有英文版。"
    assert notice in html(content, page(content, SOURCE), "zh-Hans")
    assert notice not in html(content, page(content, "systems"), "zh-Hans")
    assert "only in English" not in html(content, page(content, SOURCE), "en")
    statements = {row_text(row, "statement") for row in content.rows["claims"]}
    write(world, "tales.csv", HEADER, *(f'"{text}",译文。' for text in sorted(statements)))
    translated = site_content(world)
    assert notice not in html(translated, page(translated, SOURCE), "zh-Hans")


def test_the_search_index_has_both_languages(world: Path) -> None:
    write(world, "tales.csv", HEADER, f"{STATEMENT},{TRANSLATION}")
    claims = search_texts(site_content(world))["claims"]
    entries: list[list[str]] = [entry for found in claims.values() for entry in found]
    assert {tuple(entry[3:]) for entry in entries if STATEMENT in entry} == {(STATEMENT, TRANSLATION)}
    assert {len(entry) for entry in entries if STATEMENT not in entry} == {4}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["english,chinese", "a,甲"], "must have the columns english,translation"),
        ([HEADER, "a,"], "has an empty cell; write the English text and its translation"),
        ([HEADER, "a,甲", "b,乙", "a,丙"], "repeats an English text; keep one translation of it"),
        ([HEADER, "a"], "has 1 cells; write one for each column"),
    ],
)
def test_a_wrong_catalogue_is_refused(world: Path, lines: list[str], message: str) -> None:
    path = write(world, "tales.csv", *lines)
    with pytest.raises(BadFileError) as refused:
        read_translations(world, "zh-Hans")
    assert (refused.value.file, refused.value.reason) == (str(path), message)


def test_an_english_text_has_one_translation_in_all_catalogues(world: Path) -> None:
    write(world, "one.csv", HEADER, "a,甲")
    write(world, "two.csv", HEADER, "a,乙")
    with pytest.raises(BadFileError, match="repeats an English text"):
        read_translations(world, "zh-Hans")


def test_a_project_without_catalogues_has_no_translations(world: Path) -> None:
    assert read_translations(world, "zh-Hans") == {}


@pytest.fixture(scope="module")
def chinese(real_content: SiteContent) -> Mapping[str, str]:
    """Return the translations of the real data."""
    assert len(real_content.chinese) > 500
    return real_content.chinese


def test_each_translated_text_is_in_the_data(real_content: SiteContent, chinese: Mapping[str, str]) -> None:
    texts = {store.text(quad.object) for quad in real_content.source.quads}
    assert set(chinese) - texts == set()


def test_translations_are_chinese_with_full_width_punctuation(chinese: Mapping[str, str]) -> None:
    assert [text for text in chinese.values() if not re.search(r"[\u4e00-\u9fff]", text)] == []
    assert [text for text in chinese.values() if HALF_WIDTH.search(FILE_NAME.sub("", text))] == []
    sentences = [text for english, text in chinese.items() if re.search(r"(?<!\bpara)(?<!\bparas)\.$", english)]
    assert [text for text in sentences if text[-1] not in "。”）"] == []


def test_catalogues_are_sorted_by_the_english_text() -> None:
    for path in sorted((ROOT / FOLDER).glob("*/*.csv")):
        texts = [row["english"] for _line, row in table_rows(path, COLUMNS)]
        assert texts == sorted(texts), path.name
