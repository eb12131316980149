"""Runs a query from the library or from a file within limits, and lists the library."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from scs_kg import store
from scs_kg.judging.project import open_judged
from scs_kg.judging.query_values import names_resources, resolve_values
from scs_kg.judging.timeline import publish_verdict_periods
from scs_kg.model.advice import Advice
from scs_kg.model.errors import EngineError, RefusedError, UnknownNameError, WrongUseError
from scs_kg.model.namespaces import curie
from scs_kg.render.documents import Terminal, as_text
from scs_kg.render.language import catalogue, language, listed, translated
from scs_kg.render.language import gettext as _
from scs_kg.render.table import Table
from scs_kg.store import NamedNode, QueryResult, QueryTriples, Term, query_library
from scs_kg.store.describe import require_known_graphs
from scs_kg.store.federation import parse_allowed_services, run_federated, service_hosts
from scs_kg.store.isolation import run_limited
from scs_kg.store.merge import ENDPOINT, merge_graphs, query_merged
from scs_kg.store.name_search import unknown_query
from scs_kg.store.query_library import Query
from scs_kg.store.sparql_client import Endpoint, send_query
from scs_kg.store.sparql_text import from_graphs, refuse_service
from scs_kg.store.sync import download_names, with_published_graphs
from scs_kg.store.terms import QueryBoolean

REMOVE: Final = "; remove that part"
"""The advice of a front end that has no option to allow a host."""
EXTRA_SECONDS: Final = 2.0
"""The time limit of a query is this many seconds longer than that of its hosts, so the error can name a late host."""


def library(root: Path) -> tuple[Query, ...]:
    """Return all queries of the library, the federated ones last."""
    return (*query_library.read_all(root).values(), *query_library.read_all(root, federated=True).values())


def listing(root: Path) -> Table:
    """Return the queries of the library as a table."""
    rows = tuple(
        (
            found.name,
            _question_text(found),
            listed(_("{name} ({number})", name=param.name, number=param.type) for param in found.params),
            listed(service_hosts(found.sparql)),
        )
        for found in library(root)
    )
    note = _("A query that uses another host needs --allow-service HOST, or HOST=URL to use a copy of its data.")
    columns = tuple(map(_, ("name", "question", "parameters", "other hosts")))
    return Table(_("Queries of the library"), columns, rows, (note,))


def _question_text(found: Query) -> str:
    """Return the question of a query in the language of the context, or in English if there is no translation."""
    translations = {} if language() == "en" else catalogue("questions")
    return translations.get(found.question, found.question)


THE_QUERY: Final = "the query"
"""The name that stands for a query given as text."""


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A query: its name in the library or its file, its parameters, and how to run it.

    If ``text`` is set, it is the query, and ``name`` is used only in messages. ``form`` is text, csv, tsv, json, xml or
    turtle; the default is text, or turtle for a graph. ``timeout`` is in seconds. If ``endpoint`` is set, the store at
    this address runs the query. ``services`` are the hosts that SERVICE may name, each as ``HOST`` or ``HOST=URL``.
    """

    name: str
    params: Mapping[str, str]
    form: str | None = None
    timeout: float = 30.0
    endpoint: str | None = None
    services: tuple[str, ...] = ()
    terminal: Terminal = field(default_factory=Terminal)
    text: str | None = None


def answer(root: Path, asked: QueryRequest) -> bytes:
    """Run a query on the data with all verdicts, or on a store, and return the result as bytes.

    Raises:
        UnknownNameError: no query or parameter has this name, or the value of a parameter is unknown.
        EngineError: the query is malformed, a host fails, or the query exceeds a limit.
        RefusedError: the query calls a host that is not allowed, or FROM names an unknown graph.
        WrongUseError: both ``services`` and ``endpoint`` are set.
    """
    question = _titled(_question(root, asked))
    needs_periods = not _is_of_library(asked) or "VerdictState" in question.sparql
    services = parse_allowed_services(asked.services, asked.timeout)
    if services and asked.endpoint is not None:
        advice = Advice("; leave out {option}", "allow-service")
        raise WrongUseError("the store decides which hosts it queries", advice)
    if not services:
        _refuse_hosts(question.sparql)
    if asked.endpoint is not None:
        endpoint = Endpoint(asked.endpoint, timeout=asked.timeout)
        return _written(question, _at_store(root, question, asked.params, endpoint), asked)
    dataset = open_judged(root)
    sparql = query_library.bind(question, resolve_values(dataset, question, asked.params))
    # Import the modules for drawing now: the limited process cannot open files.
    as_text(Table("所有", ("",), (("字 " * asked.terminal.width,),)), asked.terminal)
    if needs_periods:
        publish_verdict_periods(dataset)
    try:
        if services:
            late = asked.timeout + EXTRA_SECONDS
            return run_limited(
                lambda: _written(question, run_federated(dataset, sparql, services), asked), late, online=True
            )
        graphs = from_graphs(sparql, ENDPOINT)
        require_known_graphs(dataset, graphs.all if graphs else frozenset())
        merged = merge_graphs(dataset)
        return run_limited(lambda: _written(question, query_merged(merged, sparql, graphs), asked), asked.timeout)
    except EngineError as error:
        if line := query_library.line_suffix(error):
            raise _with_place(error, asked.name, line) from error
        raise


def _is_of_library(asked: QueryRequest) -> bool:
    """Return whether a query is named, and is not given as text or in a file."""
    path = Path(asked.name)
    looks_like_file = path.suffix == ".rq" or ("/" in asked.name and query_library.is_file(path))
    return asked.text is None and not looks_like_file


def _with_place(error: EngineError, name: str, line: str) -> EngineError:
    """Return a syntax error with the line of the query; the error names the query unless it is given as text."""
    reason = str(error).removeprefix("the query cannot be answered: ")
    place = f"line {line[1:]}" if name == THE_QUERY else f"{name}{line}"
    return EngineError(f"the query cannot be answered: {place}: {reason}")


def _at_store(root: Path, question: Query, values: Mapping[str, str], endpoint: Endpoint) -> QueryResult:
    """Return the result of a query at a store, with values that are resolved by the names there."""
    there = with_published_graphs(root, endpoint)
    if names_resources(question, values):
        values = resolve_values(download_names(root, there), question, values)
    return send_query(there, query_library.bind(question, values))


def _refuse_hosts(sparql: str) -> None:
    """Raise RefusedError if a query contains SERVICE; the message names the option that allows it."""
    try:
        refuse_service(sparql)
    except RefusedError as error:
        named = " and ".join(service_hosts(sparql)) or "another host"
        raise RefusedError(
            f"the query calls {named} with SERVICE",
            Advice("; allow it with {option}, or remove that part", "allow-service", "HOST", otherwise=REMOVE),
        ) from error


def _question(root: Path, asked: QueryRequest) -> Query:
    """Return the query from the text, from a file if the name looks like a file, or from the library."""
    if asked.text is not None:
        return query_library.parse(asked.name, asked.text)
    if not _is_of_library(asked):
        return query_library.read(Path(asked.name), bare=True)
    try:
        return query_library.find(root, asked.name)
    except UnknownNameError as error:
        raise unknown_query(asked.name, library(root), catalogue("queries")) from error


def _titled(question: Query) -> Query:
    """Return a query with its title in the language of the context; the limited process cannot read catalogues."""
    if language() == "en":
        return question
    return replace(question, title=catalogue("queries").get(question.title) or translated(question.title))


def _written(question: Query, found: QueryResult, asked: QueryRequest) -> bytes:
    if asked.form not in {None, "text"} or (asked.form is None and isinstance(found, QueryTriples | tuple)):
        return store.serialize_result(found, asked.form or "turtle")
    if isinstance(found, QueryBoolean):
        return b"true\n" if found else b"false\n"
    if isinstance(found, QueryTriples | tuple):
        rows = tuple(sorted(tuple(_shown(part) for part in triple) for triple in found))
        table = Table(question.title, ("subject", "predicate", "object"), rows)
    else:
        names = tuple(variable.value for variable in found.variables)
        rows = tuple(tuple(_shown(term) for term in row) for row in found)
        table = Table(question.title, names, rows) if names else Table(question.title, ("rows",), ((str(len(rows)),),))
    return as_text(table, asked.terminal).encode()


def _shown(term: Term | None) -> str:
    if term is None:
        return ""
    return curie(term.value) if isinstance(term, NamedNode) else store.text(term)
