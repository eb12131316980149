"""Independent libraries (csvw, openpyxl and DuckDB) can read the tables of a release."""

import codecs
import csv
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import rdflib
from rdflib.namespace import RDF

from scs_kg.model.namespaces import PREFIXES
from scs_kg.release import write_release
from scs_kg.release.tables import Tabular
from scs_kg.release.xlsx_parquet import sheet_names
from tests.conftest import ROOT, SYSTEM_COUNT
from tests.release.test_release_documents import test_the_latex_of_every_matrix_is_balanced as check_latex
from tests.support.foreign_tools import run_tool

if TYPE_CHECKING:
    from csvw import Table


def tables(folder: Path) -> dict[str, list[list[str]]]:
    """Return the rows of each CSV file of a release, including the header row."""
    found = {}
    for path in sorted((folder / "tables").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found[path.stem] = list(csv.reader(file, strict=True))
    return found


def records(table: list[list[str]]) -> list[dict[str, str]]:
    """Return the rows of a table as dictionaries, keyed by heading."""
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


def read_once(patch: pytest.MonkeyPatch) -> None:
    """Cache the rows of a table of csvw, because csvw reads a table again for each of its keys."""
    from csvw import Table

    iterdicts = Table.iterdicts
    found: dict[int, list[tuple[str, int, dict[str, Any]]]] = {}

    def rows(
        table: "Table", log: logging.Logger | None = None, with_metadata: bool = False, **options: Any
    ) -> Iterator[Any]:
        if id(table) not in found:
            found[id(table)] = list(iterdicts(table, log=log, with_metadata=True, **options))
        return iter(found[id(table)] if with_metadata else [row for _, _, row in found[id(table)]])

    patch.setattr(Table, "iterdicts", rows)


def test_tables_conform_to_their_csvw_description(released: Path) -> None:
    from csvw import TableGroup  # csvw and DuckDB take half a second, and each worker imports this module

    group = TableGroup.from_file(released / "tables" / "csv-metadata.json")
    assert {str(table.url) for table in group.tables} == {f"{name}.csv" for name in tables(released)}
    with pytest.MonkeyPatch.context() as patch:
        read_once(patch)
        for table in group.tables:
            assert list(table.iterdicts(strict=True))
            assert table.check_primary_key()
        assert group.check_referential_integrity()


def test_every_column_of_an_ontology_term_has_label_and_definition(released: Path) -> None:
    described = json.loads((released / "tables" / "csv-metadata.json").read_text("utf-8"))
    for table in described["tables"]:
        for column in table["tableSchema"]["columns"]:
            if column.get("propertyUrl", "").startswith(PREFIXES["scs"]):
                assert column["dc:title"]
                assert column["dc:description"].endswith(".")


def test_the_table_of_claims_has_every_property_of_a_claim(released: Path) -> None:
    graph = rdflib.Graph().parse(released / "scs-kg.ttl")
    claims = set(graph.subjects(RDF.type, rdflib.URIRef(PREFIXES["scs"] + "Claim")))
    derived = {PREFIXES["scs"] + name for name in ("bearsOn", "establishes", "contradicts")}
    used = {str(predicate) for claim in claims for predicate in graph.predicates(claim)} - {str(RDF.type), *derived}
    described = json.loads((released / "tables" / "csv-metadata.json").read_text("utf-8"))
    (columns,) = (table["tableSchema"]["columns"] for table in described["tables"] if table["url"] == "claims.csv")
    assert used <= {column.get("propertyUrl", "") for column in columns}
    rows = records(tables(released)["claims"])
    assert len(rows) == len(claims)
    assert {row["dataset"] for row in rows} == {"tales"}
    for name, row in ((f"{PREFIXES['claim']}{row['claim']}", row) for row in rows):
        said = graph.objects(rdflib.URIRef(name), rdflib.URIRef(PREFIXES["scs"] + "trigger"))
        assert row["trigger"].split() == sorted(str(value).rsplit("/", 1)[-1] for value in said)


def test_every_id_has_its_label_beside_it(released: Path) -> None:
    found = tables(released)
    for name in ("claims", "verdicts", "cells"):
        labels = {row["system"]: row["label"] for row in records(found["systems"])}
        assert {row["system"]: row["systemLabel"] for row in records(found[name])}.items() <= labels.items()
    features = {row["feature"]: row["label"] for row in records(found["features"])}
    for row in records(found["claims"]):
        assert row["featureLabel"] == features[row["feature"]]
        assert row["triggerLabel"] == "; ".join(features[each] for each in row["trigger"].split())
    for row in records(found["cells"]):
        assert row["readingLabel"]
        assert row["principleLabel"]


def test_a_value_has_one_spelling_in_all_tables(released: Path) -> None:
    found = tables(released)
    modes = {row["mode"] for row in records(found["claims"])}
    assert {mode for row in records(found["cells"]) for mode in row["modes"].split()} <= modes
    reasons = {row["why"] for row in records(found["verdicts"])}
    assert {row["why"] for row in records(found["cells"]) if row["why"] in {"NoClaim", "Contested"}} <= reasons


def test_every_csv_table_begins_with_a_byte_order_mark(released: Path) -> None:
    """Without a byte order mark, spreadsheets read the Chinese labels in the encoding of the machine."""
    paths = list((released / "tables").glob("*.csv"))
    assert paths
    assert all(path.read_bytes().startswith(codecs.BOM_UTF8) for path in paths)


@pytest.mark.slow(seconds=30)
def test_frictionless_finds_no_error_in_the_data_package(released: Path) -> None:
    said = run_tool("frictionless", "frictionless", "validate", "datapackage.json", folder=released / "tables")
    assert "INVALID" not in said
    package = json.loads((released / "tables" / "datapackage.json").read_text("utf-8"))
    assert {resource["path"] for resource in package["resources"]} == {
        path.name for path in (released / "tables").glob("*.csv")
    }
    fields = [field for resource in package["resources"] for field in resource["schema"]["fields"]]
    assert all(field["description"].endswith(".") for field in fields)


def test_wide_tables_equal_the_tidy_tables(released: Path) -> None:
    found = tables(released)
    verdicts = {(row["system"], row["criterion"]): row["outcome"] for row in records(found["verdicts"])}
    header, *rows = found["verdicts-wide"]
    assert header[:2] == ["system", "systemLabel"]
    assert {(row[0], name): cell for row in rows for name, cell in zip(header[2:], row[2:], strict=True)} == verdicts
    cells = {
        tuple(record[name] for name in ("reading", "claimsOf", "principle", "system")): " ".join(
            (
                record["mark"],
                f"{record['notMet' if record['mark'].startswith('notMet') else 'met']}/{record['of']}",
                record["scope"],
            )
        )
        for record in records(found["cells"])
    }
    shown: dict[tuple[str, ...], str] = {}
    for name in (name for name in found if name.startswith("matrix-")):
        reading, _, whose = name.removeprefix("matrix-").partition("-on-")
        header, *rows = found[name]
        shown |= {
            (reading, whose or "all", principle, row[0]): cell
            for row in rows
            for principle, cell in zip(header[2:], row[2:], strict=True)
        }
    assert shown == cells


def test_the_workbook_equals_the_csv_tables(released: Path) -> None:
    book = openpyxl.load_workbook(released / "scs-kg.xlsx")
    found = tables(released)
    assert len(book.sheetnames) == len(found) + 1
    for name in ("systems", "features", "sources", "claims", "verdicts", "cells", "claims-wide", "verdicts-wide"):
        rows = [["" if cell is None else cell for cell in row] for row in book[name].iter_rows(values_only=True)]
        assert [[text(cell) for cell in row] for row in rows] == [[plain(cell) for cell in row] for row in found[name]]


def plain(cell: str) -> str:
    """Remove the apostrophe that keeps a spreadsheet from evaluating a CSV field as a formula."""
    return re.sub(r"^'(?=[=+\-@\t\r])", "", cell)


def text(value: object) -> str:
    """Return a value in the form of the CSV tables."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_parquet_equals_the_csv_tables(released: Path) -> None:
    import duckdb

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


def test_sheet_names_are_unique_and_short() -> None:
    long = [Tabular(f"matrix-{'reading' * 5}{end}", "", "", (), (), ()) for end in ("a", "B", "b")]
    names = sheet_names([*long, Tabular("About", "", "", (), (), ())])
    assert len({name.lower() for name in names} | {"about"}) == 5
    assert max(map(len, names)) <= 31


@pytest.mark.slow(seconds=30)
def test_the_release_of_the_real_data_is_complete(tmp_path: Path) -> None:
    write_release(ROOT, tmp_path / "release")
    found = tables(tmp_path / "release")
    assert len(found["claims"]) > 900
    assert len(found["systems"]) == SYSTEM_COUNT + 1
    test_tables_conform_to_their_csvw_description(tmp_path / "release")
    check_latex(tmp_path / "release")
    test_the_workbook_equals_the_csv_tables(tmp_path / "release")
    test_parquet_equals_the_csv_tables(tmp_path / "release")
    test_wide_tables_equal_the_tidy_tables(tmp_path / "release")


def test_every_table_of_marks_says_which_claims_counted(released: Path) -> None:
    import duckdb

    described = json.loads((released / "tables" / "csv-metadata.json").read_text("utf-8"))["tables"]
    by_name = {table["url"].removesuffix(".csv"): table for table in described}
    with_marks = {name for name in by_name if name.startswith(("matrix-", "verdicts"))}
    assert len(with_marks) > 3
    for name, table in by_name.items():
        assert ("notes" in table) == ("dc:description" in table) == (name in with_marks), name
    for name in with_marks:
        (note,) = by_name[name]["notes"]
        datasets = note["selection"]["datasets"]
        assert datasets == ([name.partition("-on-")[2]] if "-on-" in name else [])
        expected = f"of dataset {datasets[0]}." if datasets else "all."
        assert by_name[name]["dc:description"] == f"Claims counted: {expected}"
    about = openpyxl.load_workbook(released / "scs-kg.xlsx")["about"]
    counted = {str(title): str(sentence) for _, title, sentence in about.iter_rows(values_only=True) if sentence}
    assert counted == {by_name[name]["dc:title"]: by_name[name]["dc:description"] for name in with_marks}
    columns = {column["name"]: column for column in by_name["cells"]["tableSchema"]["columns"]}
    assert "claims counted" in columns["claimsOf"]["dc:description"]
    path = str(released / "tables" / "verdicts.parquet")
    metadata = dict(duckdb.execute("SELECT key, value FROM parquet_kv_metadata(?)", [path]).fetchall())
    assert metadata[b"description"] == b"Claims counted: all."
    assert json.loads(metadata[b"selection"])["datasets"] == []
