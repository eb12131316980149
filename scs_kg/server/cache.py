"""Answers that were given lately, and the tags by which clients say which ones they have."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from scs_kg.server.jobs import LASTING_STATUS, Reply

ROOM: Final = 64 << 20
NO_STORE: Final = "no-store"


@dataclass(slots=True)
class AnswerCache:
    """The answers asked for last, up to so many bytes in all; while a service runs, its data does not change."""

    room: int = ROOM
    kept: OrderedDict[bytes, Reply] = field(default_factory=OrderedDict)

    def get(self, key: bytes) -> Reply | None:
        """Return the reply that is kept under a key, if there is one, and count it as asked for now."""
        if key in self.kept:
            self.kept.move_to_end(key)
        return self.kept.get(key)

    def keep(self, key: bytes, reply: Reply) -> None:
        """Keep a reply that stays true, and drop what was not asked for longest if there is no room for it."""
        lasting = reply.status in LASTING_STATUS and reply.headers.get("cache-control") != NO_STORE
        if key in self.kept or not lasting or len(reply.body) > ROOM // 16:
            return
        self.kept[key] = reply
        self.room -= len(reply.body) + len(key)
        while self.room < 0:
            old, dropped = self.kept.popitem(last=False)
            self.room += len(dropped.body) + len(old)


def tag(version: str, key: bytes) -> str:
    """Return the entity tag of the answer to a job, encoded: weak, since rows without an order may come in any."""
    return f'W/"{hashlib.sha256(version.encode() + key).hexdigest()[:32]}"'


def has(if_none_match: str | None, current: str) -> bool:
    """Tell whether an If-None-Match header (RFC 9110, section 13.1.2) names the current tag, by weak comparison."""
    given = {part.strip().removeprefix("W/") for part in (if_none_match or "").split(",")}
    return current.removeprefix("W/") in given
