"""Reads lists of claims and of sources in YAML, from the events of the parser (YAML 1.2, section 3.1).

Every scalar is read as text: ``no`` does not become false, and a date keeps its precision. Only null means that there
is no value. Anchors, aliases and tags are refused, so that a document cannot expand or construct objects.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from yaml import events

from scs_kg.contribute.read.context import ReadingContext
from scs_kg.contribute.read.draft import (
    Fault,
    FileDemand,
    Record,
    SourcePosition,
    UnreadableError,
    WrittenValue,
)
from scs_kg.contribute.read.kinds import KINDS, kind_in_list
from scs_kg.contribute.read.rdf import decoded
from scs_kg.store.line_split import split_lines

_NULLS: Final = frozenset({"~", "null", "Null", "NULL"})
"""The plain scalars that mean null (YAML 1.2, section 10.2.1, core schema)."""
_MAX_DEPTH: Final = 5
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_REMEDIES: Final = {
    "mapping values are not allowed": "put a text that contains a colon between quotation marks",
    "did not find expected": "indent the entries of a list, and the fields of an entry, by the same number of spaces",
    "found unexpected end of stream": "close each quotation mark",
}
"""Advice on messages of the parser, keyed by the beginning of the message."""
_EXPECTED: Final = (
    "write 'claims:' or 'sources:', and below it a list of records: "
    "lines 'field: value', of which the first begins with '- '"
)


@dataclass(slots=True)
class _YamlNode:
    """A node of the document: a text, a list, or a mapping, whose children alternate between key and value."""

    kind: str
    position: SourcePosition
    text: str = ""
    children: list["_YamlNode"] = field(default_factory=list)


def yaml_records(_: ReadingContext, content: bytes) -> tuple[list[Record], list[Fault]]:
    """Return the records and faults in a YAML file; raise UnreadableError if it is not YAML."""
    text = decoded(content)
    try:
        root = _document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = SourcePosition(mark.line + 1, mark.column + 1) if mark else SourcePosition()
        lines = split_lines(text)
        is_tab = mark and mark.line < len(lines) and "\t" in lines[mark.line][: mark.column + 1]
        reason = "the line has a tab character; indent with spaces" if is_tab else _with_remedy(error)
        raise UnreadableError(FileDemand.SYNTAX, f"is not YAML: {reason}", position) from error
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())[:200]
        raise UnreadableError(FileDemand.SYNTAX, f"is not YAML: {reason}") from error
    faults: list[Fault] = []
    return list(_records(root, faults)) if root else [], faults


def _with_remedy(error: yaml.MarkedYAMLError) -> str:
    """Return the message of the parser, with advice on the mistakes that people often make in a file."""
    problem = error.problem or error.context or "it cannot be parsed"
    return "; ".join([problem, *(remedy for start, remedy in _REMEDIES.items() if problem.startswith(start))])


def _document(found: Iterator[Any]) -> _YamlNode | None:
    """Return the root node of the only document, or None if the stream is empty."""
    root: _YamlNode | None = None
    open_nodes: list[_YamlNode] = []
    for event in found:
        if isinstance(event, events.CollectionEndEvent):
            open_nodes.pop()
        elif isinstance(event, events.NodeEvent):
            node = _node(event)
            if open_nodes:
                open_nodes[-1].children.append(node)
            elif root:
                message = "has a second document; put all claims into one document"
                raise UnreadableError(FileDemand.SYNTAX, message, node.position)
            root = root or node
            if node.kind != "text":
                open_nodes.append(node)
            if len(open_nodes) > _MAX_DEPTH:
                message = "is nested too deep; write claims as a flat list"
                raise UnreadableError(FileDemand.SIZE, message, node.position)
    return root


def _node(event: Any) -> _YamlNode:
    position = SourcePosition(event.start_mark.line + 1, event.start_mark.column + 1)
    if event.anchor or isinstance(event, events.AliasEvent):
        message = "uses an anchor or an alias; write the value itself"
        raise UnreadableError(FileDemand.SELF_CONTAINED, message, position)
    if event.tag:
        message = f"uses the tag {event.tag[:40]!r}; remove it, because all values are texts"
        raise UnreadableError(FileDemand.SELF_CONTAINED, message, position)
    if isinstance(event, events.ScalarEvent):
        is_null = not event.style and event.value in _NULLS
        return _YamlNode("text", position, "" if is_null else event.value)
    return _YamlNode("mapping" if isinstance(event, events.MappingStartEvent) else "list", position)


def _records(root: _YamlNode, faults: list[Fault]) -> Iterator[Record]:
    """Yield the records under the lists of the document."""
    if root.kind != "mapping":
        raise UnreadableError(FileDemand.SYNTAX, f"has no list of claims; {_EXPECTED}", root.position)
    seen: set[str] = set()
    for key, value in _pairs(root):
        kind = kind_in_list(key.text)
        if kind is None or key.text in seen:
            wrong = "occurs twice" if kind else f"is not one of {', '.join(one.plural for one in KINDS)}"
            faults.append(Fault(FileDemand.FIELDS, key.position, f"field {key.text[:60]!r}", f"{wrong}; {_EXPECTED}"))
        elif value.kind != "list":
            faults.extend([] if value.text == "" and value.kind == "text" else [_not_a_record(value)])
        else:
            yield from (record for node in value.children for record in _record(kind, node, faults))
        seen.add(key.text)


def _not_a_record(node: _YamlNode) -> Fault:
    return Fault(FileDemand.SYNTAX, node.position, node.text[:60] or f"a {node.kind}", f"is not a record; {_EXPECTED}")


def _record(kind: str, node: _YamlNode, faults: list[Fault]) -> Iterator[Record]:
    if node.kind != "mapping":
        faults.append(_not_a_record(node))
        return
    fields = []
    for key, value in _pairs(node):
        found = _values(value)
        if found is None or key.kind != "text":
            message = "is nested too deep; give a text, a list of texts, or texts by language"
            faults.append(Fault(FileDemand.FIELDS, value.position, f"field {key.text[:60]!r}", message))
        else:
            fields.append((WrittenValue(key.text, key.position), found))
    yield Record(kind, tuple(fields), node.position)


def _values(node: _YamlNode) -> tuple[WrittenValue, ...] | None:
    """Return the texts of a text, a list of texts, or a mapping from language to text; None for another value."""
    if node.kind == "text":
        return (WrittenValue(node.text.strip(), node.position),) if node.text.strip() else ()
    if node.kind == "list":
        parts = [_values(child) if child.kind == "text" else None for child in node.children]
        return None if None in parts else tuple(found for part in parts for found in part or ())
    if any(child.kind != "text" for child in node.children):
        return None
    found = (WrittenValue(value.text.strip(), value.position, key.text) for key, value in _pairs(node))
    return tuple(value for value in found if value.text)


def _pairs(node: _YamlNode) -> Iterator[tuple[_YamlNode, _YamlNode]]:
    return zip(node.children[::2], node.children[1::2], strict=True)
