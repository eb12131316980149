"""Candidates for links match by code or by names in both languages, never by English alone; no data changes."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scs_kg import store
from scs_kg.exchange.link import Suggestions, suggest, suggestions, written
from scs_kg.exchange.link.match import forms
from scs_kg.exchange.link.schemes import SCHEMES
from scs_kg.exchange.link.write import COLUMNS as LINK_COLUMNS
from scs_kg.exchange.reconcile import EntityIndex, entity_index
from scs_kg.exchange.sssom import COLUMNS
from scs_kg.model.errors import BadFileError, EngineError, ScsError, UnknownNameError, WrongUseError
from scs_kg.model.namespaces import PREFIXES
from scs_kg.render.link_suggestions import suggestions_text
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_text
from tests.conftest import FIXTURE_FOLDER, ROOT

FOLDER = FIXTURE_FOLDER / "link"
FILES = sorted(path.name for path in FOLDER.iterdir() if path.suffix != ".golden")


@pytest.fixture(scope="module")
def index(field: Dataset) -> EntityIndex:
    """Return the names of the real data."""
    return entity_index(field)


@pytest.fixture(autouse=True)
def _indexed_once(field: Dataset, index: EntityIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """Index the names of the real data once for all tests."""
    monkeypatch.setattr(suggestions, "entity_index", lambda data: index if data is field else entity_index(data))


def proposed(field: Dataset, name: str) -> Suggestions:
    """Return the candidates for one of the test files."""
    return suggest(field, str(FOLDER / name))


def refused(field: Dataset, tmp_path: Path, name: str, content: bytes) -> str:
    """Return the reason why a file is refused."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ScsError) as caught:
        suggest(field, str(tmp_path / name))
    return str(caught.value)


@pytest.mark.parametrize("name", FILES)
def test_the_candidates_are_the_golden_ones(field: Dataset, name: str) -> None:
    shown = suggestions_text(proposed(field, name)).replace(f"{FOLDER}/", "")
    assert shown == (FOLDER / f"{name}.golden").read_text("utf-8")


@pytest.mark.parametrize("name", FILES)
def test_one_name_alone_gives_no_candidate(field: Dataset, name: str) -> None:
    found = proposed(field, name)
    assert found.candidates
    for each in found.candidates:
        languages = {reason[:3] for reason in each.because} & {"en ", "zh "}
        by_code = [reason for reason in each.because if reason[:3] not in {"en ", "zh "}]
        assert by_code or languages == {"en ", "zh "}
        assert 0 < each.confidence <= 1
        assert each.status != "known" or not each.against or each.against == ("no name agrees",)


def test_all_known_links_are_found_and_not_proposed_again(field: Dataset, tmp_path: Path) -> None:
    known = [row for row in query_library.rows(field, "links") if row_text(row, "in") == "Wikidata"]
    lines = [f"{row_text(row, 'target')},,{row_text(row, 'region')}" for row in known]
    (tmp_path / "all.csv").write_text("\n".join(["item,name_en,ours", *lines]), "utf-8")
    found = suggest(field, str(tmp_path / "all.csv"))
    assert {each.status for each in found.candidates} == {"known"}
    assert {each.region for each in found.candidates} == {row_text(row, "region") for row in known}
    assert "link:" not in written(found, "turtle").split("# Candidates", 1)[1]


@pytest.mark.parametrize("name", FILES)
def test_the_table_is_sssom_and_the_turtle_is_in_the_form_of_the_links(field: Dataset, name: str) -> None:
    found = proposed(field, name)
    wanted = [each for each in found.candidates if each.status != "known"]
    lines = [line for line in written(found, "sssom").splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(io.StringIO("\n".join(lines)), delimiter="\t"))
    assert {"mapping_tool"} == set(LINK_COLUMNS) - set(COLUMNS)
    entities = [each.target for each in wanted if ":" in each.target]
    assert len(rows) == len(entities)
    for row, entity in zip(rows, entities, strict=True):
        prefix, _, rest = row["object_id"].partition(":")
        assert entity.endswith(rest)
        assert f"#  {prefix}: {entity.removesuffix(rest)}\n" in written(found, "sssom")
    assert all("To be reviewed" in row["comment"] for row in rows)
    triples = store.parse_triples(written(found, "turtle").encode(), "turtle")
    axioms = {t.subject for t in triples}
    assert len(axioms) == len(wanted)
    predicates = {t.predicate.value for t in triples}
    assert not wanted or PREFIXES["owl"] + "annotatedTarget" in predicates
    assert not predicates & {PREFIXES["skos"] + "exactMatch", PREFIXES["skos"] + "closeMatch"}


def test_json_has_the_same_candidates(field: Dataset) -> None:
    found = proposed(field, "wikidata.csv")
    document = json.loads(written(found, "json"))
    assert [each["target"] for each in document["candidates"]] == [each.target for each in found.candidates]
    assert document["entries"] == found.entries == 9


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "has no column of identifiers"),
        ("a.csv", b"name_en,name_zh\nXiamen,x\n", "has no column of identifiers"),
        ("a.csv", b"item\n", "has no record with an identifier"),
        ("a.csv", b'item,name\nQ1,"un\nclosed', "is not CSV"),
        ("a.csv", b"item\n\xff\n", "a.csv:2: is not UTF-8"),
        ("a.csv", b"iri\nnot an iri\n", "has no record with an identifier"),
        ("a.txt", b"1\t" * 18 + b"2\n1\t2\n", "is not a line of a GeoNames dump"),
        ("a.ttl", b"<https://example.org/a> <b", "a.ttl"),
        ("a.ttl", b"", "has no record with an identifier"),
        ("a.jsonld", b'{"@context": "http://127.0.0.1:9/context", "name": "x"}', "a.jsonld"),
        ("a.pdf", b"%PDF", "files with this extension cannot be read"),
    ],
)
def test_bad_files_are_refused(field: Dataset, tmp_path: Path, name: str, content: bytes, said: str) -> None:
    assert said in refused(field, tmp_path, name, content)


def test_limits_are_enforced(field: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f"Q{number},Xiamen,厦门\n" for number in range(900_000_000, 900_010_002))
    assert "more than 10000 matches" in refused(field, tmp_path, "a.csv", f"item,name_en,name_zh\n{rows}".encode())
    monkeypatch.setattr("scs_kg.exchange.link.suggestions.LARGEST", 10)
    assert "is larger than" in refused(field, tmp_path, "a.csv", b"item,name_en\n" * 2)


def test_a_path_that_is_not_a_file_is_reported(field: Dataset, tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="cannot be read"):
        suggest(field, str(tmp_path / "none.csv"))
    with pytest.raises(WrongUseError, match="is a data set, not a file; download its dump"):
        suggest(field, "geonames")
    with pytest.raises(UnknownNameError, match="did you mean geonames"):
        suggest(field, str(FOLDER / "wikidata.csv"), "geoname")
    with pytest.raises(EngineError, match="has no column of identifiers; name a column iri, geonameid"):
        suggest(field, str(FOLDER / "wikidata.csv"), "geonames")


def test_suggesting_links_changes_no_file(field: Dataset) -> None:
    before = {path: path.read_bytes() for path in sorted((ROOT / "data").rglob("*.ttl"))}
    for name in FILES:
        proposed(field, name)
    assert before == {path: path.read_bytes() for path in sorted((ROOT / "data").rglob("*.ttl"))}


@given(st.integers(1, 10**9))
def test_a_code_has_one_canonical_form(number: int) -> None:
    for name in ("GeoNames", "Wikidata", "Who's On First"):
        code = f"Q{number}" if name == "Wikidata" else str(number)
        target = SCHEMES[name].target(code)
        assert target
        assert SCHEMES[name].target(target) == target


@pytest.mark.parametrize(
    ("written_as", "code"), [("35", "350000"), ("35 02", "350200"), ("371082", "371082"), ("3", None)]
)
def test_codes_of_gbt_2260_are_six_digits(written_as: str, code: str | None) -> None:
    assert SCHEMES["GB/T 2260"].target(written_as) == code


@pytest.mark.parametrize(
    ("language", "name", "form"),
    [
        ("zh", "厦门市", "厦门"),
        ("zh", "新疆维吾尔自治区", "新疆"),
        ("en", "Xiamen Shi", "xiamen"),
        ("en", "Fuzhou (Fujian)", "fuzhou"),
    ],
)
def test_the_kind_of_a_place_is_not_part_of_its_name(language: str, name: str, form: str) -> None:
    assert form in forms(language, name)


@pytest.mark.parametrize("head", ["code,name", "代码,名称", "ID,Place"])
def test_a_column_of_codes_belongs_to_the_data_set_that_is_named(field: Dataset, tmp_path: Path, head: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"{head}\n350200,厦门市\n371082,\n", "utf-8")
    found = suggest(field, str(path), "gb-t-2260").candidates
    assert [(each.region.rpartition("/")[2], each.target) for each in found] == [
        ("rongcheng", "371082"),
        ("xiamen", "350200"),
    ]
    assert "identifiers" in refused(field, tmp_path, "list.csv", path.read_bytes())


def test_a_town_with_the_name_of_a_province_is_not_the_province(field: Dataset, tmp_path: Path) -> None:
    def line(number: int, english: str, chinese: str, kind: str) -> str:
        return f"{number}\t{english}\t{english}\t{chinese}\t39\t116\t{kind}\tCN" + "\t" * 10 + "\n"

    path = tmp_path / "CN.txt"
    lines = [
        line(1, "Hebei", "河北", "P\tPPL"),
        line(2, "Hebei", "河北", "A\tADM1"),
        line(3, "Xiamen", "厦门", "P\tPPL"),
    ]
    path.write_text("".join(lines), "utf-8")
    found = suggest(field, str(path))
    assert [each.target.rpartition("org/")[2] for each in found.candidates] == ["2/", "3/"]
    assert [each.why for each in found.left_out] == [
        "is not a division of the first level, and the region is a province; only a name agrees"
    ]
