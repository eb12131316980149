"""Writes a workbook template, with drop-down lists of the allowed values and a comment on each column."""

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import xlsxwriter

from scs_kg.contribute.read import ReadingContext
from scs_kg.contribute.read.fields import Field
from scs_kg.contribute.read.kinds import list_of
from scs_kg.contribute.read.xlsx import TEMPLATE_VALUES
from scs_kg.contribute.template.hints import Wording, english, hint
from scs_kg.model.namespaces import local_id

ROWS: Final = 1000
_CREATED: Final = datetime(2026, 1, 1)  # fixed, so that the bytes are reproducible


def workbook(context: ReadingContext, kinds: Iterable[str], say: Wording = english) -> bytes:
    """Return a workbook with a sheet for each kind of record; the last sheet has the allowed values."""
    given = tuple(kinds)
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": say("Claims about social credit systems"), "created": _CREATED})
    styles = {True: book.add_format({"bold": True, "bg_color": "#FFE699"}), False: book.add_format({"bold": True})}
    text = book.add_format({"num_format": "@"})
    sheets = {kind: book.add_worksheet(list_of(kind)) for kind in given}
    ranges = _lists(context, given, book.add_worksheet(TEMPLATE_VALUES), book)
    for kind, sheet in sheets.items():
        for column, field in enumerate(context.by_name[kind].values()):
            sheet.write_string(0, column, field.name, styles[field.required])
            sheet.write_comment(0, column, hint(context, field, say))
            sheet.set_column(column, column, 40 if field.name in {"statement", "rationale", "definition"} else 18, text)
            _restrict(sheet, column, field, ranges, say)
        sheet.freeze_panes(1, 0)
    book.close()
    return written.getvalue()


def _lists(context: ReadingContext, kinds: Iterable[str], sheet: Any, book: Any) -> dict[str, str]:
    """Write the ids of each class into a column, and return the named range of each class."""
    classes = sorted({field.value_class for kind in kinds for field in context.fields[kind] if field.value_class})
    ranges = {}
    for column, kind in enumerate(classes):
        ids = context.names.ids(kind)
        if not ids:
            continue
        sheet.write_string(0, column, local_id(kind))
        sheet.write_column(1, column, ids)
        name = f"list_{local_id(kind)}"
        letters = xlsxwriter.utility.xl_col_to_name(column)
        book.define_name(name, f"={TEMPLATE_VALUES}!${letters}$2:${letters}${len(ids) + 1}")
        ranges[kind] = f"={name}"
    return ranges


def _restrict(sheet: Any, column: int, field: Field, ranges: dict[str, str], say: Wording) -> None:
    """Add a drop-down list of the values of a field; another value can be entered after a warning."""
    if field.value_class in ranges:
        rule = {
            "validate": "list",
            "source": ranges[field.value_class],
            "error_type": "warning",
            "error_title": field.name,
            "error_message": say(
                "This id is not in the list. A label is allowed too, and so are several ids that are "
                "separated by semicolons."
            ),
        }
        sheet.data_validation(1, column, ROWS, column, rule)
