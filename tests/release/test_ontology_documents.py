"""The published ontology is in OWL 2 DL and SKOS, and has the metadata that tools for ontologies expect."""

from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SH, SKOS, VANN

from scs_kg.model.namespaces import BASE, SCS
from scs_kg.release.ontology_documents import ontology_documents
from scs_kg.store import Dataset
from tests.support.foreign_tools import check_owl

PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
BUILT_IN = tuple(str(space) for space in (RDF, RDFS, OWL))
IRI = rdflib.URIRef(BASE + "ontology")


def graph(folder: Path, name: str) -> rdflib.Graph:
    """Return a document of the ontology in a release."""
    return rdflib.Graph().parse(folder / "ontology" / name)


@pytest.fixture(scope="module")
def ontology(field: Dataset) -> rdflib.Graph:
    """Return the ontology of the real project folder."""
    return rdflib.Graph().parse(data=ontology_documents(field)["ontology/ontology.ttl"][1], format="turtle")


def test_turtle_and_rdf_xml_have_the_same_triples(released: Path) -> None:
    turtle, xml = graph(released, "ontology.ttl"), rdflib.Graph().parse(released / "ontology" / "ontology.owl", "xml")
    assert len(turtle) == len(xml) > 1000
    named = [{triple for triple in found if rdflib.BNode not in map(type, triple)} for found in (turtle, xml)]
    assert named[0] == named[1]


def test_every_class_and_property_is_declared(ontology: rdflib.Graph) -> None:
    declared = {kind: set(ontology.subjects(RDF.type, kind)) for kind in (*PROPERTIES, OWL.Class)}
    for predicate in set(ontology.predicates()):
        if not str(predicate).startswith(BUILT_IN):
            assert sum(predicate in declared[kind] for kind in PROPERTIES) == 1, predicate
    classes = {*ontology.objects(None, RDF.type), *ontology.objects(None, RDFS.subClassOf)}
    assert {name for name in classes if not str(name).startswith(BUILT_IN)} <= declared[OWL.Class]


def test_shapes_and_contradictions_are_separate_documents(released: Path, ontology: rdflib.Graph) -> None:
    assert not [p for p in ontology.predicates() if str(p).startswith(str(SH))]
    assert not list(ontology.triples((None, OWL.propertyDisjointWith, None)))
    shapes = graph(released, "shapes.ttl")
    assert list(shapes.subjects(RDF.type, SH.NodeShape))
    assert list(shapes.objects(None, SH.hasValue))
    assert {str(p) for p in shapes.predicates() if not str(p).startswith(str(SH))} <= {
        str(p) for p in (RDF.type, RDF.first, RDF.rest)
    }
    has, lacks = rdflib.URIRef(SCS + "hasFeature"), rdflib.URIRef(SCS + "lacksFeature")
    assert (has, OWL.propertyDisjointWith, lacks) in graph(released, "contradictions.ttl")


def test_rdfs_and_skos_have_the_same_labels_and_definitions(ontology: rdflib.Graph) -> None:
    for ours, theirs in ((SKOS.prefLabel, RDFS.label), (SKOS.definition, RDFS.comment)):
        stated = set(ontology.subject_objects(ours))
        assert stated
        assert stated <= set(ontology.subject_objects(theirs))


def test_features_are_concepts_of_a_scheme_with_top_concepts(ontology: rdflib.Graph) -> None:
    concepts, scheme = set(ontology.subjects(SKOS.inScheme)), rdflib.URIRef(BASE + "features")
    assert concepts
    tops = set(ontology.objects(scheme, SKOS.hasTopConcept))
    assert tops == set(ontology.subjects(SKOS.topConceptOf, scheme))
    for concept in concepts:
        assert (concept, RDF.type, SKOS.Concept) in ontology
        broader = set(ontology.objects(concept, SKOS.broader))
        assert broader <= concepts
        assert (concept in tops) is not bool(broader)


def test_the_header_has_the_metadata_that_foops_looks_for(ontology: rdflib.Graph) -> None:
    """FOOPS! (https://w3id.org/foops/) also looks for a DOI and a logo, which the ontology does not have."""
    minimum = (DCTERMS.title, DCTERMS.description, DCTERMS.license, OWL.versionIRI, DCTERMS.creator, DCTERMS.created)
    recommended = (OWL.versionInfo, DCTERMS.bibliographicCitation, VANN.preferredNamespacePrefix)
    detailed = (DCTERMS.publisher, DCTERMS.source, DCTERMS.issued, DCTERMS.modified, rdflib.SDO.creativeWorkStatus)
    for needed in (*minimum, VANN.preferredNamespaceUri, *recommended, *detailed, RDFS.label, RDFS.comment):
        assert ontology.value(IRI, needed), needed
    version = str(ontology.value(IRI, OWL.versionInfo))
    assert f"Version {version}." in str(ontology.value(IRI, DCTERMS.bibliographicCitation))


@pytest.mark.slow(seconds=100)
def test_the_ontology_is_in_owl_2_dl_and_hermit_can_satisfy_it(field: Dataset, tmp_path: Path) -> None:
    documents = ontology_documents(field)
    for name in ("ontology.ttl", "ontology.owl"):
        (tmp_path / name).write_bytes(documents[f"ontology/{name}"][1])
        assert check_owl(tmp_path / name) == ([], True)


@pytest.mark.slow(seconds=100)
def test_the_check_of_owl_2_dl_finds_an_undeclared_property(released: Path, tmp_path: Path) -> None:
    wrong, claim = graph(released, "ontology.ttl"), rdflib.URIRef(SCS + "Claim")
    wrong.add((claim, rdflib.URIRef("https://example.org/undeclared"), claim))
    wrong.serialize(tmp_path / "wrong.owl", "xml")
    violations, consistent = check_owl(tmp_path / "wrong.owl")
    assert consistent
    assert any("https://example.org/undeclared" in violation for violation in violations)
