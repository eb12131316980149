"""Compares systems with a guideline: combines the verdicts on the criteria of one reading into a matrix."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from scs_kg.judging.applicability import read_applicability
from scs_kg.judging.cells import decide_cell
from scs_kg.judging.judged import JudgedSelection, judge_selection
from scs_kg.judging.objections import objections
from scs_kg.judging.principles import PrincipleCriteria, principle_criteria
from scs_kg.judging.readings import ReadingChoice, choose_reading
from scs_kg.model.entity import Entity
from scs_kg.model.matrix import Cell, Matrix
from scs_kg.model.selection import Selection
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_text


def compare(dataset: Dataset, choice: ReadingChoice | None = None, selection: Selection | None = None) -> Matrix:
    """Judge an opened dataset from a selection of claims, and compare its systems with one guideline under one reading.

    By default, the reading is the first reading of the guideline, and all claims count. The dataset is not changed.

    Raises:
        UnknownNameError: the selection names a source, a dataset or a system that does not exist.
        EmptyInputError: there is no reading, or nothing is left to judge.
    """
    return compare_judged(judge_selection(dataset, selection), choice or choose_reading(dataset, None, None))


def compare_judged(judged: JudgedSelection, choice: ReadingChoice) -> Matrix:
    """Return the comparison of judged systems with one guideline under one reading."""
    principles = principle_criteria(judged.dataset, [choice])
    cells = decide_cells(judged, principles)
    return Matrix(
        guideline=choice.guideline,
        reading=choice.reading,
        selection=judged.selected.selection,
        systems=judged.systems,
        principles=tuple(principle.principle for principle in principles),
        cells=cells,
        applicability=read_applicability(judged.dataset, choice.guideline, judged.systems),
        objections=objections_note(judged.dataset, choice.reading, cells),
        rule=choice.rule,
        numbers=tuple(principle.number for principle in principles),
    )


def cells_of(judged: JudgedSelection, choice: ReadingChoice) -> tuple[Cell, ...]:
    """Return the cells of judged systems under one reading, ordered by principle, then by system."""
    return decide_cells(judged, principle_criteria(judged.dataset, [choice]))


def decide_cells(judged: JudgedSelection, principles: Iterable[PrincipleCriteria]) -> tuple[Cell, ...]:
    """Return the cells of some principles, ordered by principle, then by system."""
    states = {system.iri: judged.state.system_states[system.iri] for system in judged.systems}
    verdicts = {system: state.by_test for system, state in states.items()}
    scope = judged.selected.selection.scope
    return tuple(
        decide_cell(principle, system, verdicts[system], state.claims, scope)
        for principle in principles
        for system, state in states.items()
    )


def selection_for(choice: ReadingChoice, selection: Selection) -> Selection:
    """Add the dataset that the reading was written for to a selection that names no dataset."""
    if selection.datasets or not choice.written_for:
        return selection
    return replace(selection, datasets=(choice.written_for,))


def judge_for_reading(
    dataset: Dataset, guideline: str | None, reading: str | None, selection: Selection
) -> tuple[JudgedSelection, Matrix]:
    """Judge an opened dataset from a selection of claims, and compare its systems with a guideline under a reading.

    If the selection names no dataset, only claims of the dataset that the reading was written for count. The dataset
    name ``all`` selects every dataset.

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
    """Return a sentence on the objections that affect some cells; empty if there are no objections.

    An objection affects a cell if its object is one of the claims, criteria or provisions of the cell.
    """
    by_object = objections(dataset)
    if not by_object:
        return ""
    provisions: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in query_library.rows(dataset, "provisions", reading=reading.iri):
        provisions[row_text(row, "principle"), row_text(row, "criterion")].add(row_text(row, "provision"))
    affected, found = 0, set()
    for cell in cells:
        objects = {
            iri for v in cell.verdicts for iri in (v.criterion, *v.claims, *provisions[cell.principle, v.criterion])
        }
        own = {objection for iri in objects for objection in by_object.get(iri, ())}
        found |= own
        affected += bool(own)
    if not found:
        return ""
    undecided = sum(not objection.decisions for objection in found)
    return (
        f"Objections to claims, criteria or provisions: {len(found)} ({undecided} undecided). "
        f"Cells affected: {affected}. The explanation of a cell shows them."
    )
