"""The release: every file opened by a reader that is not ours, all of them the same bytes each time."""

import csv
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import html5lib
import jsonschema
import openpyxl
import pytest
import rdflib
from csvw import TableGroup
from rdflib.namespace import DCTERMS, RDF, SKOS
from rocrate.rocrate import ROCrate

from scs_kg.cli import main
from scs_kg.contribute.read.fields import CONTEXT, PAGE
from scs_kg.contribute.template.json_schema import SCHEMA_PAGE
from scs_kg.judging.selection import open_guarded
from scs_kg.model.errors import BadFileError, UnknownNameError, WrongUseError
from scs_kg.model.namespaces import BASE, PREFIXES
from scs_kg.release import write_release
from scs_kg.release.tables import Tabular
from scs_kg.release.write_folder import SUMS, write_folder
from scs_kg.release.xlsx_parquet import sheet_names
from scs_kg.store.ontology_header import ontology_header
from tests.conftest import ROOT

XHTML = "{http://www.w3.org/1999/xhtml}"
pytestmark = [
    pytest.mark.filterwarnings("ignore:Dataset[.][a-z_]+ is deprecated:DeprecationWarning:rdflib"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def released(shared_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the release of the invented world."""
    folder = tmp_path_factory.mktemp("released") / "release"
    write_release(shared_world, folder)
    return folder


def tables(folder: Path) -> dict[str, list[list[str]]]:
    """Read the CSV files of a release, each with its heading."""
    found = {}
    for path in sorted((folder / "tables").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem] = list(csv.reader(file, strict=True))
    return found


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> object:
    """Run the command and return its exit status."""
    monkeypatch.setattr("sys.argv", ["scs-kg", *words])
    try:
        main()
    except SystemExit as stopped:
        return stopped.code
    return 0


def test_two_runs_give_the_same_bytes(released: Path, shared_world: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    write_release(shared_world, again)
    names = sorted(path.relative_to(released) for path in released.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(again) for path in again.rglob("*") if path.is_file())
    assert len(names) > 20
    for name in names:
        assert (released / name).read_bytes() == (again / name).read_bytes(), name


def test_the_checksums_are_right_and_of_every_file(released: Path) -> None:
    command = ["sha256sum", "--check", "--strict", SUMS]
    checked = subprocess.run(command, cwd=released, capture_output=True, text=True, check=True)
    files = {path.relative_to(released).as_posix() for path in released.rglob("*") if path.is_file()}
    assert {line.removesuffix(": OK") for line in checked.stdout.splitlines()} == files - {SUMS}


# Graphs


@pytest.mark.no_cover
def test_the_four_graphs_say_the_same(released: Path) -> None:
    found = {}
    for suffix, form in (("trig", "trig"), ("nq", "nquads"), ("jsonld", "json-ld")):
        found[suffix] = rdflib.Dataset()
        found[suffix].parse(released / f"scs-kg.{suffix}", format=form)
    union = rdflib.Graph().parse(released / "scs-kg.ttl", format="turtle")
    named = {suffix: {quad for quad in graph.quads() if not blank(quad)} for suffix, graph in found.items()}
    assert named["trig"] == named["nq"] == named["jsonld"]
    assert {quad[:3] for quad in named["trig"]} == {triple for triple in union if not blank(triple)}
    assert len({len(list(graph.quads())) for graph in found.values()}) == 1
    assert list(union.subjects(RDF.type, rdflib.URIRef(PREFIXES["scs"] + "VerdictState")))


def blank(parts: tuple[object, ...]) -> bool:
    """Tell whether a statement has a blank node, whose label each reader chooses."""
    return any(isinstance(part, rdflib.BNode) for part in parts)


def test_the_catalogue_counts_and_lists_what_is_there(released: Path) -> None:
    said = rdflib.Graph().parse(released / "catalogue.ttl", format="turtle")
    void, spdx, dcat = (rdflib.Namespace(PREFIXES[name]) for name in ("void", "spdx", "dcat"))
    whole = rdflib.URIRef(BASE)
    union = rdflib.Graph().parse(released / "scs-kg.ttl", format="turtle")
    assert said.value(whole, void.triples) == rdflib.Literal(len(union))
    for kind, count in (("classPartition", len(set(union.objects(None, RDF.type)))), ("propertyPartition", None)):
        parts = list(said.objects(whole, void[kind]))
        assert len(parts) == (len(set(union.predicates())) if count is None else count)
    listed = list(said.objects(whole, dcat.distribution))
    assert len(listed) > 20
    for file in listed:
        path = released / str(file).removeprefix(f"{BASE}release/0.1.0/")
        content = path.read_bytes()
        checksum = said.value(file, spdx.checksum)
        assert str(said.value(checksum, spdx.checksumValue)) == hashlib.sha256(content).hexdigest()
        assert int(str(said.value(file, dcat.byteSize))) == len(content)
    assert str(said.value(whole, DCTERMS.modified)) == "2026-11-23"


def test_the_crate_describes_every_file(released: Path) -> None:
    crate = ROCrate(released)
    assert crate.name
    assert crate.datePublished is not None
    assert crate.license is not None
    files = {path.relative_to(released).as_posix() for path in released.rglob("*") if path.is_file()}
    described = {part.id: part for part in crate.root_dataset["hasPart"]}
    assert set(described) == files - {SUMS, "ro-crate-metadata.json"}
    for name, part in described.items():
        content = (released / name).read_bytes()
        assert part["sha256"] == hashlib.sha256(content).hexdigest()
        assert int(part["contentSize"]) == len(content)
        assert part["name"]
    graph = json.loads((released / "ro-crate-metadata.json").read_text("utf-8"))["@graph"]
    known = {entity["@id"] for entity in graph}
    assert len(known) == len(graph)
    for value in (value for entity in graph for value in entity.values()):
        for link in value if isinstance(value, list) else [value]:
            if isinstance(link, dict) and link["@id"] != "https://w3id.org/ro/crate/1.1":
                assert link["@id"] in known


# Tables


def test_the_tables_are_what_their_description_says(released: Path) -> None:
    group = TableGroup.from_file(released / "tables" / "csv-metadata.json")
    assert {str(table.url) for table in group.tables} == {f"{name}.csv" for name in tables(released)}
    for table in group.tables:
        assert list(table.iterdicts(strict=True))
        assert table.check_primary_key()
    assert group.check_referential_integrity()


def test_every_column_that_is_a_term_of_ours_says_what_it_means(released: Path) -> None:
    described = json.loads((released / "tables" / "csv-metadata.json").read_text("utf-8"))
    for table in described["tables"]:
        for column in table["tableSchema"]["columns"]:
            if column.get("propertyUrl", "").startswith(PREFIXES["scs"]):
                assert column["dc:title"]
                assert column["dc:description"].endswith(".")


def test_wide_tables_repeat_the_tidy_ones(released: Path) -> None:
    found = tables(released)
    verdicts = {(row[1], row[2]): row[3] for row in found["verdicts"][1:]}
    header, *rows = found["verdicts-wide"]
    assert {(row[0], name): cell for row in rows for name, cell in zip(header[1:], row[1:], strict=True)} == verdicts
    cells = {
        (*row[:2], row[3], row[4]): row[5] if row[7] != "0" else "" for row in found["cells"][1:]
    }  # reading, claims, principle, system
    shown: dict[tuple[str, ...], str] = {}
    for name in (name for name in found if name.startswith("matrix-")):
        reading, _, whose = name.removeprefix("matrix-").partition("-on-")
        header, *rows = found[name]
        shown |= {
            (reading, whose or "all", principle, row[0]): cell
            for row in rows
            for principle, cell in zip(header[1:], row[1:], strict=True)
        }
    assert shown == cells


def test_the_workbook_holds_the_tables(released: Path) -> None:
    book = openpyxl.load_workbook(released / "scs-kg.xlsx")
    found = tables(released)
    assert len(book.sheetnames) == len(found) + 1
    for name in ("systems", "features", "sources", "claims", "verdicts", "cells", "claims-wide", "verdicts-wide"):
        rows = [["" if cell is None else cell for cell in row] for row in book[name].iter_rows(values_only=True)]
        assert [[text(cell) for cell in row] for row in rows] == [[plain(cell) for cell in row] for row in found[name]]


def plain(cell: str) -> str:
    """Take away the apostrophe that keeps a spreadsheet from running a cell of a CSV file."""
    return re.sub(r"^'(?=[=+\-@\t\r])", "", cell)


def text(value: object) -> str:
    """Write a value as the tables do."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_parquet_holds_the_tables(released: Path) -> None:
    found = tables(released)
    paths = sorted((released / "tables").glob("*.parquet"))
    assert {path.stem for path in paths} == {"systems", "features", "sources", "claims", "verdicts", "cells"}
    for path in paths:
        relation = duckdb.sql(f"SELECT * FROM '{path}'")  # noqa: S608 - a path of this test
        assert relation is not None
        assert relation.columns == found[path.stem][0]
        rows = [
            ["" if cell is None else " ".join(cell) if isinstance(cell, list) else text(cell) for cell in row]
            for row in relation.fetchall()
        ]
        assert rows == [[plain(cell) for cell in row] for row in found[path.stem][1:]]


# Documents


def test_every_matrix_is_sound_latex(released: Path) -> None:
    paths = sorted((released / "latex").glob("*.tex"))
    assert {path.stem for path in paths} == {
        name.removeprefix("matrix-") for name in tables(released) if name.startswith("matrix-")
    }
    for path in paths:
        source = re.sub(r"\\[\\{}&%$#_]", "", path.read_text("utf-8").replace("\\\\\n", "END\n"))
        assert source.count("{") == source.count("}")
        assert source.count("$") % 2 == 0
        (columns,) = re.findall(r"\\begin{tabular}{(l+)}", source)
        rows = [line for line in source.splitlines() if line.endswith("END")]
        assert len(rows) > 1
        assert {line.count("&") for line in rows} == {len(columns) - 1}


def test_the_page_of_terms_is_sound_and_whole(released: Path) -> None:
    page = (released / "ontology" / "index.html").read_bytes()
    document = html5lib.HTMLParser(strict=True).parse(page)
    terms = rdflib.Graph().parse(released / "ontology" / "ontology.ttl", format="turtle")
    articles = {element.get("id"): element for element in document.iter(XHTML + "article")}
    labelled = {str(term): term for term in terms.subjects(SKOS.definition) if str(term).startswith(PREFIXES["scs"])}
    assert set(articles) == {iri.removeprefix(PREFIXES["scs"]) for iri in labelled}
    for name, article in articles.items():
        words, term = "".join(article.itertext()), labelled[PREFIXES["scs"] + str(name)]
        for text in (*terms.objects(term, SKOS.definition), *terms.objects(term, SKOS.scopeNote)):
            assert str(text) in words
        told = [*terms.objects(term, SKOS.prefLabel), *terms.objects(term, SKOS.definition)]
        chinese = {str(text) for text in told if isinstance(text, rdflib.Literal) and text.language != "en"}
        assert {e.text for e in article.iter(XHTML + "span") if e.get("lang") == "zh-Hans"} == chinese
    targets = [link.get("href") for link in document.iter(XHTML + "a")]
    assert {target[1:] for target in targets if target.startswith("#")} <= set(articles)
    assert not [e for e in document.iter() if e.get("src") or e.tag in {XHTML + "script", XHTML + "link"}]


def test_what_files_of_claims_name_is_there_under_the_path_of_its_iri(released: Path, shared_world: Path) -> None:
    for iri in (PAGE, SCHEMA_PAGE):
        assert (released / iri.removeprefix(BASE)).is_file()
    context = json.loads((released / "context.jsonld").read_text("utf-8"))
    assert context == json.loads((shared_world / CONTEXT).read_text("utf-8"))
    form = json.loads((released / "claims.schema.json").read_text("utf-8"))
    assert form["$id"] == SCHEMA_PAGE
    jsonschema.Draft202012Validator.check_schema(form)


# Writing


def test_what_is_no_release_is_left_alone(shared_world: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    for place in (tmp_path, tmp_path / "thesis.txt"):
        with pytest.raises(WrongUseError, match="not part of a release"):
            write_release(shared_world, place)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_release_with_a_file_of_its_readers_is_left_alone(tmp_path: Path) -> None:
    write_folder(tmp_path, {"a/b.txt": b"old"})
    (tmp_path / "a" / "notes.txt").write_text("my own")
    with pytest.raises(WrongUseError, match=r"not part of a release, such as a/notes\.txt"):
        write_folder(tmp_path, {"a/b.txt": b"new"})
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"old"


def test_a_path_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file" / "below", tmp_path / ("long" * 100)):
        with pytest.raises(BadFileError, match="cannot be"):
            write_folder(place, {"c.txt": b""})


def test_sheets_have_names_of_their_own() -> None:
    long = [Tabular(f"matrix-{'reading' * 5}{end}", "", "", (), (), ()) for end in ("a", "B", "b")]
    names = sheet_names([*long, Tabular("About", "", "", (), (), ())])
    assert len({name.lower() for name in names} | {"about"}) == 5
    assert max(map(len, names)) <= 31


def test_a_new_release_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "release"
    write_folder(folder, {"a/b.txt": b"old", "c.txt": b"old"})
    write_folder(folder, {"a/b.txt": b"new"})
    assert (folder / "a" / "b.txt").read_bytes() == b"new"
    assert sorted(path.name for path in folder.iterdir()) == [SUMS, "a"]
    assert [path.name for path in folder.parent.iterdir()] == ["release"]


def test_the_old_release_stays_if_the_new_one_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "release"
    write_folder(folder, {"c.txt": b"old"})
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if ".new." in self.name:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(BadFileError, match="cannot be written: No space left on device"):
        write_folder(folder, {"c.txt": b"new"})
    assert (folder / "c.txt").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["release"]


@pytest.mark.parametrize("library", ["xlsxwriter", "polars"])
def test_a_missing_library_is_named(
    library: str,
    shared_world: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    assert run(monkeypatch, "release", str(tmp_path / "r"), "--root", str(shared_world)) == 2
    assert f"{library} is not installed" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()


def test_the_command_says_what_it_wrote(
    shared_world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "release", str(tmp_path / "r"), "--root", str(shared_world)) == 0
    assert re.fullmatch(r"wrote \d+ files, \d+\.\d MB, to .*/r\n", capsys.readouterr().err)
    assert run(monkeypatch, "release", str(shared_world), "--root", str(shared_world)) == 2
    assert "has files that are not part of a release" in capsys.readouterr().err


def test_a_header_without_a_date_is_told_where_it_stands(replace: Callable[[str, str, str], Path]) -> None:
    path = replace("ontology/scs.ttl", '  dcterms:modified "2026-11-23"^^xsd:date ;\n', "")
    dataset = open_guarded(path.parent.parent)
    with pytest.raises(BadFileError, match=r"scs.ttl:\d+: .*the header has no dcterms:modified"):
        ontology_header(dataset)


def test_the_changes_since_the_last_release_are_told(
    released: Path, replace: Callable[[str, str, str], Path], tmp_path: Path
) -> None:
    assert not (released / "changes.md").exists()
    said = "scs:feature feat:punishment ;\n  scs:finding scs:"
    root = replace("data/tales/alpha.ttl", said + "Absent", said + "NotReported").parents[2]
    folder = tmp_path / "next"
    write_release(root, folder, str(released))
    told = json.loads((folder / "changes.json").read_text("utf-8"))
    assert told["old"] == told["new"] == "0.1.0 (2026-11-23)"
    assert {change["system"] for change in told["verdicts"]} == {"alpha"}
    assert told["cells"]
    assert [change["record"] for change in told["records"]] == ["claim:alpha-punishment-book-2001"]
    assert "alpha-punishment-book-2001" in (folder / "changes.md").read_text("utf-8")
    again = tmp_path / "again"
    write_release(root, again, str(released / "scs-kg.nq"))
    assert (again / SUMS).read_bytes() == (folder / SUMS).read_bytes()


def test_a_last_release_that_is_not_there_is_told(shared_world: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="nowhere"):
        write_release(shared_world, tmp_path / "r", "nowhere")
    assert not (tmp_path / "r").exists()


@pytest.mark.slow
def test_the_real_release_is_whole(tmp_path: Path) -> None:
    write_release(ROOT, tmp_path / "release")
    found = tables(tmp_path / "release")
    assert len(found["claims"]) > 900
    assert len(found["systems"]) == 40
    test_the_tables_are_what_their_description_says(tmp_path / "release")
    test_every_matrix_is_sound_latex(tmp_path / "release")
    test_the_workbook_holds_the_tables(tmp_path / "release")
    test_parquet_holds_the_tables(tmp_path / "release")
    test_wide_tables_repeat_the_tidy_ones(tmp_path / "release")
