"""Names: what a person may write for a thing, and what is offered when nothing is called so."""

from pathlib import Path

import pytest

from scs_kg import store
from scs_kg.names import Names, fold, names
from scs_kg.namespaces import PREFIXES, SCS

SYSTEM, FEATURE, SOURCE = (SCS + name for name in ("SocialCreditSystem", "Feature", "Source"))


@pytest.fixture(scope="module")
def known(shared_world: Path) -> Names:
    """Return the names of the invented world."""
    return names(store.load(shared_world))


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
def test_ids_iris_and_labels_name_one_thing(kind: str, written: str, found: str, known: Names) -> None:
    prefix, _, rest = found.partition(":")
    assert known.find(kind, written) == {PREFIXES[prefix] + rest}


def test_a_name_of_something_else_names_nothing(known: Names) -> None:
    assert known.find(SYSTEM, "cake") == known.find(SYSTEM, "") == known.find("urn:none", "alpha") == frozenset()


def test_near_names_are_offered_by_id_the_nearest_first(known: Names) -> None:
    assert known.near(SYSTEM, "alpa")[0] == "alpha"
    assert known.near(FEATURE, "score benefit")[0] == "score-benefit"
    assert known.near(SYSTEM, "x" * 10_000_000) == ()


def test_ids_come_before_labels_and_each_once(known: Names) -> None:
    written = known.written(FEATURE)
    assert written[: len(known.ids(FEATURE))] == known.ids(FEATURE)
    assert len(set(written)) == len(written)
    assert "蛋糕" in written


def test_an_id_wins_over_a_label_of_another_thing(world: Path) -> None:
    path = world / "ontology" / "features.ttl"
    path.write_text(path.read_text("utf-8").replace('"ledger"@en', '"gossip"@en', 1), "utf-8")
    assert names(store.load(world)).find(FEATURE, "gossip") == {PREFIXES["feat"] + "gossip"}


def test_folding_forgets_case_width_and_space() -> None:
    assert fold(" \uff21lpha\t\n BETA ") == fold("alpha beta")
