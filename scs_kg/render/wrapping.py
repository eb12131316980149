"""Wraps text at the width of a terminal. A Chinese character is two columns wide, and Chinese has no spaces."""

import re
import textwrap
from typing import Final
from unicodedata import east_asian_width

_OPENING: Final = "\u2018\u201c\u300a\uff08"
_CLOSING: Final = "\u2019\u201d\u3001\u3002\u300b\uff01\uff09\uff0c\uff1a\uff1b\uff1f"
"""Chinese punctuation: no line may end with ``_OPENING`` or begin with ``_CLOSING``."""
_PIECES: Final = re.compile(rf"\s+|[^\s\u2e80-\uffff]+[{_CLOSING}]*|[{_OPENING}]*[\u2e80-\uffff][{_CLOSING}]*")
"""Matches the pieces that a line break must not split: spaces, words, a Chinese character with its punctuation."""


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def fill(text: str, width: int, indent: str = "", *, break_on_hyphens: bool = True) -> str:
    """Wrap a text to lines of at most ``width`` columns, including the indent."""
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
