"""Tests the comparison with the published table: the cells that the table determines, other cells, and differences."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scs_kg.analysis.published_table import Relation, compare_published, placements, relate
from scs_kg.judging.matrix import compare
from scs_kg.model.entity import Entity
from scs_kg.model.errors import EmptyInputError
from scs_kg.model.matrix import Matrix
from scs_kg.model.selection import Selection
from scs_kg.model.verdicts import Outcome
from scs_kg.render.data import as_csv
from scs_kg.render.published_table import published_table
from scs_kg.store import Dataset
from tests.conftest import TESTS

PASSED, FAILED = Outcome.PASSED, Outcome.FAILED
rows = st.lists(st.sampled_from([PASSED, FAILED, None]), min_size=1, max_size=6).map(tuple)


def test_the_comparison_with_table_1_equals_the_golden_file(judged: Dataset) -> None:
    table = published_table(compare_published(judged, compare(judged)))
    golden = (TESTS / "golden" / "published.csv").read_text("utf-8")
    assert as_csv((table.columns, *table.rows)).replace("\r\n", "\n") == golden


def test_no_row_differs_from_table_1_and_all_determined_rows_are_the_same(judged: Dataset) -> None:
    found = compare_published(judged, compare(judged))
    assert len(found.rows) == 8
    for row in found.rows:
        assert row.relation is (Relation.SAME if len(row.placements) == 1 else Relation.CONSISTENT)


@given(rows)
def test_a_row_is_consistent_with_its_own_marks(row: tuple[Outcome | None, ...]) -> None:
    marks = tuple(mark for mark in row if mark)
    possible = placements(marks, len(row))
    assert row in possible
    assert len(possible) == len(set(possible)) == comb(len(row), len(marks))
    assert relate(marks, row) is (Relation.SAME if len(possible) == 1 else Relation.CONSISTENT)


@given(rows, rows)
def test_a_row_differs_exactly_if_its_marks_do(
    one: tuple[Outcome | None, ...], other: tuple[Outcome | None, ...]
) -> None:
    marks = tuple(mark for mark in other if mark)
    if len(marks) <= len(one):
        differs = tuple(mark for mark in one if mark) != marks
        assert (relate(marks, one) is Relation.DIFFERENT) == differs


def test_the_reason_for_a_difference_names_the_cells(judged_world: Dataset) -> None:
    found = {row.principle.id: row for row in compare_published(judged_world, compare(judged_world)).rows}
    assert found["kindness"].relation is Relation.CONSISTENT
    assert found["freedom"].relation is Relation.DIFFERENT
    assert "Beta: published passed, derived failed" in found["freedom"].reason
    assert found["beauty"].relation is Relation.SAME


def test_a_reading_without_a_published_table_is_an_error(judged: Dataset) -> None:
    nowhere = Entity("none", "urn:none", "none")
    matrix = compare(judged)
    bare = Matrix(matrix.guideline, nowhere, Selection(), matrix.systems, matrix.principles, matrix.cells)
    with pytest.raises(EmptyInputError, match="no table was published for the reading"):
        compare_published(judged, bare)
