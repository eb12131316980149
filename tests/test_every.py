"""A test of many cases fails with the failures of all of them."""

from pathlib import Path

import pytest

from tests.support.every import every


@every(("left", "right"), [(1, 2), (3, 4)])
def test_each_case_is_tested_with_the_fixtures(left: int, right: int, tmp_path: Path) -> None:
    assert left + 1 == right
    (tmp_path / str(left)).touch(exist_ok=False)


def test_the_failures_of_all_cases_are_listed() -> None:
    @every("case", [1, 2, 3, 4])
    def is_even(case: int) -> None:
        if case == 3:
            raise ValueError("three")
        assert case % 2 == 0

    with pytest.raises(pytest.fail.Exception, match=r"^2 of 4 cases fail\s+1: [^\0]*assert [^\0]*\s3: [^\0]*three"):
        is_even()


def test_an_empty_list_of_cases_is_a_failure() -> None:
    with pytest.raises(AssertionError, match="there is no case"):
        every("case", [])(print)()
