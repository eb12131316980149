"""The ontology as three documents: an OWL 2 DL ontology, its SHACL shapes, and the module of contradictions.

The ontology has four additions for other tools. The ontology declares foreign terms (OWL 2 Structural Specification,
section 5.8). The ontology has ``rdfs:label`` and ``rdfs:comment`` in addition to the SKOS properties. The ontology
declares features as SKOS concepts. The ontology names the top concepts of each scheme.
"""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Final

from scs_kg import store
from scs_kg.model.namespaces import PREFIXES, RDF, SH
from scs_kg.rules import engines
from scs_kg.store import BlankNode, Dataset, NamedNode, Triple
from scs_kg.store.serialize import asserted_ntriples, canonical_triples, serialize_triples, triples_to_turtle

SKOS: Final = PREFIXES["skos"]
RDFS: Final = PREFIXES["rdfs"]
TYPE: Final = NamedNode(RDF + "type")
CONTRADICTIONS: Final = "ontology/contradictions"
COPIED: Final = {
    SKOS + "prefLabel": RDFS + "label",
    SKOS + "definition": RDFS + "comment",
    PREFIXES["dcterms"] + "title": RDFS + "label",
    PREFIXES["dcterms"] + "description": RDFS + "comment",
}
"""The RDFS property that has the same values as a property."""


def ontology_documents(dataset: Dataset) -> dict[str, tuple[str, bytes]]:
    """Return the title and the content of each document, keyed by its path in the release.

    The ontology is in Turtle and in RDF/XML, the syntax that every OWL 2 tool reads.
    """
    names = (graph.removeprefix(PREFIXES["graph"]) for graph in sorted(dataset.files))
    parts = [name for name in names if name.startswith("ontology/") and not name.startswith(engines.RULES)]
    triples = _triples(dataset, [name for name in parts if name != CONTRADICTIONS])
    shapes = frozenset(_shapes(triples))
    terms = triples - shapes
    ontology = terms | set(_for_other_tools(terms)) | set(declarations())
    named = "Terms, features, criteria, guidelines and readings as an OWL 2 DL ontology"
    contradictions = _triples(dataset, [CONTRADICTIONS])
    return {
        "ontology/ontology.ttl": (f"{named}, in Turtle", triples_to_turtle(ontology).encode()),
        "ontology/ontology.owl": (f"{named}, in RDF/XML", serialize_triples(canonical_triples(ontology), "rdfxml")),
        "ontology/shapes.ttl": ("The SHACL shapes of the criteria and conditions", triples_to_turtle(shapes).encode()),
        "ontology/contradictions.ttl": (
            "The disjointness of what a system has and lacks, for the OWL 2 RL/RDF rules",
            triples_to_turtle(contradictions).encode(),
        ),
    }


def declarations() -> list[Triple]:
    """Return the declarations of the classes and properties of other vocabularies."""
    return store.parse_triples((files(__package__) / "declarations.ttl").read_bytes(), "turtle")


def vocabulary_triples(dataset: Dataset) -> Iterator[Triple]:
    """Yield the labels, comments and SKOS statements for other tools that follow from the ontology of a dataset."""
    return _for_other_tools(_triples(dataset, ["ontology/"]))


def _triples(dataset: Dataset, folders: Iterable[str]) -> frozenset[Triple]:
    return frozenset(store.parse_triples(asserted_ntriples(dataset, folders).encode(), "ntriples"))


def _shapes(triples: frozenset[Triple]) -> Iterator[Triple]:
    """Yield the triples of SHACL shapes: their types, their properties, and all of the blank nodes below them."""
    below: dict[BlankNode, list[Triple]] = {}
    for triple in triples:
        if isinstance(triple.subject, BlankNode):
            below.setdefault(triple.subject, []).append(triple)
    kinds = [NamedNode(SH + name) for name in ("NodeShape", "PropertyShape")]
    found = [t for t in triples if t.predicate.value.startswith(SH) or (t.predicate == TYPE and t.object in kinds)]
    seen: set[BlankNode] = set()
    while found:
        triple = found.pop()
        yield triple
        if isinstance(triple.object, BlankNode) and triple.object not in seen:
            seen.add(triple.object)
            found += below.get(triple.object, [])


def _for_other_tools(triples: Iterable[Triple]) -> Iterator[Triple]:
    broader = {triple.subject for triple in triples if triple.predicate.value == SKOS + "broader"}
    for triple in triples:
        name = triple.predicate.value
        if name in COPIED and not isinstance(triple.subject, BlankNode):
            yield Triple(triple.subject, NamedNode(COPIED[name]), triple.object)
        if name == SKOS + "inScheme" and isinstance(triple.object, NamedNode):
            yield Triple(triple.subject, TYPE, NamedNode(SKOS + "Concept"))
            if triple.subject not in broader:
                yield Triple(triple.subject, NamedNode(SKOS + "topConceptOf"), triple.object)
                yield Triple(triple.object, NamedNode(SKOS + "hasTopConcept"), triple.subject)
