"""The cell rule in Python gives the cells of ``matrix.rq`` and ``scope.rq``, on all readings and on random readings."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from pyoxigraph import Store

from scs_kg.judging.cells import decide_cell
from scs_kg.judging.earl import publish
from scs_kg.judging.judged import JudgedSelection, judge_selection, system_iris
from scs_kg.judging.matrix import compare, compare_judged
from scs_kg.judging.principles import PrincipleCriteria, principle_criteria, read_principle_criteria
from scs_kg.judging.project import judged_graph, open_guarded
from scs_kg.judging.readings import ReadingChoice, choices, choose_reading
from scs_kg.model.errors import EmptyInputError, UnknownNameError, WrongUseError
from scs_kg.model.matrix import Cell, Counts, Mark, Scope
from scs_kg.model.selection import Selection
from scs_kg.model.verdicts import OpenReason, Outcome
from scs_kg.store import Dataset
from scs_kg.store.dataset import empty_dataset, remove_subjects
from tests.conftest import ROOT
from tests.support.cell_laws import (
    assert_deciding_claims_are_described,
    assert_outside_counts_nothing,
    assert_supporting_provisions_change_nothing,
    assert_unmet_provisions_contribute_nothing,
)
from tests.support.random_readings import RandomReading, random_readings
from tests.support.specification import (
    cells_of_readings,
    published,
    specified,
    specified_cells,
    specified_graph,
    specified_verdicts,
)

SELECTIONS = [
    Selection(),
    Selection(datasets=("agrawal-2022",), min_confidence="high"),
    Selection(mode="de-facto", as_of="2020", min_confidence="medium", kinds=("local",)),
    Selection(mode="de-jure", without=("schmitz-2017",), systems=("shanghai", "rongcheng", "zhima-credit")),
]


@pytest.mark.crosscheck
@pytest.mark.no_cover
@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
def test_cells_of_every_reading_are_those_of_the_queries(selection: Selection, opened: Dataset) -> None:
    assert len(choices(opened)) > 2
    assert_as_specified(opened, selection)


def test_cells_of_the_invented_world_are_those_of_the_queries(shared_world: Path) -> None:
    world = open_guarded(shared_world)
    for mode in (None, "de-jure", "de-facto"):
        assert_as_specified(world, Selection(mode=mode))


def assert_as_specified(dataset: Dataset, selection: Selection) -> None:
    """Compare all verdicts, and the cells of every reading, with those of the queries.

    Also check the properties that every cell must have.
    """
    judged, graph = judge_selection(dataset, selection), specified_graph(dataset, selection)
    assert published((*judged.verdicts, *judged.conditions)) == specified_verdicts(graph)
    cells = cells_of_readings(graph)
    assert cells.keys() == {choice.reading.iri for choice in choices(dataset)}
    for choice in choices(dataset):
        assert [specified(cell) for cell in compare_judged(judged, choice).cells] == cells[choice.reading.iri]
        for principle in principle_criteria(dataset, [choice]):
            assert_laws(principle, judged)


def assert_laws(principle: PrincipleCriteria, judged: JudgedSelection) -> None:
    """Check the properties that every cell must have, for every system."""
    for system in judged.systems:
        state = judged.state.system_states[system.iri]
        cell = decide_cell(principle, system.iri, state.by_test, state.claims)
        assert_supporting_provisions_change_nothing(principle, cell, state.by_test, state.claims)
        assert_unmet_provisions_contribute_nothing(principle, cell, state.by_test)
        assert_outside_counts_nothing(principle, cell, state.by_test)
        assert_deciding_claims_are_described(principle, cell, state.by_test, state.claims)


@pytest.mark.slow
@pytest.mark.no_cover
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(random_readings())
def test_cells_of_random_readings_are_those_of_the_queries(drawn: RandomReading) -> None:
    dataset = drawn.dataset()
    (choice,) = choices(dataset)
    assert choice.rule is drawn.rule
    publish(dataset, drawn.verdicts.values())
    found = []
    for principle in principle_criteria(dataset, [choice]):
        cell = decide_cell(principle, drawn.system, drawn.verdicts, drawn.claims)
        assert_supporting_provisions_change_nothing(principle, cell, drawn.verdicts, drawn.claims)
        assert_unmet_provisions_contribute_nothing(principle, cell, drawn.verdicts)
        assert_outside_counts_nothing(principle, cell, drawn.verdicts)
        assert_deciding_claims_are_described(principle, cell, drawn.verdicts, drawn.claims)
        found.append(specified(cell))
    assert found == specified_cells(dataset, choice)


@pytest.mark.crosscheck
@pytest.mark.no_cover
def test_without_supporting_provisions_the_queries_give_the_same_cells(opened: Dataset, field: Dataset) -> None:
    before = cells_of_readings(field)
    assert len(before) == len(choices(opened))
    supporting = {
        provision.iri
        for principle in read_principle_criteria(opened)
        for provision in principle.provisions
        if not provision.deciding
    }
    assert supporting
    graph = Dataset(field.root, Store(), field.files)
    graph.quads.bulk_extend(field.quads)
    remove_subjects(graph, supporting)
    assert len(graph.quads) < len(field.quads)
    assert cells_of_readings(graph) == before


@pytest.fixture(scope="module")
def field_cells(judged_field: JudgedSelection) -> Mapping[str, tuple[Cell, ...]]:
    """Return the cells of every reading, judged from all claims, keyed by the IRI of the reading."""
    found = choices(judged_field.dataset)
    return {choice.reading.iri: tuple(compare_judged(judged_field, choice).cells) for choice in found}


@pytest.mark.slow
@pytest.mark.no_cover
@pytest.mark.parametrize("scope", [("established",), ("current",), ("established", "current")])
def test_a_selection_by_scope_leaves_exactly_the_cells_outside_the_scope_undecided(
    scope: tuple[str, ...], opened: Dataset, field_cells: Mapping[str, tuple[Cell, ...]]
) -> None:
    within = judge_selection(opened, Selection(scope=scope))
    changed = 0
    for choice in choices(opened):
        for whole, cell in zip(field_cells[choice.reading.iri], compare_judged(within, choice).cells, strict=True):
            assumed = bool({Scope.ASSUMED, Scope.COUNTERFACTUAL} & set(whole.scope))
            excluded = (assumed and "established" in scope) or (Scope.HINDSIGHT in whole.scope and "current" in scope)
            if not excluded or whole.mark in {Mark.NOT_ASKED, Mark.INAPPLICABLE}:
                assert cell == whole
            else:
                changed += whole.outcome is not Outcome.CANT_TELL
                assert cell == undecided(whole)
    assert changed


def undecided(cell: Cell) -> Cell:
    """Return a cell that the scope of a selection leaves undecided."""
    counts = Counts(open=cell.counts.of, inapplicable=cell.counts.inapplicable)
    reason = OpenReason.OUT_OF_SCOPE
    return replace(
        cell,
        outcome=Outcome.CANT_TELL,
        mark=Mark.NOT_KNOWN,
        counts=counts,
        open_reason=reason,
        modes=(),
        on_paper=0,
    )


@pytest.mark.slow
def test_comparing_and_judging_leave_the_dataset_unchanged(opened: Dataset) -> None:
    before = set(opened.quads)
    first = compare(opened, selection=Selection(datasets=("agrawal-2022",)))
    for selection in (Selection(), Selection(datasets=("agrawal-2022",))):
        judged_graph(judge_selection(opened, selection))
        assert set(opened.quads) == before
    second = compare(opened, selection=Selection())
    assert set(opened.quads) == before
    assert len(first.systems) == 5
    assert {system.iri for system in second.systems} == system_iris(opened)


def test_guideline_and_reading_can_be_named(judged_world: Dataset) -> None:
    named = read_principle_criteria(judged_world, "example-2000", "severe")
    assert {one.choice for one in named} == {choose_reading(judged_world, "example-2000", "severe")}
    assert [one.principle.id for one in named] == ["kindness", "freedom", "beauty"]
    assert [len(one.criteria) for one in named] == [2, 0, 0]
    assert {one.choice.reading.id for one in read_principle_criteria(judged_world, "example-2000")} == {
        "plain",
        "severe",
    }
    assert {one.choice.written_for for one in read_principle_criteria(judged_world, None, "tidy")} == {"tales"}


def test_the_order_is_that_of_the_queries(field: Dataset) -> None:
    choices = list(dict.fromkeys(one.choice for one in read_principle_criteria(field)))
    first: ReadingChoice = choose_reading(field, None, None)
    assert choices[0] == first


def test_unknown_guidelines_and_readings_are_rejected(judged_world: Dataset) -> None:
    with pytest.raises(UnknownNameError, match="did you mean example-2000 or example-2001"):
        read_principle_criteria(judged_world, "example")
    with pytest.raises(UnknownNameError, match="no reading is called 'odd'; known: plain, severe"):
        read_principle_criteria(judged_world, "example-2000", "odd")
    with pytest.raises(
        WrongUseError, match="tidy is a reading of example-2001; the readings of example-2000 are plain, severe"
    ):
        read_principle_criteria(judged_world, "example-2000", "tidy")
    with pytest.raises(EmptyInputError, match="no reading"):
        read_principle_criteria(Dataset(ROOT, empty_dataset().quads, {}))
