"""Reads the cells of a workbook as the author sees them; converts Strict workbooks to Transitional ones (ECMA-376)."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, Final

from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.worksheet._reader import WorkSheetParser

_STRICT: Final = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
_OTHER_NAMES: Final = {b"extendedProperties": b"extended-properties", b"customProperties": b"custom-properties"}
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_A_PART_OF_A_DATE: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')


def readable(content: bytes) -> bytes:
    """Return a workbook that openpyxl reads correctly, with the same values.

    The namespaces of Transitional replace the namespaces of Strict (ECMA-376, parts 1 and 4). In shared strings, the
    escape ``_x005F_`` of an underscore is written in lower case, because openpyxl removes it in upper case.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    changed = {name: _readable_part(name, text) for name, text in parts.items()}
    if changed == parts:
        return content
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in changed.items():
            archive.writestr(name, text)
    return written.getvalue()


def _readable_part(name: str, text: bytes) -> bytes:
    if not name.endswith((".xml", ".rels")):
        return text
    shared = text.replace(b"_x005F_", b"_x005f_") if name.endswith("sharedStrings.xml") else text
    return _STRICT.sub(_namespace, shared)


def _namespace(found: re.Match[bytes]) -> bytes:
    name = _OTHER_NAMES.get(found[2], found[2])
    return b"http://schemas.openxmlformats.org/%s/2006/%s" % (found[1], name)


def rows_of(sheet: Any) -> Iterator[tuple[int, dict[int, str], bool]]:
    """Yield each row in the file: its number, its texts by column (both counted from 1), and whether it is hidden.

    ``sheet.iter_rows`` also yields every row and cell that is not in the file, up to a million.
    """
    book = sheet.parent
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=book.data_only,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in parser.parse():
            found = {cell["column"]: cell_text(ReadOnlyCell(sheet, **cell)) for cell in cells}
            hidden = parser.row_dimensions.get(str(number), {}).get("hidden") in {"1", "true"}
            yield number, {column: text for column, text in found.items() if text.strip()}, hidden


def cell_text(cell: Any) -> str:
    """Return the value of a cell as the author sees it: a date as precise as its format, a number with 15 digits."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime | date):
        return _shown_date(value.strftime("%Y-%m-%d"), str(cell.number_format))
    if isinstance(value, time):
        return value.isoformat()
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))


def _shown_date(day: str, number_format: str) -> str:
    """Return a date as a day, a month or a year, whichever the number format shows (ECMA-376, section 18.8.31)."""
    shown = _NOT_A_PART_OF_A_DATE.sub("", number_format.split(";", maxsplit=1)[0]).lower()
    if "d" in shown or not set("my") & set(shown):
        return day
    return day[:7] if "m" in shown else day[:4]
