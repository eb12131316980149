"""Phrases that count cells: singular and plural, in both languages."""

import pytest

from scs_kg.explorer.counted import COUNTING_ORDER, counted
from scs_kg.explorer.i18n import words
from scs_kg.model.matrix import Mark


@pytest.mark.parametrize(
    ("mark", "count", "said", "english", "chinese"),
    [
        (Mark.MET, 57, "met", "57 are met", "57 个met"),
        (Mark.NOT_MET, 1, "not met", "1 is not met", "1 个not met"),
        (Mark.NOT_KNOWN, 1266, "not known", "1,266 are not known", "1,266 个not known"),
        (Mark.INAPPLICABLE, 1, "does not apply", "1 does not apply", "1 个does not apply"),
        (Mark.INAPPLICABLE, 2, "does not apply", "2 do not apply", "2 个does not apply"),
    ],
)
def test_a_count_is_a_phrase_in_singular_or_plural(
    mark: Mark, count: int, said: str, english: str, chinese: str
) -> None:
    assert counted(mark, count, said, words("en")["counted"]) == english
    assert counted(mark, count, said, words("zh-Hans")["counted"]) == chinese


def test_every_mark_has_a_place_in_the_order_of_counts() -> None:
    assert sorted(COUNTING_ORDER) == sorted(Mark)
