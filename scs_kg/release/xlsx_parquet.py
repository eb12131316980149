"""Writes tables as an Office Open XML workbook and as Parquet; the bytes are reproducible."""

import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from scs_kg.release.ro_crate import ABSTRACT, TITLE
from scs_kg.release.tables import Column, Tabular
from scs_kg.render.data import selection_json
from scs_kg.render.sentences import selection_sentence
from scs_kg.store.ontology_header import OntologyHeader

Value = str | int | float | bool | None
MAX_SHEET_NAME: Final = 31
"""The maximum length of a sheet name in characters."""


def xlsx(tables: Iterable[Tabular], head: OntologyHeader) -> bytes:
    """Return a workbook with a sheet for each table, preceded by a sheet ``about`` that lists them."""
    import xlsxwriter

    written, found = io.BytesIO(), tuple(tables)
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    day = datetime.fromisoformat(head.modified).replace(tzinfo=UTC)
    with xlsxwriter.Workbook(written, options) as book:
        book.set_properties({"title": TITLE, "author": head.creator, "created": day.replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        front = book.add_worksheet("about")
        lines = (TITLE, ABSTRACT, f"Version {head.version}, {head.modified}", head.licence)
        front.write_column(0, 0, lines)
        names = sheet_names(found)
        for row, (name, table) in enumerate(zip(names, found, strict=True), len(lines) + 1):
            counted = selection_sentence(table.selection) if table.selection else ""
            front.write_row(row, 0, (name, table.title, counted))
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, [column.heading for column in table.columns], bold)
            for number, row_of_text in enumerate(table.rows, 1):
                sheet.write_row(number, 0, _typed(table.columns, row_of_text))
            sheet.freeze_panes(1, 1)
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    return written.getvalue()


def sheet_names(tables: Iterable[Tabular]) -> tuple[str, ...]:
    """Return the sheet name of each table: at most ``MAX_SHEET_NAME`` long, unique regardless of case."""
    taken = {"about"}
    names = []
    for number, table in enumerate(tables, 1):
        name = table.name.removeprefix("matrix-").replace("-full-text", "")[:MAX_SHEET_NAME]
        if name.lower() in taken:
            name = f"{number} {name}"[:MAX_SHEET_NAME]
        taken.add(name.lower())
        names.append(name)
    return tuple(names)


def _typed(columns: tuple[Column, ...], row: tuple[str, ...]) -> list[Value]:
    return [_value(column, field) for column, field in zip(columns, row, strict=True)]


def _value(column: Column, field: str) -> Value:
    if not field:
        return None
    if column.kind == "integer":
        return int(field)
    if column.kind == "decimal":
        return float(field)
    if column.kind == "boolean":
        return field == "true"
    return field


def parquet(table: Tabular) -> bytes:
    """Return a table as Parquet. A column with several values is a column of lists.

    The file metadata has the title, and the selection of claims as a sentence and as JSON.
    """
    import polars as pl

    kinds = {"integer": pl.Int64(), "decimal": pl.Float64(), "boolean": pl.Boolean()}
    columns = {
        column.heading: pl.Series(
            column.heading,
            [field.split() if column.many else _value(column, field) for field in fields],
            dtype=pl.List(pl.String()) if column.many else kinds.get(column.kind, pl.String()),
        )
        for column, *fields in zip(table.columns, *table.rows, strict=True)
    }
    written = io.BytesIO()
    pl.DataFrame(list(columns.values())).write_parquet(written, compression="zstd", metadata=_metadata(table))
    return written.getvalue()


def _metadata(table: Tabular) -> dict[str, str]:
    found = {"title": table.title}
    if table.selection is not None:
        found |= {"description": selection_sentence(table.selection)}
        found |= {"selection": json.dumps(selection_json(table.selection))}
    return found
