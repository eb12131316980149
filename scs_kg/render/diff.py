"""What differs between two editions as text, Markdown and JSON, under the names of ``Difference``."""

from dataclasses import asdict
from typing import Any

from scs_kg.analysis.diff.verdicts import CellChange, Difference, VerdictChange
from scs_kg.model.verdicts import OpenReason, Outcome
from scs_kg.render.data import as_json
from scs_kg.render.documents import template
from scs_kg.render.language import gettext as _
from scs_kg.render.table import REASONS, WORDS


def difference_text(found: Difference, form: str, width: int = 100) -> str:
    """Return what differs between two editions as text or markdown."""
    return template(f"diff.{form}.j2", width).render(d=found, state=_state)


def _state(state: tuple[str, str]) -> str:
    """Write outcome and reason as words."""
    outcome, why = state
    if not outcome:
        return _("not in the data")
    return _(WORDS[Outcome(outcome)]) + (_(" ({reason})", reason=_(REASONS[OpenReason(why)])) if why else "")


def difference_json(found: Difference) -> str:
    """Return what differs between two editions as JSON, under the names of ``Difference``; null is nothing."""

    def states(change: VerdictChange | CellChange) -> dict[str, Any]:
        old, new = (
            dict(zip(("outcome", "why"), (o or None, w or None), strict=True)) for o, w in (change.old, change.new)
        )
        return {**asdict(change), "old": old, "new": new}

    return as_json(
        {
            "old": found.old,
            "new": found.new,
            "verdicts": [states(change) for change in found.verdicts],
            "cells": [states(change) for change in found.cells],
            "records": [asdict(change) for change in found.records],
        }
    )
