"""Records of forms that are not RDF to triples, by the published JSON-LD context and nothing else."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from scs_kg.contribute.read.context import ID, ReadingContext, unknown_field
from scs_kg.contribute.read.draft import CLAIM, Fault, FileDemand, Reading, Record, SourcePosition, WrittenValue, space
from scs_kg.contribute.read.fields import OWN_LANGUAGE, Field
from scs_kg.contribute.read.rdf import LONGEST, reading, triples
from scs_kg.model.namespaces import RDF, curie, expand, local_id
from scs_kg.store.labels import normalize_name
from scs_kg.store.parse import is_iri

_LEXICAL: Final = {
    "boolean": re.compile("true|false", re.IGNORECASE),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "decimal": re.compile(r"[+-]?\d*\.\d+"),
    "gYear": re.compile(r"\d{4}"),
    "gYearMonth": re.compile(r"\d{4}-\d\d"),
    "integer": re.compile(r"[+-]?\d+"),
}
_NO_ID: Final = re.compile("[^a-z0-9]+")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

Node = dict[str, Any]
Fields = list[tuple[Field, tuple[WrittenValue, ...]]]


@dataclass(slots=True)
class _Work:
    """What has been found so far of one file."""

    ground: ReadingContext
    nodes: list[Node] = field(default_factory=list)
    places: dict[tuple[str, str], SourcePosition] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    minted: Counter[str] = field(default_factory=Counter)

    def fault(self, demand: FileDemand, place: SourcePosition, node: str, message: str) -> None:
        self.faults.append(Fault(demand, place, node, message))


def reading_of(ground: ReadingContext, records: Iterable[Record], faults: Iterable[Fault] = ()) -> Reading:
    """Return what records say, with the place of each field; ``faults`` are those of the form itself."""
    work = _Work(ground, faults=list(faults))
    for record in records:
        _add(work, record)
    document = {"@context": ground.context, "@graph": work.nodes}
    return reading(triples(json.dumps(document).encode(), "jsonld"), work.places, tuple(work.faults))


def _add(work: _Work, record: Record) -> None:
    """Turn one record into a node of JSON-LD, and note the places of what it says."""
    said = _fields(work, record)
    name = _name(work, record, said)
    if name is None or _is_taken(work, record, said, name):
        return
    node: Node = {"id": name, "type": record.type}
    work.places[name, ""] = record.place
    work.places[name, RDF + "type"] = record.place
    for known, values in said:
        terms = [term for term in (_term(work, known, value, name, said) for value in values) if term is not None]
        if terms:
            node[_key(known)] = terms
            work.places[name, known.predicate] = values[0].place
    work.nodes.append(node)


def _is_taken(work: _Work, record: Record, said: Fields, name: str) -> bool:
    """Tell whether a record before has the name, which is a fault: what both say would run together."""
    first = work.places.get((name, ""))
    if first is None:
        return False
    here = next((values[0].place for known, values in said if known.name == ID), record.place)
    message = f"is the id of two records, on {first} and on {here}: give each an id of its own, or keep one of them"
    work.fault(FileDemand.NAMES, here, curie(name)[:80], message)
    return True


def _key(known: Field) -> str:
    """Return the key of a field; values of their own language go by the property, past the language map."""
    return known.predicate if known.language == OWN_LANGUAGE else known.name


def _fields(work: _Work, record: Record) -> Fields:
    """Return those fields of a record that exist and have a value; the others and repeated ones are faults."""
    known = work.ground.by_name[record.type]
    found: dict[str, tuple[Field, tuple[WrittenValue, ...]]] = {}
    for key, values in record.values:
        name = normalize_name(key.text)
        if name not in known:
            work.faults.append(unknown_field(work.ground, (record.type,), key))
        elif name in found:
            work.fault(FileDemand.FIELDS, key.place, f"field '{known[name].name}'", "is given twice: keep one of them")
        elif values:
            found[name] = known[name], values
            _refuse_languages(work, known[name], values)
    return list(found.values())


def _refuse_languages(work: _Work, known: Field, values: Iterable[WrittenValue]) -> None:
    """Refuse a text by language in a field whose texts have another, or none, as it would lose what was said of it."""
    for value in values:
        if value.language and known.language not in {OWN_LANGUAGE, value.language}:
            message = f"has a text in {value.language[:20]!r}, and takes none by language: write the text alone"
            work.fault(FileDemand.FIELDS, value.place, f"field '{known.name}'", message)


def _name(work: _Work, record: Record, said: Fields) -> str | None:
    """Return the IRI of a record: as written, or for a claim made of its system, its feature and its source."""
    given = {known.name: values[0] for known, values in said}
    if ID in given:
        return _as_iri(given[ID].text, space(record.type))
    if record.type != CLAIM:
        message = "needs an id: write one of small letters, digits and hyphens, such as author-2024"
        work.fault(FileDemand.FIELDS, record.place, "a source without an id", message)
        return None
    parts = [_resolved(work, known, values[0]) for known, values in said if known.name in {"system", "feature"}]
    parts += [_resolved(work, known, values[0]) for known, values in said if known.name == "source"]
    made = "-".join(_NO_ID.sub("-", local_id(part).lower()).strip("-") for part in parts if part) or "unnamed"
    work.minted[made] += 1
    count = work.minted[made]
    return space(CLAIM) + (made if count == 1 else f"{made}-{count}")


def _resolved(work: _Work, known: Field, value: WrittenValue) -> str:
    """Return the IRI that a value names; of what names nothing, or two things, one that nothing is known by."""
    found = work.ground.names.find(known.values, value.text)
    return next(iter(found)) if len(found) == 1 else _as_iri(value.text, known.space)


def _as_iri(text: str, where: str) -> str:
    """Return an IRI for a name that nothing is known by, so that the rules can say what is wrong with it."""
    iri = expand(text)
    return iri if iri and is_iri(iri) else where + quote(text, safe="", errors="replace")


def _term(work: _Work, known: Field, value: WrittenValue, name: str, said: Fields) -> Any:
    """Return a value as JSON-LD has it, or None if it cannot be one, which is a fault."""
    if known.name == ID:
        return None
    if len(value.text) > LONGEST:
        message = f"has a text in '{known.name}' with more than {LONGEST:,} characters: say it in one sentence"
        work.fault(FileDemand.TEXTS, value.place, curie(name)[:80], message)
        return None
    if known.values:
        found = sorted(work.ground.names.find(known.values, value.text))
        if len(found) > 1:
            ids = " or ".join(local_id(iri) for iri in found)
            message = f"{value.text[:60]!r} may be {ids}: write the id of the one meant"
            work.fault(FileDemand.NAMES, value.place, curie(name), message)
        return _resolved(work, known, value)
    if _SURROGATE.search(value.text):
        work.fault(FileDemand.ENCODING, value.place, curie(name), "has half a character in a text: write it anew")
        return None
    if known.address and not is_iri(value.text):
        message = f"{value.text[:60]!r} is no address: write all of it, from https:// on, without spaces"
        work.fault(FileDemand.NAMES, value.place, curie(name), message)
        return None
    return value.text if known.address else _literal(known, value, said)


def _literal(known: Field, value: WrittenValue, said: Fields) -> Any:
    """Return a text with the datatype that it can be read as, or the language that it is in, if its field has such."""
    for datatype in known.datatypes:
        if datatype in _LEXICAL and _LEXICAL[datatype].fullmatch(value.text):
            return {"@value": value.text.lower(), "@type": f"xsd:{datatype}"}
    if known.language == OWN_LANGUAGE:
        language = next((values[0].text for other, values in said if other.name == "language"), "en")
        return {"@value": value.text, "@language": _tag(value.language or language)}
    return value.text


def _tag(language: str) -> str:
    """Return a language tag (BCP 47), that of an undetermined language for what is none."""
    return language if re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", language) else "und"
