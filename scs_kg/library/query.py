"""Runs a query in a separate process and returns rows of plain values."""

import json
from collections.abc import Mapping

from scs_kg import store
from scs_kg.judging.query_values import resolve_values
from scs_kg.library.arguments import text_of
from scs_kg.library.results import Answer
from scs_kg.store import Dataset, QuerySolutions, QueryTriples, Term, query_library
from scs_kg.store.describe import require_known_graphs
from scs_kg.store.isolation import run_limited
from scs_kg.store.merge import ENDPOINT, merge_graphs, query_merged
from scs_kg.store.query_library import Query
from scs_kg.store.sparql_text import from_graphs, refuse_service


def answer(dataset: Dataset, text: str, params: Mapping[str, str], timeout: float) -> Answer:
    """Answer a question of the library, given by its name, or a SPARQL query on a dataset.

    Raises:
        UnknownNameError: there is no such question or parameter, or the value of a parameter is unknown.
        EngineError: the query is malformed or exceeds a limit.
        RefusedError: the query uses SERVICE, or a named graph that is not part of the dataset.
    """
    question = query_library.find(dataset.library, text) if _is_name(text) else Query("query", "query", "", (), text)
    sparql = query_library.bind(
        question, resolve_values(dataset, question, {name: text_of(value) for name, value in params.items()})
    )
    refuse_service(sparql)
    graphs = from_graphs(sparql, ENDPOINT)
    require_known_graphs(dataset, graphs.all if graphs else frozenset())
    merged = merge_graphs(dataset)
    packed = run_limited(lambda: _packed(query_merged(merged, sparql, graphs)), timeout)
    columns, rows = json.loads(packed)
    return Answer(question.title, tuple(columns), tuple(tuple(row) for row in rows))


def _is_name(text: str) -> bool:
    """Return whether a text is the name of a question; a query has white space or braces."""
    return len(text.split()) == 1 and "{" not in text


def _packed(found: object) -> bytes:
    """Return columns and rows as JSON: IRIs and lexical forms as texts, null for unbound variables."""
    if isinstance(found, QuerySolutions):
        columns = [variable.value for variable in found.variables]
        return json.dumps([columns, [[_value(term) for term in row] for row in found]]).encode()
    if isinstance(found, QueryTriples):
        parts = ("subject", "predicate", "object")
        rows = sorted([[_value(getattr(triple, part)) for part in parts] for triple in found], key=str)
        return json.dumps([parts, rows]).encode()
    return json.dumps([["answer"], [[str(bool(found)).lower()]]]).encode()


def _value(term: Term | None) -> str | None:
    return None if term is None else store.text(term)
