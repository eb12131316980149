"""Sorts the prefix declarations at the head of a Turtle or TriG text, and removes unused declarations."""

import re
from functools import cache
from typing import Final

_END_OF_HEAD: Final = re.compile(r"^(?!@prefix )", re.MULTILINE)
_END_OF_HEAD_BYTES: Final = re.compile(rb"^(?!@prefix )", re.MULTILINE)


def used_prefixes(turtle: str, joining: str) -> str:
    """Remove the declarations of prefixes that do not occur in the rest of a text, as ``occurring`` says."""
    head, body = _END_OF_HEAD.split(turtle, maxsplit=1)
    found = occurring(body, joining)
    return "".join([*(line for line in head.splitlines(keepends=True) if line.split()[1] in found), body])


def occurring(body: str, joining: str) -> set[str]:
    """Return the words before a colon, with the colon; these include all prefixes that occur in a text.

    A word after one of the ``joining`` characters is the end of a longer word.
    """
    return set(_pattern(joining).findall(body))


@cache
def _pattern(joining: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w{re.escape(joining)}])\w+:")


def sort_prefixes(written: bytes) -> bytes:
    """Sort the declarations of a text; a text without declarations is unchanged."""
    head, body = _END_OF_HEAD_BYTES.split(written, maxsplit=1)
    return b"".join([*sorted(head.splitlines(keepends=True)), body])
