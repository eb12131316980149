"""Independent libraries can read the graphs, descriptions and documents of a release."""

import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import html5lib
import jsonschema
import pyshacl
import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, OWL, RDF, SKOS
from rocrate.rocrate import ROCrate

from scs_kg.contribute.read.fields import CONTEXT, PAGE
from scs_kg.contribute.template.json_schema import SCHEMA_PAGE
from scs_kg.model.namespaces import BASE, PREFIXES
from scs_kg.release.write_folder import SUMS
from tests.conftest import FIXTURE_FOLDER

XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.mark.no_cover
def test_the_four_graph_formats_have_the_same_quads(released: Path) -> None:
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
    """Return whether a quad has a blank node, whose label depends on the parser."""
    return any(isinstance(part, rdflib.BNode) for part in parts)


def test_the_catalogue_lists_every_file_and_counts_the_graph(released: Path) -> None:
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


def test_the_catalogue_counts_the_links_to_each_target(released: Path) -> None:
    said = rdflib.Graph().parse(released / "catalogue.ttl", format="turtle")
    union = rdflib.Graph().parse(released / "scs-kg.ttl", format="turtle")
    void, sssom = (rdflib.Namespace(PREFIXES[name]) for name in ("void", "sssom"))
    counted: Counter[tuple[str, str]] = Counter()
    for mapping in union.subjects(RDF.type, OWL.Axiom):
        target, predicate = union.value(mapping, OWL.annotatedTarget), union.value(mapping, OWL.annotatedProperty)
        if isinstance(target, rdflib.URIRef) and target != sssom.NoTermFound:
            counted[str(union.value(mapping, sssom.object_source)), str(predicate)] += 1
    described = {}
    for linkset in said.subjects(RDF.type, void.Linkset):
        assert (rdflib.URIRef(BASE), void.subset, linkset) in said
        target = said.value(linkset, void.objectsTarget)
        key = str(said.value(target, DCTERMS.title)), str(said.value(linkset, void.linkPredicate))
        described[key] = int(str(said.value(linkset, void.triples)))
    assert described == counted


def test_the_catalogue_has_what_dcat_ap_requires(released: Path) -> None:
    catalogue = rdflib.Graph().parse(released / "catalogue.ttl", format="turtle")
    shapes = rdflib.Graph().parse(FIXTURE_FOLDER / "dcat-ap-mandatory.ttl")
    conforms, _, report = pyshacl.validate(catalogue, shacl_graph=shapes)
    assert conforms, report
    for needed in (DCAT.accessURL, DCTERMS.publisher, DCAT.keyword, DCTERMS.title):
        lacking = rdflib.Graph() + catalogue
        lacking.remove((None, needed, None))
        assert not pyshacl.validate(lacking, shacl_graph=shapes)[0], needed


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


def test_the_latex_of_every_matrix_is_balanced(released: Path) -> None:
    paths = sorted((released / "latex").glob("*.tex"))
    matrices = (released / "tables").glob("matrix-*.csv")
    assert {path.stem for path in paths} == {path.stem.removeprefix("matrix-") for path in matrices}
    for path in paths:
        source = re.sub(r"\\[\\{}&%$#_]", "", path.read_text("utf-8").replace("\\\\\n", "END\n"))
        assert source.count("{") == source.count("}")
        assert source.count("$") % 2 == 0
        (columns,) = re.findall(r"\\begin{tabular}{(l+)}", source)
        rows = [line for line in source.splitlines() if line.endswith("END")]
        assert len(rows) > 1
        assert {line.count("&") for line in rows} == {len(columns) - 1}


def test_the_vocabulary_page_is_valid_and_complete(released: Path) -> None:
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
        described = [*terms.objects(term, SKOS.prefLabel), *terms.objects(term, SKOS.definition)]
        chinese = {str(text) for text in described if isinstance(text, rdflib.Literal) and text.language != "en"}
        assert {e.text for e in article.iter(XHTML + "span") if e.get("lang") == "zh-Hans"} == chinese
    targets = [link.get("href") for link in document.iter(XHTML + "a")]
    assert {target[1:] for target in targets if target.startswith("#")} <= set(articles)
    assert not [e for e in document.iter() if e.get("src") or e.tag in {XHTML + "script", XHTML + "link"}]


def test_context_and_schema_of_claim_files_are_at_their_iris(released: Path, shared_world: Path) -> None:
    for iri in (PAGE, SCHEMA_PAGE):
        assert (released / iri.removeprefix(BASE)).is_file()
    context = json.loads((released / "context.jsonld").read_text("utf-8"))
    assert context == json.loads((shared_world / CONTEXT).read_text("utf-8"))
    form = json.loads((released / "claims.schema.json").read_text("utf-8"))
    assert form["$id"] == SCHEMA_PAGE
    jsonschema.Draft202012Validator.check_schema(form)


def test_every_file_with_marks_says_which_claims_counted(released: Path) -> None:
    catalogue = rdflib.Graph().parse(released / "catalogue.ttl", format="turtle")
    files = set(catalogue.objects(rdflib.URIRef(BASE), DCAT.distribution))
    sentences = {file: catalogue.value(file, DCTERMS.description) for file in files}
    described = {str(file).rpartition("/0.1.0/")[2]: str(text) for file, text in sentences.items() if text}
    with_marks = ("latex/", "scs-kg.", "tables/matrix-", "tables/verdicts")
    names = {path.relative_to(released).as_posix() for path in released.rglob("*") if path.is_file()}
    assert set(described) == {name for name in names if name.startswith(with_marks)} - {"scs-kg.xlsx"}
    crate = {part.id: part for part in ROCrate(released).root_dataset["hasPart"]}
    every = {str(whole).rpartition("/")[2] for whole in catalogue.objects(rdflib.URIRef(BASE), DCTERMS.hasPart)}
    assert every
    for name, text in described.items():
        file = rdflib.URIRef(f"{BASE}release/0.1.0/{name}")
        datasets = {str(whole).rpartition("/")[2] for whole in catalogue.objects(file, DCTERMS.source)}
        stem = name.partition("-on-")[2].partition(".")[0]
        assert text == (f"Claims counted: of dataset {stem}." if stem else "Claims counted: all.")
        assert datasets == ({stem} if stem else every)
        assert crate[name]["description"] == text
    for path in (released / "latex").glob("*.tex"):
        assert described[f"latex/{path.name}"] in path.read_text("utf-8")
