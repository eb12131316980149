"""Inspects the tokens of a query before an engine runs it: its form, its size, its graphs and services.

The module is a tokenizer, not a parser. The module rejects queries early, with a clear reason. Accepted queries still
run in a child process that can be killed and cannot open files or sockets (``scs_kg.store.isolation``).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from scs_kg.model.errors import RefusedError

_QUOTED: Final = r"""(?P<quote>\"{3}|'{3}) (?:\\.|(?!(?P=quote)).)* (?P=quote)?
      | "(?:[^"\\\n\r]|\\.)*"? | '(?:[^'\\\n\r]|\\.)*'?
      | [?$]\w+ | @[a-z]+(?:-[a-z0-9]+)* | (?:\d[\d.]*|\.\d+)(?:e[+-]?\d+)?"""
_LOCAL: Final = r"(?:[\w:]|%[0-9a-f]{2}|\\.)(?:[\w:.-]|%[0-9a-f]{2}|\\.)*"
_FLAGS: Final = re.VERBOSE | re.DOTALL | re.IGNORECASE
_TOKEN: Final = re.compile(
    rf"""(?P<iri><[^<>"{{}}|^`\\\s]*>) | \#[^\n\r]* | (?P<term>{_QUOTED})
      | (?P<name>(?:[^\W\d_][\w.-]*)?:(?:{_LOCAL})?)
      | (?P<word>[a-z_]\w*) | (?P<open>[{{(\[]) | (?P<close>[}})\]]) | (?P<sign>&&|\|\||[.;,!^/|+*=<>?-])""",
    _FLAGS,
)
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_UPDATE: Final = re.compile("ADD|CLEAR|COPY|CREATE|DELETE|DROP|INSERT|LOAD|MOVE|WITH", re.IGNORECASE)
_QUERY: Final = re.compile("DESCRIBE|ASK|CONSTRUCT|SELECT", re.IGNORECASE)
_BEFORE_GRAPHS: Final = frozenset({"DESCRIBE", "FROM", "GRAPH", "NAMED"})
_VARYING: Final = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """The maximum size of an untrusted query.

    ``length`` is in characters. ``depth`` is the nesting depth of brackets. ``unary`` is the number of consecutive
    unary operators (``!!!``). ``operators`` is the number of operators and separators; it bounds the work of the query
    planner.
    """

    length: int = 64_000
    depth: int = 32
    unary: int = 8
    operators: int = 2_000


def refuse_service(sparql: str) -> None:
    """Raise RefusedError if a query would call another host (SPARQL 1.1 Federated Query).

    Parsers also read ``SERVICE`` without a space after it. Therefore, a word that contains ``SERVICE`` counts as a
    call. A prefixed name such as ``SERVICEa:b`` also counts if a group follows and no other keyword begins this group.
    """
    texts = {sparql, resolve_escapes(sparql)}  # most queries have no escape, so that the two texts are one
    if any("SERVICE" in text.upper() and _calls_service(text) for text in texts):
        raise RefusedError(
            "the query contains SERVICE; queries here cannot call other hosts, so remove the SERVICE pattern"
        )


def _calls_service(sparql: str) -> bool:
    before = ["", ""]
    for kind, text in _scanned(sparql):
        if kind == "word" and "SERVICE" in text.upper():
            return True
        called = "SERVICE" in before[1].partition(":")[0].upper() and ":" in before[1]
        if text == "{" and called and before[0].upper() not in _BEFORE_GRAPHS:
            return True
        before = [before[1], text if kind in {"name", "word"} else ""]
    return False


def resolve_escapes(sparql: str) -> str:
    """Return a query with its codepoint escapes resolved, as before parsing (SPARQL 1.1, section 19.2)."""
    return _ESCAPE.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF)), sparql)


def _tokens(sparql: str) -> Iterator[tuple[str, str]]:
    """Yield each token with its kind: iri, name, term (text, number, variable), word, open, close or sign."""
    return _scanned(resolve_escapes(sparql))


def _scanned(text: str) -> Iterator[tuple[str, str]]:
    return ((token.lastgroup, token[0]) for token in _TOKEN.finditer(text) if token.lastgroup)


def enforce_limits(sparql: str, limits: QueryLimits) -> None:
    """Raise RefusedError if a query exceeds the limits.

    Recursive parsers crash on deep nesting, and query planners need minutes for very many patterns.
    """
    if len(sparql) > limits.length:
        raise RefusedError(
            f"the query has {len(sparql)} characters; the limit is {limits.length}; split it into several queries"
        )
    depth = unary = operators = 0
    values = False  # true inside a list of values, where + and - are signs of numbers
    for kind, text in _tokens(sparql):
        depth += (kind == "open") - (kind == "close")
        unary = unary + 1 if text in {"!", "-", "+", "^"} else 0
        values = (values or text.upper() == "VALUES") and text != "}"
        operators += kind == "sign" and not values
        if depth > limits.depth or unary > limits.unary:
            raise RefusedError(f"the query is nested deeper than {limits.depth} levels; reduce the nesting")
        if operators > limits.operators:
            raise RefusedError(
                f"the query has more than {limits.operators} operators and separators; split it into several queries"
            )


def query_form(sparql: str) -> str | None:
    """Return the first keyword of a query or an update after the prologue, in upper case, or None."""
    for kind, text in _tokens(sparql):
        if kind == "word" and (_UPDATE.fullmatch(text) or _QUERY.fullmatch(text)):
            return text.upper()
    return None


def is_update(sparql: str) -> bool:
    """Return whether a text is a SPARQL update."""
    return _UPDATE.fullmatch(query_form(sparql) or "") is not None


@dataclass(frozen=True, slots=True)
class GraphSelection:
    """The RDF dataset of a query: the IRIs of the graphs whose merge is its default graph, and of its named graphs."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def all(self) -> frozenset[str]:
        """Return the IRIs of all selected graphs."""
        return frozenset((*self.default, *self.named))


def from_graphs(sparql: str, base: str = "") -> GraphSelection | None:
    """Return the graphs after FROM and FROM NAMED, or None if the query has neither keyword.

    Relative IRIs are resolved against ``base``. A prefixed name with an undeclared prefix is returned unchanged.
    """
    prefixes: dict[str, str] = {}
    found: dict[str, list[str]] = {"FROM": [], "NAMED": []}
    before = ["", ""]
    for kind, text in _tokens(sparql):
        if kind in {"iri", "name"}:
            iri = urljoin(base, text[1:-1]) if kind == "iri" else _expanded(text, prefixes)
            if before[1] == "BASE":
                base = iri
            elif before[1].endswith(":"):  # a prefix declaration (patterns come after FROM)
                prefixes[before[1][:-1]] = iri
            elif before[1] == "FROM" or before == ["FROM", "NAMED"]:
                found[before[1]].append(iri)
        before = [before[1], text if kind == "name" else text.upper()]
    return GraphSelection(tuple(found["FROM"]), tuple(found["NAMED"])) if any(found.values()) else None


def _expanded(name: str, prefixes: Mapping[str, str]) -> str:
    """Return the IRI of a prefixed name, whose local part may have escapes (PN_LOCAL_ESC)."""
    prefix, _, local = name.partition(":")
    return prefixes[prefix] + re.sub(r"\\(.)", r"\1", local) if prefix in prefixes else name


def is_nondeterministic(sparql: str) -> bool:
    """Return whether a query calls NOW, RAND, UUID, STRUUID or BNODE, so its result may vary between runs."""
    return any(kind == "word" and text.upper() in _VARYING for kind, text in _tokens(sparql))


@dataclass(frozen=True, slots=True)
class ServiceBlock:
    """A SERVICE pattern of a query: its position (offsets), its endpoint, and its group pattern with the braces.

    ``endpoint`` is an IRI, or empty if the pattern has a variable or a prefixed name. ``silent`` means that a failure
    is not an error.
    """

    start: int
    end: int
    endpoint: str
    silent: bool
    pattern: str


def service_blocks(resolved: str) -> tuple[ServiceBlock, ...]:
    """Return the outermost SERVICE patterns of a query without escapes (``resolve_escapes``), in order.

    Raises:
        RefusedError: a SERVICE pattern has no closing brace.
    """
    found, head, depth = list[ServiceBlock](), list[re.Match[str]](), 0
    for token in _TOKEN.finditer(resolved):
        if token.lastgroup in {None, "term"} or not (head or token[0].upper() == "SERVICE"):
            continue
        if not depth:
            head.append(token)
        depth += (token[0] == "{") - (token[0] == "}")
        if token[0] == "}" and not depth:
            *words, opening = head
            iris = [word[0][1:-1] for word in words if word["iri"]]
            silent = any(word[0].upper() == "SILENT" for word in words)
            pattern = resolved[opening.start() : token.end()]
            found.append(ServiceBlock(head[0].start(), token.end(), "".join(iris), silent, pattern))
            head = []
    if head:
        raise RefusedError("the query has a SERVICE pattern without a closing brace; add it")
    return tuple(found)


def prologue(resolved: str) -> str:
    """Return the prologue of a query: its BASE and PREFIX declarations (SPARQL 1.1, section 4)."""
    starts = (token.start() for token in _TOKEN.finditer(resolved) if token["word"] and _QUERY.fullmatch(token[0]))
    return resolved[: next(starts, 0)]


def row_limit(sparql: str) -> int | None:
    """Return the number after LIMIT at the end of a query, before or after OFFSET; None if there is no such number."""
    words = [text.upper() for _, text in _tokens(sparql)][-4:]
    numbers = dict(zip(words[-2::-2], words[::-2], strict=False))
    return int(numbers["LIMIT"]) if numbers.get("LIMIT", "").isdecimal() else None
