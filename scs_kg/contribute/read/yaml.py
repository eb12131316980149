"""Claims in YAML (YAML 1.2, section 3.1): lists of claims and of sources, read event by event.

Every scalar is taken as the text that it is, so that no ``no`` turns into a false and no date loses its month. Anchors
and tags are refused, so that nothing grows and nothing is made.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from yaml import events

from scs_kg.contribute.read.context import ReadingContext
from scs_kg.contribute.read.draft import (
    CLAIM,
    SOURCE,
    Fault,
    FileDemand,
    Record,
    SourcePosition,
    UnreadableError,
    WrittenValue,
)
from scs_kg.contribute.read.rdf import decoded

_LISTS: Final = {"claims": CLAIM, "sources": SOURCE}
_DEEPEST: Final = 5
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SHAPE: Final = "write 'claims:' or 'sources:' and under it a list of records, each with 'field: value'"


@dataclass(slots=True)
class _Node:
    """A part of the document: a text, or children that in a mapping alternate between key and value."""

    kind: str
    place: SourcePosition
    text: str = ""
    children: list["_Node"] = field(default_factory=list)


def yaml_records(_: ReadingContext, content: bytes) -> tuple[list[Record], list[Fault]]:
    """Return the records of a YAML file, and what in it is no record; raise UnreadableError if it is not YAML."""
    text = decoded(content)
    try:
        root = _document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = SourcePosition(mark.line + 1, mark.column + 1) if mark else SourcePosition()
        raise UnreadableError(FileDemand.SYNTAX, f"is not YAML: {error.problem or error.context}", place) from error
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())[:200]
        raise UnreadableError(FileDemand.SYNTAX, f"is not YAML: {reason}") from error
    faults: list[Fault] = []
    return list(_records(root, faults)) if root else [], faults


def _document(found: Iterator[Any]) -> _Node | None:
    """Return the only document of a stream as nodes, or None if there is none."""
    root: _Node | None = None
    open_nodes: list[_Node] = []
    for event in found:
        if isinstance(event, events.CollectionEndEvent):
            open_nodes.pop()
        elif isinstance(event, events.NodeEvent):
            node = _node(event)
            if open_nodes:
                open_nodes[-1].children.append(node)
            elif root:
                raise UnreadableError(FileDemand.SYNTAX, "holds a second document: put all claims into one", node.place)
            root = root or node
            if node.kind != "text":
                open_nodes.append(node)
            if len(open_nodes) > _DEEPEST:
                message = "is nested deeper than claims ever are: write it flat"
                raise UnreadableError(FileDemand.SIZE, message, node.place)
    return root


def _node(event: Any) -> _Node:
    place = SourcePosition(event.start_mark.line + 1, event.start_mark.column + 1)
    if event.anchor or isinstance(event, events.AliasEvent):
        raise UnreadableError(FileDemand.SELF_CONTAINED, "uses an anchor or an alias: write the value out", place)
    if event.tag:
        message = f"uses the tag {event.tag[:40]!r}: leave it out, all values are texts"
        raise UnreadableError(FileDemand.SELF_CONTAINED, message, place)
    if isinstance(event, events.ScalarEvent):
        return _Node("text", place, event.value)
    return _Node("mapping" if isinstance(event, events.MappingStartEvent) else "list", place)


def _records(root: _Node, faults: list[Fault]) -> Iterator[Record]:
    """Yield the records under the lists of the document."""
    if root.kind != "mapping":
        raise UnreadableError(FileDemand.SYNTAX, f"holds no list of claims: {_SHAPE}", root.place)
    seen: set[str] = set()
    for key, value in _pairs(root):
        kind = _LISTS.get(key.text)
        if kind is None or key.text in seen:
            wrong = "is given twice" if kind else "is no list of records"
            faults.append(Fault(FileDemand.FIELDS, key.place, f"field {key.text[:60]!r}", f"{wrong}: {_SHAPE}"))
        elif value.kind != "list":
            faults.extend([] if value.text == "" and value.kind == "text" else [_no_record(value)])
        else:
            yield from (record for node in value.children for record in _record(kind, node, faults))
        seen.add(key.text)


def _no_record(node: _Node) -> Fault:
    return Fault(FileDemand.SYNTAX, node.place, node.text[:60] or f"a {node.kind}", f"is no record: {_SHAPE}")


def _record(kind: str, node: _Node, faults: list[Fault]) -> Iterator[Record]:
    if node.kind != "mapping":
        faults.append(_no_record(node))
        return
    values = []
    for key, value in _pairs(node):
        found = _values(value)
        if found is None or key.kind != "text":
            message = "needs a text, a list of texts, or texts by language: write it flat"
            faults.append(Fault(FileDemand.FIELDS, value.place, f"field {key.text[:60]!r}", message))
        else:
            values.append((WrittenValue(key.text, key.place), found))
    yield Record(kind, tuple(values), node.place)


def _values(node: _Node) -> tuple[WrittenValue, ...] | None:
    """Return the texts of a value: one, those of a list, or those of a mapping from language to text."""
    if node.kind == "text":
        return (WrittenValue(node.text.strip(), node.place),) if node.text.strip() else ()
    if node.kind == "list":
        parts = [_values(child) if child.kind == "text" else None for child in node.children]
        return None if None in parts else tuple(found for part in parts for found in part or ())
    if any(child.kind != "text" for child in node.children):
        return None
    return tuple(WrittenValue(value.text.strip(), value.place, key.text) for key, value in _pairs(node))


def _pairs(node: _Node) -> Iterator[tuple[_Node, _Node]]:
    return zip(node.children[::2], node.children[1::2], strict=True)
