"""Reads the objections to claims, criteria and provisions, and the decisions on them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scs_kg.model.namespaces import local_id
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import Row, row_text


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision on an objection: the ruling (``upheld`` or ``dismissed``), the reason, the author, and the date."""

    iri: str
    ruling: str
    reason: str
    by: str
    date: str


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection: its object, its ground, its author, its date, and the decisions on it.

    ``object`` is an IRI; ``kind`` is ``claim``, ``criterion`` or ``provision``.
    """

    iri: str
    object: str
    kind: str
    ground: str
    by: str
    date: str
    decisions: tuple[Decision, ...]


def objections(dataset: Dataset) -> Mapping[str, tuple[Objection, ...]]:
    """Return the objections to each claim, criterion or provision, keyed by IRI; the oldest objection is first."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in query_library.rows(dataset, "objections"):
        grouped[row_text(row, "objection")].append(row)
    found: dict[str, tuple[Objection, ...]] = defaultdict(tuple)
    for iri, rows in grouped.items():
        decisions = tuple(_decision(row) for row in rows if row_text(row, "decision"))
        about, kind = row_text(rows[0], "object"), local_id(row_text(rows[0], "kind")).lower()
        ground, by, date = (row_text(rows[0], name) for name in ("ground", "by", "date"))
        found[about] += (Objection(iri, about, kind, ground, by, date, decisions),)
    return MappingProxyType(dict(found))


def _decision(row: Row) -> Decision:
    ruling = local_id(row_text(row, "ruling")).lower()
    reason, by, date = (row_text(row, name) for name in ("reason", "decidedBy", "decidedOn"))
    return Decision(row_text(row, "decision"), ruling, reason, by, date)
