"""What-if answers as text, as Markdown and as JSON."""

from typing import Any

from scs_kg.analysis.impact import CellImpact, VerdictImpact
from scs_kg.analysis.whatif import ClaimSummary, WhatIf
from scs_kg.model.matrix import Cell
from scs_kg.model.selection import Selection
from scs_kg.render.data import as_json, selection_json
from scs_kg.render.documents import template, words
from scs_kg.render.language import gettext as _
from scs_kg.render.language import listed, ngettext
from scs_kg.render.rankings import cell_place
from scs_kg.render.sentences import readings_sentence


def whatif_json(found: WhatIf, selection: Selection | None = None) -> str:
    """Return a what-if answer as JSON: the claims, the cells that they affect, and a summary of the changes."""
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
            "selection": selection_json(selection or Selection(as_of=found.as_of)),
            "added": [_told(claim) for claim in found.added],
            "withdrawn": [_told(claim) for claim in found.withdrawn],
            "known": list(found.known),
            "cellsInAll": found.of,
            "notCountedIn": list(found.closed),
            "summary": {name: [_place(cell) for cell in cells] for name, cells in kinds.items()},
            "cells": [_consequence(cell) for cell in found.cells],
        }
    )


def _told(claim: ClaimSummary) -> dict[str, Any]:
    said = {"claim": claim.claim.iri, "statement": claim.claim.label, "system": claim.system}
    return {**said, "feature": claim.feature, "finding": claim.finding, "counts": not claim.late}


def _place(found: CellImpact) -> dict[str, str]:
    return cell_place(found.asked, found.system)


def _consequence(found: CellImpact) -> dict[str, Any]:
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


def _turn(turn: VerdictImpact) -> dict[str, Any]:
    return {
        "criterion": turn.criterion.iri,
        "label": turn.criterion.label,
        "before": {"outcome": turn.before.outcome, "why": turn.before.why},
        "after": {"outcome": turn.after.outcome, "why": turn.after.why},
        "by": list(turn.by),
    }


def whatif_text(found: WhatIf, form: str, width: int = 100, selection: Selection | None = None) -> str:
    """Return a what-if answer as text or markdown."""
    sections = (
        ("changed", _("Marks that change"), found.changed),
        ("inner", _("Verdicts that change while the mark stays"), found.inner),
        ("contested", _("Become contested"), found.contested),
        ("supported", _("Gain a second source"), found.supported),
        ("weakened", _("Would depend on one source"), found.weakened),
        ("open", _("Stay open"), found.open),
    )
    return template(f"whatif.{form}.j2", width).render(
        w=found,
        change=_change(found),
        affected=_affected(found),
        counted=readings_sentence(selection or Selection(as_of=found.as_of)),
        sections=sections,
        **words(),
    )


def _change(found: WhatIf) -> str:
    added, withdrawn = len(found.added), len(found.withdrawn)
    changes = [ngettext("one claim were added", "{number} claims were added", added)] if added else []
    changes += [ngettext("one claim were withdrawn", "{number} claims were withdrawn", withdrawn)] if withdrawn else []
    return listed(changes, " and ") or _("no claim were new")


def _affected(found: WhatIf) -> str:
    """Return how many cells depend on the claims, and where new claims do not count."""
    count = len(found.cells)
    cells = {"of": f"{found.of:,}"}
    if not count:
        sentence = _("None of {of} cells depends on these claims.", **cells)
    else:
        sentence = ngettext(
            "{number} of {of} cells depends on these claims.",
            "{number} of {of} cells depend on these claims.",
            count,
            **cells,
        )
    if not found.closed:
        return sentence
    closed = _(
        "New claims do not count in readings written for one dataset: {readings}.", readings=listed(found.closed)
    )
    return f"{sentence} {closed}"
