"""The cell rule: the outcome of a cell from the verdicts on its criteria.

``matrix.rq`` is the specification. Here each decided outcome has one condition, a formula over verdicts, which decides
cells and from which ``analysis.dependencies`` derives what a cell depends on. Tests compare both with ``matrix.rq`` on
all readings of the real data and on random verdicts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from scs_kg.judging.readings import ReadingChoice, choices
from scs_kg.model.entity import Entity
from scs_kg.model.formula import Fact, Formula, conjunction, disjunction, holds
from scs_kg.model.matrix import Cell
from scs_kg.model.namespaces import local_id
from scs_kg.model.verdicts import OpenReason, Outcome, Verdict
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_entity, row_text


@dataclass(frozen=True, slots=True)
class PrincipleCriteria:
    """The criteria of a principle under one reading: their labels by IRI, in order.

    ``deciding`` are the criteria that can decide a cell: those with a provision whose force is not aspirational.
    """

    choice: ReadingChoice
    principle: Entity
    criteria: Mapping[str, str]
    deciding: frozenset[str]


def read_principle_criteria(
    dataset: Dataset, guideline: str | None = None, reading: str | None = None
) -> tuple[PrincipleCriteria, ...]:
    """Return every principle of every reading, or of the named ones, in the order of the queries.

    ``guideline`` and ``reading`` are ids, IRIs or labels.

    Raises:
        UnknownNameError: there is no such guideline or reading.
        WrongUseError: the reading belongs to another guideline.
        EmptyInputError: there is no reading.
    """
    return principle_criteria(dataset, choices(dataset, guideline, reading))


def principle_criteria(dataset: Dataset, readings: Iterable[ReadingChoice]) -> tuple[PrincipleCriteria, ...]:
    """Return every principle of some readings with its criteria, in the order of the queries."""
    criteria: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    deciding: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in query_library.rows(dataset, "provisions"):
        key, criterion = (row_text(row, "reading"), row_text(row, "principle")), row_text(row, "criterion")
        criteria[key][criterion] = row_text(row, "label")
        if local_id(row_text(row, "force")) != "Aspirational":
            deciding[key].add(criterion)
    principles = dict.fromkeys(
        (row_text(row, "guideline"), row_entity(row, "principle")) for row in query_library.rows(dataset, "principles")
    )
    return tuple(
        PrincipleCriteria(choice, principle, MappingProxyType(criteria[key]), frozenset(deciding[key]))
        for choice in readings
        for guideline, principle in principles
        if guideline == choice.guideline.iri and (key := (choice.reading.iri, principle.iri))
    )


def verdict_fact(criterion: str, outcome: Outcome) -> Fact:
    """Return the fact by which the condition of a cell tests whether the verdict on a criterion has an outcome."""
    return Fact(f"{criterion} {outcome}", present=True)


@lru_cache(maxsize=4096)
def cell_conditions(criteria: tuple[str, ...], deciding: frozenset[str]) -> Mapping[Outcome, Formula]:
    """Return the condition of each decided outcome of a cell, over the facts of ``verdict_fact``.

    The outcome of a cell is the first whose condition is true: failed before passed. Inapplicable excludes both. If no
    condition is true, the cell is undecided.
    """

    def facts(outcome: Outcome, among: Iterable[str]) -> list[Fact]:
        return [verdict_fact(criterion, outcome) for criterion in among]

    decisive = [criterion for criterion in criteria if criterion in deciding]
    return MappingProxyType(
        {
            Outcome.FAILED: disjunction(*facts(Outcome.FAILED, decisive)),
            Outcome.PASSED: disjunction(*facts(Outcome.PASSED, decisive)),
            Outcome.INAPPLICABLE: conjunction(*facts(Outcome.INAPPLICABLE, criteria)) if criteria else disjunction(),
        }
    )


def conditions_of(principle: PrincipleCriteria) -> Mapping[Outcome, Formula]:
    """Return the conditions of the cells of a principle; they are cached."""
    return cell_conditions(tuple(principle.criteria), principle.deciding)


def outcome_of(principle: PrincipleCriteria, verdicts: Iterable[Verdict]) -> Outcome:
    """Return the outcome of a cell from the verdicts on its criteria."""
    known = {verdict_fact(verdict.criterion, verdict.outcome) for verdict in verdicts}
    met = (outcome for outcome, condition in conditions_of(principle).items() if holds(condition, known))
    return next(met, Outcome.CANT_TELL)


def decide_cell(principle: PrincipleCriteria, system: str, verdicts: Mapping[str, Verdict]) -> Cell:
    """Return the cell of a principle and a system, by IRI, from the verdicts on the system by criterion."""
    found = tuple(verdicts[criterion] for criterion in principle.criteria)
    outcome = outcome_of(principle, found)
    decided = sum(verdict.outcome is not Outcome.CANT_TELL for verdict in found)
    is_open = outcome is Outcome.CANT_TELL and decided != len(found)
    reason = strongest_reason(found) if is_open else None
    return Cell(system, principle.principle.iri, outcome, decided, len(found), reason, found)


def strongest_reason(verdicts: Collection[Verdict]) -> OpenReason | None:
    """Return the strongest reason for which one of the verdicts is undecided, None if all are decided."""
    return next((reason for reason in OpenReason if any(verdict.open_reason is reason for verdict in verdicts)), None)
