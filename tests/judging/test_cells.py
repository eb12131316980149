"""The cell rule in Python compared with ``matrix.rq``, on all readings and on random verdicts."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scs_kg.judging.cells import decide_cell, read_principle_criteria
from scs_kg.judging.earl import publish
from scs_kg.judging.judged import judge_selection
from scs_kg.judging.matrix import compare, compare_judged
from scs_kg.judging.project import judged_graph, open_guarded
from scs_kg.judging.readings import ReadingChoice, choices, choose_reading
from scs_kg.model.errors import EmptyInputError, UnknownNameError, WrongUseError
from scs_kg.model.matrix import Cell
from scs_kg.model.namespaces import PREFIXES, local_id
from scs_kg.model.selection import Selection
from scs_kg.model.verdicts import OpenReason, Outcome, Verdict
from scs_kg.store import Dataset, query_library
from scs_kg.store.dataset import add_triples, empty_dataset
from scs_kg.store.query_library import row_text
from tests.conftest import ROOT
from tests.support.invented import SYSTEM, triples
from tests.support.specification import open_reason, specified_cells, specified_graph

CRITERIA = tuple(f"{PREFIXES['crit']}{name}" for name in ("one", "two", "three"))


def bare(cell: Cell) -> Cell:
    """Return a cell without the open features of its verdicts, which the queries do not return."""
    verdicts = (Verdict(v.system, v.criterion, v.outcome, v.claims, v.open_reason) for v in cell.verdicts)
    return Cell(cell.system, cell.principle, cell.outcome, cell.decided, cell.of, cell.open_reason, tuple(verdicts))


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "selection",
    [
        Selection(),
        Selection(datasets=("agrawal-2022",)),
        Selection(as_of="2018"),
        Selection(min_confidence="medium", kinds=("local",)),
        Selection(without=("schmitz-2017",), systems=("shanghai", "rongcheng", "zhima-credit")),
    ],
    ids=str,
)
def test_cells_of_every_reading_equal_those_of_the_queries(selection: Selection, opened: Dataset) -> None:
    assert_as_specified(opened, selection)


def test_cells_of_the_invented_world_equal_those_of_the_queries(shared_world: Path) -> None:
    assert_as_specified(open_guarded(shared_world), Selection())


@pytest.fixture(scope="module")
def opened() -> Dataset:
    """Return the real data without verdicts."""
    return open_guarded(ROOT)


def assert_as_specified(dataset: Dataset, selection: Selection) -> None:
    """Compare the cells of every reading with those of the queries, verdicts and claims included."""
    judged, graph, choices_of_all = (
        judge_selection(dataset, selection),
        specified_graph(dataset, selection),
        choices(dataset),
    )
    assert len(choices_of_all) > 2
    for choice in choices_of_all:
        assert [bare(cell) for cell in compare_judged(judged, choice).cells] == specified_cells(graph, choice)


@pytest.mark.parametrize("selection", [Selection(), Selection(datasets=("agrawal-2022",))], ids=str)
def test_comparing_and_judging_leave_the_dataset_unchanged(selection: Selection, opened: Dataset) -> None:
    before = set(opened.quads)
    first = compare(opened, selection=Selection(datasets=("agrawal-2022",)))
    judged_graph(judge_selection(opened, selection))
    second = compare(opened, selection=Selection())
    assert set(opened.quads) == before
    assert (len(first.systems), len(second.systems)) == (5, 39)


outcomes = st.one_of(
    st.sampled_from([Outcome.PASSED, Outcome.FAILED, Outcome.INAPPLICABLE]).map(lambda outcome: (outcome, None)),
    st.sampled_from(OpenReason).map(lambda reason: (Outcome.CANT_TELL, reason)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(outcomes, st.booleans()), max_size=3))
def test_random_cells_are_decided_as_by_the_query(
    drawn: list[tuple[tuple[Outcome, OpenReason | None], bool]],
) -> None:
    found = [Verdict(SYSTEM, iri, o, (), y) for iri, ((o, y), _) in zip(CRITERIA, drawn, strict=False)]
    dataset = readable({v.criterion: firm for v, (_, firm) in zip(found, drawn, strict=True)}.items())
    publish(dataset, found)
    (row,) = query_library.rows(dataset, "matrix")
    (asked,) = read_principle_criteria(dataset)
    cell = decide_cell(asked, SYSTEM, {verdict.criterion: verdict for verdict in found})
    assert (cell.outcome, cell.decided, cell.of, cell.open_reason) == (
        Outcome(local_id(row_text(row, "outcome"))),
        int(row_text(row, "decided")),
        int(row_text(row, "of")),
        open_reason(row),
    )


def readable(criteria: Iterable[tuple[str, bool]]) -> Dataset:
    """Return a dataset with a system, a guideline with one principle, and a reading that requires criteria of it."""
    dataset = Dataset(ROOT, empty_dataset().quads, {})
    label = 'skos:prefLabel "x"@en ; skos:definition "x"@en'
    reported = f"""
        <{SYSTEM}> a scs:SocialCreditSystem .
        <urn:g> {label} ; <http://purl.org/dc/terms/issued> "2000" .
        <urn:r> scs:readsGuideline <urn:g> ; {label} ; scs:source <urn:s> .
        <urn:p> scs:inGuideline <urn:g> ; scs:number 1 ; {label} .
    """
    for iri, firm in criteria:
        reported += f"""
            <{iri}> {label} ; scs:polarity scs:Upholds .
            <{iri}-asked> scs:inReading <urn:r> ; scs:principle <urn:p> ; scs:criterion <{iri}> ; scs:locator "x" ;
              scs:rationale "x" ; scs:basis scs:Stated ; scs:force scs:{"Plain" if firm else "Aspirational"} .
        """
    add_triples(dataset, triples(reported), "urn:data")
    return dataset


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
    with pytest.raises(UnknownNameError, match="did you mean example-2001 or example-2000"):
        read_principle_criteria(judged_world, "example")
    with pytest.raises(UnknownNameError, match="no reading is called 'odd'; known: plain, severe"):
        read_principle_criteria(judged_world, "example-2000", "odd")
    with pytest.raises(WrongUseError, match="tidy reads example-2001; the readings of example-2000 are plain, severe"):
        read_principle_criteria(judged_world, "example-2000", "tidy")
    with pytest.raises(EmptyInputError, match="no reading"):
        read_principle_criteria(Dataset(ROOT, empty_dataset().quads, {}))
