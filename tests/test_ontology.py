"""Tests the ontology and the data: format, prefixes, versions, existing foreign terms, and unused terms."""

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import DCTERMS, FOAF, OWL, RDF, RDFS, SH, SKOS, URIRef

import scs_kg
from scs_kg import store
from scs_kg.model.namespaces import BASE, PREFIXES, SCS
from scs_kg.store import Dataset, Literal, NamedNode, query_library
from scs_kg.store.query_library import row_text
from tests.conftest import ROOT

FROM_OTHERS = {"rules", "w3c"}
"""The folders of fixtures that are not formatted: violations as a contributor may write them, and foreign files."""
TURTLE = sorted(path for folder in ("ontology", "data", "tests") for path in (ROOT / folder).rglob("*.ttl"))
OWN = [path for path in TURTLE if path.relative_to(ROOT).parts[0] != "tests"]
RDF_TYPE = PREFIXES["rdf"] + "type"
CLOSED = {"dcterms": DCTERMS, "foaf": FOAF, "owl": OWL, "rdf": RDF, "rdfs": RDFS, "sh": SH, "skos": SKOS}
FOREIGN = {
    "bibo": {"Statute", "doi"},
    "earl": {
        "Assertion",
        "TestCriterion",
        "TestRequirement",
        "TestResult",
        "assertedBy",
        "automatic",
        "cantTell",
        "failed",
        "inapplicable",
        "mode",
        "outcome",
        "passed",
        "result",
        "subject",
        "test",
    },
    "semapv": {"LexicalMatching", "ManualMappingCuration", "MappingReview"},
    "sssom": {
        "NoTermFound",
        "author_label",
        "confidence",
        "mapping_justification",
        "object_label",
        "object_source",
        "object_source_version",
        "review_date",
        "reviewer_label",
    },
    "vann": {"preferredNamespacePrefix", "preferredNamespaceUri"},
    "xsd": {"anyURI", "boolean", "date", "decimal", "gYear", "gYearMonth", "integer", "string"},
}


def test_turtle_is_formatted() -> None:
    formatter = shutil.which("turtlefmt", path=str(Path(sys.executable).parent))
    assert formatter
    checked = [str(path) for path in TURTLE if FROM_OTHERS.isdisjoint(path.parts)]
    done = subprocess.run(
        [formatter, "--indentation", "2", "--check", *checked], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.no_cover
def test_prefixes_are_those_of_the_project() -> None:
    assert len(OWN) > 100
    for path in OWN:
        declared = dict(re.findall(r"^@prefix (\w+): <([^>]+)> \.$", path.read_text("utf-8"), re.MULTILINE))
        assert declared, path
        assert declared.items() <= PREFIXES.items(), path


@pytest.mark.no_cover
def test_every_prefix_is_used_and_in_order() -> None:
    for path in OWN:
        written = path.read_text("utf-8")
        declared = re.findall(r"^@prefix (\w+):", written, re.MULTILINE)
        assert declared == sorted(declared), path
        body = re.sub(r"^@prefix.*$", "", written, flags=re.MULTILINE)
        assert [name for name in declared if not re.search(rf"(?<![\w-]){name}:", body)] == [], path


def test_every_foreign_term_exists() -> None:
    used = {
        term.value
        for path in OWN
        for quad in parse(path.read_bytes(), format=RdfFormat.TURTLE)
        for term in (quad.predicate, quad.object)
        if isinstance(term, NamedNode)
    }
    for name, namespace in CLOSED.items():
        for term in (term for term in used if term.startswith(PREFIXES[name])):
            assert URIRef(term) in namespace, term
    for name, known in FOREIGN.items():
        assert {term.removeprefix(PREFIXES[name]) for term in used if term.startswith(PREFIXES[name])} <= known


@pytest.mark.no_cover
def test_every_term_of_the_ontology_is_defined_and_used(judged: Dataset) -> None:
    defined = {store.text(s) for s in store.subjects(judged, PREFIXES["rdfs"] + "isDefinedBy", BASE + "ontology")}
    written = "".join(path.read_text("utf-8") for path in [*OWN, *(ROOT / "queries").glob("*.rq")])
    written += "".join(path.read_text("utf-8") for path in (ROOT / "scs_kg").rglob("*.py"))
    names = set(re.findall(r"(?<![\w/])scs:(\w+)", written))
    assert {SCS + name for name in names} == {term for term in defined if term.startswith(SCS)}
    uses = Counter(re.findall(r"\bscs:(\w+)", written)) + Counter(re.findall(r'"(\w+)"', written))
    for term in defined:
        assert not term.startswith(SCS) or uses[term.removeprefix(SCS)] > 1, f"{term} is defined and never used"


def test_the_version_is_the_same_everywhere(judged: Dataset) -> None:
    ontology = NamedNode(BASE + "ontology")
    assert [store.text(v) for v in store.objects(judged, ontology, PREFIXES["owl"] + "versionInfo")] == [
        scs_kg.__version__
    ]
    assert [store.text(v) for v in store.objects(judged, ontology, PREFIXES["owl"] + "versionIRI")] == [
        f"{BASE}ontology/{scs_kg.__version__}"
    ]
    assert f'version: "{scs_kg.__version__}"' in (ROOT / "CITATION.cff").read_text("utf-8")
    assert "\nlicense: CC-BY-4.0\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"\n## {scs_kg.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_property_chains_and_the_disjointness_are_axioms(judged: Dataset) -> None:
    chain = PREFIXES["owl"] + "propertyChainAxiom"
    for link, step in (("hasFeature", "broader"), ("lacksFeature", "narrower")):
        (start,) = store.objects(judged, NamedNode(SCS + link), chain)
        (first,) = store.objects(judged, start, PREFIXES["rdf"] + "first")
        (rest,) = store.objects(judged, start, PREFIXES["rdf"] + "rest")
        (second,) = store.objects(judged, rest, PREFIXES["rdf"] + "first")
        assert (store.text(first), store.text(second)) == (SCS + link, PREFIXES["skos"] + step)
    assert store.has_triple(judged, SCS + "hasFeature", PREFIXES["owl"] + "propertyDisjointWith", SCS + "lacksFeature")


def test_every_statement_of_the_base_paper_on_a_system_is_a_claim_with_a_locator(judged: Dataset) -> None:
    claims = {row_text(row, "claim"): row for row in query_library.rows(judged, "claims", source="agrawal-2022")}
    corrected = {old for _, old in store.subject_objects(judged, SCS + "supersedes")}
    by_system: dict[str, int] = {}
    for row in (row for claim, row in claims.items() if claim not in corrected):
        system = row_text(row, "system").rsplit("/", 1)[-1]
        by_system[system] = by_system.get(system, 0) + 1
        assert "sentence" in row_text(row, "locator")
    assert by_system == {"xinjiang": 10, "shanghai": 16, "xiamen": 21, "fuzhou": 10, "shenzhen": 11}


def test_every_sentence_of_the_paper_on_the_systems_is_covered(judged: Dataset) -> None:
    located = " ".join(row_text(row, "locator") for row in query_library.rows(judged, "claims", source="agrawal-2022"))
    sections = {
        "Different AI-enabled Control Systems": {"Xinjiang": 4, "Shanghai": 3, "Xiamen": 4, "Fuzhou": 5, "Shenzhen": 3},
        "Maximizing Privacy vs Maximizing Control": {
            "Xinjiang": 2,
            "Shanghai": 4,
            "Xiamen": 4,
            "Fuzhou": 1,
            "Shenzhen": 1,
        },
    }
    for section, systems in sections.items():
        for system, sentences in systems.items():
            for number in range(1, sentences + 1):
                place = rf"{section}, {system}, sentences? (\d and )?{number}\b"
                assert re.search(place, located), place


def test_data_has_no_blank_node() -> None:
    for path in (path for path in OWN if path.relative_to(ROOT).parts[0] == "data"):
        for quad in parse(path.read_bytes(), format=RdfFormat.TURTLE):
            assert isinstance(quad.subject, NamedNode)
            assert not isinstance(quad.object, store.BlankNode)


def provisions_of(dataset: Dataset, criterion: str, role: str) -> set[str]:
    """Return the provisions that require a criterion in a role."""
    asking = {store.text(s) for s in store.subjects(dataset, SCS + "criterion", PREFIXES["crit"] + criterion)}
    return {provision for provision in asking if store.has_triple(dataset, provision, SCS + "role", SCS + role)}


def test_the_criterion_on_a_named_operator_decides_no_cell(judged: Dataset) -> None:
    """The name of an office in a source does not show that people were informed or that anybody is accountable."""
    assert provisions_of(judged, "named-operator", "Supporting")
    assert provisions_of(judged, "named-operator", "Deciding") == set()


def test_one_reading_alone_counts_a_principle_as_met_by_any_criterion(judged: Dataset) -> None:
    lenient = {store.text(s) for s in store.subjects(judged, SCS + "cellRule", SCS + "AnyCriterion")}
    assert lenient == {PREFIXES["reading"] + "agrawal-2022"}


def test_every_condition_has_both_languages_and_names_its_clause(judged: Dataset) -> None:
    shapes = {store.text(s) for s in store.subjects(judged, RDF_TYPE, PREFIXES["sh"] + "NodeShape")}
    conditions = {shape for shape in shapes if shape.startswith(PREFIXES["cond"])}
    used = {shape for _, shape in store.subject_objects(judged, SCS + "appliesIf")}
    assert used <= conditions
    for condition in conditions:
        for name in ("prefLabel", "definition"):
            values = store.objects(judged, NamedNode(condition), PREFIXES["skos"] + name)
            assert {value.language for value in values if isinstance(value, Literal)} == {"en", "zh-hans"}, condition
        assert store.objects(judged, NamedNode(condition), PREFIXES["skos"] + "scopeNote"), condition


def test_each_element_of_a_ban_on_social_scoring_is_a_named_condition(judged: Dataset) -> None:
    """The explanation of a cell lists the elements one by one, so each element has a separate name and label."""
    counts = {"no-social-scoring": 2, "no-detrimental-social-scoring": 7}
    for criterion, count in counts.items():
        (start,) = store.objects(judged, NamedNode(PREFIXES["crit"] + criterion), PREFIXES["sh"] + "and")
        elements = []
        while store.text(start) != PREFIXES["rdf"] + "nil":
            elements += store.objects(judged, start, PREFIXES["rdf"] + "first")
            (start,) = store.objects(judged, start, PREFIXES["rdf"] + "rest")
        assert len(elements) == count
        assert all(store.text(element).startswith(PREFIXES["cond"]) for element in elements)
