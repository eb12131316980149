"""Writes to the terminal or the pipe that standard output leads to."""

import os
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from scs_kg.render.documents import Terminal

ROWS: Final = 20
WIDEST: Final = 100
"""Columns at which running text is wrapped, however wide the terminal."""


def terminal() -> "Terminal":
    """Return how wide the terminal is, at least 40 columns, and whether it shows colour."""
    from scs_kg.render.documents import Terminal

    color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return Terminal(max(40, shutil.get_terminal_size((100, 24)).columns), color)


def text_width() -> int:
    """Return the number of columns at which running text is wrapped."""
    return min(terminal().width, WIDEST)


def write(text: str | bytes) -> None:
    """Print to standard output as UTF-8, whatever the locale says."""
    sys.stdout.buffer.write(text if isinstance(text, bytes) else text.encode())


def write_json(value: Any) -> None:
    """Print a value as JSON."""
    from scs_kg.render.data import as_json

    write(as_json(value))


def first_rows(found: Sequence[Any], top: int | None, form: str) -> int:
    """Return how many rows to print: by default 20 as text, and all in a form for programs."""
    if top is None:
        return ROWS if form == "text" else len(found)
    return top or len(found)
