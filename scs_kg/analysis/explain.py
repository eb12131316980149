"""Explains one cell: its principle, provisions and criteria, the claims that decide it, and findings that would."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scs_kg.analysis.citations import Citation, CitedClaim, cited_claims
from scs_kg.analysis.deciding_findings import deciding_findings
from scs_kg.analysis.proof import Proof, canonical_sources, prove
from scs_kg.judging.cells import PrincipleCriteria, read_principle_criteria
from scs_kg.judging.evidence import contradicting
from scs_kg.judging.judge import open_features
from scs_kg.judging.judged import JudgedSelection
from scs_kg.judging.objections import Objection, objections
from scs_kg.judging.state import JudgedState
from scs_kg.model.entity import Entity
from scs_kg.model.errors import EngineError
from scs_kg.model.matrix import Cell, Matrix
from scs_kg.model.namespaces import local_id
from scs_kg.model.verdicts import Criterion, OpenReason, Outcome, Verdict
from scs_kg.store import Dataset, query_library
from scs_kg.store.labels import resolve
from scs_kg.store.query_library import Row, row_entity, row_text


@dataclass(frozen=True, slots=True)
class Clause:
    """Why a principle requires a criterion: the clause, the rationale, and the basis and force of the provision."""

    locator: str
    rationale: str
    basis: str
    force: str


@dataclass(frozen=True, slots=True)
class MissingFinding:
    """A single finding that would decide an open verdict, and the outcome that the verdict would have."""

    feature: Entity
    finding: str
    outcome: str


@dataclass(frozen=True, slots=True)
class CriterionExplanation:
    """One criterion of the cell: its demand and clauses, its verdict and claims, and what would decide it.

    ``open`` are the features on which an open verdict depends; ``settling`` are the findings that would decide it.
    ``objections`` are the objections to the criterion, to its provisions in this cell, and to its claims.
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

    @property
    def aspirational(self) -> bool:
        """Return whether every provision is aspirational, so that the criterion decides no cell."""
        return all(clause.force == "aspirational" for clause in self.clauses)


@dataclass(frozen=True, slots=True)
class Explanation:
    """One cell with its criteria, claims and proof; ``proof`` is None if too many claims affect the cell."""

    system: Entity
    principle: Entity
    number: int
    demand: str
    matrix: Matrix
    cell: Cell
    steps: tuple[CriterionExplanation, ...]
    proof: Proof | None

    @property
    def sources(self) -> tuple[Citation, ...]:
        """The sources and primary sources of the claims of the cell, sorted by id."""
        found = {source.id: source for step in self.steps for c in step.claims for source in (c.source, *c.primary)}
        return tuple(found[name] for name in sorted(found))


@dataclass(frozen=True, slots=True)
class ExplanationContext:
    """The data for all explanations of a judged selection, read once.

    Keys are IRIs; the keys of ``provisions`` and ``principle_criteria`` are pairs of a reading and a principle.
    """

    dataset: Dataset
    state: JudgedState
    principles: Mapping[str, Row]
    provisions: Mapping[tuple[str, str], Mapping[str, tuple[Row, ...]]]
    features: Mapping[str, Entity]
    criteria: Mapping[str, Criterion]
    claims: Mapping[str, CitedClaim]
    principle_criteria: Mapping[tuple[str, str], PrincipleCriteria]
    canonical_sources: Mapping[str, str]
    objections: Mapping[str, tuple[Objection, ...]]


def read_explanation_context(judged: JudgedSelection) -> ExplanationContext:
    """Read the data for all explanations of a judged selection."""
    dataset, state = judged.dataset, judged.state
    provisions: dict[tuple[str, str], dict[str, tuple[Row, ...]]] = defaultdict(dict)
    for row in query_library.rows(dataset, "provisions"):
        by_criterion = provisions[row_text(row, "reading"), row_text(row, "principle")]
        criterion = row_text(row, "criterion")
        by_criterion[criterion] = (*by_criterion.get(criterion, ()), row)
    return ExplanationContext(
        dataset=dataset,
        state=state,
        principles=MappingProxyType(
            {row_text(row, "principle"): row for row in query_library.rows(dataset, "principles")}
        ),
        provisions=MappingProxyType({key: MappingProxyType(found) for key, found in provisions.items()}),
        features=MappingProxyType(
            {row_text(row, "feature"): row_entity(row, "feature") for row in query_library.rows(dataset, "features")}
        ),
        criteria=MappingProxyType({criterion.iri: criterion for criterion in state.rules.criteria}),
        claims=cited_claims(dataset, judged.systems[0].iri if len(judged.systems) == 1 else None),
        principle_criteria=MappingProxyType(
            {(one.choice.reading.iri, one.principle.iri): one for one in read_principle_criteria(dataset)}
        ),
        canonical_sources=canonical_sources(dataset),
        objections=objections(dataset),
    )


def explain(context: ExplanationContext, matrix: Matrix, system: str, principle: str) -> Explanation:
    """Explain the cell of a system and a principle, each by id, IRI or label, in a matrix of the judged selection.

    Raises:
        UnknownNameError: the matrix has no such system or principle.
        WrongUseError: a label is ambiguous.
    """
    the_system = resolve(context.dataset, system, "system", matrix.systems)
    the_principle = resolve(context.dataset, principle, "principle", matrix.principles)
    cell = next(c for c in matrix.cells if (c.system, c.principle) == (the_system.iri, the_principle.iri))
    row = context.principles[the_principle.iri]
    return Explanation(
        system=the_system,
        principle=the_principle,
        number=int(row_text(row, "number")),
        demand=row_text(row, "definition"),
        matrix=matrix,
        cell=cell,
        steps=tuple(_step(context, matrix, verdict, cell) for verdict in cell.verdicts),
        proof=_proof(context, matrix, cell),
    )


def _proof(context: ExplanationContext, matrix: Matrix, cell: Cell) -> Proof | None:
    """Return the proof of a cell; None if too many claims affect it."""
    try:
        return prove(
            context.state,
            context.principle_criteria[matrix.reading.iri, cell.principle],
            cell.system,
            context.canonical_sources,
        )
    except EngineError:
        return None


def _step(context: ExplanationContext, matrix: Matrix, verdict: Verdict, cell: Cell) -> CriterionExplanation:
    rows = context.provisions[matrix.reading.iri, cell.principle][verdict.criterion]
    criterion, found = context.criteria[verdict.criterion], context.state.system_states[cell.system].evidence
    is_open = verdict.outcome is Outcome.CANT_TELL
    open_iris = open_features(criterion, found.known) if is_open else ()
    missing = deciding_findings(criterion, cell.system, found, context.state.rules.hierarchy.broader) if is_open else ()
    return CriterionExplanation(
        criterion=row_entity(rows[0], "criterion"),
        demand=row_text(rows[0], "definition"),
        clauses=tuple(_clause(row) for row in rows),
        outcome=verdict.outcome,
        open_reason=verdict.open_reason,
        claims=tuple(context.claims[iri] for iri in _claims_shown(context.state, verdict)),
        open=tuple(context.features[feature] for feature in sorted(open_iris)),
        settling=tuple(MissingFinding(context.features[m.feature], m.finding, m.outcome) for m in missing),
        objections=tuple(o for iri in _objects(verdict, rows) for o in context.objections.get(iri, ())),
    )


def _objects(verdict: Verdict, provisions: Iterable[Row]) -> tuple[str, ...]:
    """Return the possible objects of an objection to a verdict: its criterion, provisions and claims, by IRI."""
    return (verdict.criterion, *sorted({row_text(row, "provision") for row in provisions}), *verdict.claims)


def _claims_shown(state: JudgedState, verdict: Verdict) -> list[str]:
    """Return the claims of a verdict; if it is contested, also the claims that contradict them, on any feature."""
    if verdict.open_reason is not OpenReason.CONTESTED:
        return list(verdict.claims)
    claims = state.counting_claims(verdict.system)
    own = [claim for claim in claims if claim.iri in verdict.claims]
    return sorted(set(verdict.claims).union(*(contradicting(state.rules.hierarchy, one, claims) for one in own)))


def _clause(row: Row) -> Clause:
    basis, force = (local_id(row_text(row, name)).lower() for name in ("basis", "force"))
    return Clause(row_text(row, "locator"), row_text(row, "rationale"), basis, force)
