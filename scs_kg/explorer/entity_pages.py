"""Pages of single things: systems, features, sources with their claims, regions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from scs_kg import store
from scs_kg.explorer.citation import source_doi, source_reference
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.editions import default_edition
from scs_kg.explorer.map import map_sheets
from scs_kg.explorer.matrix_pages import View, view
from scs_kg.explorer.page import Page
from scs_kg.explorer.searches import flow_by_place_of, searches_for
from scs_kg.model.claims import Finding
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.matrix import Cell, Mark
from scs_kg.model.namespaces import BASE, EARL, PREFIXES, SCS, local_id
from scs_kg.model.verdicts import Outcome
from scs_kg.store import NamedNode
from scs_kg.store.query_library import Row, row_text


def require(content: SiteContent, query: str, kind: str, name: str) -> tuple[str, Sequence[Row]]:
    """Return the IRI of a thing and its rows; raise UnknownNameError if the thing has no rows."""
    iri, rows = f"{BASE}{kind}/{name}", content.grouped(query, kind)
    if iri not in rows:
        raise UnknownNameError(kind, name, map(local_id, rows))
    return iri, rows[iri]


QUESTIONS: Final = MappingProxyType(
    {
        "goes_in": ("DataInput", "CollectionMode", "ScoredBehaviour"),
        "comes_out": ("Penalty", "Reward"),
        "works": ("Practice",),
        "protects": ("Safeguard",),
    }
)
"""The questions about a system, in the words of the pages, and the kinds of features that answer each question."""


def system(content: SiteContent, name: str) -> Page:
    """Build the page of a system: its marks under each reading, the claims by question, and where it operates."""
    iri, rows = require(content, "systems", "system", name)
    claims = valid_claims(content, content.grouped("claims", "system").get(iri, ()))
    by_outcome, conditions = verdicts(content, iri), verdicts(content, iri, "condition")
    data = {
        "kind": row_text(rows[0], "kind"),
        "regions": [row_text(row, "region") for row in rows],
        "sheets": map_sheets(content, [row_text(row, "region") for row in rows]),
        "by_question": _by_question(content, claims),
        "gaps": content.grouped("rule-and-practice", "system").get(iri, ()),
        "verdicts": by_outcome,
        "decided": _decided(by_outcome),
        "conditions": _decided(conditions),
        "searches": flow_by_place_of(content, iri),
        "searched_for": searches_for(content, iri, by_outcome.get(Outcome.CANT_TELL, ())),
        "readings": [(shown, cells) for shown in _views(content) if (cells := _cells(shown, iri))],
    }
    return Page(f"system/{name}", "system", iri, data, iri)


def _decided(by_outcome: Mapping[str, list[str]]) -> Mapping[str, list[str]]:
    return {outcome: things for outcome, things in by_outcome.items() if outcome != Outcome.CANT_TELL}


def _by_question(content: SiteContent, claims: Sequence[Row]) -> Mapping[str, Mapping[str, Mapping[str, list[Row]]]]:
    """Return claims by question, kind of feature and feature, without the questions that no claim answers."""
    kinds = {row_text(row, "feature"): row_text(row, "kind") for row in content.rows["features"]}
    by_kind: dict[str, dict[str, list[Row]]] = {kind: {} for kind in kinds.values()}
    for row in claims:
        by_kind[kinds[row_text(row, "feature")]].setdefault(row_text(row, "feature"), []).append(row)
    return {
        question: found
        for question, own in QUESTIONS.items()
        if (found := {SCS + kind: by_kind[SCS + kind] for kind in own if by_kind.get(SCS + kind)})
    }


def _views(content: SiteContent) -> list[View]:
    return [view(content, choice.reading.id) for choice in content.choices.values()]


def _cells(shown: View, iri: str) -> Mapping[Mark, list[Cell]]:
    """Return the cells of a system under a reading, grouped by mark; empty if it is not compared."""
    cells: dict[Mark, list[Cell]] = {}
    for cell in shown.matrix.cells:
        if cell.system == iri:
            cells.setdefault(cell.mark, []).append(cell)
    return cells


def distinct_claims(rows: Sequence[Row]) -> list[Row]:
    """Return the first row of each claim. A claim with several primary sources has several rows."""
    return distinct_rows(rows, "claim")


def distinct_rows(rows: Sequence[Row], variable: str) -> list[Row]:
    """Return the first row with each value of a variable."""
    return list({row_text(row, variable): row for row in reversed(rows)}.values())[::-1]


def valid_claims(content: SiteContent, rows: Sequence[Row]) -> list[Row]:
    """Return the first row of each claim that is neither superseded nor retracted."""
    return [row for row in distinct_claims(rows) if not content.is_withdrawn(row_text(row, "claim"))]


def verdicts(content: SiteContent, system: str, kind: str = "criterion") -> Mapping[str, list[str]]:
    """Return the criteria or the conditions that a system was judged by, from all claims, grouped by outcome."""
    own = {verdict: test for verdict, (judged, test) in content.verdict_keys.items() if judged == system}
    return _by_outcome(content, {name: test for name, test in own.items() if test.startswith(f"{BASE}{kind}/")})


def systems_by_outcome(content: SiteContent, test: str) -> Mapping[str, list[str]]:
    """Return the systems that were judged by a criterion or condition from all claims, grouped by outcome."""
    keys = content.verdict_keys.items()
    return _by_outcome(content, {verdict: system for verdict, (system, judged_by) in keys if judged_by == test})


def _by_outcome(content: SiteContent, things: Mapping[str, str]) -> Mapping[str, list[str]]:
    """Return things, each given with its verdict, grouped by the outcome of the verdict."""
    dataset = content.edition().dataset
    found: dict[str, list[str]] = {}
    for verdict, thing in things.items():
        (result,) = store.objects(dataset, NamedNode(verdict), EARL + "result")
        (outcome,) = store.objects(dataset, result, EARL + "outcome")
        found.setdefault(local_id(store.text(outcome)), []).append(thing)
    return {outcome: sorted(names) for outcome, names in sorted(found.items())}


def feature(content: SiteContent, name: str) -> Page:
    """Build the page of a feature: its place in the hierarchy, the claims on it, and the criteria that test it."""
    iri, rows = require(content, "features", "feature", name)
    data = {
        "kind": row_text(rows[0], "kind"),
        "broader": [row_text(row, "broader") for row in rows if row_text(row, "broader")],
        "narrower": [row_text(row, "feature") for row in content.rows["features"] if row_text(row, "broader") == iri],
        "claims": _by_finding(valid_claims(content, content.grouped("claims", "feature").get(iri, ()))),
        "criteria": [criterion for criterion, features in content.tested_features.items() if iri in features],
        "scope_notes": notes(content, iri, "scopeNote"),
    }
    return Page(f"feature/{name}", "feature", iri, data, iri)


def _by_finding(claims: Sequence[Row]) -> Mapping[str, Mapping[str, list[Row]]]:
    """Return claims by finding, in the same order on each page, and then by system."""
    found: dict[str, dict[str, list[Row]]] = {str(finding): {} for finding in Finding}
    for row in claims:
        found[local_id(row_text(row, "finding"))].setdefault(row_text(row, "system"), []).append(row)
    return {finding: systems for finding, systems in found.items() if systems}


def notes(content: SiteContent, iri: str, kind: str) -> list[str]:
    """Return the notes of a kind (``scopeNote``, ``editorialNote``) on a thing."""
    return [store.text(term) for term in store.objects(content.source, NamedNode(iri), PREFIXES["skos"] + kind)]


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """A claim on the page of its source: its row, whether the claim still counts, primary sources and qualifiers."""

    row: Row
    is_withdrawn: bool
    primary: tuple[str, ...]
    qualifiers: Mapping[str, list[str]]

    @property
    def system(self) -> str:
        """Return the IRI of the system."""
        return row_text(self.row, "system")


def source(content: SiteContent, name: str) -> Page:
    """Build the page of a source: its record, its verification, its claims in full, and claims that cite it."""
    iri, rows = require(content, "sources", "source", name)
    claims = content.grouped("claims", "source").get(iri, ())
    citing = [row for row in content.grouped("claims", "primarySource").get(iri, ()) if row_text(row, "source") != iri]
    pages = sorted({row_text(row, "page") for row in rows} - {""})
    data = {
        "row": rows[0],
        "pages": pages,
        "reference": source_reference(rows[0], pages, source_doi(content.source, iri)),
        "claims": [claim(content, claims, row) for row in distinct_claims(claims)],
        "cells": decided_cells(content, [row_text(row, "claim") for row in distinct_claims(claims)]),
        "citing_claims": distinct_claims(citing),
        "editorial_notes": notes(content, iri, "editorialNote"),
    }
    return Page(f"source/{name}", "source", iri, data, iri)


def claim(content: SiteContent, rows: Sequence[Row], row: Row) -> ClaimEntry:
    """Return a claim in full; ``rows`` are the rows of all claims of its source."""
    iri = row_text(row, "claim")
    qualifiers: dict[str, list[str]] = {}
    for qualified in content.grouped("qualifiers", "claim").get(iri, ()):
        qualifiers.setdefault(local_id(row_text(qualified, "qualifier")), []).append(row_text(qualified, "value"))
    primary = sorted({row_text(other, "primarySource") for other in rows if row_text(other, "claim") == iri} - {""})
    return ClaimEntry(row, content.is_withdrawn(iri), tuple(primary), qualifiers)


@dataclass(frozen=True, slots=True)
class DecidedCells:
    """Decided cells of one system under one reading; both are IRIs."""

    reading: str
    system: str
    cells: tuple[Cell, ...]


def decided_cells(content: SiteContent, claims: Sequence[str]) -> list[DecidedCells]:
    """Return the decided cells that depend on any of the claims (IRIs), by reading and system."""
    found: dict[tuple[str, str], dict[Cell, None]] = {}
    for choice in content.choices.values():
        decided = content.edition(default_edition(choice)).decided_cells(choice)
        for claim_iri in claims:
            for cell in decided.get(claim_iri, ()):
                found.setdefault((choice.reading.iri, cell.system), {})[cell] = None
    return [
        DecidedCells(reading, system, tuple(cells))
        for (reading, system), cells in sorted(found.items(), key=lambda item: item[0][::-1])
    ]


def region(content: SiteContent, name: str) -> Page:
    """Build the page of a region: its level by the valid claim, the regions around and inside it, and its systems."""
    iri, rows = require(content, "regions", "region", name)
    data = {
        "within": sorted({row_text(row, "within") for row in rows} - {""}),
        "parts_of": sorted(
            {row_text(row, "region") for row in content.rows["regions"] if row_text(row, "within") == iri}
        ),
        "systems": sorted({row_text(row, "system") for row in rows} - {""}),
        "levels": content.grouped("levels", "region").get(iri, ()),
        "scope_notes": notes(content, iri, "scopeNote"),
        "sheets": map_sheets(content, [iri], inside=True),
    }
    return Page(f"region/{name}", "region", iri, data, iri)
