"""An rdflib graph that caches parsed queries: pySHACL parses each SPARQL constraint again for every focus node."""

from functools import lru_cache
from typing import Any, Final

from rdflib import Graph
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
