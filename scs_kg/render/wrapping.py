"""Wraps text at the width of a terminal. A Chinese character is two columns wide, and Chinese has no spaces."""

import re
import textwrap
from collections.abc import Sequence
from typing import Final
from unicodedata import east_asian_width

GAP: Final = 4
"""The number of columns between texts that are side by side."""
_OPENING: Final = "\u2018\u201c\u300a\uff08"
_CLOSING: Final = "\u2019\u201d\u3001\u3002\u300b\uff01\uff09\uff0c\uff1a\uff1b\uff1f"
"""Chinese punctuation: no line may end with ``_OPENING`` or begin with ``_CLOSING``."""
_PIECES: Final = re.compile(
    rf"\s+|[{_OPENING}]*(?:[^\s\u2e80-\uffff{_OPENING}]+|[\u2e80-\uffff])[{_CLOSING}]*|[{_OPENING}]+"
)
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


def aligned(entries: Sequence[tuple[str, str]]) -> list[str]:
    """Return the lines of a list of signs and their meanings; the meanings begin in the same column."""
    widest = max((columns(sign) for sign, _ in entries), default=0)
    return [sign + " " * (widest - columns(sign) + 2) + meaning for sign, meaning in entries]


def beside(texts: Sequence[str], width: int) -> list[str]:
    """Return lines with as many texts side by side as fit in ``width`` columns; a text that is too long is wrapped."""
    widest = max(map(columns, texts), default=0)
    number = (width + GAP) // (widest + GAP)
    if number < 2:
        return [
            line for text in texts for line in ([text] if columns(text) <= width else fill(text, width).split("\n"))
        ]
    padded = [text + " " * (widest - columns(text) + GAP) for text in texts]
    return ["".join(padded[start : start + number]).rstrip() for start in range(0, len(padded), number)]


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
