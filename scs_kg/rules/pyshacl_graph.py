"""A graph of rdflib that reads each query once: pySHACL asks a constraint in SPARQL anew for every node."""

from functools import lru_cache
from typing import Any, Final

from rdflib import Graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result

KEPT: Final = 256


class QueryCachingGraph(Graph):
    """A graph that keeps the queries it was asked as they were read; what they answer, it works out each time."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        """Answer as any graph does; a prefix that the query leaves out is the graph's, since pySHACL gives no other."""
        known = isinstance(query_object, Query)
        asked = query_object if known else _read(str(query_object), tuple(self.namespaces()))
        return super().query(asked, *args, **kwargs)


@lru_cache(maxsize=KEPT)
def _read(sparql: str, namespaces: tuple[tuple[str, Any], ...]) -> Query:
    return prepareQuery(sparql, dict(namespaces))
