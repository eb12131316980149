"""Tests the agreement of coders: alpha equals its definition, and the tables of codings give the expected units."""

import json
import sys
from collections import Counter
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scs_kg import store
from scs_kg.analysis.agreement import Agreement, Codes, agreements, alpha
from scs_kg.model.errors import BadFileError, WrongUseError
from scs_kg.store import Dataset
from tests.support.opened_once import printed

CLAIMS = (
    "claim,coder,feature,further_features,finding,mode,locator,statement,feature_agrees,finding_agrees,mode_agrees,"
    "locator_agrees,statement_agrees,date_agrees,confidence_agrees,system_agrees,note"
)
PROVISION = "provision:plain-freedom-way-out,b,Stated,Plain,Deciding,so\n"
codes = st.sampled_from(["Present", "Absent", "NotReported"])


def by_definition(units: list[Codes]) -> float | None:
    """Return alpha as 1 minus observed over expected disagreement, from the coincidences of all codes."""
    values = [code for unit in units for code in unit]
    observed = sum(a != b for unit in units for a, b in permutations(unit, 2)) / (len(units[0]) - 1) / len(values)
    counts = Counter(values)
    expected = sum(counts[a] * counts[b] for a, b in permutations(counts, 2)) / (len(values) * (len(values) - 1))
    return 1 - observed / expected if expected else None


@given(st.integers(2, 4).flatmap(lambda coders: st.lists(st.tuples(*[codes] * coders), min_size=2, max_size=12)))
def test_alpha_is_as_defined(units: list[Codes]) -> None:
    expected = by_definition(units)
    found = alpha(units)
    assert found == (None if expected is None else pytest.approx(expected))


def coded(world: Path, *rows: str, provisions: str = PROVISION) -> dict[tuple[str, str, str], Agreement]:
    """Write codings into the invented world; return the agreement, keyed by what is coded, kind and field."""
    (world / "data" / "second-coding.csv").write_text("\n".join((CLAIMS, *rows, "")), "utf-8")
    table = f"provision,coder,basis,force,role,reason\n{provisions}"
    (world / "data" / "second-coding-provisions.csv").write_text(table, "utf-8")
    return {(one.coded, one.kind, one.field): one for one in agreements(store.load(world))}


def test_finding_and_mode_are_compared_only_if_a_coded_feature_is_that_of_the_claim(world: Path) -> None:
    found = coded(
        world,
        "claim:alpha-punishment-book-2001,b,fine,punishment cake,Absent,DeFacto,,,yes,yes,yes,,no,,,,it says less",
        "claim:alpha-cake-book-2001,b,fine,door,Absent,Planned,,,no,no,no,,yes,,,,",
        "claim:alpha-appeal-book-2001,b,appeal,,Absent,DeFacto,p. 4,,yes,no,yes,yes,yes,yes,yes,yes,",
    )
    counts = {
        field: (one.units, one.agreeing)
        for (what, kind, field), one in found.items()
        if (what, kind) == ("claim", "all")
    }
    assert counts == {
        "first feature": (3, 1),
        "feature": (3, 2),
        "finding": (2, 1),
        "mode": (2, 2),
        "locator": (1, 1),
        "statement": (3, 2),
        "date": (1, 1),
        "confidence": (1, 1),
        "system": (1, 1),
    }
    assert found["claim", "all", "statement"].alpha is None


def test_a_coding_of_an_unknown_record_is_an_error(world: Path) -> None:
    with pytest.raises(BadFileError, match=r"second-coding.csv:2: names .*alpha-moon-book-2001, which has no feature"):
        coded(world, "claim:alpha-moon-book-2001,b,fine,,Present,DeFacto,,,yes,yes,yes,,,,,,")


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([",b,fine,,Present,DeFacto,,,yes,yes,yes,,,,,,"], "which has no feature in the data"),
        (["claim:a>b,b,fine,,Present,DeFacto,,,yes,yes,yes,,,,,,"], "which has no feature in the data"),
        (["claim:alpha-cake-book-2001,b,cake,,Absent,DeFacto,,,yes,yes,yes,,Yes,,,,"], "'Yes' in statement_agrees"),
        (["claim:alpha-cake-book-2001,b,cake,,Absent,DeFacto,,,yes,yes,yes,,,,,,"] * 2, ":3: codes alpha-cake"),
        (["claim:alpha-cake-book-2001,b,cake"], "the number of cells is 3"),
        (["claim:alpha-cake-book-2001,b,nix,,Absent,DeFacto,,,yes,yes,yes,,,,,,"], "has 'nix' as feature"),
        (
            ['claim:alpha-cake-book-2001,b,cake,"door, fine",Absent,DeFacto,,,yes,yes,yes,,,,,,'],
            "has 'door,' as feature",
        ),
        (["claim:alpha-cake-book-2001,b,ca>ke,,Absent,DeFacto,,,yes,yes,yes,,,,,,"], "has 'ca>ke' as feature"),
        (["claim:alpha-cake-book-2001,b,cake,,absent,DeFacto,,,yes,yes,yes,,,,,,"], "has 'absent' as finding"),
        (["claim:alpha-cake-book-2001,b,cake,,Absent,,,,yes,yes,yes,,,,,,"], "has '' as mode"),
        ([], "has no coding; write one row for each coding"),
    ],
)
def test_a_wrong_coding_is_an_error(rows: list[str], reason: str, world: Path) -> None:
    with pytest.raises(BadFileError, match=reason):
        coded(world, *rows)


def test_a_provision_is_coded_with_the_values_of_its_fields(world: Path) -> None:
    good = "claim:alpha-cake-book-2001,b,cake,,Absent,DeFacto,,,yes,yes,yes,,,,,,"
    found = coded(world, good, provisions="provision:plain-freedom-way-out,b,Stated,Plain,Deciding,so\n")
    assert found["provision", "all", "basis"].units == 1
    for codes, reason in (("Plain,Plain,Deciding", "'Plain' as basis"), ("Stated,,Deciding", "'' as force")):
        with pytest.raises(BadFileError, match=reason):
            coded(world, good, provisions=f"provision:plain-freedom-way-out,b,{codes},so\n")


def test_several_coders_of_a_provision_are_compared_with_each_other_and_one_with_the_data(world: Path) -> None:
    good = "claim:alpha-cake-book-2001,b,cake,,Absent,DeFacto,,,yes,yes,yes,,,,,,"
    row = "provision:plain-freedom-way-out,{},Inferred,{},Supporting,so\n"
    one = coded(world, good, provisions=row.format("b", "Interpreted"))
    assert (one["provision", "all", "basis"].agreeing, one["provision", "all", "basis"].units) == (0, 1)
    two = coded(world, good, provisions=row.format("b", "Interpreted") + row.format("c", "Aspirational"))
    assert [two["provision", "all", field].agreeing for field in ("basis", "force", "role")] == [1, 0, 1]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (
            [("provision:plain-freedom-way-out", "b")] * 2,
            ":3: codes plain-freedom-way-out again; write one row for each",
        ),
        (
            [("provision:plain-freedom-way-out", "b"), ("plain-freedom-way-out", "b ")],
            ":3: codes plain-freedom-way-out",
        ),
        ([("provision:plain-freedom-way-out", "b"), ("provision:plain-freedom-way-out", " ")], ":3: names no coder"),
    ],
    ids=["twice", "twice, once without the prefix", "nobody"],
)
def test_no_coder_counts_twice_and_each_has_a_name(rows: list[tuple[str, str]], reason: str, world: Path) -> None:
    good = "claim:alpha-cake-book-2001,b,cake,,Absent,DeFacto,,,yes,yes,yes,,,,,,"
    provisions = "".join(f"{provision},{coder},Stated,Plain,Deciding,so\n" for provision, coder in rows)
    with pytest.raises(BadFileError, match=reason):
        coded(world, good, provisions=provisions)


def test_a_project_without_codings_is_an_error(world: Path) -> None:
    with pytest.raises(BadFileError, match="cannot be read"):
        agreements(store.load(world))


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "krippendorff", None)
    with pytest.raises(WrongUseError, match=r"krippendorff is not installed; .*\[coding\]"):
        alpha([("a", "b"), ("b", "b")])


@pytest.mark.slow
def test_every_coding_of_the_data_is_measured(field: Dataset) -> None:
    found = agreements(field)
    whole = {(one.coded, one.field): one for one in found if one.kind == "all"}
    assert whole["claim", "feature"].units > 200
    assert {name for coded, name in whole if coded == "provision"} == {"basis", "force", "role"}
    by_kind = Counter[str]()
    for one in found:
        assert one.agreeing <= one.units
        if one.coded == "claim" and one.kind != "all":
            by_kind[one.field] += one.units
    assert by_kind == {name: one.units for (coded, name), one in whole.items() if coded == "claim"}


def test_the_command_prints_the_same_in_every_format(opened: Dataset) -> None:
    records = json.loads(printed(opened, "agreement", "--format", "json"))
    rows = printed(opened, "agreement", "--format", "csv").splitlines()[1:]
    text = printed(opened, "agreement")
    assert len(rows) == len(records) > 50
    for record, row in zip(records, rows, strict=True):
        cells = row.split(",")
        assert cells[:5] == [
            record["coded"],
            record["kind"],
            record["field"],
            str(record["units"]),
            str(record["agreeing"]),
        ]
        assert cells[5] == ("" if record["alpha"] is None else f"{record['alpha']:.3f}")
    assert "Krippendorff's alpha" in text
