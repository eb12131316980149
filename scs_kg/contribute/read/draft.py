"""The content of a file of claims, with positions."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from scs_kg.model.advice import Advice
from scs_kg.model.problem import Problem
from scs_kg.store.line_split import split_lines


class FileDemand(StrEnum):
    """A requirement on a whole file; ``ontology/integrity/files.ttl`` defines it under the same name."""

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
        """The short name of the requirement as a rule (``integrity:FileSyntax``)."""
        return f"integrity:{self.value}"


@dataclass(frozen=True, slots=True)
class SourcePosition:
    """A position in a file: line and column, counted from 1, or the cell of a sheet (``claims!C7``)."""

    line: int | None = None
    column: int | None = None
    cell: str = ""

    def __str__(self) -> str:
        """Return the name of the cell, or the line."""
        return f"cell {self.cell}" if self.cell else f"line {self.line}"


Positions = Mapping[tuple[str, str], SourcePosition]
"""Positions, keyed by subject and predicate; the subject itself is under the predicate ``""``."""


def position_of(positions: Positions, subject: str, predicate: str) -> SourcePosition:
    """Return the position of a predicate, or of its subject if that is unknown, or an unknown position."""
    return positions.get((subject, predicate)) or positions.get((subject, "")) or SourcePosition()


@dataclass(frozen=True, slots=True)
class WrittenValue:
    """A value as it is written, with its position; ``language`` is set if the file gives a language for this value."""

    text: str
    position: SourcePosition
    language: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A record in a format that is not RDF: its class, and pairs of field name and values."""

    type: str
    fields: tuple[tuple[WrittenValue, tuple[WrittenValue, ...]], ...]
    position: SourcePosition


class UnreadableError(Exception):
    """The rest of a file cannot be read; this package catches the error and reports a problem."""

    def __init__(
        self,
        demand: FileDemand,
        message: str,
        position: SourcePosition | None = None,
        advice: tuple[Advice, ...] = (),
    ) -> None:
        """Describe the fault: the violated requirement, a message, the position if it is known, and further advice."""
        self.demand, self.position, self.advice = demand, position or SourcePosition(), advice
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Fault:
    """A part of a file that cannot be read; ``node`` names the claim, field or cell."""

    demand: FileDemand
    position: SourcePosition
    node: str
    message: str
    severity: str = "Violation"
    advice: tuple[Advice, ...] = ()

    def problem(self, file: str) -> Problem:
        """Return the fault as a problem of a file."""
        at = self.position
        found = Problem(file, at.line, self.node, self.message, self.demand.rule, self.severity)
        return replace(found, column=at.column, cell=at.cell, advice=self.advice)


@dataclass(frozen=True, slots=True)
class ReadResult:
    """The result of a reader: N-Triples, their positions, and faults."""

    ntriples: str = ""
    positions: Positions = field(default_factory=lambda: MappingProxyType({}))
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """The triples of a file as N-Triples, their positions, and problems for the parts that could not be read.

    ``of_fields`` says that the file has records with fields instead of RDF.
    """

    file: str
    ntriples: str = ""
    positions: Positions = field(default_factory=lambda: MappingProxyType({}))
    problems: tuple[Problem, ...] = ()
    of_fields: bool = False

    def position(self, subject: str, predicate: str = "") -> SourcePosition:
        """Return the position of a predicate, or of its subject if that is unknown, or an unknown position."""
        return position_of(self.positions, subject, predicate)


def to_json(result: ReadResult) -> bytes:
    """Serialize a result so that it can be sent to another process."""
    positions = [[*key, at.line, at.column, at.cell] for key, at in result.positions.items()]
    faults = [
        [f.demand, *astuple(f.position), f.node, f.message, f.severity, [one.to_dict() for one in f.advice]]
        for f in result.faults
    ]
    return json.dumps([result.ntriples, positions, faults]).encode()


def draft_from_json(file: str, serialized: bytes) -> Draft:
    """Return the draft of a file from a serialized result."""
    ntriples, positions, faults = json.loads(serialized)
    found = (
        Fault(
            FileDemand(demand),
            SourcePosition(line, column, cell),
            node,
            message,
            severity,
            tuple(Advice.from_dict(one) for one in advice),
        )
        for demand, line, column, cell, node, message, severity, advice in faults
    )
    at = {(subject, predicate): SourcePosition(*position) for subject, predicate, *position in positions}
    return Draft(file, ntriples, MappingProxyType(at), tuple(fault.problem(file) for fault in found))


def unreadable(error: UnreadableError) -> ReadResult:
    """Return the result for a file that cannot be read."""
    return ReadResult(faults=(Fault(error.demand, error.position, "file", str(error), advice=error.advice),))


def merge_ntriples(parts: Iterable[str]) -> str:
    """Return the union of N-Triples documents, sorted."""
    return "".join(sorted({line for part in parts for line in split_lines(part)}))


def subjects_of(drafts: Iterable[Draft]) -> frozenset[str]:
    """Return the IRIs of all records in drafts."""
    lines = (line for draft in drafts for line in split_lines(draft.ntriples))
    return frozenset(line[1:].split(">", 1)[0] for line in lines)
