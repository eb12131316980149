"""Reads a CSV table with fixed columns, such as the log of searches, from a project folder."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from pathlib import Path

from scs_kg.model.errors import BadFileError
from scs_kg.store.utf8_file import read_utf8


def table_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number of the first line of each row of a CSV table (RFC 4180), from 1, and the cells by column.

    Raises:
        BadFileError: the file cannot be read, is not UTF-8 or is not CSV; it has other columns; or a row has too few or
            too many cells.
    """
    content = read_utf8(path).removeprefix(BOM_UTF8)
    reader = csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
    line = 1
    try:
        if next(reader, []) != list(columns):
            raise BadFileError(path, 1, f"must have the columns {','.join(columns)}")
        line = reader.line_num + 1
        for values in reader:
            if len(values) != len(columns):
                raise BadFileError(path, line, f"the number of cells is {len(values)}; write one for each column")
            yield line, dict(zip(columns, values, strict=True))
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadFileError(path, line, f"is not CSV: {error}") from error
