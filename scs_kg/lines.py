"""Finds the lines on which the statements of a Turtle or TriG text stand.

Parsers give triples and forget where they were. This reads just enough of the grammar (RDF 1.1 Turtle,
section 6.5) to tell subjects and predicates at the top level from everything else, also in files that another
rule finds fault with.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from scs_kg.namespaces import RDF

_TOKEN: Final = re.compile(
    r"""
    (?P<skip>[\s\ufeff]+|\#[^\n]*)
  | (?P<literal>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
              | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*')
  | (?P<iri><[^<>\s]*>)
  | (?P<mark>\^\^|[.;,\[\](){}])
  | (?P<word>(?:[^\s;,.\[\](){}<>"'\#\\]|\\.)+(?:\.+(?:[^\s;,.\[\](){}<>"'\#\\]|\\.)+)*)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Position:
    """One subject and predicate at the top level of a text, and the line of each, counted from 1."""

    subject: str
    subject_line: int
    predicate: str
    predicate_line: int


def positions(text: str) -> Iterator[Position]:
    """Yield each subject with each of its predicates, as IRIs, in the order of the text.

    Relative IRIs stay as they are and names with an unknown prefix stay unexpanded: the parser complains of them.
    """
    prefixes: dict[str, str] = {}
    statement: list[tuple[str, int]] = []
    depth, expects_predicate = 0, False
    for kind, token, line in _tokens(text):
        if token in "[(" and kind == "mark":
            depth += 1
        elif token in "])" and kind == "mark":
            depth -= 1
            if depth == 0 and not statement:
                statement, expects_predicate = [("", line)], True
        elif depth:
            continue
        elif kind == "mark" and token in ".{}":
            statement, expects_predicate = [], False
        elif kind == "mark" and token == ";":
            expects_predicate = True
        elif kind == "mark" or kind == "literal":
            continue
        elif not statement:
            statement, expects_predicate = [(_resolve(token, prefixes), line)], True
        elif _declares(statement[0][0]):
            statement.append((token, line))
            if len(statement) == 3:
                prefixes[statement[1][0].rstrip(":")] = token[1:-1]
                statement = statement if statement[0][0].startswith("@") else []
        elif expects_predicate:
            expects_predicate = False
            predicate = RDF + "type" if token == "a" else _resolve(token, prefixes)
            yield Position(statement[0][0], statement[0][1], predicate, line)


def _declares(word: str) -> bool:
    return word.lower() in {"@prefix", "prefix"}


def _resolve(token: str, prefixes: dict[str, str]) -> str:
    if token.startswith("<"):
        return token[1:-1]
    prefix, colon, rest = token.partition(":")
    return prefixes[prefix] + rest.replace("\\", "") if colon and prefix in prefixes else token


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind != "skip":
            yield kind, match.group(), line
        line += match.group().count("\n")
