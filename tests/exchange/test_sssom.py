"""Mappings: the table agrees with the Turtle, every foreign term exists, and known mistakes are avoided."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest
import rdflib
import yaml

from scs_kg import store
from scs_kg.exchange import sssom
from scs_kg.model.namespaces import BASE, PREFIXES
from scs_kg.store import Dataset, NamedNode, query_library
from scs_kg.store.query_library import Row, row_text
from tests.conftest import FIXTURE_FOLDER, ROOT
from tests.support.foreign_tools import run_tool

FILE: Final = ROOT / "ontology" / "align" / "mappings.sssom.tsv"
CLOSED: Final = {
    "DCMI Metadata Terms": rdflib.DCTERMS,
    "ODRL": rdflib.ODRL2,
    "PROV-O": rdflib.PROV,
    "SKOS": rdflib.SKOS,
    "schema.org": rdflib.SDO,
}
CARRIED: Final = (
    *CLOSED.values(),
    *(rdflib.FOAF, rdflib.DCAT, rdflib.ORG, rdflib.OWL, rdflib.RDF, rdflib.RDFS, rdflib.SH, rdflib.VOID, rdflib.XSD),
)
DATA_SETS: Final = {
    "AI Incident Database",
    "AIAAIC Repository",
    "DBpedia",
    "DOI",
    "DPV locations",
    "EUR-Lex",
    "EuroVoc",
    "GeoNames",
    "ISBN",
    "National Database of Laws and Regulations",
    "OECD AI Incidents Monitor",
    "OECD Legal Instruments",
    "OpenStreetMap",
    "ROR",
    "RePEc",
    "UNESDOC",
    "Who's On First",
    "Wikidata",
}
SUNSET: Final = {PREFIXES["dpv"] + "PublicLocation"}


@pytest.fixture(scope="module")
def mappings(field: Dataset) -> list[Row]:
    """Return all mappings."""
    return query_library.rows(field, "mappings")


def read_terms() -> list[dict[str, str]]:
    """Return the terms of other vocabularies that were looked up, with version and place."""
    with (FIXTURE_FOLDER / "align" / "terms.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_agrees_with_the_turtle(field: Dataset) -> None:
    assert FILE.read_text("utf-8") == sssom.mappings_table(field)


def read_table(text: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return the prefixes and the rows of a table."""
    lines = text.splitlines()
    head = [line for line in lines if line.startswith("#")]
    prefixes = yaml.safe_load("\n".join(line[1:] for line in head))["curie_map"]
    return prefixes, list(csv.DictReader(io.StringIO("\n".join(lines[len(head) :])), delimiter="\t"))


def test_the_table_has_every_mapping_with_curies(mappings: list[Row]) -> None:
    prefixes, rows = read_table(FILE.read_text("utf-8"))
    assert tuple(rows[0]) == sssom.COLUMNS
    assert len(rows) == len(mappings) > 100
    for row, mapping in zip(rows, mappings, strict=True):
        for column, name in (("subject_id", "subject"), ("predicate_id", "predicate"), ("object_id", "object")):
            prefix, _, rest = row[column].partition(":")
            assert prefixes[prefix] + rest == row_text(mapping, name)
        assert row["mapping_justification"].startswith("semapv:")
        assert row["object_id"].startswith(row["object_source"])


def invented_set(*rows: Sequence[str], comment: str = "") -> str:
    """Return a mapping set with rows of region, target and source."""
    close, curation = PREFIXES["skos"] + "closeMatch", PREFIXES["semapv"] + "ManualMappingCuration"
    complete = [(f"{BASE}region/{name}", name, close, target, curation, source) for name, target, source in rows]
    return sssom.mapping_set("invented", sssom.SLOTS, complete, comment)


STRANGE: Final = invented_set(
    ("a", "https://vocabulary.example/1/terms#A", "Vocabulary: first"),
    ("b", "https://places.example/2/", 'Places "of" two'),
    ("c", "https://places.example/3/", "Places"),
    ("d", "https://sws.geonames.org/4/", "GeoNames"),
    ("e", "https://sws.geonames.org", "no path"),
    comment="2 more: not entities",
)


def test_a_namespace_without_a_usual_prefix_gets_a_numbered_one() -> None:
    prefixes, rows = read_table(STRANGE)
    assert [row["object_id"] for row in rows] == ["ns3:A", "ns2:2/", "ns2:3/", "geonames:4/", "ns1:sws.geonames.org"]
    assert [row["object_source"] for row in rows] == ["ns3:", "ns2:", "ns2:", "geonames:", "ns1:"]
    assert prefixes["ns3"] == "https://vocabulary.example/1/terms#"
    assert '#comment: "2 more: not entities. Object sources: geonames is GeoNames' in STRANGE


SSSOM = """
import json, sys
from unittest.mock import patch
from sssom import context
from sssom.cli import main
none = lambda _: []
with patch("curies.api._get_duplicate_uri_prefixes", none), patch("curies.api._get_duplicate_prefixes", none):
    context._get_default_converter()
assert context._get_default_converter.cache_info().currsize == 1
for words in map(json.loads, sys.argv[1:]):
    main(words, standalone_mode=False)
"""
"""A program that runs commands of sssom-py one after the other.

sssom-py caches its own prefixes at the first use. The comparison of all pairs of prefixes takes twenty seconds and says
nothing about the files of this project. The program leaves out this comparison, but compares the prefixes in the files
of this project.
"""
TABLES: Final = {"mappings": FILE.read_text("utf-8"), "invented": STRANGE}


@pytest.mark.slow(seconds=10)
def test_sssom_py_reads_every_row(tmp_path: Path) -> None:
    """sssom-py reports a row that it leaves out, but does not fail; therefore the test counts the rows."""
    commands = []
    for name, table in TABLES.items():
        (tmp_path / f"{name}.sssom.tsv").write_text(table, "utf-8")
        commands += [
            ["validate", f"{name}.sssom.tsv"],
            ["parse", f"{name}.sssom.tsv", "--output", f"{name}.tsv"],
            ["convert", "-O", "rdf", f"{name}.sssom.tsv", "--output", f"{name}.ttl"],
        ]
    said = run_tool("sssom", "python", "-c", SSSOM, *map(json.dumps, commands), folder=tmp_path)
    assert "not well-formed" not in said
    for name, table in TABLES.items():
        prefixes, rows = read_table(table)
        lines = (tmp_path / f"{name}.tsv").read_text("utf-8").splitlines()
        assert len([line for line in lines if not line.startswith("#")]) == len(rows) + 1, name
        targets = set(rdflib.Graph().parse(tmp_path / f"{name}.ttl").objects(None, rdflib.OWL.annotatedTarget))
        expanded = {prefixes[prefix] + rest for prefix, rest in (row["object_id"].split(":", 1) for row in rows)}
        assert {str(target) for target in targets} == expanded, name


def test_every_foreign_term_is_in_a_list_of_its_vocabulary(mappings: list[Row]) -> None:
    listed = {(row["term"], row["vocabulary"], row["version"]) for row in read_terms()}
    used = set()
    for mapping in mappings:
        term, vocabulary = row_text(mapping, "object"), row_text(mapping, "in")
        if vocabulary in CLOSED:
            assert rdflib.URIRef(term) in CLOSED[vocabulary], term
        elif vocabulary not in DATA_SETS:
            used.add((term, vocabulary, row_text(mapping, "version")))
    assert used == listed
    assert not {term for term, _, _ in used} & SUNSET
    assert all(row["read in"] for row in read_terms())


def test_every_term_used_from_a_vocabulary_in_rdflib_is_in_its_list(field: Dataset) -> None:
    """All foreign terms are checked, not only mapped ones; the lists in rdflib come from the vocabularies' files."""
    used = {
        term.value
        for quad in field.quads
        for term in (quad.subject, quad.predicate, quad.object)
        if isinstance(term, NamedNode)
    }
    seen = set()
    for carried in CARRIED:
        terms = {rdflib.URIRef(iri) for iri in used if iri.startswith(str(carried)) and iri != str(carried)}
        assert not {term for term in terms if term not in carried}, carried
        seen |= {str(carried)} if terms else set()
    assert {str(space) for space in CLOSED.values()} <= seen


def test_our_list_of_terms_has_only_vocabularies_that_rdflib_lacks() -> None:
    spaces = tuple(str(carried) for carried in CARRIED)
    assert {row["vocabulary"] for row in read_terms()} == {
        *("AIRO", "BIBO", "DPV", "EARL", "GDPRtEXT", "GeoNames ontology", "VAIR", "gist"),
        *("DPV EU AI Act", "DPV EU GDPR", "DPV EU laws", "DPV EU rights"),
        *("AI Atlas Nexus", "AIR 2024", "IBM AI Risk Atlas", "MIT AI Risk Repository"),
    }
    assert not [row["term"] for row in read_terms() if row["term"].startswith(spaces)]


def test_every_external_match_has_a_mapping(field: Dataset, mappings: list[Row]) -> None:
    kinds = [PREFIXES["skos"] + f"{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")]
    stated = {(subject, kind, target) for kind in kinds for subject, target in store.subject_objects(field, kind)}
    matches = {tuple(row_text(mapping, name) for name in ("subject", "predicate", "object")) for mapping in mappings}
    assert stated == {match for match in matches if match[1] in kinds}
    for subject, predicate, target in matches:
        assert store.has_triple(field, subject, predicate, target)
        assert subject.startswith(BASE)


def test_there_is_no_owl_imports_and_no_owl_same_as(field: Dataset) -> None:
    for predicate in ("imports", "sameAs", "equivalentClass", "equivalentProperty"):
        assert not list(store.subject_objects(field, PREFIXES["owl"] + predicate))


def test_no_region_has_a_type_of_another_vocabulary(field: Dataset) -> None:
    for region in store.subjects(field, PREFIXES["rdf"] + "type", PREFIXES["scs"] + "Region"):
        assert isinstance(region, NamedNode)
        kinds = {store.text(kind) for kind in store.objects(field, region, PREFIXES["rdf"] + "type")}
        assert kinds == {PREFIXES["scs"] + "Region"}


def test_fuzhou_is_linked_to_the_capital_of_fujian_and_not_to_its_namesake(field: Dataset) -> None:
    rows = query_library.rows(field, "links", region="fuzhou")
    targets = {row_text(row, "target") for row in rows}
    assert {"350100", "https://sws.geonames.org/1810815/", "http://www.wikidata.org/entity/Q68481"} <= targets
    namesake = {f"https://sws.geonames.org/{number}/" for number in (1810818, 1810820)}
    assert not namesake & {row_text(row, "target") for row in query_library.rows(field, "links")}
