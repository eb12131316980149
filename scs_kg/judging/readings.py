"""The readings of guidelines, and the choice of a reading by name."""

from collections.abc import Iterable
from dataclasses import dataclass

from scs_kg.model.entity import Entity
from scs_kg.model.errors import EmptyInputError, UnknownNameError, WrongUseError
from scs_kg.model.matrix import CellRule
from scs_kg.model.namespaces import local_id
from scs_kg.store import Dataset, query_library
from scs_kg.store.labels import resolve
from scs_kg.store.query_library import row_entity, row_text


@dataclass(frozen=True, slots=True)
class ReadingChoice:
    """A reading with its guideline, its cell rule, and the id of the dataset that it was written for, or None."""

    guideline: Entity
    reading: Entity
    written_for: str | None
    rule: CellRule = CellRule.EVERY


def choose_reading(dataset: Dataset, guideline: str | None, reading: str | None) -> ReadingChoice:
    """Return the first reading that matches the given names; errors are those of ``choices``."""
    return choices(dataset, guideline, reading)[0]


def choices(dataset: Dataset, guideline: str | None = None, reading: str | None = None) -> list[ReadingChoice]:
    """Return every reading with its guideline, or the readings that match the given names (ids, IRIs or labels).

    Raises:
        UnknownNameError: there is no such guideline or reading.
        WrongUseError: the reading belongs to another guideline, or a label is ambiguous.
        EmptyInputError: there is no reading.
    """
    found: dict[str, ReadingChoice] = {}
    for row in query_library.rows(dataset, "readings"):
        written_for = local_id(row_text(row, "dataset")) or None
        rule = CellRule(local_id(row_text(row, "rule")))
        guideline_read = row_entity(row, "guideline", "guidelineLabel")
        choice = ReadingChoice(guideline_read, row_entity(row, "reading"), written_for, rule)
        found.setdefault(choice.reading.iri, choice)
    if not found:
        raise EmptyInputError(f"{dataset.root}: no reading in ontology/guidelines/; a comparison needs at least one")
    chosen = list(found.values())
    if guideline is not None:
        wanted = resolve(dataset, guideline, "guideline", (choice.guideline for choice in chosen))
        chosen = [choice for choice in chosen if choice.guideline == wanted]
    if reading is not None:
        chosen = [_named(dataset, reading, chosen, found.values())]
    return chosen


def _named(
    dataset: Dataset, reading: str, chosen: list[ReadingChoice], every: Iterable[ReadingChoice]
) -> ReadingChoice:
    """Return the choice with a reading; the error for a reading of another guideline names both guidelines."""
    by_iri = {choice.reading.iri: choice for choice in every}
    try:
        return by_iri[resolve(dataset, reading, "reading", (choice.reading for choice in chosen)).iri]
    except UnknownNameError as unknown:
        try:
            other = by_iri[resolve(dataset, reading, "reading", (choice.reading for choice in by_iri.values())).iri]
        except UnknownNameError:
            raise unknown from None
    guideline, own = chosen[0].guideline.id, ", ".join(choice.reading.id for choice in chosen)
    raise WrongUseError(
        f"{other.reading.id} is a reading of {other.guideline.id}; the readings of {guideline} are {own}"
    )
