"""What a file of claims was found to say, and where it says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from scs_kg.model import Problem

CLAIM: Final = "Claim"
SOURCE: Final = "Source"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file: line and column, counted from 1, or the cell of a sheet (``claims!C7``)."""

    line: int | None = None
    column: int | None = None
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A value as a person wrote it, and where."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Record:
    """A claim or a source in a form that is not RDF: its fields by name, each with its values."""

    type: str
    values: tuple[tuple[Written, tuple[Written, ...]], ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Draft:
    """The triples of a file as N-Triples, the place of each subject and predicate, and what could not be read.

    ``places`` has the subject alone under the predicate ``""``.
    """

    file: str
    ntriples: str = ""
    places: Mapping[tuple[str, str], Place] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def place(self, subject: str, predicate: str = "") -> Place:
        """Return where something is said of a subject, best with the predicate."""
        return self.places.get((subject, predicate)) or self.places.get((subject, "")) or Place()

    def problem(self, place: Place, node: str, message: str, rule: str) -> Problem:
        """Return a problem of this file."""
        return Problem(self.file, place.line, node, message, rule, column=place.column, cell=place.cell)
