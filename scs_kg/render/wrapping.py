"""Wraps text at the width of a terminal, where a Chinese character takes two columns and no spaces part the words."""

import re
import textwrap
from typing import Final
from unicodedata import east_asian_width

_OPENING: Final = "\u2018\u201c\u300a\uff08"
_CLOSING: Final = "\u2019\u201d\u3001\u3002\u300b\uff01\uff09\uff0c\uff1a\uff1b\uff1f"
"""Chinese punctuation that no line may end with, and that no line may begin with."""
_PIECES: Final = re.compile(rf"\s+|[^\s\u2e80-\uffff]+[{_CLOSING}]*|[{_OPENING}]*[\u2e80-\uffff][{_CLOSING}]*")
"""Where a line may end: at spaces, and after a Chinese character with the punctuation beside it."""


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def fill(text: str, width: int, indent: str = "", *, break_on_hyphens: bool = True) -> str:
    """Return a text as lines of at most ``width`` columns, each after an indent."""
    if not re.search(r"[\u2e80-\u9fff\uff00-\uffef]", text):
        return textwrap.fill(
            text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=break_on_hyphens
        )
    return "\n".join(indent + line for line in _lines(" ".join(text.split()), max(width - len(indent), 2)))


def _lines(text: str, width: int) -> list[str]:
    lines, used = [""], 0
    for piece in _PIECES.findall(text):
        takes = columns(piece.rstrip())
        if used + takes > width and lines[-1].strip():
            lines[-1] = lines[-1].rstrip()
            lines, used = [*lines, ""], 0
        if used or piece.strip():
            lines[-1] += piece
            used += columns(piece)
    return [line.rstrip() for line in lines]
