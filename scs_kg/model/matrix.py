"""The comparison of systems with a guideline: its cells, and the selection of claims that they are based on."""

from dataclasses import dataclass
from enum import StrEnum

from scs_kg.model.claims import Mode
from scs_kg.model.entity import Entity
from scs_kg.model.selection import Selection
from scs_kg.model.verdicts import OpenReason, Outcome, Verdict


class Mark(StrEnum):
    """The mark of a cell; ``NOT_ASKED`` if the reading has no deciding provision for the principle."""

    MET = "met"
    PARTLY_MET = "partlyMet"
    NOT_MET = "notMet"
    NOT_MET_INTERPRETED = "notMetInterpreted"
    NOT_KNOWN = "notKnown"
    NOT_ASKED = "notAsked"
    INAPPLICABLE = "inapplicable"


class CellRule(StrEnum):
    """How many deciding criteria of a principle must be met so that the principle is met."""

    EVERY = "EveryCriterion"
    ANY = "AnyCriterion"


class Scope(StrEnum):
    """How the text of a principle covers a system; a cell can have several values.

    ``ASSUMED``: it is not known whether a premise of the text is true. ``COUNTERFACTUAL``: the system operates where
    the text does not apply. ``HINDSIGHT``: every deciding claim is older than the text. ``OUTSIDE``: a premise of the
    text is not true. ``ESTABLISHED``: the scope is neither assumed, counterfactual nor outside.
    """

    ESTABLISHED = "established"
    ASSUMED = "assumed"
    COUNTERFACTUAL = "counterfactual"
    HINDSIGHT = "hindsight"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many applicable deciding criteria of a cell have each outcome, and how many criteria do not apply."""

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

    ``verdicts`` are the verdicts on the criteria of the principle, under the conditions of their provisions.
    ``supporting`` has the IRIs of the criteria whose verdicts do not count. ``conditions`` are the verdicts on the
    conditions of the provisions, the principle, the guideline and the reading: passed if a condition is true. ``modes``
    are the modes of the claims that decide the mark. ``on_paper`` is the number of criteria that determine the mark and
    whose deciding claims are all de jure.
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
    """The kind of norm of a guideline, its addressees, the regions where it applies, and its start (a date, or empty).

    ``of`` is the number of compared systems; ``elsewhere`` is the number of compared systems that operate where the
    guideline does not apply.
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

    ``selection`` describes which claims counted; it uses ids. ``applicability`` describes the kind of norm of the
    guideline, and where the guideline applies. ``objections`` is a sentence on objections; it is empty if there are no
    objections. ``rule`` is the cell rule of the reading. ``numbers`` has the number of each principle in its text, such
    as the article.
    """

    guideline: Entity
    reading: Entity
    selection: Selection
    systems: tuple[Entity, ...]
    principles: tuple[Entity, ...]
    cells: tuple[Cell, ...]
    applicability: Applicability | None = None
    objections: str = ""
    rule: CellRule = CellRule.EVERY
    numbers: tuple[str, ...] = ()
