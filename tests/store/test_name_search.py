"""The search for names: by similar names, by words of names and definitions in both languages."""

from pathlib import Path

import pytest

from scs_kg import store
from scs_kg.model.entity import Entity
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.namespaces import PREFIXES, SCS
from scs_kg.store import Dataset, query_library
from scs_kg.store.labels import name_index, resolve, short_names
from scs_kg.store.name_search import QUESTIONS, NamedThing, named_things, search, unknown_name
from tests.conftest import ROOT

FEATURE = SCS + "Feature"
THINGS = (
    NamedThing(
        "urn:contestation",
        ("contestation", "提出异议", "appeal", "申诉"),
        (("contestation",), ("提出异议",), ("appeal",), ("申诉",)),
        (("people", "can", "contest", "what", "a", "system", "decides"), ("人们可以对体系的决定提出异议",)),
    ),
    NamedThing("urn:penalty", ("penalty", "惩戒"), (("penalty",), ("惩戒",)), (("any", "disadvantage"),)),
    NamedThing(
        "urn:air-travel-ban",
        ("air-travel-ban", "ban on air travel"),
        (("air", "travel", "ban"), ("ban", "on", "air", "travel")),
        (("barred", "from", "travelling", "by", "plane"),),
    ),
)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("appeal", ["urn:contestation"]),
        ("appeals", ["urn:contestation"]),
        ("penalti", ["urn:penalty"]),
        ("申诉权", ["urn:contestation"]),
        ("异议", ["urn:contestation"]),
        ("contesting", ["urn:contestation"]),
        ("planes", ["urn:air-travel-ban"]),
        ("travel ban", ["urn:air-travel-ban"]),
        ("the travel of a ban", ["urn:air-travel-ban"]),
        ("决定", ["urn:contestation"]),
        ("pealty", ["urn:penalty"]),
        ("an", []),
        ("", []),
        ("zebra", []),
        ("right to contest", ["urn:contestation"]),
    ],
)
def test_a_text_finds_what_it_may_mean(written: str, found: list[str]) -> None:
    assert list(search(THINGS, written)) == found


def test_a_somewhat_similar_name_is_found_only_if_no_other_thing_has_the_words() -> None:
    assert search(THINGS[1:], "appeal") == ("urn:penalty",)
    assert search(THINGS, "appeal") == ("urn:contestation",)
    assert search(THINGS, "x" * 1_000_000) == ()


@pytest.fixture(scope="module")
def dataset(shared_world: Path) -> Dataset:
    """Return the invented world."""
    return store.load(shared_world)


def test_names_and_definitions_of_the_data_are_searched(dataset: Dataset) -> None:
    things = named_things(dataset, name_index(dataset).iris(FEATURE))
    cake, benefit = PREFIXES["feat"] + "cake", PREFIXES["feat"] + "score-benefit"
    assert search(things, "cakes")[0] == search(things, "蛋糕")[0] == cake
    assert search(things, "good standing")[0] == benefit


def test_the_error_for_an_unknown_name_suggests_names_and_names_the_command(dataset: Dataset) -> None:
    features = name_index(dataset).iris(FEATURE)
    message = str(unknown_name(dataset, "feature", "cakes", features))
    assert message.startswith("no feature is called 'cakes'; did you mean cake")
    assert message.endswith("? 'scs-kg query features' lists all")
    few = [Entity("alpha", PREFIXES["sys"] + "alpha", "Alpha")]
    with pytest.raises(UnknownNameError, match=r"^no system is called 'zebra'; known: alpha$"):
        resolve(dataset, "zebra", "system", few)


def test_the_error_names_only_the_command_if_there_are_many_names(dataset: Dataset) -> None:
    many = {f"{PREFIXES['feat']}feature-{number}" for number in range(40)}
    assert str(unknown_name(dataset, "feature", "zebra", many)) == (
        "no feature is called 'zebra'; 'scs-kg query features' lists all"
    )


@pytest.mark.parametrize("kind", sorted(QUESTIONS))
def test_the_questions_that_list_a_kind_are_in_the_library(kind: str) -> None:
    assert all(query_library.find(ROOT, question) for question in QUESTIONS[kind].split(","))


def test_the_error_for_a_claim_or_source_names_both_commands(dataset: Dataset) -> None:
    many = {f"{PREFIXES['claim']}tale-{number}" for number in range(40)}
    assert str(unknown_name(dataset, "claim or source", "zebra", many)) == (
        "no claim or source is called 'zebra'; 'scs-kg query claims' and 'scs-kg query sources' list all"
    )


def test_the_suggestions_for_an_id_of_several_things_have_full_names(dataset: Dataset) -> None:
    articles = [f"{PREFIXES['gl']}{law}/article-10" for law in ("a-law", "b-law")]
    things = [*articles, PREFIXES["gl"] + "a-law/article-12"]
    assert list(short_names(things).values()) == ["a-law/article-10", "b-law/article-10", "article-12"]
    message = str(unknown_name(dataset, "principle", "artcle-10", things))
    assert "did you mean a-law/article-10 or b-law/article-10 or article-12?" in message
