"""Claims in a workbook (Office Open XML, ECMA-376): the sheets ``claims`` and ``sources``, one record a row.

A workbook is an archive of XML. Before anything in it is parsed, its parts are counted and weighed by what the archive
says of them, which is all that is ever unpacked, and a part with a document type, where entities could be, is refused.
"""

import codecs
import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, Final

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from scs_kg.contribute.read.context import ReadingContext
from scs_kg.contribute.read.draft import CLAIM, SOURCE, Fault, FileDemand, Record, UnreadableError, WrittenValue
from scs_kg.contribute.read.rows import SheetRows, place_in, records_of

SHEETS: Final = {"claims": CLAIM, "sources": SOURCE}
LARGEST: Final = 256 << 20
codecs.lookup("cp437")  # zipfile looks it up when it needs it, at a time when no file can be opened
_MOST_PARTS: Final = 500
_MOST_ROWS: Final = 100_000
_MOST_COLUMNS: Final = 200
_RATIO: Final = 200
_BROKEN: Final = (
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


def workbook_records(ground: ReadingContext, content: bytes) -> tuple[list[Record], list[Fault]]:
    """Return the records of a workbook and what in it is none; raise UnreadableError if it is no workbook."""
    try:
        _weigh(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        names = {sheet.title.strip().lower(): sheet for sheet in book.worksheets}
        found = [SheetRows(kind, tuple(_rows(names[name], name))) for name, kind in SHEETS.items() if name in names]
    except _BROKEN as error:  # openpyxl raises what it likes on a part that is not as it should be
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise UnreadableError(FileDemand.SYNTAX, f"is no workbook that can be read: {reason}") from error
    if not found:
        message = "has no sheet named 'claims' or 'sources': name one so, or start from 'scs-kg template --format xlsx'"
        raise UnreadableError(FileDemand.CONTENT, message)
    return records_of(ground, found)


def _weigh(content: bytes) -> None:
    """Refuse an archive that would grow beyond measure or whose parts define entities."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        size = sum(part.file_size for part in parts)
        if len(parts) > _MOST_PARTS or size > min(LARGEST, max(1 << 20, _RATIO * len(content))):
            message = "unpacks to far more than a table of claims would: save the sheets as a new workbook, or as CSV"
            raise UnreadableError(FileDemand.SIZE, message)
        for part in parts:
            if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(part).replace(b"\0", b""):
                message = f"has a document type in its part {part.filename}: save it anew with a spreadsheet program"
                raise UnreadableError(FileDemand.SELF_CONTAINED, message)


def _rows(sheet: Any, name: str) -> Iterator[tuple[WrittenValue, ...]]:
    """Yield the rows of a sheet that have a value, each cell with its place."""
    sheet.reset_dimensions()  # a sheet may say that it is larger than it is
    for number, row in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS), 1):
        if number > _MOST_ROWS:
            raise UnreadableError(FileDemand.SIZE, f"has more than {_MOST_ROWS:,} rows in '{name}': split it")
        cells = tuple(
            WrittenValue(_text(cell), place_in(name, column, getattr(cell, "row", number) or number))
            for column, cell in enumerate(row, 1)
        )
        if any(cell.text.strip() for cell in cells):
            yield cells


def _text(cell: Any) -> str:
    """Return the value of a cell as a person would write it; of a date that shows no day, year and month."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        day = value.strftime("%Y-%m-%d")
        return day if "d" in str(cell.number_format).lower() else day[:7]
    if isinstance(value, time):
        return value.isoformat()
    return str(value)
