"""Turns the records of formats that are not RDF into triples, with the published JSON-LD context only."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, unquote

from scs_kg.contribute.read.context import ID, ReadingContext, unknown_field
from scs_kg.contribute.read.draft import (
    Fault,
    FileDemand,
    ReadResult,
    Record,
    SourcePosition,
    WrittenValue,
)
from scs_kg.contribute.read.fields import OWN_LANGUAGE, TESTED, Field
from scs_kg.contribute.read.kinds import (
    CLAIM,
    CONDITION,
    FEATURE,
    GUIDELINE,
    PRINCIPLE,
    PROVISION,
    READING,
    REGION,
    namespace,
    word_for,
)
from scs_kg.contribute.read.literals import Fields, literal
from scs_kg.contribute.read.own_records import completed, node_objects, property_shape
from scs_kg.contribute.read.rdf import LONGEST, parsed, read_result
from scs_kg.model.namespaces import RDF, curie, expand, local_id
from scs_kg.store.dataset import statements_of
from scs_kg.store.labels import normalize_name
from scs_kg.store.parse import is_iri

_NO_ID: Final = re.compile("[^a-z0-9]+")
_ID: Final = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_NAMED_HERE: Final = frozenset({GUIDELINE, PRINCIPLE, READING, CONDITION, FEATURE, REGION})
"""The kinds of records whose names are not restricted by a shape."""
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

Node = dict[str, Any]


@dataclass(slots=True)
class _Work:
    """The nodes, positions and faults found so far in one file, and how often each claim name was generated."""

    context: ReadingContext
    nodes: list[Node] = field(default_factory=list)
    positions: dict[tuple[str, str], SourcePosition] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    generated: Counter[str] = field(default_factory=Counter)

    def fault(self, demand: FileDemand, position: SourcePosition, node: str, message: str) -> None:
        self.faults.append(Fault(demand, position, node, message))


def records_to_rdf(context: ReadingContext, records: Iterable[Record], faults: Iterable[Fault] = ()) -> ReadResult:
    """Return the triples of records with the position of each field; ``faults`` has the faults from the parser."""
    work = _Work(context, faults=list(faults))
    for record in completed(context, records):
        _add(work, record)
    document = {"@context": context.jsonld_context(), "@graph": work.nodes}
    return read_result(parsed(json.dumps(document).encode(), "jsonld"), work.positions, tuple(work.faults))


def _add(work: _Work, record: Record) -> None:
    """Add one record as a JSON-LD node object, with the positions of its fields."""
    fields = _fields(work, record)
    name = _name(work, record, fields)
    if name is None or _is_used(work, record, fields, name):
        return
    node: Node = {"id": name, "type": record.type}
    for known, values in fields:
        terms = [term for term in (_term(work, known, value, name, fields) for value in values) if term is not None]
        if terms:
            node[_key(known)] = terms
    if not any(known.name == ID for known, _ in fields):
        stem = _generated_stem(work, fields)
        while _is_another_in_data(work.context, node):
            node["id"] = _free_name(work, stem)
    work.positions[node["id"], ""] = work.positions[node["id"], RDF + "type"] = record.position
    work.positions |= _positions(work, node, fields)
    work.nodes += node_objects(node)


def _positions(work: _Work, node: Node, fields: Fields) -> dict[tuple[str, str], SourcePosition]:
    """Return the positions of the fields of a record, and the positions of the property shapes that test a feature."""
    found = {}
    for known, values in fields:
        if known.name != ID and _key(known) in node:
            found[node["id"], known.predicate] = values[0].position
        if known in TESTED:
            shapes = (property_shape(node["id"], known.name, _resolved(work, known, value)) for value in values)
            found |= {(shape, ""): value.position for shape, value in zip(shapes, values, strict=True)}
    return found


def _is_another_in_data(context: ReadingContext, node: Node) -> bool:
    """Return whether the data has a record with the name of a node and other content."""
    existing = set(statements_of(context.dataset, node["id"]))
    document = {"@context": context.jsonld_context(), "@graph": [node]}
    return bool(existing) and set(parsed(json.dumps(document).encode(), "jsonld")) != existing


def _is_used(work: _Work, record: Record, fields: Fields, name: str) -> bool:
    """Return whether an earlier record has the name.

    Equal names are a fault, because the triples of both records would be mixed.
    """
    first = work.positions.get((name, ""))
    if first is None:
        return False
    here = next((values[0].position for known, values in fields if known.name == ID), record.position)
    message = f"is the id of two records ({first} and {here}); give each record its own id, or keep one of the two"
    work.fault(FileDemand.NAMES, here, curie(name)[:80], message)
    return True


def _key(known: Field) -> str:
    """Return the JSON-LD key of a field: its name, or its property if each value has its own language."""
    return known.predicate if known.language == OWN_LANGUAGE else known.name


def _fields(work: _Work, record: Record) -> Fields:
    """Return the fields of a record that have a value; unknown and repeated fields are faults."""
    known = work.context.by_name[record.type]
    found: dict[str, tuple[Field, tuple[WrittenValue, ...]]] = {}
    for key, values in record.fields:
        name = normalize_name(key.text)
        if name not in known:
            work.faults.append(unknown_field(work.context, (record.type,), key))
        elif name in found:
            message = "occurs twice in one record; keep one of the two"
            work.fault(FileDemand.FIELDS, key.position, f"field '{known[name].name}'", message)
        elif values:
            found[name] = known[name], values
            _refuse_languages(work, known[name], values)
    return list(found.values())


def _refuse_languages(work: _Work, known: Field, values: Iterable[WrittenValue]) -> None:
    """Report texts whose language tag would be lost, because their field has another language or no language."""
    for value in values:
        if value.language and known.language not in {OWN_LANGUAGE, value.language}:
            message = (
                f"has a text in the language {value.language[:20]!r}, which this field cannot have; write the text only"
            )
            work.fault(FileDemand.FIELDS, value.position, f"field '{known.name}'", message)


def _name(work: _Work, record: Record, fields: Fields) -> str | None:
    """Return the IRI of a record. If a claim has no IRI, generate one from its system, feature and source."""
    given = {known.name: values[0] for known, values in fields}
    if ID in given:
        iri = _as_iri(given[ID].text, namespace(record.type))
        if record.type in _NAMED_HERE and not _ID.fullmatch(local_id(iri)):
            message = "is not an id; write one in lower-case letters, digits and hyphens, for example author-2024"
            work.fault(FileDemand.NAMES, given[ID].position, f"id '{unquote(local_id(iri))[:80]}'", message)
        return iri
    if record.type != CLAIM:
        message = "needs an id; write one in lower-case letters, digits and hyphens, for example author-2024"
        if record.type == PROVISION:
            message = (
                "names no reading, principle or criterion; write 'principle' and 'criterion', and also 'inReading' "
                "unless the file has exactly one reading"
            )
        work.fault(FileDemand.FIELDS, record.position, f"a {word_for(record.type)} without an id", message)
        return None
    return _free_name(work, _generated_stem(work, fields))


def _generated_stem(work: _Work, fields: Fields) -> str:
    """Return the IRI of a claim that is named after its system, its feature and its source."""
    parts = [_resolved(work, known, values[0]) for known, values in fields if known.name in {"system", "feature"}]
    parts += [_resolved(work, known, values[0]) for known, values in fields if known.name == "source"]
    words = (_NO_ID.sub("-", unquote(local_id(part)).lower()).strip("-") for part in parts)
    return namespace(CLAIM) + ("-".join(filter(None, words)) or "unnamed")


def _free_name(work: _Work, stem: str) -> str:
    """Return the first numbered name with this stem that was not returned before and that no earlier file has."""
    while True:
        work.generated[stem] += 1
        count = work.generated[stem]
        name = stem if count == 1 else f"{stem}-{count}"
        if name not in work.context.taken:
            return name


def _resolved(work: _Work, known: Field, value: WrittenValue) -> str:
    """Return the IRI that a value names.

    If the value is unknown or ambiguous, return a fresh IRI so that validation reports it.
    """
    found = work.context.names.find(known.value_class, value.text)
    return next(iter(found)) if len(found) == 1 else _as_iri(value.text, known.value_namespace)


def _as_iri(text: str, base: str) -> str:
    """Return the written IRI or prefixed name, or else an IRI in the namespace ``base``, which the rules can reject."""
    iri = expand(text)
    return iri if iri and is_iri(iri) else base + quote(text, safe="", errors="replace")


def _term(work: _Work, known: Field, value: WrittenValue, name: str, fields: Fields) -> Any:
    """Return the JSON-LD value of a written value, or None after reporting a fault."""
    if known.name == ID:
        return None
    if len(value.text) > LONGEST:
        message = f"has more than {LONGEST:,} characters in '{known.name}'; shorten the text to one sentence"
        work.fault(FileDemand.TEXTS, value.position, curie(name)[:80], message)
        return None
    if known.value_class:
        found = sorted(work.context.names.find(known.value_class, value.text))
        if len(found) > 1:
            ids = " or ".join(local_id(iri) for iri in found)
            message = f"{value.text[:60]!r} in '{known.name}' is ambiguous; write one of the ids {ids}"
            work.fault(FileDemand.NAMES, value.position, curie(name), message)
        return _resolved(work, known, value)
    if _SURROGATE.search(value.text):
        message = f"has an incomplete character (a lone surrogate) in '{known.name}'; write the text again"
        work.fault(FileDemand.ENCODING, value.position, curie(name), message)
        return None
    if known.is_address and not is_iri(value.text):
        message = f"{value.text[:60]!r} in '{known.name}' is not a web address; begin with https:// and use no spaces"
        work.fault(FileDemand.NAMES, value.position, curie(name), message)
        return None
    return value.text if known.is_address else literal(known, value, fields)
