"""Judges the changed cells of an edition again, to find the sign for rules and the scope of their marks."""

from collections.abc import Callable, Mapping
from functools import cache

from scs_kg.judging.cells import decide_cell
from scs_kg.judging.judged import judge_dataset
from scs_kg.judging.principles import PrincipleCriteria, read_principle_criteria
from scs_kg.judging.state import JudgedState
from scs_kg.model.matrix import Cell
from scs_kg.store import Dataset

Key = tuple[str, str, str]
"""The IRIs of the reading, the principle and the system of a cell."""
Judged = Callable[[Key], Cell]


def judged_cells(dataset: Dataset) -> Judged:
    """Return a function that judges a cell of an edition; the edition is read when the function is first called."""

    @cache
    def read() -> tuple[JudgedState, Mapping[tuple[str, str], PrincipleCriteria]]:
        principles = {(one.choice.reading.iri, one.principle.iri): one for one in read_principle_criteria(dataset)}
        return judge_dataset(dataset), principles

    def cell(key: Key) -> Cell:
        (state, principles), (reading, principle, system) = read(), key
        judged = state.system_states[system]
        return decide_cell(principles[reading, principle], system, judged.by_test, judged.claims)

    return cell
