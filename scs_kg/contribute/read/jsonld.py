"""Claims in JSON-LD 1.1, with the published context or one of their own that names no other."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from scs_kg.contribute.read.context import ReadingContext
from scs_kg.contribute.read.draft import Fault, FileDemand, Reading, SourcePosition, UnreadableError
from scs_kg.contribute.read.fields import PAGE
from scs_kg.contribute.read.rdf import decoded, reading, triples
from scs_kg.model.namespaces import RDF, expand

_TOKEN: Final = re.compile(
    r'"(?P<text>(?:[^"\\]|\\.)*)"|(?P<mark>[{}\[\]:,])|(?P<break>\n)|[^"{}\[\]:,\n]+|.', re.DOTALL
)
_IDS: Final = ("@id", "id")


@dataclass(slots=True)
class _Open:
    """An object or a list that is being read: its place, its keys with theirs, and its name."""

    is_object: bool
    place: SourcePosition
    keys: list[tuple[str, SourcePosition]] = field(default_factory=list)
    name: str = ""
    awaits_key: bool = True


def read_json_ld(ground: ReadingContext, content: bytes) -> Reading:
    """Read JSON-LD; a context that would have to be fetched is refused, but for the published one, which is known."""
    text = decoded(content)
    document = _parsed(text)
    _hold_contexts(document, ground)
    found = triples(json.dumps(document).encode(), "jsonld")
    objects = list(_objects(text))
    return reading(found, dict(_places(objects, ground)), tuple(_repeated(objects)))


def _parsed(text: str) -> Any:
    def refuse(name: str) -> Any:
        raise ValueError(f"{name} is no JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        place = SourcePosition(error.lineno, error.colno)
        raise UnreadableError(FileDemand.SYNTAX, f"is not JSON: {error.msg}", place) from error
    except ValueError as error:
        raise UnreadableError(FileDemand.SYNTAX, f"is not JSON: {error}") from error


def _hold_contexts(document: Any, ground: ReadingContext) -> None:
    """Put the published context in the place of its IRI, and refuse any other that is named."""
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if "@import" in node:
                raise UnreadableError(FileDemand.SELF_CONTAINED, f"imports a context: name {PAGE} instead, or none")
            if "@context" in node:
                node["@context"] = _held(node["@context"], ground)
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def _held(context: Any, ground: ReadingContext) -> Any:
    if isinstance(context, list):
        return [_held(part, ground) for part in context]
    if context == PAGE:
        return ground.context
    if isinstance(context, str):
        message = f"names the context {context[:80]!r}, and nothing is fetched: name {PAGE}, or write the context out"
        raise UnreadableError(FileDemand.SELF_CONTAINED, message)
    return context


def _places(objects: Iterable[_Open], ground: ReadingContext) -> Iterator[tuple[tuple[str, str], SourcePosition]]:
    """Yield where each object with a name stands, and where its keys do, as far as the published context knows them."""
    predicates = {"@type": RDF + "type", "type": RDF + "type"}
    predicates |= {found.name: found.predicate for kind in ground.fields for found in ground.fields[kind]}
    for found in objects:
        name = expand(found.name) or found.name
        if name:
            yield (name, ""), found.place
            for key, place in found.keys:
                yield (name, predicates.get(key) or expand(key) or key), place


def _repeated(objects: Iterable[_Open]) -> Iterator[Fault]:
    for found in objects:
        seen: set[str] = set()
        for key, place in found.keys:
            if key in seen:
                message = "is given twice in one object: keep one of them"
                yield Fault(FileDemand.FIELDS, place, f"field {key[:60]!r}", message)
            seen.add(key)


def _objects(text: str) -> Iterator[_Open]:
    """Yield the objects of a JSON text, each at its end."""
    line, start = 1, 0
    stack: list[_Open] = []
    for token in _TOKEN.finditer(text):
        place = SourcePosition(line, token.start() - start + 1)
        mark = token["mark"]
        if token["break"]:
            line, start = line + 1, token.end()
        elif mark and mark in "{[":
            stack.append(_Open(mark == "{", place))
        elif mark and mark in "}]" and stack:
            done = stack.pop()
            if done.is_object:
                yield done
        elif stack and mark:
            stack[-1].awaits_key = mark == ","
        elif stack and stack[-1].is_object and token["text"] is not None:
            _note(stack[-1], token["text"], place)


def _note(node: _Open, text: str, place: SourcePosition) -> None:
    if node.awaits_key:
        node.keys.append((text, place))
    elif node.keys and node.keys[-1][0] in _IDS:
        node.name = text
