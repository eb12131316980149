"""Writes to standard output, which is a terminal or a pipe."""

import os
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from scs_kg.render.documents import Terminal

ROWS: Final = 20
WIDEST: Final = 100
"""The maximum width of running text in columns."""


def terminal() -> "Terminal":
    """Return the width of the terminal, at least 40 columns, and whether it shows colour."""
    from scs_kg.render.documents import Terminal

    color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return Terminal(max(40, shutil.get_terminal_size((100, 24)).columns), color)


def text_width() -> int:
    """Return the number of columns at which running text is wrapped."""
    return min(terminal().width, WIDEST)


def write(text: str | bytes) -> None:
    """Print to standard output as UTF-8, independent of the locale."""
    sys.stdout.buffer.write(text if isinstance(text, bytes) else text.encode())


def write_json(value: Any) -> None:
    """Print a value as JSON."""
    from scs_kg.render.data import as_json

    write(as_json(value))


def first_rows(found: Sequence[Any], top: int | None, form: str) -> int:
    """Return the number of rows to print; the default is 20 rows in text, and all rows in formats for programs."""
    if top is None:
        return ROWS if form == "text" else len(found)
    return top or len(found)
