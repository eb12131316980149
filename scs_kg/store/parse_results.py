"""What another store answered, read from its text."""

from pyoxigraph import (
    Literal,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from scs_kg.model.errors import EngineError


def parsed_rows(answer: bytes) -> QuerySolutions | QueryBoolean:
    """Read rows or a truth value from SPARQL 1.1 Query Results JSON; raise EngineError if it is something else."""
    try:
        found = parse_query_results(answer, format=QueryResultsFormat.JSON)
        if isinstance(found, QuerySolutions):
            for _ in found:  # what comes after the first rows is only checked when it is read
                pass
            found = parse_query_results(answer, format=QueryResultsFormat.JSON)
    except (SyntaxError, ValueError) as error:
        raise EngineError(f"it is not SPARQL results in JSON: {' '.join(str(error).split())}") from error
    return found


def parsed_triples(answer: bytes) -> tuple[Triple, ...]:
    """Read triples from N-Triples, each once and in order; raise EngineError if it is something else."""
    try:
        return tuple(sorted({quad.triple for quad in parse(answer, format=RdfFormat.N_TRIPLES)}, key=str))
    except (SyntaxError, ValueError) as error:
        raise EngineError(f"it is not N-Triples: {' '.join(str(error).split())}") from error


def parsed_truth(answer: bytes) -> QueryBoolean:
    """Read a truth value; Virtuoso 7 gives it as the only cell of a table. Raise EngineError if it is none."""
    found = parsed_rows(answer)
    if isinstance(found, QueryBoolean):
        return found
    cells = [term for row in found for term in row]
    if len(cells) != 1 or not isinstance(cells[0], Literal) or cells[0].value not in {"0", "1"}:
        raise EngineError("it is no truth value")
    truth = b"true" if cells[0].value == "1" else b"false"
    read = parse_query_results(b'{"head": {}, "boolean": ' + truth + b"}", format=QueryResultsFormat.JSON)
    if not isinstance(read, QueryBoolean):
        raise EngineError("it is no truth value")
    return read
