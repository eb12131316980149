"""Copies triples of the embedded engine into rdflib; to convert each term once takes half the time of parsing."""

from collections.abc import Iterable

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from scs_kg.model.namespaces import PREFIXES

_STRING = PREFIXES["xsd"] + "string"


def rdflib_graph(triples: Iterable[Triple]) -> rdflib.Graph:
    """Return an rdflib graph with the triples, in a store without named graphs."""
    graph, terms = rdflib.Graph("SimpleMemory"), dict[object, rdflib.term.Identifier]()

    def term(given: object) -> rdflib.term.Identifier:
        found = terms.get(given)
        if found is None:
            found = terms[given] = rdflib_term(given)
        return found

    for triple in triples:
        graph.store.add((term(triple.subject), term(triple.predicate), term(triple.object)), graph)
    return graph


def rdflib_term(term: object) -> rdflib.term.Identifier:
    """Return a term as rdflib parses it from N-Triples."""
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, Literal)
    datatype = None if term.datatype.value == _STRING or term.language else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, lang=term.language, datatype=datatype)
