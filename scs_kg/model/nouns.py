"""The nouns of the project: what claims, criteria, verdicts and matrices are; no RDF, no input, no output."""

from dataclasses import dataclass
from enum import StrEnum

from scs_kg.model.selection import Selection


class Finding(StrEnum):
    """What a claim says of its feature."""

    PRESENT = "Present"
    ABSENT = "Absent"
    NOT_REPORTED = "NotReported"


class Outcome(StrEnum):
    """The outcome of a verdict or a cell, in the words of EARL 1.0, section 2.7."""

    PASSED = "passed"
    FAILED = "failed"
    CANT_TELL = "cantTell"
    INAPPLICABLE = "inapplicable"


class OpenReason(StrEnum):
    """Why a verdict or a cell cannot be told, the strongest reason first."""

    CONTESTED = "contested"
    NOT_REPORTED = "notReported"
    SILENT = "silent"


@dataclass(frozen=True, order=True, slots=True)
class Fact:
    """A feature that a system has (``present``) or lacks."""

    feature: str
    present: bool


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least ``count`` of the parts hold: all of them is a conjunction, one of them a disjunction."""

    count: int
    parts: "tuple[Formula, ...]"


Formula = Fact | AtLeast


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source says about one feature of one system: what judging needs of it, everything by IRI.

    ``sources`` are the document that was read and those it cites for it; ``replaces`` the claims it supersedes.
    """

    iri: str
    system: str
    feature: str
    finding: Finding
    replaces: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A demand on a system: what it tests, what a match means, and when it applies at all."""

    iri: str
    upholds: bool
    formula: Formula
    applies_if: Formula | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One system judged by one criterion.

    ``claims`` are those that can help to decide the outcome; where nobody can tell, those that leave it open, and
    ``open`` the features that it hangs on.
    """

    system: str
    criterion: str
    outcome: Outcome
    claims: tuple[str, ...] = ()
    why: OpenReason | None = None
    open: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """Anything with an IRI and a label; ``id`` is the last part of the IRI."""

    id: str
    iri: str
    label: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One system and one principle under one reading; ``decided`` of ``of`` criteria have an outcome."""

    system: str
    principle: str
    outcome: Outcome
    decided: int
    of: int
    why: OpenReason | None
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The comparison: cells in the order of principles, and within a principle of systems.

    ``selection`` says which claims counted, by ids; ``standing`` whether the guideline binds, whom, where and since
    when; ``objections`` how many there are.
    """

    guideline: Entity
    reading: Entity
    selection: Selection
    systems: tuple[Entity, ...]
    principles: tuple[Entity, ...]
    cells: tuple[Cell, ...]
    standing: str = ""
    objections: str = ""


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """Something wrong in a file: where, about which node, what it is and how to mend it, by which rule.

    ``line`` and ``column`` count from 1; ``cell`` is that of a sheet (``claims!C7``). ``near`` are ids that may have
    been meant. ``severity`` is Violation, Warning or Info, as in SHACL.
    """

    file: str
    line: int | None
    node: str
    message: str
    rule: str
    severity: str = "Violation"
    column: int | None = None
    cell: str = ""
    near: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The file, with line and column or the cell as far as they are known."""
        if self.cell:
            return f"{self.file}:{self.cell}"
        known = (str(part) for part in (self.file, self.line, self.line and self.column) if part)
        return ":".join(known)

    @property
    def offer(self) -> str:
        """The question whether another id was meant, empty if none is near."""
        return f" (did you mean {' or '.join(self.near)}?)" if self.near else ""

    def __str__(self) -> str:
        """Give the problem as one line, ``file:line: node: message``."""
        return f"{self.place}: {self.node}: {self.message}{self.offer} [{self.rule}]"
