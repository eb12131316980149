"""Explains one cell: its principle, provisions and criteria, its claims, and the findings that would decide it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from scs_kg.analysis.citations import CitedClaim, cited_claims
from scs_kg.analysis.deciding_findings import deciding_findings
from scs_kg.analysis.explanation import Clause, ConditionExplanation, CriterionExplanation, Explanation, MissingFinding
from scs_kg.analysis.proof import Proof, canonical_sources, prove
from scs_kg.analysis.searches import NO_SEARCH, search_summaries
from scs_kg.analysis.uncounted import Steps, claims_of_other_datasets, with_uncounted
from scs_kg.judging.cells import grouped
from scs_kg.judging.evidence import contradicting
from scs_kg.judging.judged import JudgedSelection
from scs_kg.judging.objections import Objection, objections
from scs_kg.judging.principle_numbers import resolve_principle
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
from scs_kg.store.ontology_header import release_date
from scs_kg.store.query_library import Row, row_entity, row_text


@dataclass(frozen=True, slots=True)
class ExplanationContext:
    """The data that all explanations of a judged selection use; it is read once.

    Keys are IRIs; the keys of ``provisions`` and ``principle_criteria`` are pairs of a reading and a principle.
    ``elements`` has the named parts of each conjunctive criterion, and ``conditions`` each condition with its
    definition.
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
    issued: str
    additions: tuple[str, ...]


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
        principle_criteria=MappingProxyType(
            {(one.choice.reading.iri, one.principle.iri): one for one in read_principle_criteria(dataset)}
        ),
        canonical_sources=canonical_sources(dataset),
        objections=objections(dataset),
        issued=release_date(dataset),
        additions=dataset.additions,
    )


def explain(
    context: ExplanationContext,
    matrix: Matrix,
    system: str,
    principle: str,
    *,
    brief: bool = False,
) -> Explanation:
    """Explain the cell of a system and a principle in a matrix of the judged selection.

    The system and the principle are given by id, IRI or label. ``resolve_principle`` also accepts the number of the
    principle.

    A ``brief`` explanation leaves out the slow parts: the proof, the findings that would decide the
    criteria without claims, and the searches.

    Raises:
        UnknownNameError: the matrix has no such system or principle.
        WrongUseError: a label or a number is ambiguous.
    """
    the_system = resolve(context.dataset, system, "system", matrix.systems)
    the_principle = resolve_principle(context.dataset, principle, matrix.principles, matrix.numbers)
    cell = next(c for c in matrix.cells if (c.system, c.principle) == (the_system.iri, the_principle.iri))
    return explain_cell(context, matrix, cell, brief=brief)


def explain_cell(context: ExplanationContext, matrix: Matrix, cell: Cell, *, brief: bool = False) -> Explanation:
    """Explain a cell of a matrix of the judged selection; ``brief`` as in ``explain``."""
    row = context.principles[cell.principle]
    criteria = context.principle_criteria[matrix.reading.iri, cell.principle]
    steps = tuple(_step(context, criteria, verdict, cell, brief=brief) for verdict in cell.verdicts)
    return Explanation(
        system=next(system for system in matrix.systems if system.iri == cell.system),
        principle=next(principle for principle in matrix.principles if principle.iri == cell.principle),
        demand=row_text(row, "definition"),
        matrix=matrix,
        cell=cell,
        steps=steps if brief else _completed(context, matrix, criteria, cell, steps),
        proof=None if brief else _proof(context, criteria, cell),
        premises=tuple(_condition(context, cell.system, iri) for iri in sorted(criteria.premises)),
        since=criteria.since,
        issued=context.issued,
        additions=context.additions,
    )


def _completed(
    context: ExplanationContext, matrix: Matrix, criteria: PrincipleCriteria, cell: Cell, steps: Steps
) -> Steps:
    """Return criteria with the claims of other datasets, and with the searches for evidence on open criteria."""
    others = claims_of_other_datasets(context.dataset, context.state, matrix.selection, cell.system)
    found = with_uncounted(context.state.rules, criteria, others, steps)
    return _with_searches(context.dataset, cell.system, found)


def _with_searches(dataset: Dataset, system: str, steps: Steps) -> Steps:
    """Return criteria with the searches for evidence on those that are open."""
    if all(step.outcome != Outcome.CANT_TELL for step in steps):
        return steps
    found = search_summaries(dataset, system)
    return tuple(
        replace(step, searches=found.get(step.criterion.iri, NO_SEARCH)) if step.outcome == Outcome.CANT_TELL else step
        for step in steps
    )


def _proof(context: ExplanationContext, criteria: PrincipleCriteria, cell: Cell) -> Proof | None:
    if cell.open_reason is OpenReason.OUT_OF_SCOPE:
        return None
    try:
        return prove(context.state, criteria, cell.system, context.canonical_sources)
    except EngineError:
        return None


def _step(
    context: ExplanationContext, principle: PrincipleCriteria, verdict: Verdict, cell: Cell, *, brief: bool
) -> CriterionExplanation:
    rows = context.provisions[principle.choice.reading.iri, cell.principle][verdict.criterion]
    own = {provision.iri: provision for provision in principle.provisions if provision.criterion == verdict.criterion}
    clauses = tuple(_clause(row, own[row_text(row, "provision")].conditions) for row in rows)
    is_open = verdict.outcome is Outcome.CANT_TELL and not (brief and not verdict.claims)
    group, evidence = dict(grouped(principle.provisions))[verdict.criterion], context.state.system_states[cell.system]
    missing = deciding_findings(context.state.rules, evidence.evidence, verdict, group) if is_open else ()
    return CriterionExplanation(
        criterion=row_entity(rows[0], "criterion"),
        demand=row_text(rows[0], "definition"),
        clauses=clauses,
        outcome=verdict.outcome,
        open_reason=verdict.open_reason,
        claims=tuple(context.claims[iri] for iri in _claims_shown(context.state, verdict)),
        open=tuple(context.features[feature] for feature in verdict.open),
        settling=tuple(MissingFinding(context.features[m.feature], m.finding, m.outcome) for m in missing),
        objections=tuple(o for iri in _objects(verdict, rows) for o in context.objections.get(iri, ())),
        supporting=verdict.criterion in cell.supporting,
        upholds=context.criteria[verdict.criterion].upholds,
        elements=tuple(
            _condition(context, cell.system, iri)
            for iri in context.elements[verdict.criterion]
            if iri in context.conditions
        ),
        conditions=tuple(
            _condition(context, cell.system, iri) for iri in sorted({iri for c in clauses for iri in c.conditions})
        ),
    )


def _condition(context: ExplanationContext, system: str, iri: str) -> ConditionExplanation:
    verdict = context.state.system_states[system].by_test[iri]
    name, definition = context.conditions[iri]
    claims = tuple(context.claims[claim] for claim in _claims_shown(context.state, verdict))
    return ConditionExplanation(name, definition, verdict.outcome, verdict.open_reason, claims)


def _objects(verdict: Verdict, provisions: Iterable[Row]) -> tuple[str, ...]:
    """Return the IRIs of the criterion, provisions and claims of a verdict, to which users can object."""
    return (verdict.criterion, *sorted({row_text(row, "provision") for row in provisions}), *verdict.claims)


def _claims_shown(state: JudgedState, verdict: Verdict) -> list[str]:
    """Return the claims of a verdict; if it is contested, also all claims that contradict them."""
    if verdict.open_reason is not OpenReason.CONTESTED:
        return list(verdict.claims)
    claims = state.counting_claims(verdict.system)
    own = [claim for claim in claims if claim.iri in verdict.claims]
    return sorted(set(verdict.claims).union(*(contradicting(state.rules.hierarchy, one, claims) for one in own)))


def _clause(row: Row, conditions: Iterable[str]) -> Clause:
    basis, force, role = (local_id(row_text(row, name)).lower() for name in ("basis", "force", "role"))
    return Clause(row_text(row, "locator"), row_text(row, "rationale"), basis, force, role, tuple(sorted(conditions)))
