"""Reads claims in a workbook (Office Open XML, ECMA-376): the sheets ``claims`` and ``sources``, one record per row.

A workbook is a ZIP archive of XML. Before any part is parsed, the number of parts and their declared sizes are checked
against limits. A part is unpacked only up to its declared size. A part with a document type declaration is rejected,
because the declaration could define entities.
"""

import codecs
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Final

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from scs_kg.contribute.read.context import ReadingContext
from scs_kg.contribute.read.draft import (
    Fault,
    FileDemand,
    Record,
    SourcePosition,
    UnreadableError,
    WrittenValue,
)
from scs_kg.contribute.read.kinds import KINDS
from scs_kg.contribute.read.rows import SheetRows, position_in, records_of
from scs_kg.contribute.read.workbook_parts import readable, rows_of
from scs_kg.model.advice import Advice

SHEETS: Final = {kind.plural: kind.name for kind in KINDS}
TEMPLATE_VALUES: Final = "values"
"""The sheet of a template that lists the allowed values."""
LARGEST: Final = 256 << 20
codecs.lookup("cp437")  # zipfile needs this module later, when no file can be opened
_MAX_PARTS: Final = 500
_MAX_ROWS: Final = 100_000
_MAX_COLUMNS: Final = 200
_MAX_RATIO: Final = 200
_ERRORS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    NotImplementedError,
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    SyntaxError,
    TypeError,
    ValueError,
    EOFError,
)


def workbook_records(context: ReadingContext, content: bytes) -> tuple[list[Record], list[Fault]]:
    """Return the records and faults in an XLSX file; raise UnreadableError if it is not a workbook."""
    try:
        _refuse_unsafe(content)
        book = openpyxl.load_workbook(io.BytesIO(readable(content)), read_only=True, keep_links=False)
        names = {sheet.title.strip().lower(): sheet for sheet in book.worksheets}
        faults = list(_unread(book))
        found = [
            SheetRows(kind, tuple(_rows(names[name], name, faults))) for name, kind in SHEETS.items() if name in names
        ]
    except _ERRORS as error:  # openpyxl raises various errors for a malformed part
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise UnreadableError(FileDemand.SYNTAX, f"is not a readable workbook: {reason}") from error
    if not found:
        message = f"has no sheet with one of the names {', '.join(SHEETS)}; give a sheet one of these names"
        advice = Advice(", or start with {command}", command="template --format xlsx")
        raise UnreadableError(FileDemand.CONTENT, message, advice=(advice,))
    records, more = records_of(context, found)
    return records, faults + more


def _refuse_unsafe(content: bytes) -> None:
    """Refuse an archive that is too large when unpacked, or whose parts have a document type declaration."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        size = sum(part.file_size for part in parts)
        if len(parts) > _MAX_PARTS or size > min(LARGEST, max(1 << 20, _MAX_RATIO * len(content))):
            message = "is too large when unpacked; save the sheets as a new workbook, or as CSV"
            raise UnreadableError(FileDemand.SIZE, message)
        for part in parts:
            if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(part).replace(b"\0", b""):
                message = (
                    f"has a document type declaration in {part.filename}; save it again with a spreadsheet program"
                )
                raise UnreadableError(FileDemand.SELF_CONTAINED, message)


def _rows(sheet: Any, name: str, faults: list[Fault]) -> Iterator[tuple[WrittenValue, ...]]:
    """Yield the rows of a sheet that have a value; report hidden ones."""
    count, hidden = 0, 0
    for number, texts, is_hidden in rows_of(sheet):
        if not texts:
            continue
        count, hidden = count + 1, hidden + is_hidden
        if count > _MAX_ROWS:
            raise UnreadableError(FileDemand.SIZE, f"has more than {_MAX_ROWS:,} rows in '{name}'; split it")
        if max(texts) > _MAX_COLUMNS:
            message = f"has a value beyond {_MAX_COLUMNS} columns; remove it, or move it to the left"
            raise UnreadableError(FileDemand.SIZE, message, position_in(name, max(texts), number))
        yield tuple(
            WrittenValue(texts.get(column, ""), position_in(name, column, number))
            for column in range(1, max(texts) + 1)
        )
    if hidden:
        message = "has hidden rows, which were read too; show them, and remove those that are not meant to be read"
        faults.append(Fault(FileDemand.CONTENT, SourcePosition(), f"sheet '{name}'", message, "Info"))


def _unread(book: Any) -> Iterator[Fault]:
    """Yield a warning for each sheet that is not read, except for the sheet of allowed values in a template."""
    for sheet in book.worksheets:
        if sheet.title.strip().lower() not in {*SHEETS, TEMPLATE_VALUES}:
            message = f"was not read, because only the sheets {', '.join(SHEETS)} are; move its rows to one of these"
            yield Fault(FileDemand.CONTENT, SourcePosition(), f"sheet '{sheet.title[:40]}'", message, "Warning")
