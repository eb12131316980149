"""A cache of answers, and the entity tags with which clients revalidate their cached answers."""

import hashlib
from typing import Final

from cachetools import LRUCache

from scs_kg.server.jobs import CACHEABLE, Reply

MAX_BYTES: Final = 64 << 20
MAX_ANSWER_BYTES: Final = MAX_BYTES // 16
ENTRY_BYTES: Final = 1024
"""The assumed size of the tag and the headers of an answer: twice the measured size of about 0.5 kB."""
NO_STORE: Final = "no-store"


class AnswerCache:
    """The answers used most recently, keyed by entity tag, up to a total size in bytes.

    The data of a running service does not change, so answers do not become stale.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._answers: Final[LRUCache[str, Reply]] = LRUCache(max_bytes, getsizeof=_size)

    def get(self, tag: str) -> Reply | None:
        """Return the cached answer with this entity tag, or None."""
        return self._answers.get(tag)

    def put(self, tag: str, reply: Reply) -> None:
        """Cache an answer, unless its status, its size or its Cache-Control header forbids it."""
        storable = reply.status in CACHEABLE and reply.headers.get("cache-control") != NO_STORE
        if storable and _size(reply) <= min(MAX_ANSWER_BYTES, self._answers.maxsize):
            self._answers[tag] = reply


def _size(reply: Reply) -> int:
    return len(reply.body) + ENTRY_BYTES


def entity_tag(version: str, job: bytes) -> str:
    """Return the entity tag of the answer to an encoded job.

    The tag is weak (RFC 9110, section 8.8.1), because the rows of an answer without order can come in any order.
    """
    return f'W/"{hashlib.sha256(version.encode() + job).hexdigest()[:32]}"'


def matches(if_none_match: str | None, tag: str) -> bool:
    """Return whether an If-None-Match header (RFC 9110, section 13.1.2) lists a tag, by weak comparison."""
    listed = {part.strip().removeprefix("W/") for part in (if_none_match or "").split(",")}
    return tag.removeprefix("W/") in listed
