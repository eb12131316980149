"""Matrices, published tables and explanations as JSON and CSV, under the names of the ontology."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from scs_kg.citations import CitedClaim
from scs_kg.diff import CellChange, Difference, VerdictChange
from scs_kg.explain import Explanation
from scs_kg.model import Matrix, Thing
from scs_kg.proof import Losses, Proof
from scs_kg.published import PublishedComparison


def matrix_json(matrix: Matrix) -> str:
    """Return a matrix as JSON: ids for systems and principles, IRIs for claims and criteria."""
    names = {thing.iri: thing.id for thing in (*matrix.systems, *matrix.principles)}
    cells = [
        {
            "system": names[cell.system],
            "principle": names[cell.principle],
            "outcome": cell.outcome,
            "decided": cell.decided,
            "of": cell.of,
            "why": cell.why,
            "criteria": [
                {"criterion": v.criterion, "outcome": v.outcome, "claims": list(v.claims)} for v in cell.verdicts
            ],
        }
        for cell in matrix.cells
    ]
    return as_json(
        {
            "guideline": matrix.guideline.id,
            "reading": matrix.reading.id,
            "asOf": matrix.as_of,
            "systems": [_thing(system) for system in matrix.systems],
            "principles": [_thing(principle) for principle in matrix.principles],
            "cells": cells,
        }
    )


def _thing(thing: Thing) -> dict[str, str]:
    return {"id": thing.id, "iri": thing.iri, "label": thing.label}


def published_json(found: PublishedComparison) -> str:
    """Return a published table beside the derived one as JSON; null is a blank."""
    rows = [
        {
            "principle": row.principle.id,
            "published": list(row.marks),
            "possible": [list(possible) for possible in row.placements],
            "derived": list(row.derived),
            "agreement": row.relation,
            "why": row.why,
            "grounds": list(row.bases),
        }
        for row in found.rows
    ]
    head = {"source": found.source, "locator": found.locator, "reading": found.matrix.reading.id}
    return as_json({**head, "systems": [_thing(system) for system in found.systems], "rows": rows})


def as_json(value: Any) -> str:
    """Return JSON that people can read and diff."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def matrix_csv(matrix: Matrix) -> str:
    """Return a matrix as tidy CSV (RFC 4180), a row for each cell."""
    names = {thing.iri: thing.id for thing in (*matrix.systems, *matrix.principles)}
    header = ("guideline", "reading", "asOf", "principle", "system", "outcome", "decided", "of", "why", "claims")
    rows = [
        (
            matrix.guideline.id,
            matrix.reading.id,
            matrix.as_of or "",
            names[cell.principle],
            names[cell.system],
            cell.outcome,
            str(cell.decided),
            str(cell.of),
            cell.why or "",
            " ".join(sorted({claim for verdict in cell.verdicts for claim in verdict.claims})),
        )
        for cell in matrix.cells
    ]
    return as_csv((header, *rows))


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV; a cell that a spreadsheet would run as a formula gets an apostrophe before it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows(
        [("'" + cell if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell) for cell in row] for row in rows
    )
    return buffer.getvalue()


def explanation_json(found: Explanation) -> str:
    """Return an explanation as JSON, with the same names as the matrix."""
    cell = found.cell
    head = {"guideline": found.matrix.guideline.id, "reading": found.matrix.reading.id, "asOf": found.matrix.as_of}
    what = {"outcome": cell.outcome, "decided": cell.decided, "of": cell.of, "why": cell.why}
    criteria = [
        {
            "criterion": step.criterion.iri,
            "label": step.criterion.label,
            "demand": step.demand,
            "outcome": step.outcome,
            "why": step.why,
            "provisions": [
                {"locator": c.locator, "rationale": c.rationale, "basis": c.basis, "force": c.force}
                for c in step.clauses
            ],
            "claims": [_claim(claim) for claim in step.claims],
            "open": [thing.iri for thing in step.open],
            "wouldSettle": [
                {"feature": m.feature.iri, "finding": m.finding, "outcome": m.outcome} for m in step.settling
            ],
            "objections": [asdict(objection) for objection in step.objections],
        }
        for step in found.steps
    ]
    places = {"system": _thing(found.system), "principle": {**_thing(found.principle), "demand": found.demand}}
    return as_json({**head, **places, **what, "criteria": criteria, "proof": _proof(found.proof)})


def _proof(found: Proof | None) -> dict[str, Any] | None:
    if found is None:
        return None
    decided = None if found.deciding is None else [list(chosen) for chosen in found.deciding]
    lost = {"claims": _losses(found.claims), "independentSources": _losses(found.sources)}
    return {"decidedBy": decided, "sources": list(found.witnesses), "changedByLossOf": lost}


def _losses(found: Losses) -> dict[str, Any]:
    sets = [{"lost": list(loss.names), "outcome": loss.outcome} for loss in found.sets]
    return {"atLeast": found.fewest or None, "complete": found.complete, "sets": sets}


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


def _claim(claim: CitedClaim) -> dict[str, Any]:
    return {
        "claim": claim.iri,
        "finding": claim.finding,
        "feature": claim.feature,
        "statement": claim.statement,
        "source": claim.source.id,
        "reference": claim.source.reference,
        "locator": claim.locator,
        "asOf": claim.as_of or None,
        "primarySources": [source.id for source in claim.primary],
    }
