"""Pages of norms: guidelines, principles, readings, and all cells of one system under one reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scs_kg.analysis.explain import explain_cell
from scs_kg.analysis.explanation import ConditionExplanation, CriterionExplanation, Explanation
from scs_kg.analysis.robustness import fewest_withdrawals
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.matrix_pages import View, view
from scs_kg.explorer.page import Page
from scs_kg.model.entity import Entity
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.matrix import Cell, Mark, Scope
from scs_kg.model.namespaces import BASE, local_id
from scs_kg.model.verdicts import OpenReason, Outcome
from scs_kg.store.query_library import Row, row_text

ORDER: Final = (Outcome.FAILED, Outcome.PASSED, Outcome.CANT_TELL, Outcome.INAPPLICABLE)
"""The order of outcomes by which the criteria of a cell are sorted; the most decisive outcome is first."""


@dataclass(frozen=True, slots=True)
class ExplainedCell:
    """The explanation of a cell; its deciding criteria are split into criteria with and without claims.

    The page quotes the claims of the criteria ``in_full``: decided criteria, and criteria on which claims differ.
    Claims affect the criteria ``in_brief`` and do not decide them; the page only names the sources of these claims.
    ``supporting`` are the criteria that are shown but do not count. ``fewest`` has the smallest number of claims, and
    of sources, whose withdrawal changes the mark. ``fewest`` is None if the mark is open or no withdrawal changes it.
    """

    explanation: Explanation
    fewest: tuple[int, int] | None
    in_full: tuple[CriterionExplanation, ...]
    in_brief: tuple[CriterionExplanation, ...]
    without_claims: tuple[CriterionExplanation, ...]
    supporting: tuple[CriterionExplanation, ...]

    @property
    def with_claims(self) -> tuple[CriterionExplanation, ...]:
        """Return the criteria with claims."""
        return self.in_full + self.in_brief

    @property
    def is_outside(self) -> bool:
        """Return whether the text surely does not cover the system; the page then only names the criteria."""
        return Scope.OUTSIDE in self.explanation.cell.scope

    @property
    def is_silent(self) -> bool:
        """Return whether the cell is open and no claim affects any of its criteria, including supporting criteria."""
        shown = self.in_full or self.in_brief or any(_has_claims(step) for step in self.supporting)
        return not shown and self.explanation.cell.mark is Mark.NOT_KNOWN

    @property
    def is_listed(self) -> bool:
        """Return whether the cell is open and no claim affects a criterion that counts; such a cell has no section."""
        return not self.with_claims and self.explanation.cell.mark is Mark.NOT_KNOWN


def guideline_or_principle(content: SiteContent, path: str) -> Page:
    """Build the page of ``guideline`` or of ``guideline/principle``."""
    return principle(content, path) if "/" in path else guideline(content, path)


def guideline(content: SiteContent, name: str) -> Page:
    """Build the page of a guideline: the kind of norm, its principles, its readings, and its texts."""
    iri, known = f"{BASE}guideline/{name}", content.grouped("guidelines", "guideline")
    if iri not in known:
        raise UnknownNameError("guideline", name, map(local_id, known))
    own = [choice for choice in content.choices.values() if choice.guideline.iri == iri]
    data = {
        "rows": known[iri],
        "principles": [row for row in content.rows["principles"] if row_text(row, "guideline") == iri],
        "views": [(shown, _by_principle(shown)) for shown in (view(content, choice.reading.id) for choice in own)],
    }
    return Page(f"guideline/{name}", "guideline", iri, data, iri)


def _by_principle(shown: View) -> Mapping[str, list[Cell]]:
    """Return the cells of each principle (IRI) of a reading."""
    found: dict[str, list[Cell]] = {principle.iri: [] for principle in shown.matrix.principles}
    for cell in shown.matrix.cells:
        found[cell.principle].append(cell)
    return found


def principle(content: SiteContent, path: str) -> Page:
    """Build the page of a principle: its demand, and for each reading its provisions and the systems per outcome."""
    iri = f"{BASE}guideline/{path}"
    known = {row_text(row, "principle"): row for row in content.rows["principles"]}
    if iri not in known:
        raise UnknownNameError("principle", path, (name.removeprefix(f"{BASE}guideline/") for name in known))
    guideline_iri = row_text(known[iri], "guideline")
    views = [view(content, c.reading.id) for c in content.choices.values() if c.guideline.iri == guideline_iri]
    data = {
        "row": known[iri],
        "guideline": guideline_iri,
        "readings": [(shown, provisions(content, shown, iri), cells_by_mark(shown, iri)) for shown in views],
    }
    return Page(f"guideline/{path}", "principle", iri, data, iri)


def provisions(content: SiteContent, shown: View, principle_iri: str = "") -> list[Row]:
    """Return the provisions of a reading, for one principle or for all."""
    rows = content.grouped("provisions", "reading")[shown.choice.reading.iri]
    return [row for row in rows if principle_iri in ("", row_text(row, "principle"))]


def premises(content: SiteContent, reading: str, principle: str) -> list[str]:
    """Return the premises of a principle under a reading; both are IRIs."""
    rows = content.grouped("conditions", "principle").get(principle, ())
    own = (row for row in rows if row_text(row, "reading") == reading and not row_text(row, "provision"))
    return [row_text(row, "condition") for row in own]


def cells_by_mark(shown: View, principle_iri: str) -> Mapping[Mark, list[Cell]]:
    """Return the cells of a principle, grouped by mark, without a mark that no cell has."""
    own = [cell for cell in shown.matrix.cells if cell.principle == principle_iri]
    cells = {mark: [cell for cell in own if cell.mark is mark] for mark in Mark if mark is not Mark.NOT_ASKED}
    return {mark: marked for mark, marked in cells.items() if marked}


def reading_or_cells(content: SiteContent, path: str) -> Page:
    """Build the page of ``reading``, or of ``reading/system``: all cells of the system with their evidence."""
    name, _, system = path.partition("/")
    shown = view(content, name)
    return cells(shown, system) if system else reading(content, shown)


def reading(content: SiteContent, shown: View) -> Page:
    """Build the page of a reading: its guideline, its sources, and its provisions grouped by principle."""
    iri = shown.choice.reading.iri
    by_principle = {p.iri: provisions(content, shown, p.iri) for p in shown.matrix.principles}
    data = {"view": shown, "rows": content.grouped("readings", "reading")[iri], "by_principle": by_principle}
    return Page(f"reading/{shown.choice.reading.id}", "reading", iri, data, iri)


def cells(shown: View, name: str) -> Page:
    """Build the page of one system under one reading; the fragment of each cell is the id of its principle.

    Cells without claims are listed after the other cells, only with the provisions of their principle.
    """
    known: dict[str, Entity] = {system.id: system for system in shown.matrix.systems}
    if name not in known:
        raise UnknownNameError("system", name, known)
    system = known[name]
    own = [cell for cell in shown.matrix.cells if cell.system == system.iri]
    context = shown.edition.explanation_context  # brief: no proofs, and no findings on criteria without claims
    explained = [
        _by_evidence(explain_cell(context, shown.matrix, cell, brief=True), fewest(shown, cell))
        for cell in own
        if cell.mark is not Mark.NOT_ASKED
    ]
    data = {
        "view": shown,
        "system": system,
        "folder": f"{shown.choice.reading.id}/{system.id}",
        "cells": explained,
        "premises": _shared_premises(explained),
        "unasked": [cell.principle for cell in own if cell.mark is Mark.NOT_ASKED],
    }
    return Page(f"reading/{shown.choice.reading.id}/{name}", "cells", system.iri, data)


def _shared_premises(cells: Sequence[ExplainedCell]) -> tuple[ConditionExplanation, ...]:
    """Return the premises that all cells share, so that the page shows them once."""
    premises = [cell.explanation.premises for cell in cells]
    return tuple(one for one in premises[0] if all(one in of for of in premises)) if premises else ()


def _by_evidence(explanation: Explanation, withdrawals: tuple[int, int] | None) -> ExplainedCell:
    deciding = sorted(
        (step for step in explanation.steps if not step.supporting), key=lambda step: ORDER.index(Outcome(step.outcome))
    )
    with_claims = [step for step in deciding if _has_claims(step)]
    return ExplainedCell(
        explanation,
        withdrawals,
        tuple(step for step in with_claims if not _is_brief(step)),
        tuple(step for step in with_claims if _is_brief(step)),
        tuple(step for step in deciding if not _has_claims(step)),
        tuple(step for step in explanation.steps if step.supporting),
    )


def _is_brief(step: CriterionExplanation) -> bool:
    differing = (OpenReason.CONTESTED, OpenReason.RULE_AND_PRACTICE_DIFFER)
    return step.outcome == Outcome.CANT_TELL and step.open_reason not in differing and not step.elements


def _has_claims(step: CriterionExplanation) -> bool:
    return bool(step.claims) or any(one.claims for one in (*step.elements, *step.conditions))


def verdict_history(content: SiteContent, name: str) -> Page:
    """Build the page that shows how the verdicts of a reading changed over time, by the dates of the claims."""
    shown = view(content, name)
    criteria = {row_text(row, "criterion") for row in provisions(content, shown)}
    by_year: dict[str, list[tuple[str, str, str, str]]] = {}
    for period in content.verdict_periods():
        system, criterion = content.verdict_keys[period.verdict]
        if criterion in criteria:
            by_year.setdefault(period.since[:4], []).append((period.since, system, criterion, period.outcome))
    return Page(f"times/{name}", "verdict_history", "verdict_history", {"view": shown, "by_year": by_year})


def fewest(shown: View, cell: Cell) -> tuple[int, int] | None:
    """Return the smallest numbers of claims and of sources whose withdrawal changes a decided cell, or None."""
    if cell.outcome is Outcome.CANT_TELL:
        return None
    context = shown.edition.explanation_context
    criteria = context.principle_criteria[shown.matrix.reading.iri, cell.principle]
    claims, sources, _ = fewest_withdrawals(context.state, criteria, cell.system, context.canonical_sources)
    return (claims, sources) if claims and sources else None
