"""The values of the parameters of a query are found by the same names as the arguments of commands."""

from pathlib import Path

import pytest

from scs_kg import store
from scs_kg.judging.query_values import resolve_values
from scs_kg.model.errors import UnknownNameError, WrongUseError
from scs_kg.model.namespaces import PREFIXES
from scs_kg.store import Dataset, query_library


@pytest.fixture(scope="module")
def dataset(shared_world: Path) -> Dataset:
    """Return the invented world."""
    return store.load(shared_world)


def resolved(dataset: Dataset, query: str, name: str, value: str) -> str:
    """Return the resolved value of a parameter of a query of the library."""
    return resolve_values(dataset, query_library.find(dataset.library, query), {name: value})[name]


@pytest.mark.parametrize("value", ["alpha", "sys:alpha", f"<{PREFIXES['sys']}alpha>"])
def test_an_id_and_an_iri_are_unchanged(value: str, dataset: Dataset) -> None:
    assert resolved(dataset, "claims", "system", value) == value


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


def test_a_principle_is_found_by_the_number_of_one_article(opened: Dataset) -> None:
    found = {resolved(opened, "evidence", "principle", name) for name in ("22", "Art. 22", "article-22")}
    assert found == {PREFIXES["gl"] + "gdpr-2016/article-22"}


def test_an_id_of_several_principles_is_refused_with_their_full_names(opened: Dataset) -> None:
    choices = "gdpr-2016/article-10 or pipl-2021/article-10"
    with pytest.raises(UnknownNameError) as error:
        resolved(opened, "evidence", "principle", "article-10")
    assert str(error.value) == (
        f"no principle is called 'article-10'; did you mean {choices}? 'scs-kg query principles' lists all"
    )
    with pytest.raises(UnknownNameError, match=f"did you mean {choices} or "):
        resolved(opened, "evidence", "principle", "artcle-10")
