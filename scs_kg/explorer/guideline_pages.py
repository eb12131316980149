"""Pages of norms: guidelines, principles, readings, and how one system stands under one reading."""

from collections.abc import Mapping
from dataclasses import dataclass

from scs_kg import store
from scs_kg.analysis.explain import CriterionExplanation, Explanation, explain
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.matrix_pages import View, view
from scs_kg.explorer.page import Page
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.namespaces import BASE, SCS, local_id
from scs_kg.model.nouns import Cell, Entity
from scs_kg.store import NamedNode, query_library
from scs_kg.store.query_library import Row, text


@dataclass(frozen=True, slots=True)
class Nature:
    """What sort of norm a guideline is, by IRI: to whom it speaks, where it applies and since when."""

    law: str
    addressees: tuple[str, ...]
    regions: tuple[str, ...]
    since: str
    elsewhere: int
    among: int


def nature(found: View) -> Nature:
    """Return what sort of norm a guideline is, and of how many of the systems compared it is tested elsewhere."""
    iri, dataset = found.choice.guideline.iri, found.edition.dataset
    law, addressees, regions = (
        tuple(sorted(store.text(term) for term in store.objects(dataset, NamedNode(iri), SCS + name)))
        for name in ("hasLegalNature", "addresses", "appliesIn")
    )
    rows = query_library.rows(dataset, "applicability", guideline=iri)
    elsewhere = sum(text(row, "applies") == "false" for row in rows)
    return Nature(law[0], addressees, regions, text(rows[0], "since"), elsewhere, len(rows))


def guideline_or_principle(book: SiteContent, rest: str) -> Page:
    """Build the page of ``guideline`` or of ``guideline/principle``."""
    return principle(book, rest) if "/" in rest else guideline(book, rest)


def guideline(book: SiteContent, name: str) -> Page:
    """Build the page of a guideline: what sort of norm it is, its principles, its readings, its texts."""
    iri, known = f"{BASE}guideline/{name}", book.grouped("guidelines", "guideline")
    if iri not in known:
        raise UnknownNameError("guideline", name, map(local_id, known))
    own = [choice for choice in book.choices.values() if choice.guideline.iri == iri]
    data = {
        "rows": known[iri],
        "principles": [row for row in book.rows["principles"] if text(row, "guideline") == iri],
        "views": [view(book, choice.reading.id) for choice in own],
    }
    return Page(f"guideline/{name}", "guideline", iri, data, iri)


def principle(book: SiteContent, rest: str) -> Page:
    """Build the page of a principle: its demand, what each reading asks under it, and how the systems stand."""
    iri = f"{BASE}guideline/{rest}"
    known = {text(row, "principle"): row for row in book.rows["principles"]}
    if iri not in known:
        raise UnknownNameError("principle", rest, (name.removeprefix(f"{BASE}guideline/") for name in known))
    guideline_iri = text(known[iri], "guideline")
    views = [view(book, c.reading.id) for c in book.choices.values() if c.guideline.iri == guideline_iri]
    data = {
        "row": known[iri],
        "guideline": guideline_iri,
        "readings": [(found, provisions(book, found, iri), standing(found, iri)) for found in views],
    }
    return Page(f"guideline/{rest}", "principle", iri, data, iri)


def provisions(book: SiteContent, found: View, principle_iri: str = "") -> list[Row]:
    """Return the provisions of a reading, of one principle or of all."""
    rows = book.grouped("provisions", "reading")[found.choice.reading.iri]
    return [row for row in rows if principle_iri in ("", text(row, "principle"))]


def standing(found: View, principle_iri: str) -> Mapping[str, list[Cell]]:
    """Return the cells of a principle by their outcome."""
    cells: dict[str, list[Cell]] = {}
    for cell in found.matrix.cells:
        if cell.principle == principle_iri and cell.of:
            cells.setdefault(cell.outcome, []).append(cell)
    return cells


def reading_or_cells(book: SiteContent, rest: str) -> Page:
    """Build the page of ``reading``, or of ``reading/system``: all cells of the system with what decides them."""
    name, _, system = rest.partition("/")
    found = view(book, name)
    return cells(found, system) if system else reading(book, found)


def reading(book: SiteContent, found: View) -> Page:
    """Build the page of a reading: whose it is, what it rests on, and its provisions by principle."""
    iri = found.choice.reading.iri
    asked = {principle.iri: provisions(book, found, principle.iri) for principle in found.matrix.principles}
    data = {"view": found, "rows": book.grouped("readings", "reading")[iri], "asked": asked}
    return Page(f"reading/{found.choice.reading.id}", "reading", iri, data, iri)


def cells(found: View, name: str) -> Page:
    """Build the page of one system under one reading; each cell has the id of its principle as its fragment.

    The quiet cells are those of which no claim speaks; all that is to say of them is what their principle asks for.
    """
    known: dict[str, Entity] = {system.id: system for system in found.matrix.systems}
    if name not in known:
        raise UnknownNameError("system", name, known)
    system = known[name]
    own = [cell for cell in found.matrix.cells if cell.system == system.iri]
    explained = [_parted(explanation(found, system, cell)) for cell in own if cell.of]
    data = {
        "view": found,
        "system": system,
        "folder": f"{found.choice.reading.id}/{system.id}",
        "explained": explained,
        "quiet": [(e, silent) for e, spoken, silent in explained if not spoken],
        "unasked": [cell.principle for cell in own if not cell.of],
    }
    return Page(f"reading/{found.choice.reading.id}/{name}", "cells", system.iri, data)


def _parted(found: Explanation) -> tuple[Explanation, list[CriterionExplanation], list[CriterionExplanation]]:
    """Part the criteria of a cell into those of which claims speak and those of which none does."""
    spoken = [step for step in found.steps if step.claims]
    return found, spoken, [step for step in found.steps if not step.claims]


def times(book: SiteContent, name: str) -> Page:
    """Build the page of how the verdicts that a reading asks for changed, by the time of which the claims speak."""
    found = view(book, name)
    asked = {text(row, "criterion") for row in provisions(book, found)}
    by_year: dict[str, list[tuple[str, str, str, str]]] = {}
    for state in book.states():
        system, criterion = book.judged[state.verdict]
        if criterion in asked:
            by_year.setdefault(state.since[:4], []).append((state.since, system, criterion, state.outcome))
    return Page(f"times/{name}", "times", "times", {"view": found, "by_year": by_year})


def explanation(found: View, system: Entity, cell: Cell) -> Explanation:
    """Explain one cell."""
    return explain(found.edition.explained(), found.matrix, system.iri, cell.principle)
