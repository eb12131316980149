"""A principle is found by the number that it has in its text, such as an article."""

from pathlib import Path

import pytest

from scs_kg import store
from scs_kg.judging.principle_numbers import article_number, resolve_principle
from scs_kg.model.entity import Entity
from scs_kg.model.errors import UnknownNameError, WrongUseError
from scs_kg.store import Dataset
from scs_kg.store.dataset import empty_dataset
from tests.support.every import every

NUMBERS = {
    "a": "7(3)",
    "b": "7(4)",
    "c": "22",
    "d": "5(1)(c)",
    "e": "R1",
    "f": "I",
    "g": "1.1",
    "h": "15",
    "p": "22bis",
    "j": "24(1)(3)",
    "k": "105",
    "l": "110",
}
PRINCIPLES = tuple(Entity(name, f"https://example.org/{name}", f"principle {name}") for name in NUMBERS)


@pytest.fixture(scope="module")
def nothing() -> Dataset:
    """Return a dataset without names."""
    return empty_dataset()


@every(
    ("written", "name"),
    [
        *[
            (text, "c")
            for text in ("22", "Art. 22", "art 22", "Article 22", "第22条", "第二十二条", "§ 22", "第二二条")
        ],
        *[(text, "c") for text in ("No 22", "no. 22", "Nr. 22", "Nr 22", "№ 22")],
        *[(text, "h") for text in ("第一五条", "一五", "十五", "第一十五条", "\uff11\uff15")],
        *[(text, "p") for text in ("22bis", "Art. 22 bis", "article-22bis", "第22bis条")],
        *[(text, "j") for text in ("第二十四條第一款第三項", "第二十四条第一款第三项", "二四", "24 (1) 3")],
        *[(text, "k") for text in ("第一百零五条", "一\u3007五", "一百\u3007五")],
        *[(text, "l") for text in ("第一百一十条", "一百十")],
        *[(text, "a") for text in ("7(3)", "Art. 7 (3)", "7.3", "article 7-3", "第七条第三款", "7, paragraph 3")],
        *[(text, "d") for text in ("5", "5(1)(c)", "Art. 5 (1) c", "5-1-C")],
        *[(text, "e") for text in ("R1", "r1")],
        *[("I", "f"), ("i", "f"), ("1.1", "g"), ("1", "g")],
    ],
)
def test_a_principle_is_found_by_its_number(written: str, name: str, nothing: Dataset) -> None:
    assert resolve_principle(nothing, written, PRINCIPLES, tuple(NUMBERS.values())).id == name


def test_a_number_of_several_principles_is_an_error_that_lists_them(nothing: Dataset) -> None:
    with pytest.raises(WrongUseError, match=r"number of several principles; write one of 7\(3\) \(a\), 7\(4\) \(b\)$"):
        resolve_principle(nothing, "Art. 7", PRINCIPLES, tuple(NUMBERS.values()))


@pytest.mark.parametrize("written", ["二十二三", "2十二", "一百五", "百", "十百", "22ter", "nr", "第条", "\u3007"])
def test_a_malformed_number_is_refused(written: str, nothing: Dataset) -> None:
    with pytest.raises(UnknownNameError, match=f"^no principle is called '{written}'"):
        resolve_principle(nothing, written, PRINCIPLES, tuple(NUMBERS.values()))


def test_the_choice_between_principles_with_the_same_number_lists_their_ids(nothing: Dataset) -> None:
    with pytest.raises(WrongUseError, match=r"^'Art. 7' is the number of several principles; write one of a, b$"):
        resolve_principle(nothing, "Art. 7", PRINCIPLES[:3], ("7", "7", "8"))


def test_the_error_for_a_principle_of_another_guideline_names_the_guideline(shared_world: Path) -> None:
    dataset = store.load(shared_world)
    for name in ("tidiness", "整洁", "I"):
        with pytest.raises(WrongUseError, match=f"^'{name}' is a principle of example-2001; choose the guideline with"):
            resolve_principle(dataset, name, PRINCIPLES, ("",) * len(PRINCIPLES))
    with pytest.raises(UnknownNameError, match="no principle is called 'tidines'"):
        resolve_principle(dataset, "tidines", PRINCIPLES, ())


def test_a_position_is_a_number_only_if_no_principle_has_a_number(nothing: Dataset) -> None:
    principles = (Entity("first", "urn:first", "first"), Entity("1", "urn:1", "second"), Entity("x", "urn:x", "third"))
    found = {name: resolve_principle(nothing, name, principles, ("", "", "")).iri for name in ("1", "2", "3")}
    assert found == {"1": "urn:1", "2": "urn:1", "3": "urn:x"}
    assert resolve_principle(nothing, "9", principles, ("", "", "9")).iri == "urn:x"
    for position in ("2", "3"):
        with pytest.raises(UnknownNameError, match=f"no principle is called '{position}'"):
            resolve_principle(nothing, position, principles, ("", "", "9"))


@pytest.mark.parametrize(
    ("principle", "number"),
    [
        ("article-5", "5"),
        ("article-5-1-c", "5(1)(c)"),
        ("article-7-3", "7(3)"),
        ("article-22bis", "22bis"),
        ("do-good", ""),
        ("article-x", ""),
    ],
)
def test_the_number_of_an_article_is_read_from_the_id(principle: str, number: str) -> None:
    assert article_number(principle) == number
