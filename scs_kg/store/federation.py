"""Runs federated queries with SERVICE (SPARQL 1.1 Federated Query, W3C Recommendation 2013-03-21) on allowed hosts.

rdflib evaluates the query and the joins. Each SERVICE pattern is sent by ``sparql_client``, with the values of the rows
that it joins, in batches. Therefore, a federated query has the same limits and error messages as any query to a remote
store.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from scs_kg.model.advice import Advice
from scs_kg.model.errors import EngineError, RefusedError, WrongUseError
from scs_kg.model.namespaces import PREFIXES
from scs_kg.store.dataset import Dataset
from scs_kg.store.local_patterns import matchable_nquads
from scs_kg.store.parse_results import parse_boolean, parse_ntriples, parse_rows
from scs_kg.store.sparql_client import Endpoint, send_query
from scs_kg.store.sparql_text import ServiceBlock, prologue, resolve_escapes, service_blocks
from scs_kg.store.terms import BlankNode, Literal, NamedNode, QueryResult, QuerySolutions

BATCH_SIZE: Final = 500
"""The maximum number of rows of values in one request."""
_MARKER: Final = "urn:scs-kg:service:"
_SERVICE_NODE: Final = "ServiceGraphPattern"


@dataclass(frozen=True, slots=True)
class AllowedServices:
    """The hosts that queries may use, mapped to an alternative address or None, and the time limit in seconds."""

    hosts: Mapping[str, str | None]
    seconds: float

    def __bool__(self) -> bool:
        """Return whether any host is allowed."""
        return bool(self.hosts)


@dataclass(frozen=True, slots=True)
class _ServiceCall:
    """A SERVICE pattern, the endpoint that answers it, and the prologue of its query."""

    block: ServiceBlock
    endpoint: Endpoint
    prologue: str


def parse_allowed_services(given: Iterable[str], seconds: float) -> AllowedServices:
    """Parse allowed hosts (``HOST``, ``HOST:PORT`` or ``HOST=URL``); raise WrongUseError if a host is malformed."""
    found: dict[str, str | None] = {}
    for text in given:
        host, _, url = text.partition("=")
        if not re.fullmatch(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d+)?", host):
            raise WrongUseError(
                f"'{host}' is not a host",
                Advice("; write {option}, or HOST=URL to use URL in its place", "allow-service", "HOST"),
            )
        found[host.lower()] = url or None
    return AllowedServices(MappingProxyType(found), seconds)


def service_hosts(sparql: str) -> tuple[str, ...]:
    """Return the hosts in the SERVICE patterns of a query, sorted."""
    blocks = service_blocks(resolve_escapes(sparql))
    return tuple(sorted({_host(block) or block.endpoint for block in blocks}))


def run_federated(dataset: Dataset, sparql: str, services: AllowedServices) -> QueryResult:
    """Run a query over all graphs of a dataset; the allowed hosts answer its SERVICE patterns.

    Raises:
        RefusedError: a SERVICE pattern has no constant host or one that is not allowed, or the query has FROM; nothing
            was sent.
        EngineError: the query is malformed, or a host fails; the message names the host and its reply.
    """
    from rdflib import Dataset as Graphs
    from rdflib.plugins.sparql import prepareQuery

    resolved = resolve_escapes(sparql)
    blocks, head = service_blocks(resolved), prologue(resolved)
    parts = [_ServiceCall(block, _endpoint(block, services), head) for block in blocks]
    marked = resolved
    for number, block in reversed(list(enumerate(blocks))):
        marked = f"{marked[: block.start]}{_mark(number, block)}{marked[block.end :]}"
    try:
        prepared = prepareQuery(marked, initNs={})
        if prepared.algebra.datasetClause:  # rdflib would fetch these graphs
            raise RefusedError("the query has FROM; a query with SERVICE always uses all graphs here, so remove FROM")
        graphs = Graphs(default_union=True)
        graphs.parse(data=matchable_nquads(dataset, prepared.algebra), format="nquads")
        with _evaluating(parts):
            found: Any = graphs.query(prepared)
            if re.match(r"SELECT\s+(DISTINCT\s+|REDUCED\s+)?\*", resolved[len(head) :], re.IGNORECASE):
                found.vars = sorted(found.vars)  # rdflib does not define the order of the variables
            return _result(found)
    except EngineError:
        raise
    except Exception as error:  # the parser and the functions of rdflib raise exceptions of many types
        raise EngineError(f"the query cannot be answered: {' '.join(str(error).split())}") from error


def _mark(number: int, block: ServiceBlock) -> str:
    """Return a placeholder for a SERVICE pattern with the same variables, on a separate line.

    The placeholder is on a separate line because of the second search of rdflib for SERVICE. This search treats a # in
    an IRI as the beginning of a comment.
    """
    names = " ".join(f"?{name}" for name in _variables(block.pattern))
    return f"\nSERVICE <{_MARKER}{number}> {{ VALUES ({names}) {{ }} }}\n"


def _variables(pattern: str) -> list[str]:
    return sorted(set(re.findall(r"[?$](\w+)", pattern)))


def _endpoint(block: ServiceBlock, services: AllowedServices) -> Endpoint:
    host = _host(block)
    if not host:
        raise RefusedError("the query has SERVICE without a constant address; write SERVICE <https://host/path> { … }")
    if host not in services.hosts:
        raise RefusedError(
            f"the query uses the host {host}",
            Advice("; allow it with {option}, or remove that SERVICE pattern", "allow-service", host),
        )
    return Endpoint(services.hosts[host] or block.endpoint, timeout=services.seconds, anonymous=True)


def _host(block: ServiceBlock) -> str:
    """Return the host of a SERVICE pattern, with the port if it is given; empty if there is no host."""
    try:
        return urlsplit(block.endpoint).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def _result(found: Any) -> QueryResult:
    if found.graph is not None:
        return parse_ntriples(found.graph.serialize(format="nt", encoding="utf-8"))
    written = found.serialize(format="json")
    return parse_rows(written) if found.askAnswer is None else parse_boolean(written)


@contextmanager
def _evaluating(parts: Sequence[_ServiceCall]) -> Iterator[None]:
    """Make rdflib call this module for SERVICE patterns inside the block."""
    from rdflib.plugins.sparql import CUSTOM_EVALS
    from rdflib.plugins.sparql.evaluate import evalPart

    def evaluate(context: Any, node: Any) -> Any:
        if node.name == _SERVICE_NODE:
            return list(_fetched(context, _numbered(parts, node), [context.solution()]))
        optional = node.name == "LeftJoin" and node.expr.name == "TrueFilter"
        if (node.name == "Join" or optional) and node.p2.name == _SERVICE_NODE:
            rows = list(evalPart(context, node.p1))
            return _joined(rows, list(_fetched(context, _numbered(parts, node.p2), rows)), optional=optional)
        raise NotImplementedError  # rdflib then evaluates this node itself

    CUSTOM_EVALS[_MARKER] = evaluate
    try:
        yield
    finally:
        del CUSTOM_EVALS[_MARKER]


def _numbered(parts: Sequence[_ServiceCall], node: Any) -> _ServiceCall:
    return parts[int(str(node.term).removeprefix(_MARKER))]


def _joined(rows: list[Any], found: list[Any], *, optional: bool) -> Iterator[Any]:
    for row in rows:
        matching = [row.merge(other) for other in found if row.compatible(other)]
        yield from matching or ([row] if optional else [])


def _fetched(context: Any, part: _ServiceCall, rows: Sequence[Any]) -> Iterator[Any]:
    """Yield the solutions of a SERVICE pattern that can join the rows.

    If a SILENT pattern fails, yield one empty solution.
    """
    from rdflib.plugins.sparql.sparql import FrozenBindings

    names, values = _values(part.block.pattern, rows)
    question = f"{part.prologue}SELECT * WHERE {part.block.pattern}"
    try:
        for start in range(0, len(values), BATCH_SIZE):
            given = f" VALUES ({names}) {{ {' '.join(values[start : start + BATCH_SIZE])} }}" if names else ""
            answer = send_query(part.endpoint, question + given)
            if not isinstance(answer, QuerySolutions):
                raise EngineError(f"{part.endpoint.url}: replied with a boolean, but rows are required")
            for row in answer:
                bound = zip(answer.variables, row, strict=True)
                yield FrozenBindings(context, {_term(name): _term(term) for name, term in bound if term is not None})
    except EngineError:
        if not part.block.silent:
            raise
        yield FrozenBindings(context, {})


def _values(pattern: str, rows: Sequence[Any]) -> tuple[str, list[str]]:
    """Return the variables of a pattern that rows bind, and their distinct values as rows of a ``VALUES`` block.

    Blank nodes have no meaning at another host, so they become UNDEF.
    """
    from rdflib import BNode, Variable

    wanted = [Variable(name) for name in _variables(pattern)]
    used = [name for name in wanted if not all(isinstance(row.get(name), BNode | None) for row in rows)]
    lines = {
        "(" + " ".join("UNDEF" if isinstance(row.get(name), BNode | None) else row[name].n3() for name in used) + ")"
        for row in rows
    }
    return " ".join(name.n3() for name in used), sorted(lines)


def _term(term: Any) -> Any:
    """Convert a term or a variable of pyoxigraph to rdflib."""
    from rdflib import BNode, URIRef, Variable
    from rdflib import Literal as RdflibLiteral

    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if isinstance(term, Literal):
        # in rdflib, a plain literal differs from one with the datatype xsd:string
        plain = term.language or term.datatype.value == PREFIXES["xsd"] + "string"
        return RdflibLiteral(term.value, lang=term.language, datatype=None if plain else URIRef(term.datatype.value))
    return Variable(term.value)
