"""What would follow, how firmly cells stand and what to find out first: as JSON, as CSV and as tables."""

from typing import Any

from scs_kg.consequence import Consequence, Turn
from scs_kg.model import Cell
from scs_kg.render.data import as_json
from scs_kg.whatif import Told, WhatIf


def whatif_json(found: WhatIf) -> str:
    """Return what would follow as JSON: the claims, the cells that they bear on, and in short which of them change."""
    kinds = {
        "changed": found.changed,
        "contested": found.contested,
        "changedWithin": found.inner,
        "secondSource": found.supported,
        "onlySource": found.weakened,
        "open": found.open,
    }
    return as_json(
        {
            "asOf": found.as_of,
            "added": [_told(claim) for claim in found.added],
            "withdrawn": [_told(claim) for claim in found.withdrawn],
            "known": list(found.known),
            "cellsInAll": found.of,
            "summary": {name: [_place(cell) for cell in cells] for name, cells in kinds.items()},
            "cells": [_consequence(cell) for cell in found.cells],
        }
    )


def _told(claim: Told) -> dict[str, Any]:
    said = {"claim": claim.claim.iri, "statement": claim.claim.label, "system": claim.system}
    return {**said, "feature": claim.feature, "finding": claim.finding, "counts": not claim.late}


def _place(found: Consequence) -> dict[str, str]:
    choice = found.asked.choice
    place = {"guideline": choice.guideline.id, "reading": choice.reading.id}
    return {**place, "principle": found.asked.principle.id, "system": found.system.id}


def _consequence(found: Consequence) -> dict[str, Any]:
    before, after = found.sources
    return {
        **_place(found),
        "before": {**_cell(found.before), "independentSources": before},
        "after": {**_cell(found.after), "independentSources": after},
        "criteria": [_turn(turn) for turn in found.turns],
        "wouldSettle": [
            {"feature": missing.feature.iri, "finding": missing.finding, "outcome": missing.outcome}
            for missing in found.missing
        ],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {"outcome": cell.outcome, "why": cell.why, "decided": cell.decided, "of": cell.of}


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "criterion": turn.criterion.iri,
        "label": turn.criterion.label,
        "before": {"outcome": turn.before.outcome, "why": turn.before.why},
        "after": {"outcome": turn.after.outcome, "why": turn.after.why},
        "by": list(turn.by),
    }
