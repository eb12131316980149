"""The similarity of names is that of the standard library, or 0 if an upper bound is too low."""

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scs_kg.model.likeness import likeness_to

NAMES = st.text("abc 厦门", max_size=8)


@given(NAMES, st.lists(NAMES, min_size=1, max_size=5), st.sampled_from([0.0, 0.5, 0.6]))
def test_a_similarity_above_the_limit_equals_that_of_the_standard_library(
    text: str, names: list[str], least: float
) -> None:
    likeness = likeness_to(text, least)
    for name in names:
        ratio = SequenceMatcher(None, text, name, autojunk=False).ratio()
        assert likeness(name) in ({ratio} if ratio >= least else {0.0, ratio})


def test_a_name_without_a_common_character_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SequenceMatcher, "ratio", None)
    assert likeness_to("abc", 0.5)("xyz") == 0.0
    assert likeness_to("abc", 0.5)("abcdefghijkl") == 0.0
