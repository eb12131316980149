"""rdflib graphs for pySHACL that keep what pySHACL would compute again.

For every focus node, pySHACL parses each SPARQL constraint, reads each statement of a shape, and shortens the same
IRIs for messages.
"""

from collections.abc import Generator
from functools import lru_cache
from typing import Any, Final

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import NamespaceManager
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Node

from scs_kg import store
from scs_kg.model.namespaces import PREFIXES
from scs_kg.rules.pyshacl_store import OneGraphStore

CACHE_SIZE: Final = 256
XSD_STRING: Final = PREFIXES["xsd"] + "string"


class QueryCachingGraph(Graph):
    """An rdflib graph that caches parsed queries (not their results)."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        """Run a query. The query can use the prefixes of the graph, because pySHACL passes no prefixes."""
        is_parsed = isinstance(query_object, Query)
        query = query_object if is_parsed else _parse(str(query_object), tuple(self.namespaces()))
        return super().query(query, *args, **kwargs)


@lru_cache(maxsize=CACHE_SIZE)
def _parse(sparql: str, namespaces: tuple[tuple[str, Any], ...]) -> Query:
    return prepareQuery(sparql, dict(namespaces))


class CachingNamespaces(NamespaceManager):
    """The prefixes of a graph; each IRI is shortened only once until another prefix is bound."""

    def __init__(self, graph: Graph) -> None:
        self._bound: tuple[object, ...] = ()
        self._short: dict[str, str] = {}
        super().__init__(graph)

    def bind(self, prefix: str | None, namespace: Any, override: bool = True, replace: bool = False) -> None:
        """Bind a prefix, unless the last call was the same."""
        asked = (prefix, str(namespace), override, replace)
        if asked != self._bound:
            super().bind(prefix, namespace, override, replace)
            self._bound = asked
            self._short.clear()

    def normalizeUri(self, rdfTerm: str) -> str:  # noqa: N802, N803 - the names in rdflib
        """Return an IRI as a prefixed name, or in angle brackets."""
        found = self._short.get(rdfTerm)
        if found is None:
            found = self._short[rdfTerm] = super().normalizeUri(rdfTerm)
        return found


def data_graph(given: Graph) -> QueryCachingGraph:
    """Return a view of a graph as the data for pySHACL."""
    graph = QueryCachingGraph(given.store, given.identifier)
    graph.namespace_manager = CachingNamespaces(graph)
    return graph


class PatternCachingGraph(Graph):
    """An rdflib graph that keeps the triples that match each pattern until the graph changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._found: dict[Any, tuple[Any, ...]] = {}
        self._objects: dict[Any, tuple[Any, ...]] = {}

    def triples(self, triple: Any) -> Generator[Any, None, None]:
        """Yield the triples that match a pattern."""
        found = self._found.get(triple)
        if found is None:
            found = self._found[triple] = tuple(super().triples(triple))
        yield from found

    def objects(self, subject: Any = None, predicate: Any = None, unique: bool = False) -> Generator[Any, None, None]:
        """Yield the objects of a subject and a predicate."""
        found = self._objects.get((subject, predicate, unique))
        if found is None:
            found = self._objects[subject, predicate, unique] = tuple(super().objects(subject, predicate, unique))
        yield from found

    def add(self, triple: Any) -> "PatternCachingGraph":
        """Add a triple. Each validation adds the same two triples, which change the graph only once."""
        if triple not in self:
            self._forget()
            super().add(triple)
        return self

    def remove(self, triple: Any) -> "PatternCachingGraph":
        """Remove the triples that match a pattern."""
        self._forget()
        super().remove(triple)
        return self

    def _forget(self) -> None:
        self._found.clear()
        self._objects.clear()


def read_data(ntriples: str) -> Graph:
    """Read data into a graph with a store for a single graph (``OneGraphStore``), which is faster than rdflib's own."""
    return _read_into(Graph(OneGraphStore()), ntriples)


def shapes_graph(ntriples: str) -> Graph:
    """Read shapes into a graph that caches patterns and has a ``OneGraphStore``."""
    graph = PatternCachingGraph(OneGraphStore())
    graph.namespace_manager = CachingNamespaces(graph)
    return _read_into(graph, ntriples)


def _read_into(graph: Graph, ntriples: str) -> Graph:
    """Add N-Triples to an empty graph and return it; each term is made once, which rdflib's own reader does not do."""
    terms: dict[Any, Node] = {}

    def same(term: Any) -> Node:
        found = terms.get(term)
        if found is None:
            found = terms[term] = _term(term)
        return found

    for triple in store.parse_triples(ntriples.encode(), "ntriples"):
        graph.store.add((same(triple.subject), same(triple.predicate), same(triple.object)), graph)
    return graph


def _term(term: Any) -> Node:
    if isinstance(term, store.NamedNode):
        return URIRef(term.value)
    if isinstance(term, store.BlankNode):
        return BNode()
    if term.language or term.datatype.value == XSD_STRING:
        return Literal(term.value, lang=term.language)
    return Literal(term.value, datatype=URIRef(term.datatype.value))
