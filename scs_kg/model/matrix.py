"""The comparison of systems with a guideline: its cells, and the selection of claims behind them."""

from dataclasses import dataclass

from scs_kg.model.entity import Entity
from scs_kg.model.selection import Selection
from scs_kg.model.verdicts import OpenReason, Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Cell:
    """One system and one principle under one reading; ``decided`` of ``of`` criteria are decided."""

    system: str
    principle: str
    outcome: Outcome
    decided: int
    of: int
    open_reason: OpenReason | None
    verdicts: tuple[Verdict, ...]


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
