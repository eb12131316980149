"""Claims in CSV (RFC 4180): one record a row, under a row of field names.

The reader of the standard library forgets on which line and column a cell stands, so the cells are found here.
"""

import re
from collections.abc import Iterator
from typing import Final

from scs_kg.contribute.read.context import ReadingContext
from scs_kg.contribute.read.draft import Fault, FileDemand, Record, SourcePosition, UnreadableError, WrittenValue
from scs_kg.contribute.read.rdf import decoded
from scs_kg.contribute.read.rows import COMMENT, SheetRows, records_of

_SEPARATORS: Final = ",;\t"


def csv_records(ground: ReadingContext, content: bytes) -> tuple[list[Record], list[Fault]]:
    """Return the records of a CSV file; between cells stands what stands most often in the row of field names."""
    text = decoded(content)
    if "\0" in text:
        raise UnreadableError(FileDemand.SYNTAX, "is not CSV: it holds a NUL character; save it as CSV in UTF-8")
    first = next((line for line in text.splitlines() if line.strip() and not line.lstrip('" ').startswith(COMMENT)), "")
    separator = max(_SEPARATORS, key=first.count)
    return records_of(ground, [SheetRows("", tuple(_rows(text, separator)))])


def _rows(text: str, separator: str) -> Iterator[tuple[WrittenValue, ...]]:
    """Yield the rows with their cells, but for the lines that are empty."""
    cell = re.compile(rf'[ ]*"(?P<quoted>(?:[^"]|"")*)"[ ]*|(?P<bare>[^"{separator}\r\n][^{separator}\r\n]*)|')
    row: list[WrittenValue] = []
    at, line, start = 0, 1, 0
    while at < len(text):
        found = cell.match(text, at)
        place = SourcePosition(line, at - start + 1)
        end = found.end() if found else at
        value = found["quoted"] if found and found["quoted"] is not None else (found and found["bare"]) or ""
        row.append(WrittenValue(value.replace('""', '"') if found and found["quoted"] is not None else value, place))
        line, start = _after(text, at, end, line, start)
        after = text[end : end + 2]
        if after[:1] == separator:
            at = end + 1
            if at == len(text):
                row.append(WrittenValue("", SourcePosition(line, at - start + 1)))
            continue
        if after and after[0] not in "\r\n":
            message = "is not CSV: a quotation mark is not closed, or text follows one; double those within a cell"
            raise UnreadableError(FileDemand.SYNTAX, message, place)
        at = end + (2 if after == "\r\n" else 1)
        line, start = line + 1, at
        if any(found.text.strip() for found in row):
            yield tuple(row)
        row = []
    if any(found.text.strip() for found in row):
        yield tuple(row)


def _after(text: str, at: int, end: int, line: int, start: int) -> tuple[int, int]:
    """Return the line and where it starts, once a cell has been passed that may hold breaks of its own."""
    breaks = text.count("\n", at, end)
    return (line + breaks, text.rfind("\n", at, end) + 1) if breaks else (line, start)
