"""Reads claims in Turtle, TriG, N-Triples and N-Quads, and validates the triples of every format."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from scs_kg import store
from scs_kg.contribute.read.draft import (
    Fault,
    FileDemand,
    Positions,
    ReadResult,
    SourcePosition,
    UnreadableError,
    position_of,
)
from scs_kg.model.advice import Advice
from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import curie
from scs_kg.store import BlankNode, Literal, NamedNode, Triple
from scs_kg.store.turtle_positions import positions

NAMES: Final = {"turtle": "Turtle", "trig": "TriG", "ntriples": "N-Triples", "nquads": "N-Quads", "jsonld": "JSON-LD"}
LONGEST: Final = 10_000
"""The maximum number of characters of a literal."""


def decoded(content: bytes) -> str:
    """Decode UTF-8, with or without a byte order mark; raise UnreadableError if the content is not UTF-8."""
    try:
        return content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        position = SourcePosition(line, column)
        raise UnreadableError(FileDemand.ENCODING, "is not UTF-8; save it as UTF-8", position) from error


def read_rdf(content: bytes, form: str) -> ReadResult:
    """Read Turtle, TriG, N-Triples or N-Quads."""
    text = decoded(content)
    triples = parsed(text.encode(), form)
    found: dict[tuple[str, str], SourcePosition] = {}
    for part in positions(text):
        subject = part.subject if not part.subject.startswith("_:") else "_:"
        found.setdefault((subject or "_:", ""), SourcePosition(part.subject_line, part.subject_column))
        found.setdefault((subject or "_:", part.predicate), SourcePosition(part.predicate_line, part.predicate_column))
    return read_result(triples, found)


def parsed(content: bytes, form: str) -> list[Triple]:
    """Parse a document; raise UnreadableError with line and column if it has a syntax error."""
    try:
        return store.parse_triples(content, form)
    except BadFileError as error:
        message = f"is not {NAMES[form]}: {error.reason}"
        raise UnreadableError(FileDemand.SYNTAX, message, SourcePosition(error.line, error.column)) from error


def read_result(triples: list[Triple], at: Positions, faults: tuple[Fault, ...] = ()) -> ReadResult:
    """Return the triples of a file as a result; blank nodes, RDF 1.2 terms and overlong literals are faults."""
    valid = (t for t in triples if _has_names(t) and not _is_too_long(t) and not _has_direction(t))
    kept = sorted({f"{triple} .\n" for triple in valid})
    found = (*faults, *_blank_nodes(triples, at), *_too_long(triples, at), *_directions(triples, at))
    if not kept and not found:
        message = "has no claim and no other record; fill in at least one, outside of comments"
        advice = Advice(", or start with {command}", command="template")
        found = (Fault(FileDemand.CONTENT, SourcePosition(), "file", message, advice=(advice,)),)
    return ReadResult("".join(kept), MappingProxyType(dict(at)), found)


def _has_names(triple: Triple) -> bool:
    return isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal)


def _is_too_long(triple: Triple) -> bool:
    return isinstance(triple.object, Literal) and len(triple.object.value) > LONGEST


def _has_direction(triple: Triple) -> bool:
    return isinstance(triple.object, Literal) and triple.object.direction is not None


def _directions(triples: list[Triple], at: Positions) -> Iterator[Fault]:
    for subject, predicate in sorted({_key(t) for t in triples if _has_direction(t)}):
        message = f"has a {curie(predicate)} with a base direction, which is RDF 1.2; remove the direction"
        yield Fault(FileDemand.SYNTAX, position_of(at, subject, predicate), curie(subject), message)


def _blank_nodes(triples: list[Triple], at: Positions) -> Iterator[Fault]:
    """Report top-level blank nodes, and values that are not IRIs or literals."""
    values = {triple.object for triple in triples}
    if any(isinstance(t.subject, BlankNode | Triple) and t.subject not in values for t in triples):
        message = "is a blank node; give every claim and source a name under claim: or src:"
        yield Fault(FileDemand.BLANK_NODES, at.get(("_:", ""), SourcePosition()), "a blank node", message)
    unnamed = {_key(t) for t in triples if not _has_names(t) and isinstance(t.subject, NamedNode)}
    for subject, predicate in sorted(unnamed):
        message = f"has a {curie(predicate)} that is a blank node or a triple term; write the IRI of the value"
        yield Fault(FileDemand.BLANK_NODES, position_of(at, subject, predicate), curie(subject), message)


def _too_long(triples: list[Triple], at: Positions) -> Iterator[Fault]:
    for subject, predicate in sorted({_key(t) for t in triples if _is_too_long(t)}):
        message = f"has a {curie(predicate)} of more than {LONGEST:,} characters; shorten it to one sentence"
        yield Fault(FileDemand.TEXTS, position_of(at, subject, predicate), curie(subject), message)


def _key(triple: Triple) -> tuple[str, str]:
    return (triple.subject.value if isinstance(triple.subject, NamedNode) else "_:"), triple.predicate.value
