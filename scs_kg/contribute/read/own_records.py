"""Completes records of guidelines, readings, features and criteria, which refer to each other within one file.

In a file with one guideline or one reading, principles and provisions need not name the guideline or the reading.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any, Final
from urllib.parse import quote, unquote

from scs_kg import store
from scs_kg.contribute.read.context import ID, ReadingContext
from scs_kg.contribute.read.draft import Record, WrittenValue
from scs_kg.contribute.read.fields import TESTED
from scs_kg.contribute.read.kinds import (
    CONDITION,
    CRITERION,
    FEATURE,
    GUIDELINE,
    PRINCIPLE,
    PROVISION,
    READING,
    class_iri,
    namespace,
)
from scs_kg.model.namespaces import BASE, PREFIXES, RDF, SCS, SH, curie, expand, local_id
from scs_kg.store import NamedNode
from scs_kg.store.labels import normalize_name

_NO_ID: Final = re.compile("[^a-z0-9]+")
Node = dict[str, Any]
"""A JSON-LD node object."""
EVERY: Final = "EveryCriterion"
_PATHS: Final = {
    "present": "hasFeature",
    "absent": "lacksFeature",
    "anyPresent": "hasFeature",
    "anyAbsent": "lacksFeature",
}
"""The tests of a criterion or a condition (``fields.TESTED``), each with the path of its property shapes."""


def completed(context: ReadingContext, records: Iterable[Record]) -> list[Record]:
    """Return records with the missing fields that follow from the guideline and the reading of the file.

    A principle gets its guideline and its number (its position). A provision gets its reading and its id. A reading
    gets its guideline, its source (the text of the guideline) and its cell rule.
    """
    given = list(records)
    guideline, reading = _guideline(context, given), _only(given, READING)
    principles = [one for one in given if one.type == PRINCIPLE]
    known = dict(_principles(guideline, principles))
    found = []
    for record in given:
        if record.type == PRINCIPLE:
            number = str(principles.index(record) + 1)
            placed = _with(record, inGuideline=[guideline], number=[number])
            found.append(_renamed(placed, ID, lambda name: name if "/" in name else f"{guideline}/{name}"))
        elif record.type == READING:
            placed = _with(record, readsGuideline=[guideline], cellRule=[EVERY])
            found.append(_with(placed, source=_texts(context, given, guideline)))
        elif record.type == PROVISION:
            found.append(_provision(context, record, guideline, reading, known))
        else:
            found.append(record)
    return found


def _value(record: Record, name: str) -> str:
    """Return the first value of a field of a record, or an empty text."""
    wanted = normalize_name(name)
    return next((v.text for key, values in record.fields if normalize_name(key.text) == wanted for v in values), "")


def _with(record: Record, **fields: list[str]) -> Record:
    """Return a record with further fields, except for fields that it has already and fields without a value."""
    added = tuple(
        (WrittenValue(name, record.position), tuple(WrittenValue(value, record.position) for value in values if value))
        for name, values in fields.items()
        if any(values) and not _value(record, name)
    )
    return replace(record, fields=(*record.fields, *added))


def _renamed(record: Record, name: str, change: Any) -> Record:
    """Return a record with the values of a field changed."""
    fields = tuple(
        (key, tuple(replace(v, text=change(v.text)) for v in values) if normalize_name(key.text) == name else values)
        for key, values in record.fields
    )
    return replace(record, fields=fields)


def _only(records: Iterable[Record], kind: str) -> str:
    """Return the id of the only record of a kind as an IRI; empty unless there is exactly one such record."""
    ids = [_value(record, ID) for record in records if record.type == kind]
    return (expand(ids[0]) or namespace(kind) + quote(ids[0], safe="")) if len(ids) == 1 and ids[0] else ""


def _guideline(context: ReadingContext, records: list[Record]) -> str:
    """Return the IRI of the only guideline of the file, or else of the guideline that its only reading interprets."""
    if own := _only(records, GUIDELINE):
        return own
    read = {_value(record, "readsGuideline") for record in records if record.type == READING} - {""}
    found = [iri for name in read for iri in sorted(context.names.find(class_iri(GUIDELINE), name))]
    return found[0] if len(found) == 1 else ""


def _principles(guideline: str, principles: Iterable[Record]) -> Iterator[tuple[str, str]]:
    """Yield each name (id or label) of each principle of the file, with the IRI of the principle."""
    for record in principles:
        name = _value(record, ID)
        iri = expand(name) or f"{guideline}/{quote(name, safe='')}"
        yield normalize_name(local_id(iri)), iri
        for key, values in record.fields:
            if normalize_name(key.text) == "label":
                yield from ((normalize_name(value.text), iri) for value in values)


def _texts(context: ReadingContext, records: Iterable[Record], guideline: str) -> list[str]:
    """Return the sources of the text of the guideline, from the file or from the data."""
    own = [
        v.text for r in records if r.type == GUIDELINE for key, values in r.fields if key.text == "text" for v in values
    ]
    if own or not guideline:
        return own
    return [store.text(term) for term in store.objects(context.dataset, NamedNode(guideline), SCS + "text")]


def _provision(context: ReadingContext, record: Record, guideline: str, reading: str, known: dict[str, str]) -> Record:
    """Return a provision with its reading, the IRI of its principle, and an id."""

    def principle(name: str) -> str:
        if expand(name) or not guideline:
            return name
        found = context.names.find(class_iri(PRINCIPLE), name)
        own = sorted(iri for iri in found if iri.startswith(guideline + "/"))
        if normalize_name(name) in known:
            return known[normalize_name(name)]
        return own[0] if len(own) == 1 else f"{guideline}/{quote(local_id(name), safe='')}"

    record = _renamed(_with(record, inReading=[reading]), "principle", principle)
    parts = [_value(record, "inReading"), _value(record, "principle"), _criterion(context, record)]
    words = (_NO_ID.sub("-", unquote(local_id(part)).lower()).strip("-") for part in parts)
    return _with(record, id=["-".join(words)] if all(parts) else [])


def _criterion(context: ReadingContext, record: Record) -> str:
    name = _value(record, "criterion")
    found = sorted(context.names.find(class_iri(CRITERION), name))
    return found[0] if len(found) == 1 else name


def node_objects(node: Node) -> list[Node]:
    """Return the JSON-LD node objects of a record: the record itself, and the shapes of a criterion or a condition.

    A feature has the class of its kind and belongs to the scheme of features. A criterion or a condition is a node
    shape with a property shape for each feature that it tests. If one of several features is enough, ``sh:or`` has
    these property shapes as a list. Property shapes and the cells of lists have IRIs.
    """
    if node["type"] == FEATURE:
        node["type"] = node.pop("kind", [FEATURE])
        node[PREFIXES["skos"] + "inScheme"] = {"@id": BASE + "features"}
        return [node]
    if node["type"] not in {CRITERION, CONDITION}:
        return [node]
    tests = {field.name: node.pop(field.name, []) for field in TESTED}
    shapes = {name: [_property_shape(node["id"], name, one) for one in dict.fromkeys(tests[name])] for name in tests}
    any_of = [field.name for field in TESTED if field.predicate == SH + "or"]
    lists = [_list_cells(node["id"], name, shapes[name]) for name in any_of if shapes[name]]
    node["type"] = [node["type"], SH + "NodeShape"]
    node[SH + "property"] = [_reference(one) for name in tests if name not in any_of for one in shapes[name]]
    node[SH + "or"] = [_reference(cells[0]) for cells in lists]
    return [node, *chain(*shapes.values(), *lists)]


def property_shape(owner: str, test: str, feature: str) -> str:
    """Return the IRI of the property shape with which a criterion or a condition tests a feature.

    ``test`` is the name of a field (``present``), ``owner`` and ``feature`` are IRIs.
    """
    return f"{PREFIXES['shape']}{local_id(owner)}-{test}-{local_id(feature)}"


def _property_shape(owner: str, test: str, feature: str) -> Node:
    """Return the property shape that tests one feature for a criterion or a condition."""
    return {
        "type": SH + "PropertyShape",
        "id": property_shape(owner, test, feature),
        SH + "path": {"@id": SCS + _PATHS[test]},
        SH + "hasValue": {"@id": feature},
    }


def _list_cells(owner: str, test: str, members: list[Node]) -> list[Node]:
    """Return the cells of the RDF list of at least one property shape (RDF Schema 1.1, section 5.2).

    The names of the cells have the prefix of the owner, because a criterion and a condition can have the same id.
    """
    name = f"{PREFIXES['shape']}{curie(owner).replace(':', '-')}-{test}List"
    names = [f"{name}-{number}" for number in range(1, len(members) + 1)]
    return [
        {"type": RDF + "List", "id": cell, RDF + "first": _reference(member), RDF + "rest": {"@id": rest}}
        for cell, member, rest in zip(names, members, [*names[1:], RDF + "nil"], strict=True)
    ]


def _reference(node: Node) -> Node:
    return {"@id": node["id"]}
