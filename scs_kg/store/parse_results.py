"""Parses the responses of SPARQL endpoints."""

import json
import re
from typing import Final

from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results

from scs_kg.model.errors import EngineError
from scs_kg.store.terms import Literal, QueryBoolean, QuerySolutions, Triple

_VIRTUOSO_NODE: Final = re.compile(rb'("(?:[^"\\\\]|\\\\.)*")|(?:_:|<)nodeID://(\w+)>?')
"""Matches a blank node as Virtuoso 7 writes it in N-Triples, or a literal, so that nothing in literals is replaced."""


def parse_rows(response: bytes) -> QuerySolutions | QueryBoolean:
    """Parse SPARQL 1.1 Query Results JSON; raise EngineError if the response has another format."""
    try:
        response = _with_standard_blank_nodes(response)
        results = parse_query_results(response, format=QueryResultsFormat.JSON)
        if isinstance(results, QuerySolutions):
            for _ in results:  # rows are parsed lazily: read all of them to find errors, then parse again
                pass
            results = parse_query_results(response, format=QueryResultsFormat.JSON)
    except (SyntaxError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise EngineError(f"expected SPARQL results in JSON: {' '.join(str(error).split())}") from error
    return results


def _with_standard_blank_nodes(response: bytes) -> bytes:
    """Return results in JSON in which blank nodes have labels of N-Triples; Virtuoso 7 gives them ``nodeID://b1``."""
    if b"nodeID://" not in response:
        return response
    found = json.loads(response)
    for row in found["results"]["bindings"]:
        for term in row.values():
            if term["type"] != "literal" and term["value"].startswith("nodeID://"):
                term |= {"type": "bnode", "value": term["value"].removeprefix("nodeID://")}
    return json.dumps(found).encode()


def parse_ntriples(response: bytes) -> tuple[Triple, ...]:
    """Parse N-Triples into sorted triples without duplicates; raise EngineError if the response has another format."""
    try:
        if b"nodeID://" in response:
            response = _VIRTUOSO_NODE.sub(lambda m: m[1] or b"_:" + m[2], response)
        return tuple(sorted({quad.triple for quad in parse(response, format=RdfFormat.N_TRIPLES)}, key=str))
    except (SyntaxError, ValueError) as error:
        raise EngineError(f"expected N-Triples: {' '.join(str(error).split())}") from error


def parse_boolean(response: bytes) -> QueryBoolean:
    """Parse the response to an ASK query; raise EngineError if the response is not a boolean.

    Virtuoso 7 gives the boolean as the only cell of a table, as 0 or 1.
    """
    results = parse_rows(response)
    if isinstance(results, QueryBoolean):
        return results
    cells = [term for row in results for term in row]
    if len(cells) != 1 or not isinstance(cells[0], Literal) or cells[0].value not in {"0", "1"}:
        raise EngineError("expected a boolean")
    value = b"true" if cells[0].value == "1" else b"false"
    boolean = parse_query_results(b'{"head": {}, "boolean": ' + value + b"}", format=QueryResultsFormat.JSON)
    if not isinstance(boolean, QueryBoolean):
        raise EngineError("expected a boolean")
    return boolean
