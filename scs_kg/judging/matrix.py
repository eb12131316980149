"""Compares systems with a guideline: puts the verdicts on the criteria of one reading together as a matrix."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from scs_kg.judging.applicability import read_applicability
from scs_kg.judging.cells import decide_cell
from scs_kg.judging.judged import JudgedSelection, judge_selection
from scs_kg.judging.objections import objections
from scs_kg.judging.principles import principle_criteria
from scs_kg.judging.readings import ReadingChoice, choose_reading
from scs_kg.model.entity import Entity
from scs_kg.model.matrix import Cell, Matrix
from scs_kg.model.selection import Selection
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_text


def compare(dataset: Dataset, choice: ReadingChoice | None = None, selection: Selection | None = None) -> Matrix:
    """Judge an opened dataset by a selection, and compare its systems with one guideline under one reading.

    By default the reading is the first, and every claim counts. The dataset does not change.

    Raises:
        UnknownNameError: the selection names a source, a dataset or a system that does not exist.
        EmptyInputError: there is no reading, or nothing is left to judge.
    """
    return compare_judged(judge_selection(dataset, selection), choice or choose_reading(dataset, None, None))


def compare_judged(judged: JudgedSelection, choice: ReadingChoice) -> Matrix:
    """Return the comparison of judged systems with one guideline under one reading."""
    principles = principle_criteria(judged.dataset, [choice])
    states = {system.iri: judged.state.system_states[system.iri] for system in judged.systems}
    verdicts = {system: state.by_test for system, state in states.items()}
    scope = judged.selected.selection.scope
    cells = tuple(
        decide_cell(principle, system, verdicts[system], state.claims, scope)
        for principle in principles
        for system, state in states.items()
    )
    return Matrix(
        guideline=choice.guideline,
        reading=choice.reading,
        selection=judged.selected.selection,
        systems=judged.systems,
        principles=tuple(principle.principle for principle in principles),
        cells=cells,
        applicability=read_applicability(judged.dataset, choice.guideline, judged.systems),
        objections=objections_note(judged.dataset, choice.reading, cells),
    )


def selection_for(choice: ReadingChoice, selection: Selection) -> Selection:
    """Return the selection with the dataset that the reading was written for, unless the selection names datasets."""
    if selection.datasets or not choice.written_for:
        return selection
    return replace(selection, datasets=(choice.written_for,))


def judge_for_reading(
    dataset: Dataset, guideline: str | None, reading: str | None, selection: Selection
) -> tuple[JudgedSelection, Matrix]:
    """Judge an opened dataset by a selection, and compare its systems with a guideline under a reading.

    A reading brings the dataset that it was written for, unless the selection names datasets (``all`` for every one).

    Raises:
        UnknownNameError: there is no such guideline, reading, dataset, system or source.
        EmptyInputError: nothing is left to judge.
    """
    choice = choose_reading(dataset, guideline, reading)
    judged = judge_selection(dataset, selection_for(choice, selection))
    return judged, compare_judged(judged, choice)


def judge_and_compare(dataset: Dataset, guideline: str | None, reading: str | None, selection: Selection) -> Matrix:
    """Return the matrix of ``judge_for_reading``, with the same errors."""
    return judge_for_reading(dataset, guideline, reading, selection)[1]


def objections_note(dataset: Dataset, reading: Entity, cells: Iterable[Cell]) -> str:
    """Say in a sentence how many objections concern the claims, criteria or provisions of cells; empty if none do."""
    by_object = objections(dataset)
    if not by_object:
        return ""
    provisions: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in query_library.rows(dataset, "provisions", reading=reading.iri):
        provisions[row_text(row, "principle"), row_text(row, "criterion")].add(row_text(row, "provision"))
    affected, found = 0, set()
    for cell in cells:
        grounds = {
            iri for v in cell.verdicts for iri in (v.criterion, *v.claims, *provisions[cell.principle, v.criterion])
        }
        here = {objection for iri in grounds for objection in by_object.get(iri, ())}
        found |= here
        affected += bool(here)
    count, undecided = len(found), sum(not objection.decisions for objection in found)
    what = f"{count} objection{'s' if count > 1 else ''} to claims, criteria or provisions, {undecided} undecided"
    return f"Against what {affected} of these cells rest on stand {what}; scs-kg explain shows them." if found else ""
