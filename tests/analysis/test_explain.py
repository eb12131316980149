"""Explanations of cells with each outcome: clauses, claims, sources and locators."""

import json
import re
from dataclasses import replace

import pytest

from scs_kg.analysis.explain import ExplanationContext, explain, read_explanation_context
from scs_kg.analysis.searches import NO_SEARCH
from scs_kg.judging.cells import decide_cell
from scs_kg.judging.judged import JudgedSelection, judge_selection
from scs_kg.judging.matrix import compare, compare_judged
from scs_kg.judging.principles import read_principle_criteria
from scs_kg.judging.readings import choose_reading
from scs_kg.judging.state import change
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.matrix import Counts, Mark, Matrix
from scs_kg.model.namespaces import local_id
from scs_kg.model.verdicts import Outcome
from scs_kg.model.version import __version__
from scs_kg.render.citation import AUTHOR, cell_citation, citation_text
from scs_kg.render.explanation import explanation_json, explanation_text
from scs_kg.render.labels import localized
from scs_kg.render.language import LANGUAGES, messages_in
from scs_kg.render.searches import search_sentence
from scs_kg.render.table import REASONS
from scs_kg.store import Dataset
from scs_kg.store.ontology_header import release_date
from tests.conftest import PAPER, TESTS
from tests.support.golden_files import REMEDY, explanations

GOLDEN = sorted((TESTS / "golden" / "explain").glob("*.*"))


@pytest.fixture(scope="module")
def context(judged: Dataset) -> ExplanationContext:
    """Return the context of the base paper's claims."""
    return read_explanation_context(judge_selection(judged))


@pytest.fixture(scope="module")
def matrix(judged: Dataset) -> Matrix:
    """Return the matrix of the base paper's claims."""
    return compare(judged, selection=PAPER)


@pytest.fixture(scope="module")
def world_context(judged_world: Dataset) -> ExplanationContext:
    """Return the context of the invented world."""
    return read_explanation_context(judge_selection(judged_world))


def test_explanations_equal_the_golden_files(judged: Dataset) -> None:
    written = dict(explanations(judged))
    assert written.keys() == {path.name for path in GOLDEN}
    for path in GOLDEN:
        assert written[path.name] == path.read_text("utf-8"), REMEDY


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_every_form_has_the_citation_of_the_cell(
    language: str, form: str, context: ExplanationContext, matrix: Matrix
) -> None:
    """A citation has title, mark with counts, version, date, claims that count, and address; in JSON, it is English."""
    found = explain(context, matrix, "shenzhen", "respect-for-privacy")
    with messages_in(language):
        shown = explanation_json(found) if form == "json" else explanation_text(localized(context.dataset, found), form)
        cited = citation_text(cell_citation(localized(context.dataset, found)))
    if form == "json":
        shown, cited = json.loads(shown)["citation"], citation_text(cell_citation(found))
    assert re.sub(r"\s", "", cited) in re.sub(r"\s", "", shown)
    for part in ("× 2/3", f"scs-kg {__version__}", found.issued, cell_citation(found).address):
        assert part in cited
    assert found.issued == release_date(context.dataset) != ""


def test_a_cell_with_records_of_the_user_is_not_cited_as_a_published_cell(
    context: ExplanationContext, matrix: Matrix
) -> None:
    own = replace(explain(context, matrix, "shenzhen", "respect-for-privacy"), additions=("mine", "guideline.yaml"))
    cited = citation_text(cell_citation(own))
    assert "with added data that scs-kg does not publish: mine, guideline.yaml." in cited
    assert AUTHOR not in cited
    assert "https://" not in cited


def test_every_outcome_has_a_golden_explanation(context: ExplanationContext, matrix: Matrix) -> None:
    cells = {tuple(golden.stem.split(".")) for golden in GOLDEN}
    assert {explain(context, matrix, *cell).cell.outcome for cell in cells} == set(Outcome)


@pytest.mark.slow
@pytest.mark.no_cover
def test_every_cell_can_be_explained_and_every_decision_names_its_claims(
    context: ExplanationContext, matrix: Matrix
) -> None:
    for cell in matrix.cells:
        found = explain(context, matrix, cell.system, cell.principle)
        assert len(found.steps) == len(cell.verdicts)
        for step in found.steps:
            assert step.clauses
            if step.outcome == Outcome.CANT_TELL:
                assert step.open
                assert step.settling
            else:
                assert step.claims
                assert all(claim.locator and claim.source.reference for claim in step.claims)


def test_an_explanation_of_a_contested_verdict_has_the_claims_of_both_sides(judged_field: JudgedSelection) -> None:
    matrix = compare_judged(judged_field, choose_reading(judged_field.dataset, None, None))
    found = explain(read_explanation_context(judged_field), matrix, "rongcheng", "respect-for-privacy")
    contested = {step.criterion.id: step for step in found.steps if step.open_reason == "contested"}
    assert {claim.finding for claim in contested["free-to-decline"].claims} == {"Present", "Absent"}


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_the_proof_of_a_partly_met_cell_says_which_withdrawals_change_its_mark(
    form: str, judged_field: JudgedSelection
) -> None:
    dataset = judged_field.dataset
    matrix = compare_judged(judged_field, choose_reading(dataset, None, "china-2019-full-text"))
    found = explain(read_explanation_context(judged_field), matrix, "fuzhou", "respect-for-privacy")
    assert found.cell.mark is Mark.PARTLY_MET
    lost = json.loads(explanation_json(found))["proof"]["changedByLossOf"]["claims"]["sets"]
    assert [one["partlyMet"] for one in lost] == [False] * len(lost)
    names = [local_id(claim) for claim in lost[0]["lost"]]
    for language, sentence in (("en", "The mark changes if"), ("zh", "标记才会改变")):
        with messages_in(language):
            shown = explanation_text(localized(dataset, found), form)
        assert sentence in shown
        assert all(name in shown for name in names)
    state = change(judged_field.state, withdrawn=lost[0]["lost"])
    principle = next(
        one
        for one in read_principle_criteria(dataset, None, "china-2019-full-text")
        if one.principle.iri == found.cell.principle
    )
    assert (
        decide_cell(principle, found.cell.system, state.system_states[found.cell.system].by_test).mark is Mark.NOT_KNOWN
    )


def test_an_explanation_says_that_a_supporting_criterion_does_not_count(
    judged_world: Dataset, world_context: ExplanationContext
) -> None:
    found = explain(world_context, compare(judged_world), "alpha", "beauty")
    assert (found.cell.outcome, found.cell.counts) == (Outcome.INAPPLICABLE, Counts(inapplicable=1))
    assert {local_id(criterion) for criterion in found.cell.supporting} == {"not-nosy"}
    for form in ("text", "markdown"):
        assert "This criterion is only supporting: it does not count." in explanation_text(found, form)


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_cell_without_criteria_has_no_reason_for_being_open(
    judged_world: Dataset, world_context: ExplanationContext, form: str
) -> None:
    matrix = compare(judged_world, choose_reading(judged_world, "example-2000", "severe"))
    found = explain(world_context, matrix, "alpha", "freedom")
    assert found.cell.open_reason is None
    assert "Not asked: the reading has no deciding criterion for this principle." in explanation_text(found, form)
    assert not any(reason in explanation_text(found, form) for reason in REASONS.values())


def test_names_work_as_ids_and_as_iris(context: ExplanationContext, matrix: Matrix) -> None:
    cell = matrix.cells[0]
    by_iri = explain(context, matrix, cell.system, cell.principle)
    assert by_iri == explain(context, matrix, by_iri.system.id, by_iri.principle.id)


@pytest.mark.parametrize(("system", "principle"), [("Alpha", "kindness"), ("甲", "仁慈"), ("sys:alpha", "Kindness")])
def test_names_work_as_labels(
    judged_world: Dataset, world_context: ExplanationContext, system: str, principle: str
) -> None:
    found = explain(world_context, compare(judged_world), system, principle)
    assert (found.system.id, found.principle.id) == ("alpha", "kindness")


@pytest.mark.parametrize(("system", "principle"), [("shenzen", "respect-for-privacy"), ("shenzhen", "privacy")])
def test_unknown_names_are_rejected(context: ExplanationContext, matrix: Matrix, system: str, principle: str) -> None:
    with pytest.raises(UnknownNameError, match=r"did you mean shenzhen|no principle is called 'privacy'"):
        explain(context, matrix, system, principle)


def test_an_open_criterion_says_whether_somebody_searched(
    judged_world: Dataset, world_context: ExplanationContext
) -> None:
    found = explain(world_context, compare(judged_world), "gamma", "kindness")
    assert {step.searches for step in found.steps} == {NO_SEARCH}
    for form in ("text", "markdown"):
        assert explanation_text(found, form).count(search_sentence(NO_SEARCH)) == len(found.steps)
    searches = {str(step["searches"]) for step in json.loads(explanation_json(found))["criteria"]}
    assert searches == {str({"number": 0, "documentsRead": 0, "last": None, "outcomes": []})}


def test_a_decided_criterion_and_a_brief_explanation_have_no_searches(
    judged_world: Dataset, world_context: ExplanationContext
) -> None:
    matrix = compare(judged_world)
    for found in (
        explain(world_context, matrix, "alpha", "kindness"),
        explain(world_context, matrix, "gamma", "kindness", brief=True),
    ):
        assert {step.searches for step in found.steps} == {None}
    assert {step["searches"] for step in json.loads(explanation_json(found))["criteria"]} == {None}
