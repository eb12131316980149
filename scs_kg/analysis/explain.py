"""Explains one cell: its principle, the provisions and criteria behind it, and the claims that decide or would."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scs_kg.analysis.citations import Citation, CitedClaim, cited_claims
from scs_kg.analysis.deciding_findings import deciding_findings
from scs_kg.analysis.proof import Proof, canonical_sources, prove
from scs_kg.judging.cells import grouped
from scs_kg.judging.evidence import contradicting
from scs_kg.judging.judged import JudgedSelection
from scs_kg.judging.objections import Objection, objections
from scs_kg.judging.principles import PrincipleCriteria, read_principle_criteria
from scs_kg.judging.state import JudgedState
from scs_kg.model.entity import Entity
from scs_kg.model.errors import EngineError
from scs_kg.model.matrix import Cell, Matrix
from scs_kg.model.namespaces import local_id
from scs_kg.model.verdicts import Criterion, OpenReason, Outcome, Verdict
from scs_kg.rules.criteria import criteria, elements
from scs_kg.store import Dataset, query_library
from scs_kg.store.labels import resolve
from scs_kg.store.query_library import Row, row_entity, row_text


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
    """A single finding that would decide an open verdict, and how."""

    feature: Entity
    finding: str
    outcome: str


@dataclass(frozen=True, slots=True)
class CriterionExplanation:
    """One criterion of the cell: what it demands and why, its verdict, its claims, and what would settle it.

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
        """Return every document that a claim of the cell rests on, by id."""
        found = {source.id: source for step in self.steps for c in step.claims for source in (c.source, *c.primary)}
        return tuple(found[name] for name in sorted(found))


@dataclass(frozen=True, slots=True)
class ExplanationContext:
    """The data behind all explanations of a judged selection, read once.

    Keys are IRIs; those of ``provisions`` and ``principle_criteria`` are reading and principle. ``elements`` has the
    named parts of each conjunctive criterion, and ``conditions`` each condition with its definition.
    """

    dataset: Dataset
    state: JudgedState
    principles: Mapping[str, Row]
    provisions: Mapping[tuple[str, str], Mapping[str, tuple[Row, ...]]]
    features: Mapping[str, Entity]
    criteria: Mapping[str, Criterion]
    elements: Mapping[str, tuple[str, ...]]
    conditions: Mapping[str, tuple[Entity, str]]
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
        elements=MappingProxyType(
            {iri: tuple(name for name, _ in elements(dataset, iri) if name) for iri in criteria(dataset)}
        ),
        conditions={
            row_text(row, "condition"): (row_entity(row, "condition"), row_text(row, "definition"))
            for row in query_library.rows(dataset, "condition-list")
        },
        claims=cited_claims(dataset, judged.systems[0].iri if len(judged.systems) == 1 else None),
        principle_criteria={
            (one.choice.reading.iri, one.principle.iri): one for one in read_principle_criteria(dataset)
        },
        canonical_sources=canonical_sources(dataset),
        objections=objections(dataset),
    )


def explain(
    records: ExplanationContext,
    matrix: Matrix,
    system: str,
    principle: str,
    *,
    proven: Container[Outcome] = tuple(Outcome),
) -> Explanation:
    """Explain the cell of a system and a principle, each by id, IRI or label, in a matrix of the judged selection.

    Only a cell with an outcome in ``proven`` gets a proof, which takes most of the time.

    Raises:
        UnknownNameError: the matrix has no such system or principle.
        WrongUseError: a label is that of several.
    """
    across = resolve(records.dataset, system, "system", matrix.systems)
    down = resolve(records.dataset, principle, "principle", matrix.principles)
    cell = next(c for c in matrix.cells if (c.system, c.principle) == (across.iri, down.iri))
    about, criteria = records.principles[down.iri], records.principle_criteria[matrix.reading.iri, down.iri]
    return Explanation(
        system=across,
        principle=down,
        number=int(row_text(about, "number")),
        demand=row_text(about, "definition"),
        matrix=matrix,
        cell=cell,
        steps=tuple(_step(records, criteria, verdict, cell) for verdict in cell.verdicts),
        proof=_proof(records, criteria, cell) if cell.outcome in proven else None,
        premises=tuple(_condition(records, cell.system, iri) for iri in sorted(criteria.premises)),
        since=criteria.since,
    )


def _proof(records: ExplanationContext, criteria: PrincipleCriteria, cell: Cell) -> Proof | None:
    if cell.open_reason is OpenReason.OUT_OF_SCOPE:
        return None
    try:
        return prove(records.state, criteria, cell.system, records.canonical_sources)
    except EngineError:
        return None


def _step(
    records: ExplanationContext, principle: PrincipleCriteria, verdict: Verdict, cell: Cell
) -> CriterionExplanation:
    rows = records.provisions[principle.choice.reading.iri, cell.principle][verdict.criterion]
    own = {provision.iri: provision for provision in principle.provisions if provision.criterion == verdict.criterion}
    clauses = tuple(_clause(row, own[row_text(row, "provision")].conditions) for row in rows)
    is_open = verdict.outcome is Outcome.CANT_TELL
    group, evidence = dict(grouped(principle.provisions))[verdict.criterion], records.state.system_states[cell.system]
    missing = deciding_findings(records.state.rules, evidence.evidence, verdict, group) if is_open else ()
    return CriterionExplanation(
        criterion=row_entity(rows[0], "criterion"),
        demand=row_text(rows[0], "definition"),
        clauses=clauses,
        outcome=verdict.outcome,
        open_reason=verdict.open_reason,
        claims=tuple(records.claims[iri] for iri in _both_sides(records.state, verdict)),
        open=tuple(records.features[feature] for feature in verdict.open),
        settling=tuple(MissingFinding(records.features[m.feature], m.finding, m.outcome) for m in missing),
        objections=tuple(o for iri in _grounds(verdict, rows) for o in records.objections.get(iri, ())),
        supporting=verdict.criterion in cell.supporting,
        upholds=records.criteria[verdict.criterion].upholds,
        elements=tuple(
            _condition(records, cell.system, iri)
            for iri in records.elements[verdict.criterion]
            if iri in records.conditions
        ),
        conditions=tuple(
            _condition(records, cell.system, iri) for iri in sorted({iri for c in clauses for iri in c.conditions})
        ),
    )


def _condition(records: ExplanationContext, system: str, iri: str) -> ConditionExplanation:
    verdict = records.state.system_states[system].by_test[iri]
    name, definition = records.conditions[iri]
    claims = tuple(records.claims[claim] for claim in _both_sides(records.state, verdict))
    return ConditionExplanation(name, definition, verdict.outcome, verdict.open_reason, claims)


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


def _clause(row: Row, conditions: Iterable[str]) -> Clause:
    basis, force, role = (local_id(row_text(row, name)).lower() for name in ("basis", "force", "role"))
    return Clause(row_text(row, "locator"), row_text(row, "rationale"), basis, force, role, tuple(sorted(conditions)))
