"""Finds the positions of the statements in a Turtle or TriG text.

RDF parsers do not report positions of triples. This module implements the part of the grammar (RDF 1.1 Turtle, section
6.5) that is needed to find top-level subjects and predicates, also in files with errors.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from scs_kg.model.namespaces import RDF

_TOKEN: Final = re.compile(
    r"""
    (?P<skip>[\s\ufeff]+|\#[^\n]*)
  | (?P<literal>\"{3}[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*\"{3} | '{3}[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'{3}
              | "[^"\\\n]*(?:\\.[^"\\\n]*)*" | '[^'\\\n]*(?:\\.[^'\\\n]*)*')
  | (?P<iri><[^<>\s]*>)
  | (?P<end>[.{}])
  | (?P<open>[\[(])
  | (?P<close>[\])])
  | (?P<mark>\^\^|[;,])
  | (?P<word>(?:[^\s;,.\[\](){}<>"'\#\\]|\\.)+(?:\.+(?:[^\s;,.\[\](){}<>"'\#\\]|\\.)+)*)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Position:
    """A top-level subject and predicate, and the line and column of each, counted from 1."""

    subject: str
    subject_line: int
    predicate: str
    predicate_line: int
    subject_column: int = 1
    predicate_column: int = 1


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement: its subject (or ``@prefix`` and the prefix), and its first and last line, counted from 1."""

    subject: str
    first: int
    last: int


class _Token(NamedTuple):
    kind: str
    text: str
    line: int
    column: int


def positions(text: str) -> Iterator[Position]:
    """Yield each subject with each of its predicates, as IRIs, in the order of the text.

    Relative IRIs and names with an undeclared prefix stay unchanged; the parser reports them. A blank node subject has
    its label, or an empty text.
    """
    prefixes: dict[str, str] = {}
    for statement in _statements(text):
        subject, *rest = statement
        if subject.text.lower() in {"@prefix", "prefix"} and len(rest) > 1:
            prefixes[rest[0].text.rstrip(":")] = rest[1].text[1:-1]
            continue
        for before, token in pairwise(statement):
            if before is subject or before.text == ";":
                predicate = RDF + "type" if token.text == "a" else _resolve(token.text, prefixes)
                name = _resolve(subject.text, prefixes)
                yield Position(name, subject.line, predicate, token.line, subject.column, token.column)


def statements(text: str) -> Iterator[Statement]:
    """Yield the statements of a Turtle text in order; subjects as IRIs, prefix declarations as ``@prefix name``."""
    prefixes: dict[str, str] = {}
    statement: list[_Token] = []
    depth = 0
    for token in _tokens(text):
        depth += (token.kind == "open") - (token.kind == "close")
        if depth or token.kind != "end":
            statement.append(token)
            continue
        first, *rest = statement or [token]
        subject = _resolve(first.text, prefixes)
        if first.text == "@prefix" and len(rest) > 1:
            name = rest[0].text.rstrip(":")
            prefixes[name], subject = rest[1].text[1:-1], f"@prefix {name}"
        yield Statement(subject, first.line, token.line)
        statement = []


def _statements(text: str) -> Iterator[list[_Token]]:
    """Yield the tokens of each statement outside brackets; a bracketed part is one token with empty text."""
    statement: list[_Token] = []
    depth = 0
    for token in _tokens(text):
        opens, closes = token.kind == "open", token.kind == "close"
        depth = max(0, depth - closes)
        if depth == 0 and token.kind == "end":
            yield from [statement] if statement else []
            statement = []
        elif depth == 0 and not closes and not _repeats_semicolon(statement, token):
            statement.append(token._replace(text="") if opens else token)
            if len(statement) == 3 and statement[0].text.lower() == "prefix":
                yield statement
                statement = []
        depth += opens


def _repeats_semicolon(statement: list[_Token], token: _Token) -> bool:
    return token.text == ";" and bool(statement) and statement[-1].text == ";"


def _resolve(name: str, prefixes: dict[str, str]) -> str:
    if name.startswith("<"):
        return name[1:-1]
    prefix, colon, rest = name.partition(":")
    return prefixes[prefix] + rest.replace("\\", "") if colon and prefix in prefixes else name


def _tokens(text: str) -> Iterator[_Token]:
    line, start = 1, 0
    for match in _TOKEN.finditer(text):
        kind, written = match.lastgroup, match.group()
        if kind and kind != "skip":
            yield _Token(kind, written, line, match.start() - start + 1)
        if "\n" in written:
            line, start = line + written.count("\n"), match.start() + written.rfind("\n") + 1
