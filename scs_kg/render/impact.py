"""What would follow, how firmly cells stand and what to find out first: as JSON, as CSV and as tables."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from scs_kg.analysis.impact import CellImpact, VerdictImpact
from scs_kg.analysis.research_agenda import FindingToSeek
from scs_kg.analysis.robustness import CellRobustness
from scs_kg.analysis.whatif import ClaimSummary, WhatIf
from scs_kg.judging.cells import PrincipleCriteria
from scs_kg.model.entity import Entity
from scs_kg.model.matrix import Cell
from scs_kg.model.namespaces import local_id
from scs_kg.model.verdicts import Outcome
from scs_kg.render.data import as_csv, as_json
from scs_kg.render.documents import template, words
from scs_kg.render.table import FINDINGS, MARKS, WORDS, Table


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
            "notCountedIn": list(found.closed),
            "summary": {name: [_place(cell) for cell in cells] for name, cells in kinds.items()},
            "cells": [_consequence(cell) for cell in found.cells],
        }
    )


def _told(claim: ClaimSummary) -> dict[str, Any]:
    said = {"claim": claim.claim.iri, "statement": claim.claim.label, "system": claim.system}
    return {**said, "feature": claim.feature, "finding": claim.finding, "counts": not claim.late}


def _place(found: CellImpact) -> dict[str, str]:
    return _asked(found.asked, found.system)


def _asked(asked: PrincipleCriteria, system: Entity) -> dict[str, str]:
    choice = asked.choice
    place = {"guideline": choice.guideline.id, "reading": choice.reading.id}
    return {**place, "principle": asked.principle.id, "system": system.id}


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


def robustness_table(found: Sequence[CellRobustness], top: int | None = None) -> Table:
    """Return the footing of cells as a table, of the first ``top`` or of all; notes say what is left out."""
    shown = found[:top]
    rows = tuple(
        (
            MARKS[one.outcome],
            *(number or "?" for number in _numbers(one)),
            one.system.label,
            one.asked.principle.label,
            one.asked.choice.reading.id,
            ", ".join(local_id(source) for source in one.only),
        )
        for one in shown
    )
    alone = [one for one in found if one.sources == 1]
    often = Counter(local_id(source) for one in alone for source in one.only)
    ranked = sorted(often.items(), key=lambda pair: (-pair[1], pair[0]))[:5]
    notes = [
        f"{len(alone):,} of {len(found):,} decided cells change with the loss of one source"
        + (f", most often {', '.join(f'{name} ({count})' for name, count in ranked)}." if ranked else "."),
        "Sources and claims: how many have to be lost at least before the mark is another. A source takes with it each "
        "claim that it was read for or that cites it; sources with one text count once.",
    ]
    notes += [f"{len(found) - len(shown):,} further cells are not shown."] if len(shown) < len(found) else []
    columns = ("mark", "sources", "claims", "system", "principle", "reading", "hangs on")
    return Table("How firmly the decided cells stand", columns, rows, tuple(notes))


def robustness_csv(found: Sequence[CellRobustness]) -> str:
    """Return the footing of cells as CSV, a row for each cell; a number that is not known is empty."""
    header = ("guideline", "reading", "principle", "system", "outcome", "sources", "claims", "only")
    rows = [
        (*_asked(one.asked, one.system).values(), one.outcome, *_numbers(one), " ".join(map(local_id, one.only)))
        for one in found
    ]
    return as_csv((header, *rows))


def _numbers(one: CellRobustness) -> tuple[str, str]:
    return ("" if one.sources is None else str(one.sources)), ("" if one.claims is None else str(one.claims))


def robustness_json(found: Sequence[CellRobustness]) -> str:
    """Return the footing of cells as JSON, the weakest first; a number that is not known is null."""
    return as_json(
        [
            {
                **_asked(one.asked, one.system),
                "outcome": one.outcome,
                "sources": one.sources,
                "claims": one.claims,
                "only": list(one.only),
            }
            for one in found
        ]
    )


def agenda_table(found: Sequence[FindingToSeek], top: int | None = None) -> Table:
    """Return findings that would settle cells as a table, of the first ``top`` or of all."""
    shown = found[:top]
    rows = tuple(
        (
            str(len(lead.settles)),
            lead.system.label,
            lead.feature.label,
            FINDINGS[lead.finding],
            ", ".join(
                f"{count} {WORDS[outcome]}"
                for outcome in Outcome
                if (count := sum(then is outcome for _, then in lead.settles))
            ),
        )
        for lead in shown
    )
    notes = ["Cells: how many open cells, of all readings asked, one claim with this finding would settle, and how."]
    notes += [f"{len(found) - len(shown):,} further findings are not shown."] if len(shown) < len(found) else []
    title = "Single findings that would settle most open cells"
    return Table(title, ("cells", "system", "feature", "finding", "would be"), rows, tuple(notes))


def agenda_csv(found: Sequence[FindingToSeek]) -> str:
    """Return findings that would settle cells as CSV, a row for each finding and cell."""
    header = ("system", "feature", "finding", "cells", "guideline", "reading", "principle", "outcome")
    rows = [
        (lead.system.id, lead.feature.id, lead.finding, str(len(lead.settles)), *_of(asked), outcome)
        for lead in found
        for asked, outcome in lead.settles
    ]
    return as_csv((header, *rows))


def _of(asked: PrincipleCriteria) -> tuple[str, str, str]:
    return asked.choice.guideline.id, asked.choice.reading.id, asked.principle.id


def agenda_json(found: Sequence[FindingToSeek]) -> str:
    """Return findings that would settle cells as JSON, those that settle most first."""
    return as_json(
        [
            {
                "system": lead.system.id,
                "feature": lead.feature.iri,
                "finding": lead.finding,
                "settles": [{**_asked(asked, lead.system), "outcome": then} for asked, then in lead.settles],
            }
            for lead in found
        ]
    )


def whatif_text(found: WhatIf, form: str, width: int = 100) -> str:
    """Return what would follow as text or markdown."""
    done = [_counted(verb, told) for verb, told in (("added", found.added), ("withdrawn", found.withdrawn)) if told]
    sections = (
        ("Marks that change", found.changed),
        ("Verdicts that change while the mark stays", found.inner),
        ("Become contested", found.contested),
        ("Gain a second source", found.supported),
        ("Would hang on one source", found.weakened),
        ("Stay open", found.open),
    )
    return template(f"whatif.{form}.j2", width).render(
        w=found,
        what=" and ".join(done) or "nothing new were said",
        sections=sections,
        **words(),
    )


def _counted(verb: str, told: tuple[ClaimSummary, ...]) -> str:
    return f"one claim was {verb}" if len(told) == 1 else f"{len(told)} claims were {verb}"
