"""Translations are read from catalogues; each translation is Chinese, and its English text is in the data."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from scs_kg import store
from scs_kg.model.errors import BadFileError
from scs_kg.render.translated_texts import COLUMNS, FOLDER, read_translations
from scs_kg.store import Dataset
from scs_kg.store.csv_table import table_rows
from tests.conftest import ROOT

HEADER = ",".join(COLUMNS)
FILE_NAME = re.compile(r"[^，。；：、“”（）《》\s]*\.(?:md|csv|yaml|json)")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?()]|[,;!?(][\u4e00-\u9fff]")


def write(root: Path, name: str, *lines: str) -> Path:
    """Write a catalogue of Chinese translations with these lines."""
    path = root / FOLDER / "zh-Hans" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((*lines, "")), "utf-8")
    return path


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["english,chinese", "a,甲"], "must have the columns english,translation"),
        ([HEADER, "a,"], "has an empty cell; write the English text and its translation"),
        ([HEADER, "a,甲", "b,乙", "a,丙"], "repeats an English text; keep one translation of it"),
        ([HEADER, "a"], "the number of cells is 1; write one for each column"),
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
def chinese() -> Mapping[str, str]:
    """Return the translations of the real data."""
    found = read_translations(ROOT, "zh-Hans")
    assert len(found) > 500
    return found


def test_each_translated_text_is_in_the_data(opened: Dataset, chinese: Mapping[str, str]) -> None:
    texts = {store.text(quad.object) for quad in opened.quads}
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
