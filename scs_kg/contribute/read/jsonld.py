"""Reads claims in JSON-LD 1.1, with the published context or an embedded one; a context is never fetched."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from scs_kg.contribute.read.context import ReadingContext
from scs_kg.contribute.read.draft import Fault, FileDemand, ReadResult, SourcePosition, UnreadableError
from scs_kg.contribute.read.fields import PAGE
from scs_kg.contribute.read.json_lists import has_lists, json_records
from scs_kg.contribute.read.literals import lexical_datatype
from scs_kg.contribute.read.rdf import decoded, parsed, read_result
from scs_kg.contribute.read.records_to_rdf import records_to_rdf
from scs_kg.model.namespaces import PREFIXES, RDF, expand, local_id
from scs_kg.store import Literal, NamedNode, Triple

_TOKEN: Final = re.compile(
    r'"(?P<text>(?:[^"\\]|\\.)*)"|(?P<mark>[{}\[\]:,])|(?P<break>\n)|[^"{}\[\]:,\n]+|.', re.DOTALL
)
_IDS: Final = ("@id", "id")


@dataclass(slots=True)
class _JsonNode:
    """An object or array that is being scanned: its position, its keys with their positions, and its ``@id``."""

    is_object: bool
    position: SourcePosition
    keys: list[tuple[str, SourcePosition]] = field(default_factory=list)
    id: str = ""
    awaits_key: bool = True


def read_json_ld(context: ReadingContext, content: bytes) -> ReadResult:
    """Read JSON-LD. The published context is replaced by its text; any other context by IRI is refused."""
    text = decoded(content)
    document = _json(text)
    if has_lists(document):
        return records_to_rdf(context, *json_records(context, text))
    _embed_contexts(document, context)
    triples = parsed(json.dumps(document).encode(), "jsonld")
    triples = [_typed(triple, context) for triple in triples]
    objects = list(_objects(text))
    return read_result(triples, dict(_positions(objects, context)), tuple(_repeated_keys(objects)))


def _json(text: str) -> Any:
    def refuse(name: str) -> Any:
        raise ValueError(f"JSON has no {name}; write a number")

    try:
        return json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        position = SourcePosition(error.lineno, error.colno)
        raise UnreadableError(FileDemand.SYNTAX, f"is not JSON: {error.msg}", position) from error
    except ValueError as error:
        raise UnreadableError(FileDemand.SYNTAX, f"is not JSON: {error}") from error


def _embed_contexts(document: Any, context: ReadingContext) -> None:
    """Replace the IRI of the published context by the context, in place; refuse any other IRI."""
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if "@import" in node:
                message = (
                    f"imports a context, but contexts are not fetched; use {PAGE}, or write the context into the file"
                )
                raise UnreadableError(FileDemand.SELF_CONTAINED, message)
            if "@context" in node:
                node["@context"] = _embedded(node["@context"], context)
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def _embedded(given: Any, context: ReadingContext) -> Any:
    if isinstance(given, list):
        return [_embedded(part, context) for part in given]
    if given == PAGE:
        return context.jsonld_context()
    if isinstance(given, str):
        message = (
            f"uses the context {given[:80]!r}, but contexts are not fetched; "
            f"use {PAGE}, or write the context into the file"
        )
        raise UnreadableError(FileDemand.SELF_CONTAINED, message)
    return given


def _typed(triple: Triple, context: ReadingContext) -> Triple:
    """Return a triple; if its value is a plain text or a number, it gets the datatype of its field.

    The context cannot choose one of several datatypes: ``"2019"`` would remain a text and ``1.5`` an xsd:double.
    """
    known = next(
        (f for kind in context.fields for f in context.fields[kind] if f.predicate == triple.predicate.value), None
    )
    value = triple.object
    if known is None or not isinstance(value, Literal) or local_id(value.datatype.value) not in {"string", "double"}:
        return triple
    text = value.value
    if local_id(value.datatype.value) == "double" and float(text) == float(text) and abs(float(text)) < 1e15:
        text = format(Decimal(repr(float(text))), "f")
    datatype = lexical_datatype(known, text)
    if not datatype:
        return triple
    return Triple(triple.subject, triple.predicate, Literal(text, datatype=NamedNode(PREFIXES["xsd"] + datatype)))


def _positions(
    objects: Iterable[_JsonNode], context: ReadingContext
) -> Iterator[tuple[tuple[str, str], SourcePosition]]:
    """Yield the positions of objects with an ``@id``, and of their keys that are terms of the published context."""
    predicates = {"@type": RDF + "type", "type": RDF + "type"}
    predicates |= {known.name: known.predicate for kind in context.fields for known in context.fields[kind]}
    for node in objects:
        iri = expand(node.id) or node.id
        if iri:
            yield (iri, ""), node.position
            for key, position in node.keys:
                yield (iri, predicates.get(key) or expand(key) or key), position


def _repeated_keys(objects: Iterable[_JsonNode]) -> Iterator[Fault]:
    for node in objects:
        seen: set[str] = set()
        for key, position in node.keys:
            if key in seen:
                message = "occurs twice in one object; keep one of the two"
                yield Fault(FileDemand.FIELDS, position, f"field {key[:60]!r}", message)
            seen.add(key)


def _objects(text: str) -> Iterator[_JsonNode]:
    """Yield the objects of a JSON text; an object is yielded when the scan reaches its end."""
    line, start = 1, 0
    stack: list[_JsonNode] = []
    for token in _TOKEN.finditer(text):
        position = SourcePosition(line, token.start() - start + 1)
        mark = token["mark"]
        if token["break"]:
            line, start = line + 1, token.end()
        elif mark and mark in "{[":
            stack.append(_JsonNode(mark == "{", position))
        elif mark and mark in "}]" and stack:
            done = stack.pop()
            if done.is_object:
                yield done
        elif stack and mark:
            stack[-1].awaits_key = mark == ","
        elif stack and stack[-1].is_object and token["text"] is not None:
            _add_text(stack[-1], token["text"], position)


def _add_text(node: _JsonNode, text: str, position: SourcePosition) -> None:
    if node.awaits_key:
        node.keys.append((text, position))
    elif node.keys and node.keys[-1][0] in _IDS:
        node.id = text
