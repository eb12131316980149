"""The cells of every reading from verdicts, one at a time, where only few of them can have changed.

``matrix.rq`` and ``evidence.rq`` define the comparison; the rule of a cell here is theirs, and tests hold them
together on all readings of the real data and on random verdicts.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from scs_kg.judging.matrix import ReadingChoice, choices, systems
from scs_kg.model.entity import Entity
from scs_kg.model.matrix import Cell
from scs_kg.model.namespaces import local_id
from scs_kg.model.verdicts import OpenReason, Outcome, Verdict
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_entity, row_text


@dataclass(frozen=True, slots=True)
class PrincipleCriteria:
    """What a principle asks for under one reading: its criteria by IRI, in order, with a label for each.

    ``firm`` are those that can decide the cell; the text only aspires to the others.
    """

    choice: ReadingChoice
    principle: Entity
    criteria: Mapping[str, str]
    firm: frozenset[str]


def read_principle_criteria(
    dataset: Dataset, guideline: str | None = None, reading: str | None = None
) -> tuple[PrincipleCriteria, ...]:
    """Return every principle of every reading, or of those named by id, IRI or label, in the order of the library.

    Raises:
        UnknownNameError: there is no such guideline, or no such reading.
        WrongUseError: the reading is of another guideline.
        EmptyInputError: there is no reading.
    """
    criteria: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    firm: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in query_library.rows(dataset, "provisions"):
        key, criterion = (row_text(row, "reading"), row_text(row, "principle")), row_text(row, "criterion")
        criteria[key][criterion] = row_text(row, "label")
        if local_id(row_text(row, "force")) != "Aspirational":
            firm[key].add(criterion)
    down = dict.fromkeys(
        (row_text(row, "guideline"), row_entity(row, "principle")) for row in query_library.rows(dataset, "principles")
    )
    return tuple(
        PrincipleCriteria(choice, principle, criteria[key], frozenset(firm[key]))
        for choice in choices(dataset, guideline, reading)
        for whole, principle in down
        if whole == choice.guideline.iri and (key := (choice.reading.iri, principle.iri))
    )


def labelled_systems(dataset: Dataset) -> dict[str, Entity]:
    """Return the systems by IRI, in the order in which they are compared."""
    return {system.iri: system for system in systems(dataset)}


def decide_cell(asked: PrincipleCriteria, system: str, verdicts: Mapping[str, Verdict]) -> Cell:
    """Return the cell of a principle and a system, by the verdicts on the system by criterion."""
    found = tuple(verdicts[criterion] for criterion in asked.criteria)
    outcome = outcome_of([(verdict.outcome, verdict.criterion in asked.firm) for verdict in found])
    decided = sum(verdict.outcome is not Outcome.CANT_TELL for verdict in found)
    reasons = [why for why in OpenReason if any(verdict.why is why for verdict in found)]
    is_open = outcome is Outcome.CANT_TELL and decided != len(found)
    return Cell(system, asked.principle.iri, outcome, decided, len(found), reasons[0] if is_open else None, found)


def outcome_of(outcomes: list[tuple[Outcome, bool]]) -> Outcome:
    """Return the outcome of a cell from those of its criteria, each with whether it is more than an aspiration."""
    firm = {outcome for outcome, is_firm in outcomes if is_firm}
    for decisive in (Outcome.FAILED, Outcome.PASSED):
        if decisive in firm:
            return decisive
    alike = {outcome for outcome, _ in outcomes}
    return Outcome.INAPPLICABLE if alike == {Outcome.INAPPLICABLE} else Outcome.CANT_TELL
