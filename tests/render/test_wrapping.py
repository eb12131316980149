"""Wrapping: no line is wider than the terminal, no text is lost, and no line begins with closing punctuation."""

import textwrap

from hypothesis import given
from hypothesis import strategies as st

from scs_kg.render.wrapping import columns, fill

WORDS = st.lists(st.sampled_from(["体系", " agrawal-2022 ", "，", "。", "符合", " a "]), min_size=1, max_size=40)


@given(WORDS.map("".join), st.integers(20, 60), st.integers(0, 6))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: int, indent: int) -> None:
    found = fill("体" + text, width, " " * indent).splitlines()
    assert all(columns(line) <= width + 2 * line.count("，") + 2 * line.count("。") for line in found)
    assert "".join("".join(found).split()) == "".join(("体" + text).split())


@given(st.lists(st.sampled_from(["体系", "标记", "，", "。"]), min_size=2, max_size=60).map("".join))
def test_no_line_begins_with_closing_punctuation(text: str) -> None:
    assert not any(line.startswith(("，", "。")) for line in fill("主张" + text, 24).splitlines())


@given(
    st.lists(st.sampled_from(["体系", "标记", "（31）", "“a”", "“甲”", "（乙）"]), min_size=2, max_size=60).map("".join)
)
def test_no_line_ends_with_opening_punctuation(text: str) -> None:
    assert not any(line.endswith(("（", "“")) for line in fill("主张" + text, 24).splitlines())


@given(st.lists(st.sampled_from(["a", "bb-bb", "claims,"]), max_size=40).map(" ".join), st.integers(10, 60))
def test_english_is_wrapped_as_the_standard_library_wraps_it(text: str, width: int) -> None:
    assert fill(text, width, "  ") == textwrap.fill(text, width, initial_indent="  ", subsequent_indent="  ")


def test_a_chinese_character_takes_two_columns() -> None:
    assert (columns("abc"), columns("标记"), columns("√ 1/3")) == (3, 4, 5)
