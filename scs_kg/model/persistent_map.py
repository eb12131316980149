"""A mapping that is never changed and cheap to make anew: a change copies one part of it and shares the rest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar, overload

Value = TypeVar("Value")
Other = TypeVar("Other")

PARTS: Final = 256


@dataclass(frozen=True, slots=True)
class PersistentMap(Generic[Value]):
    """Values by name, in parts by the hash of the name; equal if they hold the same."""

    parts: tuple[Mapping[str, Value], ...] = ({},) * PARTS

    @overload
    def get(self, name: str) -> Value | None: ...
    @overload
    def get(self, name: str, other: Other) -> Value | Other: ...
    def get(self, name: str, other: object = None) -> object:
        """Return the value of a name, or the other if it has none."""
        return self.parts[hash(name) % PARTS].get(name, other)

    def changed(self, put: Iterable[tuple[str, Value]] = (), drop: Iterable[str] = ()) -> "PersistentMap[Value]":
        """Return an index without the names dropped and with the values put; both may name what is not there."""
        fresh: dict[int, dict[str, Value]] = {}

        def part(name: str) -> dict[str, Value]:
            number = hash(name) % PARTS
            return fresh.setdefault(number, {}) if number in fresh else fresh.setdefault(number, {**self.parts[number]})

        for name in drop:
            part(name).pop(name, None)
        for name, value in put:
            part(name)[name] = value
        return PersistentMap(tuple(fresh.get(number, old) for number, old in enumerate(self.parts))) if fresh else self
