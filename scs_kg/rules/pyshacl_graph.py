"""rdflib graphs for pySHACL that keep what pySHACL would compute again.

pySHACL parses each SPARQL constraint for every focus node, and shortens the same IRIs for every message.
"""

from functools import lru_cache
from typing import Any, Final

from rdflib import Graph
from rdflib.namespace import NamespaceManager
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result

CACHE_SIZE: Final = 256


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


def shapes_graph(ntriples: str) -> Graph:
    """Parse shapes into a graph whose store is faster, because it has no named graphs."""
    graph = Graph("SimpleMemory")
    graph.namespace_manager = CachingNamespaces(graph)
    return graph.parse(data=ntriples, format="nt")
