"""Links proposed: by code or by name in both languages, never by English name alone, and nothing is merged."""

import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scs_kg.errors import BadFileError, EmptyInputError
from scs_kg.link import Candidate, Outside, Suggestions, as_turtle, read_outside, suggest
from scs_kg.namespaces import PREFIXES, local_id
from scs_kg.render.links import suggestions_table
from scs_kg.render.pages import Terminal, as_text
from scs_kg.selection import open_guarded
from scs_kg.shacl import guard
from scs_kg.store import Dataset, add, copy, parse_triples
from tests.conftest import ROOT
from tests.test_cli import run
from tests.test_records import formatted

FOLDER = Path(__file__).parent / "link"
PLACES = sorted(path for path in FOLDER.iterdir() if path.stem in {"places", "dump"})
NAMES = st.sampled_from(["Fuzhou", "Xiamen City", "Yiwu", "shanghai", "Nowhere"])
CHINESE = st.sampled_from(["福州", "厦门市", "义乌", "上海", "抚州"])
CODES = st.sampled_from([("GB/T 2260", code) for code in ("350100", "350200", "330782", "310000", "999999")])


@cache
def opened() -> Dataset:
    """Return the project's own data, opened once."""
    return open_guarded(ROOT)


@pytest.fixture(scope="module")
def real() -> Dataset:
    """Return the project's own data."""
    return opened()


def pairs(found: tuple[Candidate, ...]) -> set[tuple[str, str]]:
    """Return regions and places by the last part of their IRIs."""
    return {(local_id(one.region), one.place) for one in found}


@pytest.mark.parametrize("path", PLACES, ids=lambda path: path.name)
def test_what_is_proposed_is_the_golden_one(path: Path, real: Dataset) -> None:
    found = suggest(real, read_outside(path))
    assert as_text(suggestions_table(found), Terminal(160)) == (FOLDER / f"{path.name}.proposed").read_text("utf-8")
    written = as_turtle(found, "Example", path.name)
    assert written == (FOLDER / f"{path.name}.links").read_text("utf-8")


@pytest.mark.parametrize("path", [path for path in PLACES if path.suffix != ".txt"], ids=lambda path: path.name)
def test_links_are_written_as_those_of_the_data_are(path: Path, real: Dataset, tmp_path: Path) -> None:
    written = as_turtle(suggest(real, read_outside(path)), "Example", path.name)
    file = tmp_path / "links.ttl"
    file.write_text(written, "utf-8")
    assert formatted(file)
    with_them = copy(real)
    add(with_them, parse_triples(written.encode(), "turtle"), PREFIXES["graph"] + "data/links/wikidata")
    guard(with_them)


def test_a_namesake_is_not_proposed(real: Dataset) -> None:
    fuzhou_in_jiangxi = Outside("https://ex.org/a", frozenset({"Fuzhou"}), frozenset({"抚州"}), frozenset())
    found = suggest(real, [fuzhou_in_jiangxi])
    assert not found.proposed
    assert pairs(found.rejected) == {("fuzhou", "https://ex.org/a")}


@given(names=st.frozensets(NAMES), chinese=st.frozensets(CHINESE), codes=st.frozensets(CODES, max_size=2))
def test_no_english_name_alone_proposes_and_no_other_code_is_overlooked(
    names: frozenset[str], chinese: frozenset[str], codes: frozenset[tuple[str, str]]
) -> None:
    found = suggest(opened(), [Outside("https://ex.org/a", names, chinese, codes)])
    for one in found.proposed:
        grounds = " ".join(one.why)
        assert "GB/T 2260" in grounds or ("English name" in grounds and "Chinese name" in grounds)
        assert "GB/T 2260" in grounds or not codes
    assert not found.proposed or chinese or codes


def test_two_places_with_the_same_names_propose_neither(real: Dataset) -> None:
    twins = [Outside(f"https://ex.org/{n}", frozenset({"Yiwu"}), frozenset({"义乌"}), frozenset()) for n in (1, 2)]
    found = suggest(real, twins)
    assert not found.proposed
    assert {one.against for one in found.rejected} == {("one of 2 places with these names",)}


def test_a_known_link_is_told_and_not_written_again(real: Dataset) -> None:
    known = Outside("https://sws.geonames.org/1810815/", frozenset({"Fuzhou"}), frozenset({"福州"}), frozenset())
    found = suggest(real, [known])
    assert [one.known for one in found.proposed] == [known.iri]
    assert as_turtle(found, "GeoNames", "x") == ""


def test_nothing_in_nothing_out() -> None:
    assert as_turtle(Suggestions((), ()), "x", "x") == ""


BAD: dict[str, tuple[str | bytes, str]] = {
    "no-column.csv": ("name\nx\n", r"no-column\.csv:1: has no column 'iri'"),
    "no-iri.csv": ("iri,name\nhttps://x/1,a\nx,b\n", r"no-iri\.csv:3: has 'x' as iri"),
    "ragged.csv": ('iri,name\nhttps://x/1,"a\n', r"ragged\.csv:\d: is not well-formed"),
    "not-utf-8.csv": (b"iri,name\nhttps://x/1,\xff\n", r"not-utf-8\.csv: cannot be read"),
    "odd.txt": ("1\tx\n", r"odd\.txt:1: is no line of a dump of GeoNames"),
    "broken.ttl": ("<a> <b>", r"broken\.ttl:1"),
    "unknown.xlsx": ("x", r"unknown\.xlsx: is of no format"),
    "remote.jsonld": ('{"@context": "https://x.example/c", "@id": "https://x/1"}', r"remote\.jsonld"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_used_is_told_with_its_line(name: str, tmp_path: Path) -> None:
    content, message = BAD[name]
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadFileError, match=message):
        list(read_outside(path))


@pytest.mark.parametrize("name", ["none.csv", "none.txt", "none.ttl"])
def test_a_file_without_a_place_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("iri,name\n" if name.endswith("csv") else "", "utf-8")
    with pytest.raises(EmptyInputError, match="no place is in it"):
        list(read_outside(tmp_path / name))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="cannot be read"):
        list(read_outside(tmp_path / "none.csv"))


def test_the_command_prints_and_writes_nothing(shared_world: Path) -> None:
    before = {path: path.read_bytes() for path in sorted((shared_world / "data").rglob("*.ttl"))}
    root = ("--root", str(shared_world))
    table = run("link", "suggest", str(FOLDER / "places.csv"), *root)
    assert table.returncode == 0
    assert b"0 proposed" in table.stdout
    found = json.loads(run("link", "suggest", str(FOLDER / "places.csv"), *root, "--format", "json").stdout)
    assert found == {"proposed": [], "rejected": []}
    assert run("link", "suggest", "none.csv", *root).returncode == 1
    assert {path: path.read_bytes() for path in sorted((shared_world / "data").rglob("*.ttl"))} == before
