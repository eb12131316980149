"""Reads a CSV table with fixed columns, such as the log of searches, from a project folder."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from pathlib import Path

from scs_kg.model.errors import BadFileError


def table_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row of a CSV table (RFC 4180) by column, with the line on which it begins, counted from 1.

    Raises:
        BadFileError: the file cannot be read, is not UTF-8 or is not CSV; it has other columns; or a row has too few or
            too many cells.
    """
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    line = 1
    try:
        if next(reader, []) != list(columns):
            raise BadFileError(path, 1, f"must have the columns {','.join(columns)}")
        line = reader.line_num + 1
        for values in reader:
            if len(values) != len(columns):
                raise BadFileError(path, line, f"has {len(values)} cells; write one for each column")
            yield line, dict(zip(columns, values, strict=True))
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadFileError(path, line, f"is not CSV: {error}") from error


def _text(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            raise BadFileError(path, None, "is not a regular file; replace it with a regular file")
        content = path.read_bytes()
        return content.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BadFileError(path, line, "is not UTF-8; save it as UTF-8") from error
    except OSError as error:
        raise BadFileError(path, None, f"cannot be read: {error.strerror or error}") from error
