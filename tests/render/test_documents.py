"""Rendering: marks are words and signs, and all data is escaped."""

import csv
import io
import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from scs_kg.judging.matrix import compare
from scs_kg.model.matrix import Mark
from scs_kg.model.verdicts import OpenReason
from scs_kg.render.data import as_csv
from scs_kg.render.documents import GAP, LEAD, WHOLE, Terminal, as_document, as_text
from scs_kg.render.table import (
    MARKS,
    ON_PAPER,
    PAPER_MEANINGS,
    PARTLY_ON_PAPER,
    REASON_MEANINGS,
    REASONS,
    SCOPE_LETTERS,
    SCOPE_MEANINGS,
    Table,
    matrix_table,
)
from scs_kg.store import Dataset

HOSTILE = "<script>alert('1')</script> & $x_1$ 50% {a} \\b ~ ^ # | *b* `c` [d](e)"
table = Table(HOSTILE, ("row", HOSTILE), ((HOSTILE, HOSTILE), ("plain", "√ 1/2")), (HOSTILE,))
words = st.lists(st.sampled_from(["√", "沙盒", "public-cameras", "a", "e\u0301", "–"]), min_size=1, max_size=5).map(
    " ".join
)
cells = st.text(st.characters(exclude_characters="\r\n\x00", exclude_categories=["Cs"]))


class Collector(HTMLParser):
    """Collects tags and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record a tag."""
        self.tags.append(tag)
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        """Record a text."""
        self.words.append(data)


def test_html_escapes_hostile_text() -> None:
    collector = Collector()
    collector.feed(as_document(table, "html"))
    assert "script" not in collector.tags
    assert collector.words.count(HOSTILE) == 6
    assert {"caption", "th", "td", "main"} <= set(collector.tags)


def test_latex_special_characters_are_escaped() -> None:
    written = as_document(table, "latex")
    assert r"\$x\_1\$ 50\% \{a\} \textbackslash{}b \textasciitilde{} \textasciicircum{} \#" in written
    assert written.count(r" \\") == 3


def test_a_wide_latex_table_is_scaled_to_the_width_of_the_page() -> None:
    written = as_document(table, "latex")
    assert r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{\begin{tabular}" in written
    assert r"\end{tabular}}" in written


def test_markdown_special_characters_are_escaped() -> None:
    written = as_document(table, "markdown")
    assert "<script>" not in written.replace("\\<script\\>", "")
    rows = [line for line in written.splitlines() if line.startswith("|")]
    assert len(rows) == 4
    assert {line.replace("\\|", "").count("|") for line in rows} == {3}


@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1))
def test_csv_can_be_read_back_and_contains_no_formula(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(as_csv(rows), newline="")))
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
    assert not any(cell[:1] in {"=", "+", "@", "\t"} for row in read for cell in row)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_text_fits_the_terminal(judged: Dataset, width: int) -> None:
    written = as_text(matrix_table(compare(judged)), Terminal(width))
    assert max(map(len, written.splitlines())) <= width
    assert "\x1b" not in written


@given(st.lists(st.tuples(words, words, words), min_size=2, max_size=6))
def test_a_table_that_fits_is_drawn_as_rich_draws_it(rows: list[tuple[str, str, str]]) -> None:
    grid, written = Grid(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0)), io.StringIO()
    for name in rows[0]:
        grid.add_column(name)
    for row in rows[1:]:
        grid.add_row(*map(Text, row))
    Console(file=written, width=300).print(grid)
    expected = [line.rstrip() for line in written.getvalue().splitlines()]
    shown = as_text(Table("title", rows[0], tuple(rows[1:])), Terminal(300))
    assert shown.splitlines() == ["title", *expected]


def test_colour_only_repeats_the_marks(judged: Dataset) -> None:
    shown = matrix_table(compare(judged))
    colourful = as_text(shown, Terminal(120, color=True))
    assert "\x1b[32m" in colourful
    assert strip(colourful) == as_text(shown, Terminal(120))


def strip(text: str) -> str:
    """Remove colours and the spaces that they leave at line ends."""
    return "\n".join(line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", text).split("\n"))


def test_the_legend_explains_every_sign_and_reason() -> None:
    assert set(REASON_MEANINGS) == set(OpenReason)
    assert set(SCOPE_MEANINGS) == set(SCOPE_LETTERS)
    assert set(PAPER_MEANINGS) == {ON_PAPER, PARTLY_ON_PAPER}


@pytest.mark.parametrize("name", ["judged", "judged_world"])
def test_a_matrix_explains_the_signs_that_occur_in_it(request: pytest.FixtureRequest, name: str) -> None:
    matrix = compare(request.getfixturevalue(name))
    explained = {sign for group in matrix_table(matrix).legend for sign, _ in group}
    unknown = [cell for cell in matrix.cells if cell.mark is Mark.NOT_KNOWN]
    assert explained & set(MARKS.values()) == {MARKS[cell.mark] for cell in matrix.cells}
    assert explained & set(REASONS.values()) == {REASONS[cell.open_reason] for cell in unknown if cell.open_reason}
    letters = {SCOPE_LETTERS[scope] for cell in matrix.cells for scope in cell.scope if scope in SCOPE_LETTERS}
    assert explained & set(SCOPE_LETTERS.values()) == letters


def test_a_legend_is_in_columns_that_fit_the_terminal() -> None:
    table = Table(
        "t", ("a", "b"), (("1", "2"),), legend=((("√", "met"), ("(×)", "not met")), (("c", "a long meaning"),))
    )
    assert as_text(table, Terminal(40)).splitlines()[-2:] == ["√    met        (×)  not met", "c  a long meaning"]
    assert as_text(table, Terminal(14)).splitlines()[-4:] == ["√    met", "(×)  not met", "c  a long", "meaning"]


@given(
    width=st.integers(20, 160),
    columns=st.lists(
        st.sampled_from(["a", "bb bb", "controllability", "of-one-word-that-is-long"]), min_size=1, max_size=40
    ),
)
def test_no_column_of_a_table_is_lost_however_narrow_the_terminal(width: int, columns: list[str]) -> None:
    names = [f"{number}:{name}" for number, name in enumerate(columns)]
    shown = as_text(
        Table("t", tuple(names), (tuple(f"x{number}" for number in range(len(names))),), ()), Terminal(width)
    )
    assert max(map(cell_len, shown.splitlines())) <= max(width, LEAD + WHOLE + 2 * GAP)
    assert sorted(set(re.findall(r"\bx\d+\b", shown))) == sorted(f"x{number}" for number in range(len(names)))
    assert len(re.findall(r"\b\d+:", shown)) >= len(names)


@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_words_of_the_comparison_are_not_split(judged: Dataset, width: int) -> None:
    shown = set(as_text(matrix_table(compare(judged)), Terminal(width)).split())
    assert {"friendliness", "controllability", "unreported", "Shenzhen", "inclusiveness"} <= shown


@given(
    st.integers(30, 160),
    st.lists(
        st.tuples(st.from_regex(r"claim:[a-z][a-z-]{3,60}", fullmatch=True), words, words), min_size=1, max_size=4
    ),
)
@example(30, [("claim:aaaa", "√", "√"), ("claim:aaaaaaaaaa", "√", "public-cameras")])
def test_a_name_with_a_prefix_is_broken_only_if_it_is_wider_than_the_terminal(
    width: int, rows: list[tuple[str, str, str]]
) -> None:
    written = as_text(Table("", ("claim", "b", "c"), tuple(rows)), Terminal(width=width))
    for name, *_ in rows:
        assert name in written or cell_len(name) + 1 > width
    assert all(cell_len(line) <= width for line in written.splitlines())


def test_a_row_that_is_shown_as_a_list_has_all_cells_with_their_headings() -> None:
    names = Table("Claims", ("claim", "system", "说明"), (("claim:" + "x" * 50, "sys:" + "y" * 40, "字 " * 40),))
    lines = as_text(names, Terminal(width=80)).splitlines()
    assert lines[:4] == ["Claims", "", " claim:" + "x" * 50, "   system  sys:" + "y" * 40]
    assert lines[4].startswith("   说明    字 字")
    assert all(cell_len(line) <= 80 for line in lines)
