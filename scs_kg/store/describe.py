"""Describes a resource of this project: its kind, its statements, and its incoming links.

An IRI with a fragment belongs to the document before the ``#``. The IRIs of ontologies, concept schemes, named graphs
and versions identify documents. A document includes the resources that it defines. All other IRIs identify things that
a document describes.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from types import MappingProxyType
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

LABEL_PROPERTIES: Final = (
    PREFIXES["skos"] + "prefLabel",
    PREFIXES["dcterms"] + "title",
    PREFIXES["rdfs"] + "label",
    "https://w3id.org/scs-kg/ontology#statement",
)
VERSION: Final = PREFIXES["owl"] + "versionIRI"
DOCUMENTS: Final = (PREFIXES["owl"] + "Ontology", PREFIXES["skos"] + "ConceptScheme")
_LANGUAGE_ORDER: Final[Mapping[str, int]] = MappingProxyType({"en": 0, "zh": 1})
PREDICATE_ORDER: Final = (*LABEL_PROPERTIES, PREFIXES["skos"] + "definition", RDF + "type")


@dataclass(frozen=True, slots=True)
class Value:
    """A value for display: its text, its IRI (empty for a literal), and its language tag (empty if it has none)."""

    text: str
    iri: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class PropertyValues:
    """A predicate and its values."""

    predicate: Value
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """The description of one IRI: its label, its statements, and its incoming links (subjects grouped by predicate).

    The description of a document also has the descriptions of the resources that it defines, and the subjects in its
    graph.
    """

    iri: str
    label: str
    statements: tuple[PropertyValues, ...]
    incoming: tuple[PropertyValues, ...]
    defined: "tuple[Description, ...]" = ()
    graph_subjects: tuple[Value, ...] = ()


@dataclass(frozen=True)
class DescribedDataset:
    """A dataset that does not change, and the IRIs of the project that are subjects in it, which are read once."""

    dataset: Dataset

    @cached_property
    def subjects(self) -> frozenset[str]:
        """Return the IRIs of the project that are the subject of a triple in any graph."""
        return frozenset(subject_iris(self.dataset, BASE))


def is_document(dataset: Dataset, iri: str) -> bool:
    """Return whether an IRI of this project identifies a document."""
    typed = any(has_triple(dataset, iri, RDF + "type", kind) for kind in DOCUMENTS)
    return typed or iri in graph_iris(dataset) or has_triple(dataset, None, VERSION, iri)


def graph_iris(dataset: Dataset) -> frozenset[str]:
    """Return the IRIs of the named graphs, including the inferred graph."""
    return frozenset({*dataset.files, INFERRED})


def is_known(dataset: Dataset, iri: str) -> bool:
    """Return whether an IRI occurs in a triple, or identifies a named graph."""
    said = has_triple(dataset, iri, None, None) or has_triple(dataset, None, None, iri)
    return iri in graph_iris(dataset) or said


def require_known_graphs(dataset: Dataset, wanted: Set[str]) -> None:
    """Raise RefusedError if a graph is not in the dataset (SPARQL 1.1 Protocol, section 2.1.4, permits that)."""
    known = graph_iris(dataset)
    for graph in sorted(wanted - known):
        message = UnknownNameError("graph here", graph, known).message
        raise RefusedError(f"{message}; graphs are not fetched from other hosts")


def require_known(described: DescribedDataset, iri: str) -> None:
    """Raise UnknownNameError, with similar names of the same kind, if an IRI of this project is not known."""
    dataset = described.dataset
    if is_known(dataset, iri):
        return
    kind, _, _ = iri.removeprefix(BASE).rpartition("/")
    names = {name.removeprefix(BASE).partition("#")[0] for name in (*described.subjects, *graph_iris(dataset))}
    near = {name for name in names if kind and name.rpartition("/")[0] == kind} or {n.partition("/")[0] for n in names}
    raise UnknownNameError("resource here", iri.removeprefix(BASE), near)


def describing_triples(described: DescribedDataset, iri: str) -> Iterator[Triple]:
    """Yield the triples that describe an IRI of this project; raise UnknownNameError if it is not known."""
    require_known(described, iri)
    dataset = described.dataset
    if iri in graph_iris(dataset):
        return graph_triples(dataset, iri)
    return chain(
        concise_bounded_description(dataset, [iri, *sorted(_defined(described, iri))]), incoming_triples(dataset, iri)
    )


def _defined(described: DescribedDataset, iri: str) -> set[str]:
    """Return the IRIs that a document defines: its fragments, and for a version IRI also the unversioned IRI."""
    dataset = described.dataset
    if not is_document(dataset, iri):
        return set()
    itself = {terms.text(subject) for subject in subjects(dataset, VERSION, iri)}
    starts = tuple(f"{document}#" for document in (iri, *itself))
    return {*itself, *(name for name in described.subjects if name.startswith(starts))}


def describe(described: DescribedDataset, iri: str) -> Description:
    """Return the description of an IRI of this project; raise UnknownNameError if it is not known."""
    require_known(described, iri)
    dataset = described.dataset
    found = _describe_resource(dataset, iri)
    defined = tuple(_describe_resource(dataset, name) for name in sorted(_defined(described, iri)))
    in_graph = {t.subject for t in graph_triples(dataset, iri)} if iri in graph_iris(dataset) else set()
    contents = tuple(sorted((_value(dataset, node) for node in in_graph if isinstance(node, NamedNode)), key=_order))
    return Description(iri, found.label, found.statements, found.incoming, defined, contents)


def _describe_resource(dataset: Dataset, iri: str) -> Description:
    statements: dict[str, set[Term]] = defaultdict(set)
    incoming: dict[str, set[Term]] = defaultdict(set)
    for triple in concise_bounded_description(dataset, [iri]):
        if terms.text(triple.subject) == iri:
            statements[triple.predicate.value].add(triple.object)
    for triple in incoming_triples(dataset, iri) if "#" not in iri else ():
        incoming[triple.predicate.value].add(triple.subject)
    return Description(iri, label(dataset, NamedNode(iri)), _table(dataset, statements), _table(dataset, incoming))


def _table(dataset: Dataset, found: Mapping[str, set[Term]]) -> tuple[PropertyValues, ...]:
    order = sorted(found, key=lambda p: (PREDICATE_ORDER.index(p) if p in PREDICATE_ORDER else len(PREDICATE_ORDER), p))
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
    """Yield the statements of a blank node, one level deep; the RDF formats have all levels."""
    for predicate in sorted(predicates(dataset, node)):
        for term in objects(dataset, node, predicate):
            shown = "…" if isinstance(term, BlankNode) else curie(terms.text(term))
            yield f"{curie(predicate)} {shown}"


def label(dataset: Dataset, node: NamedNode) -> str:
    """Return the label of a resource in English, Chinese or any other language, or the local name of its IRI."""
    for predicate in LABEL_PROPERTIES:
        found = [term for term in objects(dataset, node, predicate) if isinstance(term, Literal)]
        if found:
            return min(found, key=lambda term: (_LANGUAGE_ORDER.get((term.language or "en")[:2], 2), term.value)).value
    return local_id(node.value) if node.value.startswith(BASE) and local_id(node.value) else curie(node.value)
