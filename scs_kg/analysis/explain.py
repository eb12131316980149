"""Explains one cell: its principle, the provisions and criteria behind it, and the claims that decide or would."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scs_kg.analysis.citations import Citation, CitedClaim, cited_claims
from scs_kg.analysis.deciding_findings import deciding_findings
from scs_kg.analysis.proof import Proof, canonical_sources, prove
from scs_kg.judging.evidence import contradicting
from scs_kg.judging.judge import open_features
from scs_kg.judging.judged import JudgedSelection
from scs_kg.judging.objections import Objection, objections
from scs_kg.judging.principles import PrincipleCriteria, read_principle_criteria
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
    """Why the principle asks for the criterion: the clause, the step from it, what that rests on and how firmly."""

    locator: str
    rationale: str
    basis: str
    force: str


@dataclass(frozen=True, slots=True)
class MissingFinding:
    """A single finding that would decide an open verdict, and how."""

    feature: Entity
    finding: str
    outcome: str


@dataclass(frozen=True, slots=True)
class CriterionExplanation:
    """One criterion of the cell: what it demands and why, its verdict, its claims, and what would settle it.

    ``objections`` are those to the criterion, to a provision that asks for it here, and to one of the claims.
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
        """Tell whether the text only aspires to what the criterion demands, so that it decides no cell."""
        return all(clause.force == "aspirational" for clause in self.clauses)


@dataclass(frozen=True, slots=True)
class Explanation:
    """One cell with everything behind it; without proof if too many claims bear on it."""

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
        """Return every document that a claim of the cell rests on, by id."""
        found = {source.id: source for step in self.steps for c in step.claims for source in (c.source, *c.primary)}
        return tuple(found[name] for name in sorted(found))


@dataclass(frozen=True, slots=True)
class ExplanationContext:
    """The data behind all explanations of a judged selection, read once.

    Keys are IRIs; those of ``provisions`` and ``principle_criteria`` are reading and principle.
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
    """Read the data behind all explanations of a judged selection."""
    dataset, state = judged.dataset, judged.state
    provisions: dict[tuple[str, str], dict[str, tuple[Row, ...]]] = defaultdict(dict)
    for row in query_library.rows(dataset, "provisions"):
        by_criterion = provisions[row_text(row, "reading"), row_text(row, "principle")]
        criterion = row_text(row, "criterion")
        by_criterion[criterion] = (*by_criterion.get(criterion, ()), row)
    return ExplanationContext(
        dataset=dataset,
        state=state,
        principles={row_text(row, "principle"): row for row in query_library.rows(dataset, "principles")},
        provisions=MappingProxyType({key: MappingProxyType(found) for key, found in provisions.items()}),
        features={
            row_text(row, "feature"): row_entity(row, "feature") for row in query_library.rows(dataset, "features")
        },
        criteria={criterion.iri: criterion for criterion in state.rules.criteria},
        claims=cited_claims(dataset, judged.systems[0].iri if len(judged.systems) == 1 else None),
        principle_criteria={
            (one.choice.reading.iri, one.principle.iri): one for one in read_principle_criteria(dataset)
        },
        canonical_sources=canonical_sources(dataset),
        objections=objections(dataset),
    )


def explain(records: ExplanationContext, matrix: Matrix, system: str, principle: str) -> Explanation:
    """Explain the cell of a system and a principle, each by id, IRI or label, in a matrix of the judged selection.

    Raises:
        UnknownNameError: the matrix has no such system or principle.
        WrongUseError: a label is that of several.
    """
    across = resolve(records.dataset, system, "system", matrix.systems)
    down = resolve(records.dataset, principle, "principle", matrix.principles)
    cell = next(c for c in matrix.cells if (c.system, c.principle) == (across.iri, down.iri))
    about = records.principles[down.iri]
    return Explanation(
        system=across,
        principle=down,
        number=int(row_text(about, "number")),
        demand=row_text(about, "definition"),
        matrix=matrix,
        cell=cell,
        steps=tuple(_step(records, matrix, verdict, cell) for verdict in cell.verdicts),
        proof=_proof(records, matrix, cell),
    )


def _proof(records: ExplanationContext, matrix: Matrix, cell: Cell) -> Proof | None:
    try:
        return prove(
            records.state,
            records.principle_criteria[matrix.reading.iri, cell.principle],
            cell.system,
            records.canonical_sources,
        )
    except EngineError:
        return None


def _step(records: ExplanationContext, matrix: Matrix, verdict: Verdict, cell: Cell) -> CriterionExplanation:
    rows = records.provisions[matrix.reading.iri, cell.principle][verdict.criterion]
    criterion, found = records.criteria[verdict.criterion], records.state.system_states[cell.system].evidence
    is_open = verdict.outcome is Outcome.CANT_TELL
    hanging = open_features(criterion, found.known) if is_open else ()
    missing = deciding_findings(criterion, cell.system, found, records.state.rules.hierarchy.broader) if is_open else ()
    return CriterionExplanation(
        criterion=row_entity(rows[0], "criterion"),
        demand=row_text(rows[0], "definition"),
        clauses=tuple(_clause(row) for row in rows),
        outcome=verdict.outcome,
        open_reason=verdict.open_reason,
        claims=tuple(records.claims[iri] for iri in _both_sides(records.state, verdict)),
        open=tuple(records.features[feature] for feature in sorted(hanging)),
        settling=tuple(MissingFinding(records.features[m.feature], m.finding, m.outcome) for m in missing),
        objections=tuple(o for iri in _grounds(verdict, rows) for o in records.objections.get(iri, ())),
    )


def _grounds(verdict: Verdict, provisions: Iterable[Row]) -> tuple[str, ...]:
    """Return what a verdict rests on that one may object to: criterion, provisions, claims."""
    return (verdict.criterion, *sorted({row_text(row, "provision") for row in provisions}), *verdict.claims)


def _both_sides(state: JudgedState, verdict: Verdict) -> list[str]:
    """Return the claims of a verdict, and if it is contested those that contradict them, on whatever feature."""
    if verdict.open_reason is not OpenReason.CONTESTED:
        return list(verdict.claims)
    claims = state.counting_claims(verdict.system)
    own = [claim for claim in claims if claim.iri in verdict.claims]
    return sorted(set(verdict.claims).union(*(contradicting(state.rules.hierarchy, one, claims) for one in own)))


def _clause(row: Row) -> Clause:
    basis, force = (local_id(row_text(row, name)).lower() for name in ("basis", "force"))
    return Clause(row_text(row, "locator"), row_text(row, "rationale"), basis, force)
