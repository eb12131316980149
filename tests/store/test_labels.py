"""Tests the names by which a user can refer to a thing, and the names that are suggested if no name matches."""

from pathlib import Path

import pytest

from scs_kg import store
from scs_kg.model.entity import Entity
from scs_kg.model.errors import UnknownNameError, WrongUseError
from scs_kg.model.namespaces import PREFIXES, SCS
from scs_kg.store import Dataset
from scs_kg.store.labels import NameIndex, name_index, normalize_name, resolve

SYSTEM, FEATURE, SOURCE = (SCS + name for name in ("SocialCreditSystem", "Feature", "Source"))


@pytest.fixture(scope="module")
def known(shared_world: Path) -> NameIndex:
    """Return the names of the invented world."""
    return name_index(store.load(shared_world))


@pytest.mark.parametrize(
    ("kind", "written", "found"),
    [
        (SYSTEM, "alpha", "sys:alpha"),
        (SYSTEM, "sys:alpha", "sys:alpha"),
        (SYSTEM, "https://w3id.org/scs-kg/system/alpha", "sys:alpha"),
        (SYSTEM, "  ALPHA ", "sys:alpha"),
        (FEATURE, "蛋糕", "feat:cake"),
        (FEATURE, "benefit  for good standing", "feat:score-benefit"),
        (SOURCE, "A Book", "src:book-2001"),
        (SCS + "Finding", "未见报道", "scs:NotReported"),
    ],
)
def test_ids_iris_and_labels_resolve_to_one_thing(kind: str, written: str, found: str, known: NameIndex) -> None:
    prefix, _, rest = found.partition(":")
    assert known.find(kind, written) == {PREFIXES[prefix] + rest}


def test_a_name_of_another_kind_of_thing_is_unknown(known: NameIndex) -> None:
    assert known.find(SYSTEM, "cake") == known.find(SYSTEM, "") == known.find("urn:none", "alpha") == frozenset()


def test_names_are_listed_once_with_ids_before_labels(known: NameIndex) -> None:
    written = known.ids_and_labels(FEATURE)
    assert written[: len(known.ids(FEATURE))] == known.ids(FEATURE)
    assert len(set(written)) == len(written)
    assert "蛋糕" in written


def test_an_id_has_precedence_over_a_label_of_another_thing(world: Path) -> None:
    path = world / "ontology" / "features.ttl"
    path.write_text(path.read_text("utf-8").replace('"ledger"@en', '"gossip"@en', 1), "utf-8")
    assert name_index(store.load(world)).find(FEATURE, "gossip") == {PREFIXES["feat"] + "gossip"}


def test_folding_ignores_case_width_and_space() -> None:
    assert normalize_name(" \uff21lpha\t\n BETA ") == normalize_name("alpha beta")


# One of several choices


ALPHA, BETA = (Entity(name, PREFIXES["sys"] + name, name.capitalize()) for name in ("alpha", "beta"))


@pytest.fixture
def dataset(world: Path) -> Dataset:
    """Return the invented world with one more name that two systems share."""
    path = world / "data" / "places.ttl"
    more = "\n".join(f'sys:{name} skos:altLabel "The old one"@en .' for name in ("alpha", "beta"))
    path.write_text(path.read_text("utf-8") + more + "\n", "utf-8")
    return store.load(world)


@pytest.mark.parametrize("name", ["alpha", ALPHA.iri, "sys:alpha", f"<{ALPHA.iri}>", "Alpha", " ALPHA", "甲"])
def test_an_id_an_iri_and_every_label_select_one_thing(name: str, dataset: Dataset) -> None:
    assert resolve(dataset, name, "system", [ALPHA, BETA]) == ALPHA


def test_an_ambiguous_label_is_refused_with_the_ids_of_the_choices(dataset: Dataset) -> None:
    said = "'the old one' is ambiguous: it is the name of more than one system: alpha, beta; use one of these"
    with pytest.raises(WrongUseError, match=said):
        resolve(dataset, "the old one", "system", [BETA, ALPHA])
    assert resolve(dataset, "the old one", "system", [BETA]) == BETA


@pytest.mark.parametrize("name", ["cake", "Gamma", "https://example.org/alpha", "feat:alpha", "", "alpah"])
def test_a_name_that_is_not_among_the_choices_is_unknown(name: str, dataset: Dataset) -> None:
    with pytest.raises(UnknownNameError, match=f"no system is called '{name}'"):
        resolve(dataset, name, "system", [ALPHA, BETA])


@pytest.mark.parametrize("name", ["sesame credits", "zhima"])
def test_the_id_for_a_similar_label_is_suggested(name: str, dataset: Dataset) -> None:
    known = [
        Entity("zhima-credit", PREFIXES["sys"] + "zhima-credit", "Sesame Credit"),
        Entity("fico", PREFIXES["sys"] + "fico", "FICO"),
    ]
    with pytest.raises(UnknownNameError, match="did you mean zhima-credit"):
        resolve(dataset, name, "system", known)


def test_only_some_of_many_names_are_listed(dataset: Dataset) -> None:
    things = [Entity(f"set-{number:02}", f"{PREFIXES['dataset']}set-{number:02}", "") for number in range(50)]
    with pytest.raises(UnknownNameError, match=r"known: set-00, .*, set-39, and 10 more$"):
        resolve(dataset, "?", "dataset", things)
