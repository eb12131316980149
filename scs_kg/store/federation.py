"""Answers queries that name SERVICE (SPARQL 1.1 Federated Query, W3C Recommendation 2013-03-21), of allowed hosts only.

rdflib evaluates the query and knows which rows meet a SERVICE part; what that part asks is sent through ``remote``,
with the values that those rows have, many rows at a time. So limits and messages are those of any store elsewhere.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from scs_kg.model.errors import EngineError, RefusedError, WrongUseError
from scs_kg.model.namespaces import PREFIXES
from scs_kg.store.dataset import Dataset
from scs_kg.store.parse_results import parse_boolean, parse_ntriples, parse_rows
from scs_kg.store.serialize import serialize_dataset
from scs_kg.store.sparql_client import Endpoint, send_query
from scs_kg.store.sparql_text import ServiceBlock, prologue, resolve_escapes, service_blocks
from scs_kg.store.terms import BlankNode, Literal, NamedNode, QueryResult, QuerySolutions

ROWS: Final = 500
"""How many rows of values one request carries."""
_MARK: Final = "urn:scs-kg:service:"
_PART: Final = "ServiceGraphPattern"


@dataclass(frozen=True, slots=True)
class AllowedServices:
    """The hosts that may be asked, each with the address to ask instead of it, if there is one, and for how long."""

    hosts: Mapping[str, str | None]
    seconds: float

    def __bool__(self) -> bool:
        """Tell whether any host may be asked."""
        return bool(self.hosts)


@dataclass(frozen=True, slots=True)
class _Part:
    """A SERVICE part: what it asks, of whom, and what the query declares before it begins."""

    block: ServiceBlock
    endpoint: Endpoint
    prologue: str


def parse_allowed_services(given: Iterable[str], seconds: float) -> AllowedServices:
    """Read what may be asked, each as ``HOST``, ``HOST:PORT`` or ``HOST=URL``; raise WrongUseError if it is none."""
    found: dict[str, str | None] = {}
    for text in given:
        host, _, url = text.partition("=")
        if not re.fullmatch(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d+)?", host):
            raise WrongUseError(
                f"'{host}' is no host; write --allow-service HOST, or HOST=URL to ask URL instead of it"
            )
        found[host.lower()] = url or None
    return AllowedServices(found, seconds)


def service_hosts(sparql: str) -> tuple[str, ...]:
    """Return the hosts that the SERVICE parts of a query name, sorted."""
    blocks = service_blocks(resolve_escapes(sparql))
    return tuple(sorted({_host(block) or block.endpoint for block in blocks}))


def run_federated(dataset: Dataset, sparql: str, services: AllowedServices) -> QueryResult:
    """Answer a query over all graphs of a dataset, with its SERVICE parts answered by the hosts that they name.

    Raises:
        RefusedError: the query names a host that is not allowed, none, or a graph to load; nothing was sent.
        EngineError: the query is malformed, or a host does not answer; the message says which and what it said.
    """
    from rdflib import Dataset as Graphs
    from rdflib.plugins.sparql import prepareQuery

    resolved = resolve_escapes(sparql)
    blocks, head = service_blocks(resolved), prologue(resolved)
    parts = [_Part(block, _endpoint(block, services), head) for block in blocks]
    marked = resolved
    for number, block in reversed(list(enumerate(blocks))):
        marked = f"{marked[: block.start]}{_mark(number, block)}{marked[block.end :]}"
    try:
        prepared = prepareQuery(marked, initNs={})
        if prepared.algebra.datasetClause:  # rdflib would load it; asked of its parser, as ours reads only words
            raise RefusedError("the query names FROM; with SERVICE all graphs here are asked, so remove it")
        graphs = Graphs(default_union=True)
        graphs.parse(data=serialize_dataset(dataset, "nquads", inferred=True), format="nquads")
        with _evaluating(parts):
            found: Any = graphs.query(prepared)
            if re.match(r"SELECT\s+(DISTINCT\s+|REDUCED\s+)?\*", resolved[len(head) :], re.IGNORECASE):
                found.vars = sorted(found.vars)  # which come in any order
            return _result(found)
    except EngineError:
        raise
    except Exception as error:  # rdflib raises what its parser and its functions like
        raise EngineError(f"the query cannot be answered: {' '.join(str(error).split())}") from error


def _mark(number: int, block: ServiceBlock) -> str:
    """Return what stands for a part: the same variables, and on a line of its own.

    rdflib looks for SERVICE twice, and the second time takes the # of an IRI before it for the start of a remark.
    """
    names = " ".join(f"?{name}" for name in _variables(block.pattern))
    return f"\nSERVICE <{_MARK}{number}> {{ VALUES ({names}) {{ }} }}\n"


def _variables(pattern: str) -> list[str]:
    return sorted(set(re.findall(r"[?$](\w+)", pattern)))


def _endpoint(block: ServiceBlock, services: AllowedServices) -> Endpoint:
    host = _host(block)
    if not host:
        raise RefusedError("the query has a SERVICE part that names no host; write SERVICE <https://host/path> { … }")
    if host not in services.hosts:
        raise RefusedError(f"the query asks {host}; allow it with --allow-service {host}, or remove that part")
    return Endpoint(services.hosts[host] or block.endpoint, timeout=services.seconds, anonymous=True)


def _host(block: ServiceBlock) -> str:
    """Return the host that a part names, with its port if it names one."""
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
def _evaluating(parts: Sequence[_Part]) -> Iterator[None]:
    """Let rdflib ask us for the SERVICE parts of the query that it evaluates meanwhile."""
    from rdflib.plugins.sparql import CUSTOM_EVALS
    from rdflib.plugins.sparql.evaluate import evalPart

    def evaluate(context: Any, node: Any) -> Any:
        if node.name == _PART:
            return list(_fetched(context, _numbered(parts, node), [context.solution()]))
        optional = node.name == "LeftJoin" and node.expr.name == "TrueFilter"
        if (node.name == "Join" or optional) and node.p2.name == _PART:
            rows = list(evalPart(context, node.p1))
            return _joined(rows, list(_fetched(context, _numbered(parts, node.p2), rows)), optional=optional)
        raise NotImplementedError  # which tells rdflib to evaluate it by itself

    CUSTOM_EVALS[_MARK] = evaluate
    try:
        yield
    finally:
        del CUSTOM_EVALS[_MARK]


def _numbered(parts: Sequence[_Part], node: Any) -> _Part:
    return parts[int(str(node.term).removeprefix(_MARK))]


def _joined(rows: list[Any], found: list[Any], *, optional: bool) -> Iterator[Any]:
    for row in rows:
        matching = [row.merge(other) for other in found if row.compatible(other)]
        yield from matching or ([row] if optional else [])


def _fetched(context: Any, part: _Part, rows: Sequence[Any]) -> Iterator[Any]:
    """Yield the answers to a part that can meet some of the rows, each as bindings; none that fail if it is silent."""
    from rdflib.plugins.sparql.sparql import FrozenBindings

    names, values = _values(part.block.pattern, rows)
    question = f"{part.prologue}SELECT * WHERE {part.block.pattern}"
    try:
        for start in range(0, len(values), ROWS):
            given = f" VALUES ({names}) {{ {' '.join(values[start : start + ROWS])} }}" if names else ""
            answer = send_query(part.endpoint, question + given)
            if not isinstance(answer, QuerySolutions):
                raise EngineError(f"{part.endpoint.url}: answered with a truth value, where rows were asked for")
            for row in answer:
                bound = zip(answer.variables, row, strict=True)
                yield FrozenBindings(context, {_term(name): _term(term) for name, term in bound if term is not None})
    except EngineError:
        if not part.block.silent:
            raise
        yield FrozenBindings(context, {})


def _values(pattern: str, rows: Sequence[Any]) -> tuple[str, list[str]]:
    """Return the variables of a pattern that rows bind, and the different values of them as rows of ``VALUES``.

    A blank node means nothing elsewhere, so it is left open.
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
    """Return a term or a variable of one library as that of the other."""
    from rdflib import BNode, URIRef, Variable
    from rdflib import Literal as RdflibLiteral

    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if isinstance(term, Literal):
        plain = term.language or term.datatype.value == PREFIXES["xsd"] + "string"  # which rdflib tells apart
        return RdflibLiteral(term.value, lang=term.language, datatype=None if plain else URIRef(term.datatype.value))
    return Variable(term.value)
