"""Matrices and published tables as JSON and CSV, under the names of the ontology."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from scs_kg.analysis.published_table import PublishedComparison
from scs_kg.model.claims import Mode
from scs_kg.model.entity import Entity
from scs_kg.model.matrix import Cell, Matrix
from scs_kg.model.selection import Selection
from scs_kg.render.language import messages_in
from scs_kg.render.published_table import published_table

if TYPE_CHECKING:  # import only for annotations
    from scs_kg.render.json_fields import EntityJson
    from scs_kg.render.json_shapes import CellJson, CellResultJson, CellTestsJson, MatrixJson, SelectionJson

MODE_IDS: Final = {Mode.DE_JURE: "de-jure", Mode.DE_FACTO: "de-facto", Mode.PLANNED: "planned"}


def matrix_json(matrix: Matrix) -> str:
    """Return a matrix as JSON: ids for systems and principles, IRIs for claims and criteria."""
    return as_json(matrix_data(matrix))


def matrix_data(matrix: Matrix) -> "MatrixJson":
    """Return a matrix as the object that its JSON encodes."""
    names = {thing.iri: thing.id for thing in (*matrix.systems, *matrix.principles)}
    cells: list[CellJson] = [
        {"system": names[cell.system], "principle": names[cell.principle], **cell_data(cell), **cell_tests(cell)}
        for cell in matrix.cells
    ]
    return {
        "guideline": matrix.guideline.id,
        "reading": matrix.reading.id,
        "asOf": matrix.selection.as_of,
        "selection": selection_json(matrix.selection),
        "systems": [thing_json(system) for system in matrix.systems],
        "principles": [thing_json(principle) for principle in matrix.principles],
        "cells": cells,
    }


def cell_data(cell: Cell) -> "CellResultJson":
    """Return the mark, the counts and the scope of a cell as a JSON object."""
    return {
        "outcome": cell.outcome,
        "mark": cell.mark,
        "met": cell.counts.met,
        "notMet": cell.counts.not_met,
        "open": cell.counts.open,
        "of": cell.counts.of,
        "decided": cell.counts.met + cell.counts.not_met,
        "inapplicable": cell.counts.inapplicable,
        "why": cell.open_reason,
        "scope": list(cell.scope),
        "modes": [MODE_IDS[mode] for mode in cell.modes],
        "onPaper": cell.on_paper,
    }


def cell_tests(cell: Cell) -> "CellTestsJson":
    """Return the verdicts of a cell on criteria and conditions as a JSON object."""
    return {
        "criteria": [
            {
                "criterion": verdict.criterion,
                "role": "supporting" if verdict.criterion in cell.supporting else "deciding",
                "outcome": verdict.outcome,
                "claims": list(verdict.claims),
            }
            for verdict in cell.verdicts
        ],
        "conditions": [
            {"condition": verdict.criterion, "outcome": verdict.outcome, "claims": list(verdict.claims)}
            for verdict in cell.conditions
        ],
    }


def selection_json(selection: Selection) -> "SelectionJson":
    """Return a selection as a JSON object. An empty list or null means no limit."""
    return {
        "datasets": list(selection.datasets),
        "systems": list(selection.systems),
        "kind": list(selection.kinds),
        "mode": selection.mode,
        "minConfidence": selection.min_confidence,
        "asOf": selection.as_of,
        "without": list(selection.without),
        "scope": list(selection.scope),
    }


def thing_json(thing: Entity) -> "EntityJson":
    """Return an entity as a JSON object."""
    return {"id": thing.id, "iri": thing.iri, "label": thing.label}


def published_json(found: PublishedComparison) -> str:
    """Return a published table and the derived table as JSON; a blank cell is null."""
    rows = [
        {
            "principle": row.principle.id,
            "published": list(row.marks),
            "possible": [list(possible) for possible in row.placements],
            "derived": list(row.derived),
            "agreement": row.relation,
            "why": row.reason,
            "grounds": list(row.bases),
        }
        for row in found.rows
    ]
    head: dict[str, Any] = {"source": found.source, "locator": found.locator, "reading": found.matrix.reading.id}
    head["selection"] = selection_json(found.matrix.selection)
    return as_json({**head, "systems": [thing_json(system) for system in found.systems], "rows": rows})


def published_csv(found: PublishedComparison) -> str:
    """Return a published table and the derived table as CSV, with a row for each principle.

    The column of the basis is called ``grounds``, as in earlier versions.
    """
    with messages_in("en"):
        shown = published_table(found)
    return as_csv(((*shown.columns[:-1], "grounds"), *shown.rows))


def as_json(value: Any) -> str:
    """Return JSON that people can read and diff."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def matrix_records(matrix: Matrix) -> list[dict[str, Any]]:
    """Return a record for each cell of a matrix, with the selection in each record; systems and principles are ids.

    The scope of the selection is in ``within``, because ``scope`` is the scope of the cell.
    """
    names = {thing.iri: thing.id for thing in (*matrix.systems, *matrix.principles)}
    chosen = matrix.selection
    return [
        {
            "guideline": matrix.guideline.id,
            "reading": matrix.reading.id,
            "asOf": chosen.as_of,
            "principle": names[cell.principle],
            "system": names[cell.system],
            **{name: _plain(value) for name, value in cell_data(cell).items()},
            "claims": sorted({claim for verdict in cell.verdicts for claim in verdict.claims}),
            "datasets": list(chosen.datasets),
            "systems": list(chosen.systems),
            "kind": list(chosen.kinds),
            "without": list(chosen.without),
            "mode": chosen.mode,
            "minConfidence": chosen.min_confidence,
            "within": list(chosen.scope),
        }
        for cell in matrix.cells
    ]


def _plain(value: Any) -> Any:
    """Return a value with enumeration members replaced by plain strings."""
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, str) else value


def matrix_csv(matrix: Matrix) -> str:
    """Return a matrix as tidy CSV (RFC 4180), a row for each cell; lists are joined by spaces."""
    records = matrix_records(matrix)
    rows = [[_csv_value(value) for value in record.values()] for record in records]
    return as_csv((tuple(records[0]) if records else (), *rows))


def _csv_value(value: object) -> str:
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else str(value)


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV; a cell that a spreadsheet would run as a formula gets an apostrophe before it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows(
        [("'" + cell if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell) for cell in row] for row in rows
    )
    return buffer.getvalue()
