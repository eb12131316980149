"""The values of the parameters of a query are found by the same names as the arguments of commands."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import pytest

from scs_kg import store
from scs_kg.judging.principle_numbers import number_of, numbers_or_positions, resolve_principle
from scs_kg.judging.query_values import resolve_values
from scs_kg.judging.readings import ReadingChoice, choices
from scs_kg.model.entity import Entity
from scs_kg.model.errors import ScsError, UnknownNameError, WrongUseError
from scs_kg.model.namespaces import PREFIXES
from scs_kg.store import Dataset, query_library
from scs_kg.store.labels import name_index
from scs_kg.store.query_library import row_entity


@pytest.fixture(scope="module")
def dataset(shared_world: Path) -> Dataset:
    """Return the invented world."""
    return store.load(shared_world)


def resolved(dataset: Dataset, query: str, name: str, value: str) -> str:
    """Return the resolved value of a parameter of a query of the library."""
    return resolve_values(dataset, query_library.find(dataset.library, query), {name: value})[name]


@pytest.mark.parametrize("value", ["alpha", "sys:alpha", f"<{PREFIXES['sys']}alpha>", PREFIXES["sys"] + "alpha"])
def test_an_id_and_an_iri_are_resolved(value: str, dataset: Dataset) -> None:
    assert resolved(dataset, "claims", "system", value) == PREFIXES["sys"] + "alpha"


def test_a_label_and_the_id_of_one_principle_are_resolved(dataset: Dataset) -> None:
    assert resolved(dataset, "claims", "system", "ALPHA") == PREFIXES["sys"] + "alpha"
    tidiness = PREFIXES["gl"] + "example-2001/tidiness"
    assert {resolved(dataset, "evidence", "principle", name) for name in ("tidiness", "整洁")} == {tidiness}


def test_a_resource_of_another_class_is_not_suggested(dataset: Dataset) -> None:
    with pytest.raises(UnknownNameError, match=r"^no guideline is called 'tidiness'") as error:
        resolved(dataset, "principles", "guideline", "tidiness")
    assert "did you mean tidiness" not in str(error.value)


def test_a_value_that_is_not_utf8_is_refused(dataset: Dataset) -> None:
    with pytest.raises(WrongUseError, match=r"^system='.udcff' cannot be used: it is not UTF-8$"):
        resolved(dataset, "claims", "system", "\udcff")


def test_a_resource_of_another_class_is_refused_also_by_its_id(dataset: Dataset) -> None:
    with pytest.raises(UnknownNameError, match=r"^no principle is called 'example-2001'"):
        resolved(dataset, "evidence", "principle", "example-2001")


def test_a_principle_is_found_by_the_number_of_one_article(opened: Dataset) -> None:
    found = {resolved(opened, "evidence", "principle", name) for name in ("22", "Art. 22", "article-22")}
    assert found == {PREFIXES["gl"] + "gdpr-2016/article-22"}


def test_the_same_names_name_the_same_principle_in_a_query_and_in_a_matrix(dataset: Dataset, opened: Dataset) -> None:
    compare_names(dataset, choices(dataset))
    compare_names(opened, [one for one in choices(opened) if one.reading.id == "eu-ai-act-2024-full-text"])


@pytest.fixture
def indexed_once(opened: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Index the names of the real data only once, because no test changes the data."""
    index = name_index(opened)
    for module in ("judging.query_values", "judging.principle_numbers", "store.labels"):
        monkeypatch.setattr(f"scs_kg.{module}.name_index", lambda _: index)


@pytest.mark.slow(seconds=10)
@pytest.mark.usefixtures("indexed_once")
def test_the_same_names_name_the_same_principle_of_every_reading(opened: Dataset) -> None:
    compare_names(opened, choices(opened), step=4)


def compare_names(dataset: Dataset, readings: Sequence[ReadingChoice], step: int = 1) -> None:
    """Compare the meaning of names of principles in a query and in a matrix, for every n-th principle.

    A principle also has two other names: the number without its parts, and the id after the id of the guideline.
    """
    query = query_library.find(dataset.library, "evidence")
    for reading in readings:
        rows = query_library.rows(dataset, "principles", guideline=reading.guideline.iri)
        principles, numbers = [row_entity(row, "principle") for row in rows], [number_of(row) for row in rows]
        shown = numbers_or_positions(numbers, len(numbers))
        for one, number in list(zip(principles, shown, strict=True))[::step]:
            article = number.partition("(")[0]
            for name in (one.id, one.iri, f"{reading.guideline.id}/{one.id}", one.label, number, f"Art. {article}"):
                given = {"reading": reading.reading.id, "principle": name}
                in_query = said(partial(resolve_values, dataset, query, given))
                in_matrix = said(partial(resolve_principle, dataset, name, principles, numbers))
                assert in_query == in_matrix, (reading.reading.id, name)


def said(resolve: Callable[[], Entity | Mapping[str, str]]) -> str:
    """Return the IRI of the principle that a function finds, or the message of its error."""
    try:
        found = resolve()
    except ScsError as error:
        return str(error)
    return found.iri if isinstance(found, Entity) else found["principle"]


def test_a_principle_of_another_guideline_than_that_of_the_reading_is_refused(opened: Dataset) -> None:
    query = query_library.find(opened.library, "evidence")
    name = "harmony-and-friendliness"
    with pytest.raises(WrongUseError) as error:
        resolve_values(opened, query, {"reading": "gdpr-2016-full-text", "principle": name})
    assert str(error.value) == f"'{name}' is a principle of china-2019; choose a reading of this guideline"


def test_a_name_of_several_principles_is_refused_with_their_full_names(opened: Dataset) -> None:
    with pytest.raises(WrongUseError) as error:
        resolved(opened, "evidence", "principle", "article-10")
    assert str(error.value) == (
        "'article-10' is ambiguous: it is the name of more than one principle: "
        "gdpr-2016/article-10, pipl-2021/article-10; use one of these"
    )
    with pytest.raises(UnknownNameError, match="did you mean gdpr-2016/article-10 or pipl-2021/article-10 or "):
        resolved(opened, "evidence", "principle", "artcle-10")
    with pytest.raises(WrongUseError, match=r"^'7' is the number of several principles; write one of .*gdpr-2016/art"):
        resolved(opened, "evidence", "principle", "7")
