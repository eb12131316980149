"""Sorts the prefix declarations at the head of a Turtle or TriG text, and removes those that the text does not use."""

import re
from typing import Final

_END_OF_HEAD: Final = re.compile(r"^(?!@prefix )", re.MULTILINE)
_END_OF_HEAD_BYTES: Final = re.compile(rb"^(?!@prefix )", re.MULTILINE)


def used_prefixes(turtle: str, joining: str) -> str:
    """Remove the declarations of prefixes that do not occur in the rest of a text.

    A prefix after a letter, a digit or one of the ``joining`` characters is the end of a longer word.
    """
    head, body = _END_OF_HEAD.split(turtle, maxsplit=1)

    def occurs(prefix: str) -> bool:
        place = body.find(prefix)
        while place > 0 and (body[place - 1].isalnum() or body[place - 1] in joining):
            place = body.find(prefix, place + 1)
        return place >= 0

    return "".join(line for line in head.splitlines(keepends=True) if occurs(line.split()[1])) + body


def sort_prefixes(written: bytes) -> bytes:
    """Sort the declarations of a text; a text without declarations is unchanged."""
    head, body = _END_OF_HEAD_BYTES.split(written, maxsplit=1)
    return b"".join([*sorted(head.splitlines(keepends=True)), body])
