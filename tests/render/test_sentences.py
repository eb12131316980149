"""The selection of claims: one sentence, and the same facts in every output of a matrix and of an explanation."""

import csv
import io
import json
from pathlib import Path

import pytest

from scs_kg.analysis.explain import explain, read_explanation_context
from scs_kg.judging.judged import JudgedSelection
from scs_kg.judging.matrix import judge_and_compare, judge_for_reading
from scs_kg.judging.project import open_guarded
from scs_kg.model.matrix import Matrix
from scs_kg.model.selection import Selection
from scs_kg.render.data import matrix_csv, matrix_json
from scs_kg.render.documents import Terminal, as_document, as_text
from scs_kg.render.explanation import explanation_json, explanation_text
from scs_kg.render.sentences import selection_sentence
from scs_kg.render.table import matrix_table
from scs_kg.store import Dataset

CHOSEN = Selection(
    as_of="2012",
    without=("https://w3id.org/scs-kg/source/news-2002",),
    datasets=("all",),
    min_confidence="low",
    systems=("ALPHA",),
    kinds=("local",),
)
SENTENCE = (
    "Claims counted: dated up to 2012, without source news-2002, confidence at least low; "
    "kind of system: local; systems: alpha."
)


@pytest.fixture(scope="module")
def compared(shared_world: Path) -> tuple[JudgedSelection, Matrix]:
    return judge_for_reading(open_guarded(shared_world), None, None, CHOSEN)


@pytest.mark.parametrize(
    ("selection", "sentence"),
    [
        (Selection(), "Claims counted: all."),
        (Selection(systems=("shanghai", "xiamen")), "Claims counted: all; systems: shanghai, xiamen."),
        (
            Selection(datasets=("agrawal-2022", "field"), without=("a", "b")),
            "Claims counted: of datasets agrawal-2022 or field, without sources a and b.",
        ),
    ],
)
def test_the_sentence_names_every_restriction(selection: Selection, sentence: str) -> None:
    assert selection_sentence(selection) == sentence


def test_a_matrix_has_ids_in_place_of_the_names_given(compared: tuple[JudgedSelection, Matrix]) -> None:
    expected = Selection(
        as_of="2012", without=("news-2002",), min_confidence="low", systems=("alpha",), kinds=("local",)
    )
    assert compared[1].selection == expected


def test_every_format_of_a_matrix_has_the_selection(compared: tuple[JudgedSelection, Matrix]) -> None:
    matrix = compared[1]
    table = matrix_table(matrix)
    assert SENTENCE in as_text(table, Terminal(1000))
    for form in ("html", "markdown", "latex"):
        assert SENTENCE in as_document(table, form)
    data = json.loads(matrix_json(matrix))["selection"]
    assert data == {
        "datasets": [],
        "systems": ["alpha"],
        "kind": ["local"],
        "mode": None,
        "minConfidence": "low",
        "asOf": "2012",
        "without": ["news-2002"],
        "scope": [],
    }
    rows = list(csv.DictReader(io.StringIO(matrix_csv(matrix))))
    fields = ("datasets", "systems", "kind", "minConfidence", "asOf", "without")
    assert {tuple(row[name] for name in fields) for row in rows} == {("", "alpha", "local", "low", "2012", "news-2002")}


def test_an_explanation_has_the_selection(compared: tuple[JudgedSelection, Matrix]) -> None:
    judged, matrix = compared
    found = explain(read_explanation_context(judged), matrix, "alpha", matrix.principles[0].id)
    assert SENTENCE in explanation_text(found, "text", 1000)
    assert SENTENCE in explanation_text(found, "markdown", 1000)
    assert json.loads(explanation_json(found))["selection"] == json.loads(matrix_json(matrix))["selection"]


def test_the_dataset_of_the_reading_is_in_the_selection(opened: Dataset) -> None:
    matrix = judge_and_compare(opened, None, "agrawal-2022", Selection())
    assert matrix.selection == Selection(datasets=("agrawal-2022",))
