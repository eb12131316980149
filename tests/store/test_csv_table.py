"""CSV tables of the project: rows that are written are read back with their lines, and other files are errors."""

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scs_kg.model.errors import BadFileError
from scs_kg.store.csv_table import table_rows

COLUMNS = ("id", "note")
cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=12)


def written(*rows: tuple[str, ...]) -> str:
    """Return rows as CSV, below the header."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows((COLUMNS, *rows))
    return out.getvalue()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(cells, cells), max_size=6))
def test_every_text_is_read_back_with_the_first_line_of_its_row(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(written(*rows).encode())
    begins = [1 + written(*rows[:number]).count("\n") for number in range(len(rows))]
    assert list(table_rows(path, COLUMNS)) == [
        (line, dict(zip(COLUMNS, row, strict=True))) for line, row in zip(begins, rows, strict=True)
    ]


@pytest.mark.parametrize("start", ["", "﻿"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_the_forms_of_spreadsheet_programs_are_read(start: str, end: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(f"{start}id,note{end}a,b{end}".encode())
    assert list(table_rows(path, COLUMNS)) == [(2, {"id": "a", "note": "b"})]


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 1, "must have the columns id,note"),
        (b"note,id\n", 1, "must have the columns id,note"),
        (b"id,note\na,b\na\n", 3, "the number of cells is 1; write one for each column"),
        (b"id,note\na,b,c\n", 2, "the number of cells is 3"),
        (b"id,note\n\na,b\n", 2, "the number of cells is 0"),
        (b'id,note\na,"b\n', 2, "is not CSV"),
        (b'id,note\na,"b"c\n', 2, "is not CSV"),
        (b"id,note\na," + b"x" * 200_000 + b"\n", 2, "is not CSV"),
        (b"id,note\na,b\nc,\xff\n", 3, "is not UTF-8"),
        ("id,note\n".encode("utf-16"), 1, "is not UTF-8"),
    ],
    ids=lambda value: value[:14] if isinstance(value, bytes) else "",
)
def test_a_file_that_is_not_such_a_table_is_an_error_with_its_line(
    content: bytes, line: int, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(BadFileError, match=reason) as caught:
        list(table_rows(path, COLUMNS))
    assert caught.value.line == line


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for name, reason in (
        (".", "cannot be read: Is a directory"),
        ("fifo", "is not a regular file"),
        ("none", "cannot be read"),
    ):
        with pytest.raises(BadFileError, match=reason):
            list(table_rows(tmp_path / name, COLUMNS))
