"""The short label of a principle is its article in a law, and its number or position in other texts."""

from dataclasses import replace
from pathlib import Path

import pytest

from scs_kg.analysis.explain import explain, read_explanation_context
from scs_kg.judging.judged import judge_selection
from scs_kg.judging.matrix import compare_judged
from scs_kg.judging.project import open_guarded
from scs_kg.judging.readings import choose_reading
from scs_kg.model.entity import Entity
from scs_kg.model.matrix import CellRule, Matrix
from scs_kg.render.language import messages_in
from scs_kg.render.principle_labels import principle_place, row_label, short_labels
from scs_kg.render.sentences import applicability_sentence
from scs_kg.render.table import matrix_table


@pytest.fixture(scope="module")
def law(shared_world: Path) -> Matrix:
    """Return a comparison with the invented law, with numbers of articles for two of its three principles."""
    dataset = open_guarded(shared_world)
    matrix = compare_judged(judge_selection(dataset), choose_reading(dataset, "example-2000", None))
    return replace(matrix, numbers=("7(3)", "22", ""))


def soft(law: Matrix) -> Matrix:
    """Return the comparison as if the guideline were soft law."""
    assert law.applicability is not None
    nature = Entity("SoftLaw", "urn:SoftLaw", "soft law")
    return replace(law, applicability=replace(law.applicability, nature=nature))


def test_the_label_of_an_article_is_in_the_language_of_the_reader(law: Matrix) -> None:
    assert list(short_labels(law).values()) == ["Art. 7(3)", "Art. 22", law.principles[2].id]
    with messages_in("zh"):
        assert list(short_labels(law).values()) == ["第7(3)条", "第22条", law.principles[2].id]
    assert list(short_labels(soft(law)).values()) == ["7(3)", "22", law.principles[2].id]


def test_rows_begin_with_the_article(law: Matrix) -> None:
    labels = [principle.label for principle in law.principles]
    assert [row[0] for row in matrix_table(law).rows] == [f"Art. 7(3): {labels[0]}", f"Art. 22: {labels[1]}", labels[2]]
    assert [row_label(soft(law), principle) for principle in law.principles] == labels


def test_the_place_of_a_principle_is_its_article(law: Matrix, shared_world: Path) -> None:
    context = read_explanation_context(judge_selection(open_guarded(shared_world)))
    places = [principle_place(explain(context, law, "alpha", name)) for name in ("Art. 22", "beauty")]
    guideline, reading = law.guideline.label, law.reading.label
    assert places == [f"{guideline}, Art. 22, read {reading}", f"{guideline}, beauty, read {reading}"]
    without = explain(context, replace(law, numbers=()), "alpha", "3")
    assert principle_place(without) == f"Principle 3 of {guideline}, read {reading}"


@pytest.mark.parametrize(("rule", "words"), [(CellRule.EVERY, "√ if all that apply"), (CellRule.ANY, "otherwise √ if")])
def test_the_notes_below_a_matrix_begin_with_the_cell_rule(rule: CellRule, words: str, law: Matrix) -> None:
    note = matrix_table(replace(law, rule=rule)).notes[0]
    assert note.startswith("Only deciding criteria count: the mark is × if at least one is not met")
    assert words in note


@pytest.mark.parametrize(
    ("region", "words"),
    [("European Union", " in the European Union"), ("United States", " in the United States"), ("China", " in China")],
)
def test_a_region_has_an_article_where_english_needs_one(region: str, words: str, law: Matrix) -> None:
    assert law.applicability is not None
    found = replace(law.applicability, regions=(Entity("x", "urn:x", region),))
    assert words in applicability_sentence(found)
