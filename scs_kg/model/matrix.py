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
    why: OpenReason | None
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The comparison: cells ordered by principle, then by system.

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
