"""The differences between two editions as text, Markdown, CSV and JSON, with the field names of ``Difference``."""

from dataclasses import asdict
from typing import Any

from scs_kg.analysis.diff.verdicts import CellChange, CellState, Difference, VerdictChange
from scs_kg.model.matrix import Cell, Counts, Mark
from scs_kg.model.selection import Selection
from scs_kg.model.verdicts import OpenReason, Outcome
from scs_kg.render.data import as_csv, as_json
from scs_kg.render.document_templates import template
from scs_kg.render.language import gettext as _
from scs_kg.render.language import ngettext
from scs_kg.render.rankings import EVERYTHING
from scs_kg.render.sentences import selection_sentence
from scs_kg.render.table import REASONS, WORDS, marked


def difference_text(found: Difference, form: str, width: int = 100, selection: Selection = EVERYTHING) -> str:
    """Return the differences between two editions, judged from the claims of a selection, as text or markdown."""
    numbers = (
        ngettext("{number} verdict", "{number} verdicts", len(found.verdicts)),
        ngettext("{number} cell", "{number} cells", len(found.cells)),
        ngettext("{number} record", "{number} records", len(found.records)),
    )
    words = {"differ": numbers, "counted": selection_sentence(selection)}
    return template(f"diff.{form}.j2", width).render(d=found, state=_state, cell=_cell, **words)


def _state(state: tuple[str, str]) -> str:
    """Return outcome and reason as words."""
    outcome, why = state
    if not outcome:
        return _("not in the data")
    return _(WORDS[Outcome(outcome)]) + (_(" ({reason})", reason=_(REASONS[OpenReason(why)])) if why else "")


def _cell(state: CellState | None) -> str:
    """Return the mark of a cell as a matrix shows it, and the reason why the cell is open: ``√§ 1/3 ah``."""
    if state is None:
        return _("not in the data")
    mark, counts = Mark(state.mark), Counts(state.met, state.not_met, state.open)
    reason = _(" ({reason})", reason=_(REASONS[OpenReason(state.why)])) if state.why and mark is Mark.NOT_KNOWN else ""
    shown = Cell("", "", Outcome.CANT_TELL, mark, counts, None, (), scope=state.scope, on_paper=state.on_paper)
    return marked(shown) + reason


def difference_csv(found: Difference) -> str:
    """Return the cells that differ as CSV: mark and counts of each edition, and the names of the causes."""
    state = ("mark", "met", "notMet", "of", "why")
    header = ("reading", "principle", "system", *(f"old {name}" for name in state), *(f"new {name}" for name in state))
    rows = (
        (cell.reading, cell.principle, cell.system, *_values(cell.old), *_values(cell.new), " ".join(cell.because))
        for cell in found.cells
    )
    return as_csv(((*header, "because"), *rows))


def _values(state: CellState | None) -> tuple[str, ...]:
    if state is None:
        return ("",) * 5
    counts = (state.met, state.not_met, state.met + state.not_met + state.open)
    return (state.mark, *map(str, counts), state.why)


def difference_json(found: Difference) -> str:
    """Return the differences between two editions as JSON; null if an edition has no such cell, outcome or reason."""

    def verdicts(change: VerdictChange) -> dict[str, Any]:
        old, new = (
            dict(zip(("outcome", "why"), (o or None, w or None), strict=True)) for o, w in (change.old, change.new)
        )
        return {**asdict(change), "old": old, "new": new}

    def cells(change: CellChange) -> dict[str, Any]:
        old, new = (
            state
            and {"mark": state.mark, "met": state.met, "notMet": state.not_met, "open": state.open}
            | {"why": state.why or None, "scope": list(state.scope), "onPaper": state.on_paper}
            for state in (change.old, change.new)
        )
        return {**asdict(change), "old": old, "new": new}

    return as_json(
        {
            "old": found.old,
            "new": found.new,
            "verdicts": [verdicts(change) for change in found.verdicts],
            "cells": [cells(change) for change in found.cells],
            "records": [asdict(change) for change in found.records],
        }
    )
