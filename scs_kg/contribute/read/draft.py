"""What a file of claims was found to say, and where it says it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from scs_kg.model.namespaces import PREFIXES
from scs_kg.model.problem import Problem

CLAIM: Final = "Claim"
SOURCE: Final = "Source"


class FileDemand(StrEnum):
    """A demand on a file as such, named as in ``ontology/integrity/files.ttl``, which says what it asks."""

    ENCODING = "FileEncoding"
    SYNTAX = "FileSyntax"
    SIZE = "FileSize"
    SELF_CONTAINED = "FileSelfContained"
    FIELDS = "FileFields"
    NAMES = "FileNames"
    TEXTS = "FileTexts"
    BLANK_NODES = "FileBlankNodes"
    CONTENT = "FileContent"

    @property
    def rule(self) -> str:
        """The demand as the rule of a problem."""
        return f"integrity:{self.value}"


@dataclass(frozen=True, slots=True)
class SourcePosition:
    """A place in a file: line and column, counted from 1, or the cell of a sheet (``claims!C7``)."""

    line: int | None = None
    column: int | None = None
    cell: str = ""

    def __str__(self) -> str:
        """Say which line or cell it is."""
        return self.cell or f"line {self.line}"


@dataclass(frozen=True, slots=True)
class WrittenValue:
    """A value as a person wrote it, and where; ``language`` if the value has one of its own."""

    text: str
    place: SourcePosition
    language: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A claim or a source in a form that is not RDF: its fields by name, each with its values."""

    type: str
    values: tuple[tuple[WrittenValue, tuple[WrittenValue, ...]], ...]
    place: SourcePosition


class UnreadableError(Exception):
    """A file that cannot be read any further; never leaves this package."""

    def __init__(self, demand: FileDemand, message: str, place: SourcePosition | None = None) -> None:
        """Take what is demanded, what is wrong and how to mend it, and where if that is known."""
        self.demand, self.place = demand, place or SourcePosition()
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something about a part of a file that could not be read: ``node`` is the claim or the field at fault."""

    demand: FileDemand
    place: SourcePosition
    node: str
    message: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The triples of a file as N-Triples, the place of each subject and predicate, and what could not be read.

    ``places`` has the subject alone under the predicate ``""``.
    """

    file: str
    ntriples: str = ""
    places: Mapping[tuple[str, str], SourcePosition] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def place(self, subject: str, predicate: str = "") -> SourcePosition:
        """Return where something is said of a subject, best with the predicate."""
        return self.places.get((subject, predicate)) or self.places.get((subject, "")) or SourcePosition()


def problem(file: str, fault: Fault) -> Problem:
    """Return a fault as a problem of a file."""
    place = fault.place
    found = Problem(file, place.line, fault.node, fault.message, fault.demand.rule)
    return replace(found, column=place.column, cell=place.cell)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader found: N-Triples, the places of subjects and predicates, and faults."""

    ntriples: str = ""
    places: Mapping[tuple[str, str], SourcePosition] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def pack(reading: Reading) -> bytes:
    """Return a reading as JSON, for the way between two processes."""
    places = [[*said, place.line, place.column, place.cell] for said, place in reading.places.items()]
    faults = [
        [fault.demand, fault.place.line, fault.place.column, fault.place.cell, fault.node, fault.message]
        for fault in reading.faults
    ]
    return json.dumps([reading.ntriples, places, faults]).encode()


def unpack(file: str, packed: bytes) -> Draft:
    """Return the draft that a packed reading of a file makes."""
    ntriples, places, faults = json.loads(packed)
    found = (
        Fault(FileDemand(d), SourcePosition(line, column, cell), node, text)
        for d, line, column, cell, node, text in faults
    )
    return Draft(
        file,
        ntriples,
        {(subject, predicate): SourcePosition(line, column, cell) for subject, predicate, line, column, cell in places},
        tuple(problem(file, fault) for fault in found),
    )


def unreadable(error: UnreadableError) -> Reading:
    """Return the reading of a file that could not be read at all."""
    return Reading(faults=(Fault(error.demand, error.place, "file", str(error)),))


def union(ntriples: Iterable[str]) -> str:
    """Return the union of several texts of N-Triples, sorted."""
    return "".join(sorted({line for text in ntriples for line in text.splitlines(keepends=True)}))


def space(kind: str) -> str:
    """Return where the IRIs of a kind of record stand."""
    return PREFIXES["claim" if kind == CLAIM else "src"]
