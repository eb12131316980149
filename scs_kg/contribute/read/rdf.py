"""Claims in RDF: Turtle, TriG, N-Triples and N-Quads, and what every form becomes in the end."""

from collections.abc import Iterator, Mapping
from typing import Final

from scs_kg import store
from scs_kg.contribute.read.draft import Fault, FileDemand, Reading, SourcePosition, UnreadableError
from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import curie
from scs_kg.store import BlankNode, Literal, NamedNode, Triple
from scs_kg.store.turtle_positions import positions

NAMES: Final = {"turtle": "Turtle", "trig": "TriG", "ntriples": "N-Triples", "nquads": "N-Quads", "jsonld": "JSON-LD"}
LONGEST: Final = 10_000

Places = Mapping[tuple[str, str], SourcePosition]


def decoded(content: bytes) -> str:
    """Return a text in UTF-8, with or without a byte order mark; raise UnreadableError if it is none."""
    try:
        return content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise UnreadableError(
            FileDemand.ENCODING, "is not UTF-8: save it as UTF-8", SourcePosition(line, column)
        ) from error


def read_rdf(content: bytes, form: str) -> Reading:
    """Read Turtle, TriG, N-Triples or N-Quads."""
    text = decoded(content)
    found = triples(text.encode(), form)
    places: dict[tuple[str, str], SourcePosition] = {}
    for said in positions(text):
        subject = said.subject if not said.subject.startswith("_:") else "_:"
        places.setdefault((subject or "_:", ""), SourcePosition(said.subject_line, said.subject_column))
        places.setdefault((subject or "_:", said.predicate), SourcePosition(said.predicate_line, said.predicate_column))
    return reading(found, places)


def triples(content: bytes, form: str) -> list[Triple]:
    """Parse a text; raise UnreadableError with line and column if it is not of its form."""
    try:
        return store.parse_triples(content, form)
    except BadFileError as error:
        message = f"is not {NAMES[form]}: {error.reason}"
        raise UnreadableError(FileDemand.SYNTAX, message, SourcePosition(error.line, error.column)) from error


def reading(found: list[Triple], places: Places, faults: tuple[Fault, ...] = ()) -> Reading:
    """Return the triples of a file as a reading; those of blank nodes and with endless texts are faults."""
    sound = (triple for triple in found if _is_plain(triple) and not _is_endless(triple) and not _is_later(triple))
    kept = sorted({f"{triple} .\n" for triple in sound})
    wrong = (*faults, *_blank(found, places), *_endless(found, places), *_later(found, places))
    if not kept and not wrong:
        message = "says nothing: give at least one claim or source; 'scs-kg template' writes a file to start from"
        wrong = (Fault(FileDemand.CONTENT, SourcePosition(), "file", message),)
    return Reading("".join(kept), places, wrong)


def _is_plain(triple: Triple) -> bool:
    return isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal)


def _is_endless(triple: Triple) -> bool:
    return isinstance(triple.object, Literal) and len(triple.object.value) > LONGEST


def _is_later(triple: Triple) -> bool:
    return isinstance(triple.object, Literal) and triple.object.direction is not None


def _later(found: list[Triple], places: Places) -> Iterator[Fault]:
    for subject, predicate in sorted({_said(t) for t in found if _is_later(t)}):
        message = f"has a text of {curie(predicate)} with a direction, which is of RDF 1.2: leave the direction out"
        yield Fault(FileDemand.SYNTAX, _place(places, subject, predicate), curie(subject), message)


def _blank(found: list[Triple], places: Places) -> Iterator[Fault]:
    """Find what is said of a node without a name, where it is not itself a part of something with one."""
    parts = {triple.object for triple in found}
    nameless = any(isinstance(t.subject, BlankNode | Triple) and t.subject not in parts for t in found)
    if nameless:
        message = "is a blank node: give every claim and source a name under claim: or src:"
        yield Fault(FileDemand.BLANK_NODES, places.get(("_:", ""), SourcePosition()), "a blank node", message)
    for subject, predicate in sorted(
        {_said(t) for t in found if not _is_plain(t) and isinstance(t.subject, NamedNode)}
    ):
        message = f"has a value of {curie(predicate)} without a name: write the name of the thing that is meant"
        yield Fault(FileDemand.BLANK_NODES, _place(places, subject, predicate), curie(subject), message)


def _endless(found: list[Triple], places: Places) -> Iterator[Fault]:
    for subject, predicate in sorted({_said(t) for t in found if _is_endless(t)}):
        message = f"has a text of {curie(predicate)} with more than {LONGEST:,} characters: say it in one sentence"
        yield Fault(FileDemand.TEXTS, _place(places, subject, predicate), curie(subject), message)


def _said(triple: Triple) -> tuple[str, str]:
    return (triple.subject.value if isinstance(triple.subject, NamedNode) else "_:"), triple.predicate.value


def _place(places: Places, subject: str, predicate: str) -> SourcePosition:
    return places.get((subject, predicate)) or places.get((subject, "")) or SourcePosition()
