"""Looks through the words of a query before any engine sees it: what it names, how large it is, what it would do.

This is a reading of words, not a parser: it is there to refuse with a reason. What it lets through is still run by a
child that can be killed and that can open nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from scs_kg.model.errors import RefusedError

_QUOTED: Final = r"""\#[^\n\r]*
      | (?P<quote>\"{3}|'{3}) (?:\\.|(?!(?P=quote)).)* (?P=quote)?
      | "(?:[^"\\\n\r]|\\.)*"? | '(?:[^'\\\n\r]|\\.)*'?
      | [?$]\w+ | @[a-z]+(?:-[a-z0-9]+)*"""
_LOCAL: Final = r"(?:[\w:]|%[0-9a-f]{2}|\\.)(?:[\w:.-]|%[0-9a-f]{2}|\\.)*"
_FLAGS: Final = re.VERBOSE | re.DOTALL | re.IGNORECASE
_SERVICE: Final = re.compile(rf"""<[^<>"{{}}|^`\\\s]*> | {_QUOTED} | :{_LOCAL} | (?P<service>SERVICE)""", _FLAGS)
_WORD: Final = re.compile(
    rf"""(?P<iri><[^<>"{{}}|^`\\\s]*>) | {_QUOTED} | (?P<name>(?:[^\W\d_][\w.-]*)?:(?:{_LOCAL})?)
      | (?P<word>[a-z_]\w*) | (?P<open>[{{(\[]) | (?P<close>[}})\]]) | (?P<sign>&&|\|\||[.;,!^/|+*=<>?-])""",
    _FLAGS,
)
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_UPDATE: Final = re.compile("ADD|CLEAR|COPY|CREATE|DELETE|DROP|INSERT|LOAD|MOVE|WITH", re.IGNORECASE)
_QUERY: Final = re.compile("DESCRIBE|ASK|CONSTRUCT|SELECT", re.IGNORECASE)
_VARYING: Final = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """How large a query of a stranger may be.

    ``length`` in characters; ``depth`` of brackets; ``run`` of signs before an operand (``!!!``); ``signs`` that join
    patterns, paths and operands, which bounds what the planner has to order.
    """

    length: int = 64_000
    depth: int = 32
    run: int = 8
    signs: int = 2_000


def refuse_service(sparql: str) -> None:
    """Refuse a query that would call another host (SPARQL 1.1 Federated Query); raise RefusedError."""
    if any(token["service"] for text in (sparql, resolve_escapes(sparql)) for token in _SERVICE.finditer(text)):
        raise RefusedError("the query names SERVICE; queries here call no other host, so remove that part")


def resolve_escapes(sparql: str) -> str:
    """Return a query with the escapes resolved that SPARQL resolves before it parses (SPARQL 1.1, section 19.2)."""
    return _ESCAPE.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF)), sparql)


def _words(sparql: str) -> Iterator[tuple[str, str]]:
    """Yield each word that means something with its kind: iri, name, word, open, close or sign."""
    for token in _WORD.finditer(resolve_escapes(sparql)):
        if token.lastgroup and token.lastgroup != "quote":
            yield token.lastgroup, token[0]


def enforce_limits(sparql: str, caps: QueryLimits) -> None:
    """Refuse a query that is longer, deeper or wider than the caps; raise RefusedError.

    Engines that parse by recursion end their process on what is nested too deep, and plan for minutes what is too wide.
    """
    if len(sparql) > caps.length:
        raise RefusedError(f"the query has {len(sparql)} characters, more than {caps.length}; ask in several queries")
    depth = run = signs = 0
    for kind, text in _words(sparql):
        depth += (kind == "open") - (kind == "close")
        run = run + 1 if text in {"!", "-", "+", "^"} else 0
        signs += kind == "sign"
        if depth > caps.depth or run > caps.run:
            raise RefusedError(f"the query is nested deeper than {caps.depth} levels; write it flatter")
        if signs > caps.signs:
            raise RefusedError(f"the query joins more than {caps.signs} parts; ask in several queries")


def query_form(sparql: str) -> str | None:
    """Return the keyword that starts a query or an update, after the prologue, in upper case; None if there is none."""
    for kind, text in _words(sparql):
        if kind == "word" and (_UPDATE.fullmatch(text) or _QUERY.fullmatch(text)):
            return text.upper()
    return None


def is_update(sparql: str) -> bool:
    """Return whether a text is a SPARQL update."""
    return _UPDATE.fullmatch(query_form(sparql) or "") is not None


def from_graphs(sparql: str) -> tuple[str, ...]:
    """Return the IRIs after FROM and FROM NAMED; a prefixed name without its prefix is returned as it stands."""
    prefixes: dict[str, str] = {}
    base, found, before = "", [], ["", ""]
    for kind, text in _words(sparql):
        iri = urljoin(base, text[1:-1]) if kind == "iri" else text
        if kind == "name":
            prefix, _, rest = text.partition(":")
            iri = prefixes[prefix] + rest if prefix in prefixes else text
        if kind in {"iri", "name"}:
            if before[1] == "BASE":
                base = iri
            elif before[1].endswith(":"):  # a prefix is declared; in patterns, that come after FROM, it may be a name
                prefixes[before[1][:-1]] = iri
            elif before[1] == "FROM" or before == ["FROM", "NAMED"]:
                found.append(iri)
        before = [before[1], text if kind == "name" else text.upper()]
    return tuple(found)


def is_nondeterministic(sparql: str) -> bool:
    """Tell whether a query may answer differently at another time: it names NOW, RAND, UUID, STRUUID or BNODE."""
    return any(kind == "word" and text.upper() in _VARYING for kind, text in _words(sparql))


@dataclass(frozen=True, slots=True)
class ServiceBlock:
    """A part of a query that another host is to answer: where it stands, whom it names, its pattern with the braces.

    ``endpoint`` is the IRI, or empty if none is written out. ``silent`` says that a failure is no error.
    """

    start: int
    end: int
    endpoint: str
    silent: bool
    pattern: str


def service_blocks(resolved: str) -> tuple[ServiceBlock, ...]:
    """Return the outermost SERVICE parts of a query without escapes (``without_escapes``), in their order.

    Raises:
        RefusedError: such a part has no end.
    """
    found, head, depth = list[ServiceBlock](), list[re.Match[str]](), 0
    for token in _WORD.finditer(resolved):
        if not token.lastgroup or token.lastgroup == "quote" or not (head or token[0].upper() == "SERVICE"):
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
        raise RefusedError("the query names SERVICE, and what follows it has no end; close its braces")
    return tuple(found)


def prologue(resolved: str) -> str:
    """Return what a query declares before it begins: BASE and PREFIX (SPARQL 1.1, section 4)."""
    begins = (token.start() for token in _WORD.finditer(resolved) if token["word"] and _QUERY.fullmatch(token[0]))
    return resolved[: next(begins, 0)]
