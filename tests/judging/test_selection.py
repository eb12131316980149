"""Selections: each option excludes exactly the claims that it should, and unknown names are rejected."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scs_kg import store
from scs_kg.judging.evidence import derived_evidence
from scs_kg.judging.judged import judge_selection
from scs_kg.judging.project import evidence_graph, judged_graph, open_guarded, open_judged
from scs_kg.judging.read_claims import read_claims
from scs_kg.judging.selection import select
from scs_kg.model.errors import EmptyInputError, UnknownNameError
from scs_kg.model.formula import Fact
from scs_kg.model.namespaces import PREFIXES, SCS, local_id
from scs_kg.model.selection import CONFIDENCES, Selection, last_day
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import Row, row_text


def left(root: Path | Dataset, selection: Selection) -> tuple[set[str], set[str]]:
    """Return the ids of the systems and claims that a selection of a folder, or of an opened dataset, keeps."""
    opened = root if isinstance(root, Dataset) else open_guarded(root)
    dataset = evidence_graph(judge_selection(opened, selection))
    names = [local_id(row_text(row, "system")) for row in query_library.rows(dataset, "systems")]
    assert len(names) == len(set(names))
    return set(names), {local_id(row_text(row, "claim")) for row in query_library.rows(dataset, "claims")}


@pytest.fixture(scope="module")
def everything(shared_world: Path) -> list[Row]:
    """Return all claims of the invented world."""
    return query_library.rows(open_guarded(shared_world), "claims")


def test_a_selection_is_the_same_with_claims_that_were_read_before(shared_world: Path) -> None:
    dataset = open_guarded(shared_world)
    claims = read_claims(dataset)
    for selection in (
        Selection(as_of="2002", without=("law-2003",)),
        Selection(mode="de-jure", min_confidence="medium", systems=("alpha", "beta")),
    ):
        assert select(dataset, selection, claims) == select(dataset, selection)


def test_claims_that_are_left_out_are_not_read_and_other_claims_are_the_same(opened: Dataset) -> None:
    every = read_claims(opened)
    selected = select(opened, Selection(datasets=("agrawal-2022",)))
    assert 0 < len(selected.claims) < len(every) / 2
    for left_out in (selected.left_out, {every[0].iri}, {claim.iri for claim in every}):
        assert read_claims(opened, left_out) == tuple(claim for claim in every if claim.iri not in left_out)
    assert select(opened, Selection(datasets=("agrawal-2022",)), every) == selected


def test_the_claims_that_a_selection_leaves_out_are_those_of_the_query(shared_world: Path) -> None:
    dataset = open_guarded(shared_world)
    rows = query_library.rows(dataset, "claims")
    late = {row_text(row, "claim") for row in rows if row_text(row, "asOf")[:4] > "2002" or not row["asOf"]}
    unsure = {row_text(row, "claim") for row in rows if row_text(row, "confidence") != SCS + "High"}
    of_practice = {row_text(row, "claim") for row in rows if row_text(row, "mode") == SCS + "DeFacto"}
    law = PREFIXES["src"] + "law-2003"
    citing = {
        row_text(row, "claim") for row in rows if law in (row_text(row, "source"), row_text(row, "primarySource"))
    }
    assert select(dataset, Selection(as_of="2002")).left_out == late
    assert select(dataset, Selection(min_confidence="high")).left_out == unsure
    assert select(dataset, Selection(without=("law-2003",))).left_out == citing
    assert (
        of_practice == {row_text(row, "claim") for row in rows} - select(dataset, Selection(mode="de-facto")).left_out
    )
    assert all((late, unsure, of_practice, citing))


def test_an_empty_selection_keeps_everything(shared_world: Path, everything: list[Row]) -> None:
    systems, claims = left(shared_world, Selection())
    assert systems == {"alpha", "beta", "gamma"}
    assert claims == {local_id(row_text(row, "claim")) for row in everything}


@pytest.mark.parametrize(
    ("selection", "systems"),
    [
        (Selection(systems=("beta",)), {"beta"}),
        (Selection(systems=("gamma", "alpha")), {"alpha", "gamma"}),
        (Selection(systems=("https://w3id.org/scs-kg/system/alpha",)), {"alpha"}),
        (Selection(systems=("乙", "ALPHA")), {"alpha", "beta"}),
        (Selection(kinds=("comparator",)), {"gamma"}),
        (Selection(kinds=("comparator", "local")), {"alpha", "beta", "gamma"}),
        (Selection(kinds=("local",), systems=("alpha", "gamma")), {"alpha"}),
    ],
)
def test_systems_are_chosen_by_name_and_kind(
    selection: Selection, systems: set[str], shared_world: Path, everything: list[Row]
) -> None:
    found, claims = left(shared_world, selection)
    assert found == systems
    assert claims == {
        local_id(row_text(row, "claim")) for row in everything if local_id(row_text(row, "system")) in systems
    }


def test_a_named_system_without_claims_in_the_datasets_is_an_error(opened: Dataset) -> None:
    with pytest.raises(EmptyInputError, match="no claim of agrawal-2022 is about rongcheng; --dataset all"):
        left(opened, Selection(datasets=("agrawal-2022",), systems=("xiamen", "rongcheng")))


def test_a_named_system_of_another_kind_is_left_out_and_needs_no_claim_in_the_datasets(opened: Dataset) -> None:
    chosen = Selection(datasets=("agrawal-2022",), systems=("xiamen", "schufa"), kinds=("local",))
    assert left(opened, chosen)[0] == {"xiamen"}


@pytest.mark.parametrize("level", CONFIDENCES)
def test_claims_below_a_confidence_or_without_one_are_left_out(
    level: str, shared_world: Path, everything: list[Row]
) -> None:
    enough = CONFIDENCES[CONFIDENCES.index(level) :]
    kept = {
        local_id(row_text(row, "claim"))
        for row in everything
        if local_id(row_text(row, "confidence")).lower() in enough
    }
    assert kept
    assert left(shared_world, Selection(min_confidence=level))[1] == kept


def test_claims_dated_later_are_left_out(shared_world: Path, everything: list[Row]) -> None:
    kept = {local_id(row_text(row, "claim")) for row in everything if row_text(row, "asOf") == "2001"}
    assert kept
    assert (
        left(shared_world, Selection(as_of="2001"))[1] == left(shared_world, Selection(as_of="2001-12-31"))[1] == kept
    )


def test_claims_that_cite_a_source_are_left_out(shared_world: Path, everything: list[Row]) -> None:
    rest = {"source", "primarySource"}
    kept = {
        local_id(row_text(row, "claim"))
        for row in everything
        if not any(row_text(row, name).endswith("/news-2002") for name in rest)
    }
    assert "alpha-ledger-book-2001" not in kept
    assert left(shared_world, Selection(without=("news-2002",)))[1] == kept


def test_a_dataset_selects_its_claims_and_their_systems(opened: Dataset, field: Dataset) -> None:
    rows = query_library.rows(field, "claims")
    for name in ("agrawal-2022", "field-2026"):
        whole = {claim for claim, link in store.subject_objects(field, SCS + "inDataset") if local_id(link) == name}
        kept = [row for row in rows if row_text(row, "claim") in whole]
        systems, claims = left(opened, Selection(datasets=(name,)))
        assert claims == {local_id(row_text(row, "claim")) for row in kept}
        assert systems == {local_id(row_text(row, "system")) for row in kept} != set()


@pytest.mark.parametrize(
    "selection",
    [
        Selection(systems=("delta",)),
        Selection(datasets=("lies",)),
        Selection(without=("book-1",)),
    ],
)
def test_an_unknown_name_is_rejected(selection: Selection, shared_world: Path) -> None:
    with pytest.raises(UnknownNameError):
        open_judged(shared_world, selection)


def test_a_selection_without_claims_is_rejected(shared_world: Path) -> None:
    with pytest.raises(EmptyInputError):
        open_judged(shared_world, Selection(systems=("gamma",), kinds=("local",)))


@pytest.mark.slow
@pytest.mark.parametrize("kinds", [("national",), ("commercial", "comparator")])
def test_the_error_for_a_dataset_without_claims_counts_the_claims_of_other_datasets(
    kinds: tuple[str, ...], opened: Dataset
) -> None:
    systems, claims = left(opened, Selection(kinds=kinds))
    assert len(systems) > 1
    said = f"no claims of agrawal-2022 are left to judge; --dataset all would leave {len(claims)} claims on"
    with pytest.raises(EmptyInputError, match=rf"^{said} {len(systems)} systems$"):
        left(opened, Selection(datasets=("agrawal-2022",), kinds=kinds))


def test_other_datasets_are_not_suggested_if_they_have_no_claims_either(world: Path) -> None:
    with pytest.raises(
        EmptyInputError, match=r"no claims are left to judge; the data has none, or the selection leaves"
    ):
        left(world, Selection(datasets=("tales",), kinds=("national",)))


CAKE = PREFIXES["feat"] + "cake"
GAMMA = PREFIXES["sys"] + "gamma"


@pytest.mark.parametrize(
    ("selection", "counts_again"),
    [
        (Selection(mode="de-facto"), False),
        (Selection(min_confidence="medium"), False),
        (Selection(mode="de-facto", min_confidence="medium"), False),
        (Selection(as_of="2001"), True),
        (Selection(without=("law-2003",)), True),
        (Selection(without=("law-2003",), mode="de-facto"), True),
        (Selection(as_of="2001", min_confidence="medium"), True),
    ],
    ids=str,
)
def test_only_a_selection_by_date_or_source_removes_a_supersession(
    selection: Selection, counts_again: bool, world: Path
) -> None:
    path = world / "data" / "tales" / "gamma.ttl"
    old = 'scs:locator "p. 12" ;\n  scs:asOf "2001"^^xsd:gYear'
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, f"{old} ;\n  scs:confidence scs:High"), "utf-8")
    judged = judge_selection(open_guarded(world), selection)
    known = judged.state.system_states[GAMMA].evidence.known
    assert (Fact(CAKE, present=True) in known) == counts_again
    assert Fact(CAKE, present=False) not in known
    graph = judged_graph(judged)
    assert store.has_triple(graph, GAMMA, SCS + "hasFeature", CAKE) == counts_again
    assert not store.has_triple(graph, GAMMA, SCS + "lacksFeature", CAKE)
    assert derived_evidence(graph)[GAMMA] == judged.state.system_states[GAMMA].evidence


@pytest.mark.parametrize(("mode", "wanted"), [("de-jure", "DeJure"), ("de-facto", "DeFacto")])
def test_a_mode_keeps_its_claims_and_no_plan(mode: str, wanted: str, shared_world: Path, everything: list[Row]) -> None:
    kept = {local_id(row_text(row, "claim")) for row in everything if local_id(row_text(row, "mode")) == wanted}
    assert kept
    assert {local_id(row_text(row, "mode")) for row in everything} == {"DeJure", "DeFacto", "Planned"}
    assert left(shared_world, Selection(mode=mode))[1] == kept


def test_the_scope_of_a_selection_is_in_the_order_of_the_scopes(shared_world: Path) -> None:
    selection = Selection(scope=("current", "established", "current"))
    assert select(open_guarded(shared_world), selection).selection.scope == ("established", "current")


@given(st.dates())
def test_the_last_day_is_in_its_month_and_its_year_and_sorts_as_a_date(day: object) -> None:
    written = str(day)
    assert last_day(written) == written
    assert written <= last_day(written[:7]) <= last_day(written[:4])
    assert re.fullmatch(rf"{written[:7]}-(28|29|30|31)", last_day(written[:7]))
    assert last_day(written[:4]) == f"{written[:4]}-12-31"
