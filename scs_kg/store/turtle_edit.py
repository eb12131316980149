"""Writes records as Turtle in the style of the data, and puts them where they belong in a file that people wrote.

A record is all that is said of one IRI. A file is changed by putting lines between its lines, so that everything else
in it, comments too, stays as it was. The style is that of ``turtlefmt --indentation 2``.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import PREFIXES, RDF, curie, expand
from scs_kg.store.serialize import canonical_ntriples
from scs_kg.store.terms import Literal, NamedNode, Term, Triple
from scs_kg.store.turtle_positions import statements

FIELDS: Final = (
    *("scs:about", "scs:level", "scs:feature", "scs:finding", "scs:mode", "scs:statement"),
    *("scs:trigger", "scs:recipient", "scs:minimum", "scs:maximum", "scs:unit", "scs:approximate", "scs:departsFrom"),
    *("scs:retracts", "scs:introduces", "scs:objectsTo", "scs:decides", "scs:ruling", "scs:reason"),
    *("dcterms:title", "dcterms:creator", "dcterms:date", "dcterms:issued", "dcterms:publisher", "scs:publishedIn"),
    *("bibo:doi", "foaf:page", "dcterms:language", "scs:kind", "scs:citedAs"),
    *("scs:source", "scs:primarySource", "scs:locator", "scs:asOf", "scs:confidence"),
    *("scs:partRead", "scs:repostOf", "scs:sameTextAs", "scs:verification", "scs:supersedes", "skos:editorialNote"),
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


def format_record(subject: str, said: Iterable[Triple]) -> str:
    """Return what is said of a subject as one statement, a predicate on each line, in the order of ``FIELDS``."""
    values: dict[str, list[Term]] = {}
    for triple in sorted(set(said), key=_place):
        values.setdefault(triple.predicate.value, []).append(triple.object)
    lines = [
        f"{'a' if predicate == TYPE else format_iri(predicate)} {' , '.join(format_term(value) for value in objects)}"
        for predicate, objects in values.items()
    ]
    return f"{format_iri(subject)} " + " ;\n  ".join(lines) + " .\n"


def _place(triple: Triple) -> tuple[int, str, bool, str]:
    """Sort by field; within a field, text in English comes first."""
    other = isinstance(triple.object, Literal) and triple.object.language != "en"
    return _ORDER.get(triple.predicate.value, len(_ORDER)), triple.predicate.value, other, str(triple.object)


def format_iri(iri: str) -> str:
    """Return an IRI as Turtle: short where its prefix is ours, else in angle brackets."""
    short = curie(iri)
    return short if _NAME.fullmatch(short) else f"<{iri}>"


def format_term(value: Term) -> str:
    """Return a term as Turtle; numbers and booleans bare, as far as the grammar allows."""
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
    """Return a language tag in the usual case (RFC 5646, section 2.1.1), which the store does not keep."""
    first, *rest = language.lower().split("-")
    return "-".join([first, *({2: str.upper, 4: str.title}.get(len(part), str)(part) for part in rest)])


def insert_statements(text: str, records: Iterable[str], key: SortKey) -> str:
    """Return a Turtle text with records put in, each after the last subject whose ``key`` is not above its own.

    ``key`` gives the place of a subject, an IRI, among those of the file, or None for what is in no order. What the
    records need of our prefixes is declared.
    """
    for written in records:
        (subject,) = (s.subject for s in statements(_heads(written) + written) if not s.subject.startswith("@prefix"))
        text = _declare(_put(text, written, subject, key), written)
    return text


def _heads(written: str) -> str:
    return "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in _used(written))


def _used(written: str) -> list[str]:
    """Return the prefixes that a record uses, leaving out what only looks so within a text."""
    outside = re.sub(r'"(?:[^"\\]|\\.)*"|<[^>]*>', " ", written)
    return sorted(set(re.findall(r"(?<![\w-])([a-z]\w*):", outside)))


def _put(text: str, written: str, subject: str, key: SortKey) -> str:
    here, lines = key(subject), text.splitlines(keepends=True)
    found = [(key(s.subject), s) for s in statements(text) if not s.subject.startswith("@prefix")]
    placed = [(place, statement) for place, statement in found if place is not None]
    below = [statement for place, statement in placed if place <= here]
    if below:
        return "".join([*lines[: below[-1].last], "\n", written, *lines[below[-1].last :]])
    if placed:
        first = _with_comment(lines, placed[0][1].first - 1)
        return "".join([*lines[:first], written, "\n", *lines[first:]])
    return "".join([*lines, "\n", written]) if lines else written


def _with_comment(lines: list[str], first: int) -> int:
    """Return where a statement begins if the comment directly above it is its own."""
    while first and lines[first - 1].startswith("#"):
        first -= 1
    return first


def _declare(text: str, written: str) -> str:
    """Declare the prefixes of a record that a text does not, in their order among the others."""
    for prefix in _used(written):
        declared = {s.subject: s for s in statements(text) if s.subject.startswith("@prefix")}
        if f"@prefix {prefix}" not in declared:
            before = [s.last for name, s in declared.items() if name < f"@prefix {prefix}"]
            lines = text.splitlines(keepends=True)
            gap = [] if declared else ["\n"]
            head = f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"
            text = "".join([*lines[: max(before, default=0)], head, *gap, *lines[max(before, default=0) :]])
    return text


def check_only_added(file: str, old: str, new: str, said: Iterable[Triple]) -> None:
    """Make sure that a new text says what the old one said, and the triples, and nothing else.

    Raises:
        BadFileError: it does not, because the old text is written in a way that this module does not expect.
    """
    wanted = {*canonical_ntriples(old).splitlines(), *(f"{triple} ." for triple in said)}
    if set(canonical_ntriples(new).splitlines()) != wanted:
        raise BadFileError(file, None, "is not laid out as the data is; format it with turtlefmt --indentation 2")
