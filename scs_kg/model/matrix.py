"""The comparison of systems with a guideline: its cells, and the selection of claims behind them."""

from dataclasses import dataclass
from enum import StrEnum

from scs_kg.model.claims import Mode
from scs_kg.model.entity import Entity
from scs_kg.model.selection import Selection
from scs_kg.model.verdicts import OpenReason, Outcome, Verdict


class Mark(StrEnum):
    """What a cell says of a system and a principle; ``NOT_ASKED`` if the reading has no deciding provision for it."""

    MET = "met"
    PARTLY_MET = "partlyMet"
    NOT_MET = "notMet"
    NOT_MET_INTERPRETED = "notMetInterpreted"
    NOT_KNOWN = "notKnown"
    NOT_ASKED = "notAsked"
    INAPPLICABLE = "inapplicable"


class CellRule(StrEnum):
    """How many of the deciding criteria of a principle have to be met for the principle to be met."""

    EVERY = "EveryCriterion"
    ANY = "AnyCriterion"


class Scope(StrEnum):
    """How the text of a principle covers a system; several may hold.

    ``ASSUMED``: nobody knows whether a premise of the text holds. ``COUNTERFACTUAL``: the system operates where the
    text does not apply. ``HINDSIGHT``: every deciding claim is older than the text. ``OUTSIDE``: a premise of the text
    does not hold. ``ESTABLISHED``: neither assumed, nor counterfactual, nor outside.
    """

    ESTABLISHED = "established"
    ASSUMED = "assumed"
    COUNTERFACTUAL = "counterfactual"
    HINDSIGHT = "hindsight"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Counts:
    """The applicable deciding criteria of a cell by outcome, and how many do not apply."""

    met: int = 0
    not_met: int = 0
    open: int = 0
    inapplicable: int = 0

    @property
    def of(self) -> int:
        """Return the number of applicable deciding criteria."""
        return self.met + self.not_met + self.open


@dataclass(frozen=True, slots=True)
class Cell:
    """One system and one principle under one reading.

    ``verdicts`` are those on the criteria of the principle, each under the conditions of its provisions, so that the
    counts can be checked by hand; those on ``supporting`` criteria, by IRI, do not count. ``conditions`` are the
    verdicts on the conditions of provisions, principle, guideline and reading: passed if a condition holds. ``modes``
    are those of the claims that decide, and ``on_paper`` is the number of deciding criteria, among those that give the
    mark, whose claims are all de jure.
    """

    system: str
    principle: str
    outcome: Outcome
    mark: Mark
    counts: Counts
    open_reason: OpenReason | None
    verdicts: tuple[Verdict, ...]
    supporting: frozenset[str] = frozenset()
    conditions: tuple[Verdict, ...] = ()
    scope: tuple[Scope, ...] = ()
    modes: tuple[Mode, ...] = ()
    on_paper: int = 0


@dataclass(frozen=True, slots=True)
class Applicability:
    """What kind of norm a guideline is, whom it addresses, and where and since when (a date, or empty) it applies.

    ``elsewhere`` of the ``of`` systems compared operate where it does not apply.
    """

    nature: Entity
    addressees: tuple[Entity, ...]
    regions: tuple[Entity, ...]
    since: str
    elsewhere: int
    of: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """The comparison: cells ordered by principle, then by system.

    ``selection`` says which claims counted, by ids; ``applicability`` what kind of norm the guideline is and where it
    applies; ``objections`` is a sentence on objections, empty if there are none.
    """

    guideline: Entity
    reading: Entity
    selection: Selection
    systems: tuple[Entity, ...]
    principles: tuple[Entity, ...]
    cells: tuple[Cell, ...]
    applicability: Applicability | None = None
    objections: str = ""
