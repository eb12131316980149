"""Reads claims in CSV (RFC 4180): a row of field names, then one record per row.

The module has its own CSV parser, because that of the standard library does not keep the line and column of a cell.
"""

import re
from collections.abc import Iterator

from scs_kg.contribute.read.context import ReadingContext
from scs_kg.contribute.read.draft import Fault, FileDemand, Record, SourcePosition, UnreadableError, WrittenValue
from scs_kg.contribute.read.rdf import decoded
from scs_kg.contribute.read.rows import COMMENT, DELIMITERS, SheetRows, records_of
from scs_kg.store.line_split import split_lines


def csv_records(context: ReadingContext, content: bytes) -> tuple[list[Record], list[Fault]]:
    """Return the records of a CSV file. The delimiter is the candidate that is most frequent in the header row."""
    text = decoded(content)
    if "\0" in text:
        raise UnreadableError(FileDemand.SYNTAX, "is not CSV: it has a NUL character; save it as CSV in UTF-8")
    first = next((line for line in split_lines(text) if line.strip() and not line.lstrip('" ').startswith(COMMENT)), "")
    delimiter = max(DELIMITERS, key=first.count)
    return records_of(context, [SheetRows("", tuple(_rows(text, delimiter)), delimiter)])


def _rows(text: str, delimiter: str) -> Iterator[tuple[WrittenValue, ...]]:
    """Yield the rows that are not empty."""
    cell = re.compile(rf'[ ]*"(?P<quoted>(?:[^"]|"")*)"[ ]*|(?P<bare>[^"{delimiter}\r\n][^{delimiter}\r\n]*)|')
    row: list[WrittenValue] = []
    at, line, line_start = 0, 1, 0
    while at < len(text):
        found = cell.match(text, at)
        position = SourcePosition(line, at - line_start + 1)
        end = found.end() if found else at
        row.append(WrittenValue(_value(found), position))
        line, line_start = _line_after(text, at, end, line, line_start)
        after = text[end : end + 2]
        if after[:1] == delimiter:
            at = end + 1
            if at == len(text):
                row.append(WrittenValue("", SourcePosition(line, at - line_start + 1)))
            continue
        if after and after[0] not in "\r\n":
            message = (
                "is not CSV: a quotation mark is not closed, or text follows it; write each quotation mark"
                " inside a cell twice"
            )
            raise UnreadableError(FileDemand.SYNTAX, message, position)
        at = end + (2 if after == "\r\n" else 1)
        line, line_start = line + 1, at
        if any(value.text.strip() for value in row):
            yield tuple(row)
        row = []
    if any(value.text.strip() for value in row):
        yield tuple(row)


def _value(cell: re.Match[str] | None) -> str:
    if cell is None:
        return ""
    return cell["bare"] or "" if cell["quoted"] is None else cell["quoted"].replace('""', '"')


def _line_after(text: str, at: int, end: int, line: int, line_start: int) -> tuple[int, int]:
    """Return the line number and the start of the line after a cell, which may contain line breaks."""
    breaks = text.count("\n", at, end)
    return (line + breaks, text.rfind("\n", at, end) + 1) if breaks else (line, line_start)
