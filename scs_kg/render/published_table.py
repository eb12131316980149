"""Writes a published table beside the table that is derived from the claims."""

from collections.abc import Iterable

from scs_kg.analysis.published_table import ComparedRow, PublishedComparison, Relation, Row
from scs_kg.model.entity import Entity
from scs_kg.model.verdicts import Outcome
from scs_kg.render.language import gettext as _
from scs_kg.render.language import listed, translated
from scs_kg.render.sentences import selection_sentence
from scs_kg.render.table import ORDER, SIGNS, Table


def published_table(found: PublishedComparison) -> Table:
    """Return a published table beside the derived table, row by row."""
    rows = tuple(
        (
            row.principle.label,
            " ".join(SIGNS[mark] for mark in row.marks) or _("blank"),
            _marks(row.derived),
            _(row.relation.value),
            _why(row, found.systems),
            listed(map(_, row.bases)),
        )
        for row in found.rows
    )
    order = listed(system.label for system in found.systems)
    place = {"locator": found.locator, "source": found.source, "reading": found.matrix.reading.label}
    title = _("{locator} of {source} and the table derived from its claims, read {reading}", **place)
    notes = (_(ORDER, systems=order), selection_sentence(found.matrix.selection))
    columns = ("principle", "published", "derived", "agreement", "why", "basis")
    return Table(title, tuple(map(_, columns)), rows, notes)


def _why(row: ComparedRow, systems: Iterable[Entity]) -> str:
    """Return the reason for the relation of a row, or the marks that differ if the position of each mark is known."""
    if row.relation is not Relation.DIFFERENT or len(row.placements) > 1:
        return translated(row.reason)
    differing = (
        _("{system}: published {published}, derived {derived}", system=system.label, published=mark, derived=outcome)
        for system, mark, outcome in zip(
            systems, *(map(_sign, cells) for cells in (row.placements[0], row.derived)), strict=True
        )
        if mark != outcome
    )
    return listed(differing, "; ")


def _sign(mark: Outcome | None) -> str:
    return SIGNS[mark] if mark else _("blank")


def _marks(row: Row) -> str:
    return " ".join(SIGNS[mark] if mark else "·" for mark in row)
