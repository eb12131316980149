"""Explains one cell: its principle, the provisions and criteria behind it, and the claims that decide or would."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from scs_kg import query
from scs_kg.acts import Objection, objections
from scs_kg.criteria import read_criteria
from scs_kg.judge import evidence, open_features
from scs_kg.model import Cell, Matrix, Outcome, Thing, Verdict
from scs_kg.namespaces import local_id
from scs_kg.query import Row, resolve, text, thing
from scs_kg.settle import hierarchy, settling
from scs_kg.store import Dataset


@dataclass(frozen=True, slots=True)
class Citation:
    """A document as a reader would cite it."""

    id: str
    reference: str
    page: str
    verification: str


@dataclass(frozen=True, slots=True)
class CitedClaim:
    """A claim in its own sentence, with where it stands and whom its source cites."""

    iri: str
    finding: str
    feature: str
    statement: str
    source: Citation
    locator: str
    as_of: str
    primary: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """Why the principle asks for the criterion: the clause, the step from it, what that rests on and how firmly."""

    locator: str
    rationale: str
    basis: str
    force: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A single finding that would decide an open verdict, and how."""

    feature: Thing
    finding: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Step:
    """One criterion of the cell: what it demands and why, its verdict, its claims, and what would settle it.

    ``objections`` are those to the criterion, to a provision that asks for it here, and to one of the claims.
    """

    criterion: Thing
    demand: str
    clauses: tuple[Clause, ...]
    outcome: str
    why: str | None
    claims: tuple[CitedClaim, ...]
    open: tuple[Thing, ...]
    settling: tuple[Missing, ...]
    objections: tuple[Objection, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """One cell with everything behind it."""

    system: Thing
    principle: Thing
    number: int
    demand: str
    matrix: Matrix
    cell: Cell
    steps: tuple[Step, ...]


def explain(dataset: Dataset, matrix: Matrix, system: str, principle: str) -> Explanation:
    """Explain the cell of a system and a principle, each by id or IRI, in a matrix of the judged dataset.

    Raises:
        UnknownNameError: the matrix has no such system or principle.
    """
    across, down = resolve(system, "system", matrix.systems), resolve(principle, "principle", matrix.principles)
    cell = next(c for c in matrix.cells if (c.system, c.principle) == (across.iri, down.iri))
    rows = query.rows(dataset, "principles", guideline=matrix.guideline.iri)
    about = next(row for row in rows if text(row, "principle") == down.iri)
    return Explanation(
        across, down, int(text(about, "number")), text(about, "definition"), matrix, cell, _steps(dataset, matrix, cell)
    )


def _steps(dataset: Dataset, matrix: Matrix, cell: Cell) -> tuple[Step, ...]:
    provisions: dict[str, list[Row]] = defaultdict(list)
    for row in query.rows(dataset, "provisions", reading=matrix.reading.iri, principle=cell.principle):
        provisions[text(row, "criterion")].append(row)
    features = {text(row, "feature"): thing(row, "feature") for row in query.rows(dataset, "features")}
    claims, found = cited_claims(dataset, cell.system), evidence(dataset)[cell.system]
    against = objections(dataset)
    criteria, above = {criterion.iri: criterion for criterion in read_criteria(dataset)}, hierarchy(dataset)
    steps = []
    for verdict in cell.verdicts:
        rows, criterion = provisions[verdict.criterion], criteria[verdict.criterion]
        is_open = verdict.outcome is Outcome.CANT_TELL
        hanging = open_features(criterion, found.known) if is_open else ()
        missing = settling(criterion, cell.system, found, above) if is_open else ()
        steps.append(
            Step(
                criterion=thing(rows[0], "criterion"),
                demand=text(rows[0], "definition"),
                clauses=tuple(_clause(row) for row in rows),
                outcome=verdict.outcome,
                why=verdict.why,
                claims=tuple(claims[iri] for iri in verdict.claims),
                open=tuple(features[feature] for feature in sorted(hanging)),
                settling=tuple(Missing(features[m.feature], m.finding, m.outcome) for m in missing),
                objections=tuple(o for iri in _grounds(verdict, rows) for o in against.get(iri, ())),
            )
        )
    return tuple(steps)


def _grounds(verdict: Verdict, provisions: list[Row]) -> tuple[str, ...]:
    """Return what a verdict rests on that one may object to: criterion, provisions, claims."""
    return (verdict.criterion, *sorted({text(row, "provision") for row in provisions}), *verdict.claims)


def _clause(row: Row) -> Clause:
    basis, force = (local_id(text(row, name)).lower() for name in ("basis", "force"))
    return Clause(text(row, "locator"), text(row, "rationale"), basis, force)


def cited_claims(dataset: Dataset, system: str) -> Mapping[str, CitedClaim]:
    """Return the claims about a system by IRI, each with its sources as citations."""
    citations = {text(row, "source"): _citation(row) for row in reversed(query.rows(dataset, "sources"))}
    labels = {text(row, "feature"): text(row, "label") for row in query.rows(dataset, "features")}
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in query.rows(dataset, "claims", system=system):
        grouped[text(row, "claim")].append(row)
    return {
        claim: CitedClaim(
            iri=claim,
            finding=local_id(text(rows[0], "finding")),
            feature=labels[text(rows[0], "feature")],
            statement=text(rows[0], "statement"),
            source=citations[text(rows[0], "source")],
            locator=text(rows[0], "locator"),
            as_of=text(rows[0], "asOf"),
            primary=tuple(citations[s] for s in sorted({text(row, "primarySource") for row in rows} - {""})),
        )
        for claim, rows in grouped.items()
    }


def _citation(row: Row) -> Citation:
    issued = text(row, "issued")[:4] or "no date"
    parts = [text(row, "title") or "title unknown", text(row, "publishedIn"), text(row, "publisher")]
    reference = f"{text(row, 'creator')} ({issued}). {'. '.join(part for part in parts if part)}."
    return Citation(local_id(text(row, "source")), reference, text(row, "page"), local_id(text(row, "verification")))
