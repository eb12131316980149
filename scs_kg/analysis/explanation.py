"""The explanation of one cell: its criteria, the clauses behind them, the claims, what is open, and the proof."""

from dataclasses import dataclass

from scs_kg.analysis.citations import Citation, CitedClaim
from scs_kg.analysis.proof import Proof
from scs_kg.judging.objections import Objection
from scs_kg.model.entity import Entity
from scs_kg.model.matrix import Cell, Matrix


@dataclass(frozen=True, slots=True)
class Clause:
    """Why the principle asks for the criterion: clause, rationale, basis, force, role, and conditions by IRI."""

    locator: str
    rationale: str
    basis: str
    force: str
    role: str = "deciding"
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConditionExplanation:
    """A condition or an element with what is known of it: ``passed`` if it holds, and the claims that show it."""

    condition: Entity
    definition: str
    outcome: str
    open_reason: str | None
    claims: tuple[CitedClaim, ...]


@dataclass(frozen=True, slots=True)
class MissingFinding:
    """A single finding that would decide an open verdict, and the outcome that the verdict would have."""

    feature: Entity
    finding: str
    outcome: str


@dataclass(frozen=True, slots=True)
class CriterionExplanation:
    """One criterion of the cell: its demand and clauses, its verdict and claims, and what would decide it.

    ``supporting``: the criterion is shown and does not count. ``elements`` are the parts that must all be true for the
    shape of a conjunctive criterion, ``conditions`` those on which its provisions apply. ``objections`` are those to
    the criterion, to a provision that asks for it here, and to one of the claims.
    """

    criterion: Entity
    demand: str
    clauses: tuple[Clause, ...]
    outcome: str
    open_reason: str | None
    claims: tuple[CitedClaim, ...]
    open: tuple[Entity, ...]
    settling: tuple[MissingFinding, ...]
    objections: tuple[Objection, ...] = ()
    supporting: bool = False
    upholds: bool = True
    elements: tuple[ConditionExplanation, ...] = ()
    conditions: tuple[ConditionExplanation, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """One cell with everything behind it; without proof if too many claims affect it, or if it is out of scope.

    ``premises`` are the conditions on which the principle, its guideline and the reading cover the system.
    """

    system: Entity
    principle: Entity
    number: int
    demand: str
    matrix: Matrix
    cell: Cell
    steps: tuple[CriterionExplanation, ...]
    proof: Proof | None
    premises: tuple[ConditionExplanation, ...] = ()
    since: str = ""

    @property
    def sources(self) -> tuple[Citation, ...]:
        """The sources and primary sources of the claims of the cell, sorted by id."""
        found = {source.id: source for step in self.steps for c in step.claims for source in (c.source, *c.primary)}
        return tuple(found[name] for name in sorted(found))
