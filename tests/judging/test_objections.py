"""Objections are read with their decisions, and shown with every cell that they affect."""

import json
from pathlib import Path

import pytest

from scs_kg.analysis.explain import explain, read_explanation_context
from scs_kg.analysis.explanation import Explanation
from scs_kg.judging.judged import judge_selection
from scs_kg.judging.matrix import compare
from scs_kg.judging.objections import Decision, Objection, objections
from scs_kg.judging.project import open_judged
from scs_kg.judging.readings import choose_reading
from scs_kg.model.matrix import Matrix
from scs_kg.model.namespaces import PREFIXES
from scs_kg.render.data import matrix_json
from scs_kg.render.explanation import explanation_json, explanation_text
from scs_kg.render.table import matrix_table
from scs_kg.store import Dataset


@pytest.fixture(scope="module")
def plain(judged_world: Dataset) -> Matrix:
    """Return the comparison under the reading ``plain``, which has a provision with an objection."""
    return compare(judged_world, choose_reading(judged_world, "example-2000", "plain"))


def shown(dataset: Dataset, matrix: Matrix, *cell: str) -> list[str]:
    """Return the local names of the objections that the explanation of a cell shows."""
    found: Explanation = explain(read_explanation_context(judge_selection(dataset)), matrix, *cell)
    return [objection.iri.rsplit("/", 1)[1] for step in found.steps for objection in step.objections]


def test_an_objection_has_its_decisions(judged_world: Dataset) -> None:
    (found,) = objections(judged_world)[PREFIXES["crit"] + "no-stocks"]
    assert found == Objection(
        iri=PREFIXES["act"] + "objection-no-stocks-1",
        object=PREFIXES["crit"] + "no-stocks",
        kind="criterion",
        ground="Empty stocks are only a sight.",
        by="a tourist",
        date="2006-07-09",
        decisions=(
            Decision(
                iri=PREFIXES["act"] + "decision-objection-no-stocks-1",
                ruling="dismissed",
                reason="Whether they are used does not matter to the rule.",
                by="the keeper",
                date="2006-08-01",
            ),
        ),
    )


def test_there_are_objections_to_each_kind_of_object(judged_world: Dataset) -> None:
    assert {o.kind for found in objections(judged_world).values() for o in found} == {"claim", "criterion", "provision"}


def test_a_cell_shows_the_objections_that_affect_it(judged_world: Dataset, plain: Matrix) -> None:
    kindness = ["objection-no-stocks-1", "objection-plain-kindness-no-stocks-1"]
    assert shown(judged_world, plain, "beta", "kindness") == kindness
    assert shown(judged_world, plain, "alpha", "kindness") == kindness
    assert shown(judged_world, plain, "beta", "freedom") == []


def test_an_objection_to_a_claim_is_shown_only_at_cells_that_the_claim_decides(
    judged_world: Dataset, plain: Matrix
) -> None:
    claim = PREFIXES["claim"] + "beta-gossip-news-2002"
    for cell in plain.cells:
        rests = any(claim in verdict.claims for verdict in cell.verdicts)
        there = "objection-beta-gossip-news-2002-1" in shown(judged_world, plain, cell.system, cell.principle)
        assert there is rests


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_explanations_show_the_objector_the_ground_and_the_decision(
    judged_world: Dataset, plain: Matrix, form: str
) -> None:
    text = " ".join(
        explanation_text(
            explain(read_explanation_context(judge_selection(judged_world)), plain, "beta", "kindness"), form
        ).split()
    )
    assert "by a tourist on 2006-07-09: Empty stocks are only a sight." in text
    assert "Objection dismissed by the keeper on 2006-08-01: Whether they are used does not matter to the rule." in text
    assert "by a tourist on 2006-07-09, undecided: The rule speaks of kindness and not of furniture." in text


def test_the_json_of_an_explanation_has_objections_and_the_json_of_a_matrix_does_not(
    judged_world: Dataset, plain: Matrix
) -> None:
    found = json.loads(
        explanation_json(explain(read_explanation_context(judge_selection(judged_world)), plain, "beta", "kindness"))
    )
    by_criterion = {step["criterion"].rsplit("/", 1)[1]: step["objections"] for step in found["criteria"]}
    assert [objection["kind"] for objection in by_criterion["no-stocks"]] == ["criterion", "provision"]
    assert by_criterion["no-stocks"][0]["decisions"][0]["ruling"] == "dismissed"
    assert "objection" not in matrix_json(plain)


def test_a_matrix_has_a_note_on_the_number_of_objections(judged_world: Dataset, plain: Matrix) -> None:
    assert plain.objections == (
        "Objections to claims, criteria or provisions: 4 (3 undecided). Cells affected: 6. "
        "The explanation of a cell shows them."
    )
    assert plain.objections in matrix_table(plain).notes
    tidy = compare(judged_world, choose_reading(judged_world, "example-2001", "tidy"))
    assert "provisions: 1 (1 undecided). Cells affected: 3." in tidy.objections


def test_a_matrix_without_objections_has_no_note(world: Path) -> None:
    (world / "data" / "objections.ttl").unlink()
    matrix = compare(open_judged(world))
    assert matrix.objections == ""
    assert not any("objection" in note for note in matrix_table(matrix).notes)
