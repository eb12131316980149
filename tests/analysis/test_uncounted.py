"""Explanations name the claims of other datasets, which do not count under a selection of datasets."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from scs_kg.analysis.explain import explain, read_explanation_context
from scs_kg.analysis.explanation import CriterionExplanation, Explanation
from scs_kg.contribute import actions, changeset
from scs_kg.contribute.changeset import open_project
from scs_kg.judging.matrix import judge_for_reading
from scs_kg.judging.project import open_guarded
from scs_kg.model.selection import Selection
from scs_kg.render.explanation import explanation_json, explanation_text
from scs_kg.render.language import messages_in
from tests.contribute.test_actions import claim, ntriples

TALES = Selection(datasets=("tales",))
Explained = Callable[[Selection, str], Explanation]


@pytest.fixture
def explained(world: Path) -> Explained:
    """Return a function that explains a cell of the world with one claim in a second dataset."""
    (world / "data" / "other").mkdir()
    text = (world / "data" / "tales" / "dataset.ttl").read_text("utf-8").replace("dataset:tales", "dataset:other")
    (world / "data" / "other" / "dataset.ttl").write_text(text, "utf-8")

    def found(selection: Selection, mode: str) -> Explanation:
        new = claim("beta-ledger", system="beta", feature="ledger", finding="Present", source="book-2001")
        changeset.write(actions.add(open_project(world), ntriples(new.replace("scs:DeFacto", mode)), "other"))
        judged, matrix = judge_for_reading(open_guarded(world), None, "tidy", selection)
        return explain(read_explanation_context(judged), matrix, "beta", "tidiness")

    return found


def step(found: Explanation) -> CriterionExplanation:
    """Return the explanation of the criterion ``no-ledger``."""
    return next(one for one in found.steps if one.criterion.id == "no-ledger")


def proposed(found: Explanation) -> set[str]:
    """Return the findings on ledgers that would decide the criterion."""
    return {str(one.finding) for one in step(found).settling}


def test_a_claim_of_another_dataset_is_named_and_not_proposed(explained: Explained) -> None:
    found = explained(TALES, "scs:DeFacto")
    assert [(one.claim.rpartition("/")[2], one.dataset) for one in step(found).uncounted] == [("beta-ledger", "other")]
    assert step(found).outcome == "cantTell"
    assert proposed(found) == {"Absent"}
    (criterion,) = (c for c in json.loads(explanation_json(found))["criteria"] if c["criterion"].endswith("/no-ledger"))
    assert criterion["uncounted"] == [{"claim": step(found).uncounted[0].claim, "dataset": "other"}]
    assert [one["finding"] for one in criterion["wouldSettle"]] == ["Absent"]


@pytest.mark.parametrize("form", ["text", "markdown"])
@pytest.mark.parametrize(
    ("language", "uncounted", "proposal"),
    [
        ("en", "1 claim of another dataset (other) is not counted. The option --dataset all counts it.", "of dataset"),
        ("zh", "其他数据集（other）的 1 条主张未计入", "若数据集"),
    ],
)
def test_the_text_says_how_to_count_the_claim(
    form: str, language: str, uncounted: str, proposal: str, explained: Explained
) -> None:
    with messages_in(language):
        text = explanation_text(explained(TALES, "scs:DeFacto"), form, 200).replace("\\", "")
    assert uncounted in text
    assert f"{proposal} tales" in text


def test_if_every_dataset_counts_nothing_is_uncounted(explained: Explained) -> None:
    found = explained(Selection(datasets=("all",)), "scs:DeFacto")
    assert (step(found).outcome, step(found).uncounted) == ("failed", ())


def test_a_plan_is_named_and_a_claim_with_its_finding_is_still_proposed(explained: Explained) -> None:
    found = explained(TALES, "scs:Planned")
    assert len(step(found).uncounted) == 1
    assert proposed(found) == {"Present", "Absent"}


def test_a_claim_that_another_option_leaves_out_is_not_named(explained: Explained) -> None:
    found = explained(Selection(datasets=("tales",), without=("book-2001",)), "scs:DeFacto")
    assert step(found).uncounted == ()
    assert proposed(found) == {"Present", "Absent"}
