"""Limits the size of an answer in bytes, so that a query cannot fill the memory of a service."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from scs_kg.model.errors import WrongUseError
from scs_kg.store.terms import Triple


class LimitedBuffer(io.BytesIO):
    """A buffer that raises WrongUseError when its content would exceed a number of bytes."""

    def __init__(self, limit: int | None) -> None:
        super().__init__()
        self.limit = limit

    def write(self, part: Any) -> int:
        """Append bytes and return their number.

        Raises:
            WrongUseError: the content would exceed the limit.
        """
        if self.limit is not None and self.tell() + len(part) > self.limit:
            raise _too_large()
        return super().write(part)


def limit_triples(found: Iterable[Triple], limit: int | None) -> Iterator[Triple]:
    """Yield triples until their text exceeds a number of characters.

    Raises:
        WrongUseError: the text exceeds the limit.
    """
    left = limit
    for triple in found:
        if left is not None:
            left -= len(str(triple))
            if left < 0:
                raise _too_large()
        yield triple


def check_length(written: bytes, limit: int | None) -> bytes:
    """Return an answer that is at most as long as the limit.

    Raises:
        WrongUseError: the answer is longer.
    """
    if limit is not None and len(written) > limit:
        raise _too_large()
    return written


def _too_large() -> WrongUseError:
    return WrongUseError(
        "the result exceeds the size limit of this service; narrow the query, or page it with LIMIT and OFFSET"
    )
