"""The results of what-if analyses as text, Markdown and JSON."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from scs_kg.analysis.impact import CellImpact, VerdictImpact
from scs_kg.analysis.whatif import ClaimSummary, WhatIf
from scs_kg.model.claims import Finding
from scs_kg.model.matrix import Cell
from scs_kg.model.selection import Selection
from scs_kg.render.data import as_json, cell_data, selection_json
from scs_kg.render.document_templates import template, words
from scs_kg.render.explanation import missing_json
from scs_kg.render.language import gettext as _
from scs_kg.render.language import joined, listed, ngettext
from scs_kg.render.rankings import cell_place
from scs_kg.render.sentences import readings_sentence

Section = tuple[str, str, tuple[CellImpact, ...]]
"""A section of the text: its key, its title and its cells."""
ON_SOURCES: Final = frozenset({"supported", "weakened"})
"""The sections on the number of sources of a cell."""

if TYPE_CHECKING:  # import only for annotations
    from scs_kg.render.json_change_shapes import (
        CellChangeJson,
        CellPlaceJson,
        CellStateJson,
        ClaimChangeJson,
        VerdictChangeJson,
        WhatIfJson,
    )


def whatif_json(found: WhatIf, selection: Selection | None = None) -> str:
    """Return the result of a what-if analysis as JSON: the claims, the affected cells, and a summary of the changes."""
    return as_json(whatif_data(found, selection or Selection(as_of=found.as_of)))


def whatif_data(found: WhatIf, selection: Selection) -> "WhatIfJson":
    """Return the result of a what-if analysis as the object that its JSON encodes."""
    return {
        "asOf": found.as_of,
        "selection": selection_json(selection),
        "added": [_claim(claim) for claim in found.added],
        "withdrawn": [_claim(claim) for claim in found.withdrawn],
        "restored": [_claim(claim) for claim in found.restored],
        "known": list(found.known),
        "cellsInAll": found.of,
        "notCountedIn": list(found.closed),
        "summary": {
            "changed": _places(found.changed),
            "contested": _places(found.contested),
            "changedWithin": _places(found.inner),
            "secondSource": _places(found.supported),
            "onlySource": _places(found.weakened),
            "open": _places(found.open),
        },
        "cells": [_cell_change(cell) for cell in found.cells],
    }


def _claim(claim: ClaimSummary) -> "ClaimChangeJson":
    return {
        "claim": claim.claim.iri,
        "statement": claim.claim.label,
        "system": claim.system,
        "feature": claim.feature,
        "finding": Finding(claim.finding),
        "counts": not (claim.late or claim.other_mode),
        "supersededBy": claim.superseded_by or None,
    }


def _places(cells: Iterable[CellImpact]) -> "list[CellPlaceJson]":
    return [cell_place(cell.principle_criteria, cell.system) for cell in cells]


def _cell_change(found: CellImpact) -> "CellChangeJson":
    before, after = found.sources
    return {
        **cell_place(found.principle_criteria, found.system),
        "before": _cell_state(found.before, before),
        "after": _cell_state(found.after, after),
        "criteria": [_verdict_change(change) for change in found.verdict_changes],
        "wouldSettle": [missing_json(missing) for missing in found.missing],
    }


def _cell_state(cell: Cell, sources: int | None) -> "CellStateJson":
    return {
        **cell_data(cell),
        "independentSources": sources,
    }


def _verdict_change(change: VerdictImpact) -> "VerdictChangeJson":
    return {
        "criterion": change.criterion.iri,
        "label": change.criterion.label,
        "before": {"outcome": change.before.outcome, "why": change.before.open_reason},
        "after": {"outcome": change.after.outcome, "why": change.after.open_reason},
        "by": list(change.by),
    }


def whatif_text(found: WhatIf, form: str, width: int = 100, selection: Selection | None = None) -> str:
    """Return the result of a what-if analysis as text or markdown."""
    sections = (
        ("changed", _("Marks that change"), found.changed),
        ("contested", _("Become contested"), found.contested),
        ("inner", _("Verdicts that change while the mark stays"), found.inner),
        ("supported", _("Gain a second source"), found.supported),
        ("weakened", _("Would depend on one source"), found.weakened),
        ("open", _("Stay open"), found.open),
    )
    return template(f"whatif.{form}.j2", width).render(
        w=found,
        change=_change(found),
        affected=_affected(found),
        counted=readings_sentence(selection or Selection(as_of=found.as_of)),
        sections=_once(sections),
        **words(),
    )


def _once(sections: Iterable[Section]) -> list[Section]:
    """Return the sections; a cell is in the first section that fits, and in the sections on the number of sources."""
    seen: set[tuple[str, str, str]] = set()
    found: list[Section] = []
    for key, title, cells in sections:
        new = {(c.before.system, c.before.principle, c.principle_criteria.choice.reading.iri): c for c in cells}
        if key in ON_SOURCES:
            found.append((key, title, cells))
        else:
            found.append((key, title, tuple(cell for place, cell in new.items() if place not in seen)))
            seen |= new.keys()
    return found


def _change(found: WhatIf) -> str:
    added, withdrawn = len(found.added), len(found.withdrawn)
    changes = [ngettext("one claim were added", "{number} claims were added", added)] if added else []
    changes += [ngettext("one claim were withdrawn", "{number} claims were withdrawn", withdrawn)] if withdrawn else []
    return listed(changes, " and ") or _("no claims were added")


def _affected(found: WhatIf) -> str:
    """Return a sentence on how many cells the claims affect, and in which readings new claims do not count."""
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
    return joined((sentence, closed))
