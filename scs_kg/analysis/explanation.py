"""The data types of the explanation of one cell: criteria, clauses, claims, missing findings, and the proof."""

from dataclasses import dataclass

from scs_kg.analysis.citations import Citation, CitedClaim
from scs_kg.analysis.proof import Proof
from scs_kg.analysis.searches import SearchSummary
from scs_kg.judging.objections import Objection
from scs_kg.model.entity import Entity
from scs_kg.model.matrix import Cell, Matrix


@dataclass(frozen=True, slots=True)
class Clause:
    """The reason why a principle requires a criterion: clause, rationale, basis, force, role, conditions (IRIs)."""

    locator: str
    rationale: str
    basis: str
    force: str
    role: str = "deciding"
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConditionExplanation:
    """A condition or an element, its outcome (``passed`` if it is true), and the claims that decide it."""

    condition: Entity
    definition: str
    outcome: str
    open_reason: str | None
    claims: tuple[CitedClaim, ...]


@dataclass(frozen=True, slots=True)
class MissingFinding:
    """A single finding that would decide an open verdict, and the outcome that the verdict would have.

    ``criterion`` is the criterion of the verdict; it is None if the finding is listed with its criterion.
    """

    feature: Entity
    finding: str
    outcome: str
    criterion: Entity | None = None


@dataclass(frozen=True, slots=True)
class UncountedClaim:
    """A claim (IRI) that does not count because the selection leaves out its dataset (id)."""

    claim: str
    dataset: str


@dataclass(frozen=True, slots=True)
class CriterionExplanation:
    """One criterion of the cell: its demand, clauses, verdict and claims, and the findings that would decide it.

    A ``supporting`` criterion is shown but does not count. ``elements`` are the parts of a conjunctive criterion, which
    must all be true. The provisions of the criterion apply only under ``conditions``. ``objections`` are the objections
    to the criterion, to its provisions under this principle, and to its claims. ``searches`` are the searches for
    evidence on an open criterion; None for other criteria, and in a brief explanation. ``uncounted`` are the claims of
    other datasets that affect the criterion; it is empty in a brief explanation.
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
    searches: SearchSummary | None = None
    uncounted: tuple[UncountedClaim, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """One cell with its criteria, claims and proof.

    The proof is None if it was not requested, if too many claims affect the cell, or if the selection by scope excludes
    the cell.

    ``premises`` are the conditions under which the principle, its guideline and the reading cover the system.
    ``issued`` is the date of the data, as 2026-11-23, or empty. ``additions`` has the names of the
    user's folder or file whose records were added to the data.
    """

    system: Entity
    principle: Entity
    demand: str
    matrix: Matrix
    cell: Cell
    steps: tuple[CriterionExplanation, ...]
    proof: Proof | None
    premises: tuple[ConditionExplanation, ...] = ()
    since: str = ""
    issued: str = ""
    additions: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Citation, ...]:
        """The sources and primary sources of the cell's claims, sorted by id."""
        found = {source.id: source for step in self.steps for c in step.claims for source in (c.source, *c.primary)}
        return tuple(found[name] for name in sorted(found))
