"""A workbook to write claims into: drop-down lists of what is allowed, and a note at the head of each column."""

import io
from datetime import datetime
from typing import Any, Final

import xlsxwriter

from scs_kg.contribute.read import ReadingContext
from scs_kg.contribute.read.fields import Field
from scs_kg.model.namespaces import local_id

ROWS: Final = 1000
LISTED: Final = "values"
_MADE: Final = datetime(2026, 1, 1)  # always the same, so that the bytes are


def workbook(ground: ReadingContext) -> bytes:
    """Return a workbook with the sheets ``claims`` and ``sources``, and the allowed values on a third."""
    from scs_kg.contribute.template import LISTS, hint

    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "Claims about social credit systems", "created": _MADE})
    styles = {True: book.add_format({"bold": True, "bg_color": "#FFE699"}), False: book.add_format({"bold": True})}
    text = book.add_format({"num_format": "@"})
    sheets = {kind: book.add_worksheet(name) for name, kind in LISTS.items()}
    ranges = _lists(ground, book.add_worksheet(LISTED), book)
    for kind, sheet in sheets.items():
        for column, field in enumerate(ground.by_name[kind].values()):
            sheet.write_string(0, column, field.name, styles[field.required])
            sheet.write_comment(0, column, hint(ground, field))
            sheet.set_column(column, column, 40 if field.name == "statement" else 18, text)
            _restrict(sheet, column, field, ranges)
        sheet.freeze_panes(1, 0)
    book.close()
    return written.getvalue()


def _lists(ground: ReadingContext, sheet: Any, book: Any) -> dict[str, str]:
    """Write the ids of each class into a column, and return the range that holds them, by class."""
    classes = sorted({field.values for fields in ground.fields.values() for field in fields if field.values})
    ranges = {}
    for column, kind in enumerate(classes):
        ids = ground.names.ids(kind)
        if not ids:
            continue
        sheet.write_string(0, column, local_id(kind))
        sheet.write_column(1, column, ids)
        name = f"list_{local_id(kind)}"
        letters = xlsxwriter.utility.xl_col_to_name(column)
        book.define_name(name, f"={LISTED}!${letters}$2:${letters}${len(ids) + 1}")
        ranges[kind] = f"={name}"
    return ranges


def _restrict(sheet: Any, column: int, field: Field, ranges: dict[str, str]) -> None:
    """Offer the values of a field as a drop-down list, where others than those may be written after a warning."""
    if field.values in ranges:
        rule = {
            "validate": "list",
            "source": ranges[field.values],
            "error_type": "warning",
            "error_title": field.name,
            "error_message": "This id is not in the list. A label may stand here, or several ids with semicolons.",
        }
        sheet.data_validation(1, column, ROWS, column, rule)
