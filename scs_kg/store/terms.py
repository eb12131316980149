"""RDF terms and query results, as pyoxigraph represents them."""

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Triple

__all__ = [
    "BlankNode",
    "Literal",
    "NamedNode",
    "QueryBoolean",
    "QueryResult",
    "QuerySolutions",
    "QueryTriples",
    "Term",
    "Triple",
    "text",
]

Term = NamedNode | BlankNode | Literal | Triple
QueryResult = QuerySolutions | QueryTriples | QueryBoolean | tuple[Triple, ...]


def text(term: Term) -> str:
    """Return the IRI, the blank node label or the lexical form of a term."""
    return str(term) if isinstance(term, Triple) else term.value
