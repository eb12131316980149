"""The principles of each reading: their provisions, the conditions of the provisions, and the cell rule."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from scs_kg.judging.principle_numbers import number_of
from scs_kg.judging.readings import ReadingChoice, choices
from scs_kg.model.entity import Entity
from scs_kg.model.matrix import CellRule
from scs_kg.model.namespaces import local_id
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import Row, row_entity, row_text


@dataclass(frozen=True, slots=True)
class Provision:
    """One provision: the IRIs of its criterion and its conditions; ``plain`` is true if the force is ``scs:Plain``.

    A provision is ``deciding`` if its role is ``scs:Deciding`` and its force is not ``scs:Aspirational``.
    """

    iri: str
    criterion: str
    deciding: bool
    plain: bool
    conditions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PrincipleCriteria:
    """A principle under one reading.

    ``criteria`` has the labels of the criteria, keyed by IRI, in order. ``premises`` are the conditions of the
    principle, the guideline and the reading. ``since`` is the date from which the principle applies, empty if unknown.
    ``elsewhere`` has the IRIs of the systems that operate where the guideline does not apply. ``number`` is the number
    of the principle in its text, such as the article.
    """

    choice: ReadingChoice
    principle: Entity
    criteria: Mapping[str, str]
    provisions: tuple[Provision, ...]
    rule: CellRule = CellRule.EVERY
    premises: frozenset[str] = frozenset()
    since: str = ""
    elsewhere: frozenset[str] = frozenset()
    number: str = ""

    @property
    def deciding(self) -> frozenset[str]:
        """Return the criteria that count: criteria with at least one deciding provision."""
        return _deciding(self.provisions)

    @property
    def conditions(self) -> frozenset[str]:
        """Return every condition that affects a cell of the principle."""
        return _conditions(self.provisions, self.premises)


def read_principle_criteria(
    dataset: Dataset, guideline: str | None = None, reading: str | None = None
) -> tuple[PrincipleCriteria, ...]:
    """Return every principle of every reading or of the named readings, by reading and then as in ``principles.rq``.

    Raises:
        UnknownNameError: there is no such guideline or reading.
        WrongUseError: the reading belongs to another guideline, or a label is ambiguous.
        EmptyInputError: there is no reading.
    """
    return principle_criteria(dataset, choices(dataset, guideline, reading))


def principle_criteria(dataset: Dataset, readings: Iterable[ReadingChoice]) -> tuple[PrincipleCriteria, ...]:
    """Return every principle of some readings, with its criteria, by reading and then as in ``principles.rq``."""
    chosen = tuple(readings)
    only = {"reading": chosen[0].reading.iri} if len(chosen) == 1 else {}
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in query_library.rows(dataset, "provisions", **only):
        rows[row_text(row, "reading"), row_text(row, "principle")].append(row)
    conditions: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in query_library.rows(dataset, "conditions", **only):
        place = row_text(row, "reading"), row_text(row, "principle"), row_text(row, "provision")
        conditions[place].add(row_text(row, "condition"))
    elsewhere = {choice.guideline.iri: _elsewhere(dataset, choice.guideline) for choice in chosen}
    principles = {
        (row_text(row, "guideline"), row_entity(row, "principle")): (row_text(row, "since"), number_of(row))
        for row in query_library.rows(dataset, "principles")
    }
    return tuple(
        PrincipleCriteria(
            choice=choice,
            principle=principle,
            criteria=MappingProxyType({row_text(row, "criterion"): row_text(row, "label") for row in rows[key]}),
            provisions=tuple(_provision(row, conditions[(*key, row_text(row, "provision"))]) for row in rows[key]),
            rule=choice.rule,
            premises=frozenset(conditions[(*key, "")]),
            since=since,
            elsewhere=elsewhere[guideline],
            number=number,
        )
        for choice in chosen
        for (guideline, principle), (since, number) in principles.items()
        if guideline == choice.guideline.iri and (key := (choice.reading.iri, principle.iri))
    )


@lru_cache(maxsize=4096)
def _deciding(provisions: tuple[Provision, ...]) -> frozenset[str]:
    return frozenset(provision.criterion for provision in provisions if provision.deciding)


@lru_cache(maxsize=4096)
def _conditions(provisions: tuple[Provision, ...], premises: frozenset[str]) -> frozenset[str]:
    return premises.union(*(provision.conditions for provision in provisions))


def _provision(row: Row, conditions: Iterable[str]) -> Provision:
    force, role = (local_id(row_text(row, name)) for name in ("force", "role"))
    deciding = role == "Deciding" and force != "Aspirational"
    iri, criterion = row_text(row, "provision"), row_text(row, "criterion")
    return Provision(iri, criterion, deciding, force == "Plain", frozenset(conditions))


def _elsewhere(dataset: Dataset, guideline: Entity) -> frozenset[str]:
    """Return the IRIs of the systems that operate where a guideline does not apply."""
    rows = query_library.rows(dataset, "applicability", guideline=guideline.iri)
    return frozenset(row_text(row, "system") for row in rows if row_text(row, "applies") == "false")
