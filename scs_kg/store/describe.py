"""Describes whatever has an IRI of ours: which kind of resource it is, what is said of it, and who points at it.

An IRI with a fragment belongs to the document before the ``#``. An IRI of an ontology, of a concept scheme, of a named
graph or of a version names a document, and what it defines is in it. Any other names a thing, which a document
describes.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import chain
from typing import Final

from scs_kg.model.errors import RefusedError, UnknownNameError
from scs_kg.model.namespaces import BASE, PREFIXES, RDF, curie, local_id
from scs_kg.store import terms
from scs_kg.store.dataset import (
    INFERRED,
    Dataset,
    concise_bounded_description,
    graph_triples,
    has_triple,
    incoming_triples,
    objects,
    predicates,
    subject_iris,
    subjects,
)
from scs_kg.store.terms import BlankNode, Literal, NamedNode, Term, Triple

LABELS: Final = (
    PREFIXES["skos"] + "prefLabel",
    PREFIXES["dcterms"] + "title",
    PREFIXES["rdfs"] + "label",
    "https://w3id.org/scs-kg/ontology#statement",
)
VERSION: Final = PREFIXES["owl"] + "versionIRI"
DOCUMENTS: Final = (PREFIXES["owl"] + "Ontology", PREFIXES["skos"] + "ConceptScheme")
_LANGUAGES: Final[Mapping[str, int]] = {"en": 0, "zh": 1}
FIRST: Final = (*LABELS, PREFIXES["skos"] + "definition", RDF + "type")


@dataclass(frozen=True, slots=True)
class Value:
    """A value as people read it: its text, the IRI that it is (or nothing), and its language (or nothing)."""

    text: str
    iri: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class PropertyValues:
    """A predicate, and the values that it has."""

    predicate: Value
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of one IRI: its label, its statements, and who points at it by what.

    Of a document also what it defines, each with its own description, and what its graph tells of.
    """

    iri: str
    label: str
    statements: tuple[PropertyValues, ...]
    pointing: tuple[PropertyValues, ...]
    defined: "tuple[Description, ...]" = ()
    contents: tuple[Value, ...] = ()


def is_document(dataset: Dataset, iri: str) -> bool:
    """Tell whether an IRI of ours names a document, which is answered as such, and not a thing."""
    typed = any(has_triple(dataset, iri, RDF + "type", kind) for kind in DOCUMENTS)
    return typed or iri in graph_iris(dataset) or has_triple(dataset, None, VERSION, iri)


def graph_iris(dataset: Dataset) -> frozenset[str]:
    """Return the IRIs of the named graphs."""
    return frozenset({*dataset.files, INFERRED})


def is_known(dataset: Dataset, iri: str) -> bool:
    """Tell whether anything is said of an IRI, or it names a graph."""
    said = has_triple(dataset, iri, None, None) or has_triple(dataset, None, None, iri)
    return iri in graph_iris(dataset) or said


def require_known_graphs(dataset: Dataset, wanted: Set[str]) -> None:
    """Raise RefusedError for graphs that are not ours (SPARQL 1.1 Protocol, section 2.1.4, allows to)."""
    known = graph_iris(dataset)
    for graph in sorted(wanted - known):
        near = str(UnknownNameError("graph of ours", graph, known))
        raise RefusedError(f"{near}; nothing is fetched from elsewhere")


def require_known(dataset: Dataset, iri: str) -> None:
    """Raise UnknownNameError, with the nearest names of its kind, if nothing is known of an IRI of ours."""
    if is_known(dataset, iri):
        return
    kind, _, _ = iri.removeprefix(BASE).rpartition("/")
    names = {name.removeprefix(BASE).partition("#")[0] for name in (*subject_iris(dataset, BASE), *graph_iris(dataset))}
    near = {name for name in names if kind and name.rpartition("/")[0] == kind} or {n.partition("/")[0] for n in names}
    raise UnknownNameError("thing of ours", iri.removeprefix(BASE), near)


def describing_triples(dataset: Dataset, iri: str) -> Iterator[Triple]:
    """Yield the triples that describe an IRI of ours; raise UnknownNameError if there is none."""
    require_known(dataset, iri)
    if iri in graph_iris(dataset):
        return graph_triples(dataset, iri)
    return chain(
        concise_bounded_description(dataset, [iri, *sorted(_defined(dataset, iri))]), incoming_triples(dataset, iri)
    )


def _defined(dataset: Dataset, iri: str) -> set[str]:
    """Return what a document defines: its fragments, and itself under its other name if the IRI is of a version."""
    if not is_document(dataset, iri):
        return set()
    itself = {terms.text(subject) for subject in subjects(dataset, VERSION, iri)}
    return {*itself, *(name for document in (iri, *itself) for name in subject_iris(dataset, document + "#"))}


def describe(dataset: Dataset, iri: str) -> Description:
    """Return the description of an IRI of ours for people; raise UnknownNameError if there is none."""
    require_known(dataset, iri)
    found = _described(dataset, iri)
    defined = tuple(_described(dataset, name) for name in sorted(_defined(dataset, iri)))
    held = {t.subject for t in graph_triples(dataset, iri)} if iri in graph_iris(dataset) else set()
    contents = tuple(sorted((_value(dataset, node) for node in held if isinstance(node, NamedNode)), key=_order))
    return Description(iri, found.label, found.statements, found.pointing, defined, contents)


def _described(dataset: Dataset, iri: str) -> Description:
    said: dict[str, set[Term]] = defaultdict(set)
    pointing: dict[str, set[Term]] = defaultdict(set)
    for triple in concise_bounded_description(dataset, [iri]):
        if terms.text(triple.subject) == iri:
            said[triple.predicate.value].add(triple.object)
    for triple in incoming_triples(dataset, iri) if "#" not in iri else ():
        pointing[triple.predicate.value].add(triple.subject)
    return Description(iri, label(dataset, NamedNode(iri)), _table(dataset, said), _table(dataset, pointing))


def _table(dataset: Dataset, found: Mapping[str, set[Term]]) -> tuple[PropertyValues, ...]:
    order = sorted(found, key=lambda p: (FIRST.index(p) if p in FIRST else len(FIRST), p))
    return tuple(
        PropertyValues(
            _value(dataset, NamedNode(p)), tuple(sorted((_value(dataset, term) for term in found[p]), key=_order))
        )
        for p in order
    )


def _order(value: Value) -> tuple[str, str, str]:
    return value.language, value.text, value.iri


def _value(dataset: Dataset, term: Term) -> Value:
    if isinstance(term, NamedNode):
        return Value(label(dataset, term), term.value)
    if isinstance(term, BlankNode):
        return Value("; ".join(_nested(dataset, term)))
    return Value(terms.text(term), language=term.language or "" if isinstance(term, Literal) else "")


def _nested(dataset: Dataset, node: BlankNode) -> Iterator[str]:
    """Yield what is said of a blank node, one level deep: RDF has the rest."""
    for predicate in sorted(predicates(dataset, node)):
        for term in objects(dataset, node, predicate):
            shown = "…" if isinstance(term, BlankNode) else curie(terms.text(term))
            yield f"{curie(predicate)} {shown}"


def label(dataset: Dataset, node: NamedNode) -> str:
    """Return the label of a thing: in English, else in Chinese, else in any language, else the name in its IRI."""
    for predicate in LABELS:
        found = [term for term in objects(dataset, node, predicate) if isinstance(term, Literal)]
        if found:
            return min(found, key=lambda term: (_LANGUAGES.get((term.language or "en")[:2], 2), term.value)).value
    return local_id(node.value) if node.value.startswith(BASE) and local_id(node.value) else curie(node.value)
