"""Formats records as Turtle in the style of the data, and inserts them into hand-written files in sorted position.

A record consists of the triples of one IRI. Records are inserted between existing lines, so that all other lines,
including comments, stay unchanged. The style is that of ``turtlefmt --indentation 2``.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import PREFIXES, RDF, curie, expand
from scs_kg.store.line_split import split_lines
from scs_kg.store.serialize import canonical_ntriples
from scs_kg.store.terms import Literal, NamedNode, Term, Triple
from scs_kg.store.turtle_positions import statements

FIELDS: Final = (
    *("skos:prefLabel", "skos:altLabel", "skos:definition", "skos:scopeNote", "skos:broader", "skos:inScheme"),
    *("scs:inReading", "scs:principle", "scs:criterion"),
    *("scs:about", "scs:level", "scs:feature", "scs:finding", "scs:mode", "scs:statement"),
    *("scs:trigger", "scs:recipient", "scs:minimum", "scs:maximum", "scs:unit", "scs:approximate", "scs:departsFrom"),
    *("scs:retracts", "scs:introduces", "scs:objectsTo", "scs:decides", "scs:ruling", "scs:reason"),
    *("dcterms:title", "dcterms:creator", "dcterms:date", "dcterms:issued", "dcterms:publisher", "scs:publishedIn"),
    *("bibo:doi", "foaf:page", "dcterms:language", "scs:kind", "scs:citedAs"),
    *("scs:source", "scs:primarySource", "scs:locator", "scs:asOf", "scs:confidence"),
    *("scs:partRead", "scs:repostOf", "scs:sameTextAs", "scs:verification", "scs:supersedes"),
    *(
        "scs:rationale",
        "scs:basis",
        "scs:force",
        "skos:notation",
        "skos:editorialNote",
        "scs:inGuideline",
        "scs:number",
    ),
    *("scs:readsGuideline", "scs:cellRule", "scs:role", "scs:operatesIn", "dcterms:source", "scs:partOf"),
    *("scs:text", "scs:hasLegalNature", "scs:addresses", "scs:appliesIn", "scs:appliesSince", "scs:appliesIf"),
    *("scs:polarity", "sh:property", "sh:or", "sh:path", "sh:hasValue", "rdf:first", "rdf:rest"),
)
TYPE: Final = RDF + "type"
_ORDER: Final = {expand(name): place for place, name in enumerate((TYPE, *FIELDS))}
_NAME: Final = re.compile(r"[a-z]\w*:[A-Za-z0-9_]([\w-]*[A-Za-z0-9_])?", re.ASCII)
_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_BARE: Final = {
    PREFIXES["xsd"] + "integer": re.compile(r"[+-]?[0-9]+"),
    PREFIXES["xsd"] + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    PREFIXES["xsd"] + "boolean": re.compile(r"true|false"),
}

SortKey = Callable[[str], Any]


def format_record(subject: str, triples: Iterable[Triple]) -> str:
    """Return the triples of a subject as one Turtle statement, one predicate per line, in the order of ``FIELDS``."""
    values: dict[str, list[Term]] = {}
    for triple in sorted(set(triples), key=_sort_key):
        values.setdefault(triple.predicate.value, []).append(triple.object)
    lines = [
        f"{'a' if predicate == TYPE else format_iri(predicate)} {' , '.join(format_term(value) for value in objects)}"
        for predicate, objects in values.items()
    ]
    return f"{format_iri(subject)} " + " ;\n  ".join(lines) + " .\n"


def _sort_key(triple: Triple) -> tuple[int, str, bool, str]:
    """Sort by field; within a field, text in English comes first."""
    other = isinstance(triple.object, Literal) and triple.object.language != "en"
    return _ORDER.get(triple.predicate.value, len(_ORDER)), triple.predicate.value, other, str(triple.object)


def format_iri(iri: str) -> str:
    """Return an IRI as Turtle: as a prefixed name if the project has a prefix for it, otherwise in angle brackets."""
    short = curie(iri)
    return short if _NAME.fullmatch(short) else f"<{iri}>"


def format_term(value: Term) -> str:
    """Return a term as Turtle; numbers and booleans have the short form if the grammar permits it."""
    if isinstance(value, NamedNode):
        return format_iri(value.value)
    if not isinstance(value, Literal):
        return str(value)
    bare = _BARE.get(value.datatype.value)
    if bare and bare.fullmatch(value.value):
        return value.value
    quoted = f'"{value.value.translate(_ESCAPES)}"'
    if value.language:
        return f"{quoted}@{_tag(value.language)}"
    return (
        quoted
        if value.datatype.value == PREFIXES["xsd"] + "string"
        else f"{quoted}^^{format_iri(value.datatype.value)}"
    )


def _tag(language: str) -> str:
    """Return a language tag in conventional case (RFC 5646, section 2.1.1), which the store does not preserve."""
    first, *rest = language.lower().split("-")
    return "-".join([first, *({2: str.upper, 4: str.title}.get(len(part), str)(part) for part in rest)])


def insert_statements(text: str, records: Iterable[str], key: SortKey) -> str:
    """Return a Turtle text with records inserted, each after the last subject whose ``key`` is not greater.

    ``key`` returns the sort key of a subject IRI, or None for a subject without a place in the order. Missing prefix
    declarations are added.
    """
    for record in records:
        (subject,) = (
            s.subject for s in statements(_prefix_declarations(record) + record) if not s.subject.startswith("@prefix")
        )
        text = _declare(_insert(text, record, subject, key), record)
    return text


def _prefix_declarations(record: str) -> str:
    return "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in _used(record))


def _used(record: str) -> list[str]:
    """Return the prefixes that a record uses outside strings and IRIs."""
    outside = re.sub(r'"(?:[^"\\]|\\.)*"|<[^>]*>', " ", record)
    return sorted(set(re.findall(r"(?<![\w-])([a-z]\w*):", outside)))


def _insert(text: str, record: str, subject: str, key: SortKey) -> str:
    own_key, lines = key(subject), split_lines(text)
    found = [(key(s.subject), s) for s in statements(text) if not s.subject.startswith("@prefix")]
    placed = [(place, statement) for place, statement in found if place is not None]
    below = [statement for place, statement in placed if place <= own_key]
    if below:
        return "".join([*lines[: below[-1].last], "\n", record, *lines[below[-1].last :]])
    if placed:
        first = _with_comment(lines, placed[0][1].first - 1)
        return "".join([*lines[:first], record, "\n", *lines[first:]])
    return "".join([*lines, "\n", record]) if lines else record


def _with_comment(lines: list[str], first: int) -> int:
    """Return the first line of a statement, including the comment lines directly above it."""
    while first and lines[first - 1].startswith("#"):
        first -= 1
    return first


def _declare(text: str, record: str) -> str:
    """Add the missing prefix declarations of a record to a text, in sorted position."""
    for prefix in _used(record):
        declared = {s.subject: s for s in statements(text) if s.subject.startswith("@prefix")}
        if f"@prefix {prefix}" not in declared:
            before = [s.last for name, s in declared.items() if name < f"@prefix {prefix}"]
            lines = split_lines(text)
            gap = [] if declared else ["\n"]
            head = f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"
            text = "".join([*lines[: max(before, default=0)], head, *gap, *lines[max(before, default=0) :]])
    return text


def check_only_added(file: str, old: str, new: str, added: Iterable[Triple]) -> None:
    """Check that a new text contains the triples of the old text, the added triples, and no other triples.

    Raises:
        BadFileError: the check fails, because the old text does not have the expected layout.
    """
    wanted = {*split_lines(canonical_ntriples(old)), *(f"{triple} .\n" for triple in added)}
    if set(split_lines(canonical_ntriples(new))) != wanted:
        raise BadFileError(
            file, None, "does not have the layout of the data files; format it with turtlefmt --indentation 2"
        )
