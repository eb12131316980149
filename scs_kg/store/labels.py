"""Finds what a person means by a name: an id, an IRI, or a label in English or Chinese."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from scs_kg.model.entity import Entity
from scs_kg.model.errors import UnknownNameError, WrongUseError
from scs_kg.model.namespaces import expand, local_id
from scs_kg.store import query_library
from scs_kg.store.dataset import Dataset
from scs_kg.store.query_library import row_text

LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class NameIndex:
    """The IRIs that each folded name may stand for, by the class of what is named."""

    by_class: Mapping[str, Mapping[str, frozenset[str]]]
    labels: Mapping[str, tuple[str, ...]]

    def find(self, kind: str, written: str) -> frozenset[str]:
        """Return the IRIs of instances of a class that are called so: none, one, or several that share a label."""
        known = self.by_class.get(kind, {})
        iri = expand(written)
        return known.get(normalize_name(local_id(iri) if iri else written), frozenset())

    def called(self, written: str) -> frozenset[str]:
        """Return the IRIs of everything that is called so, of any class."""
        return frozenset(iri for kind in self.by_class for iri in self.find(kind, written))

    def near(self, kind: str, written: str, most: int = 3) -> tuple[str, ...]:
        """Return the ids of those instances of a class whose names are nearest to what is written."""
        known = self.by_class.get(kind, {})
        close = close_matches(normalize_name(written), known, most)
        return tuple(dict.fromkeys(local_id(iri) for name in close for iri in sorted(known[name])))[:most]

    def ids(self, kind: str) -> tuple[str, ...]:
        """Return the ids of all instances of a class, sorted."""
        return tuple(sorted({local_id(iri) for iris in self.by_class.get(kind, {}).values() for iri in iris}))

    def written(self, kind: str) -> tuple[str, ...]:
        """Return all ids of instances of a class, sorted, and then their labels."""
        return tuple(dict.fromkeys((*self.ids(kind), *self.labels.get(kind, ()))))


def name_index(dataset: Dataset) -> NameIndex:
    """Return the names of everything that a claim or a command may name."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    labels: dict[str, list[str]] = defaultdict(list)
    for row in query_library.rows(dataset, "names"):
        kind, thing = row_text(row, "class"), row_text(row, "thing")
        for name in (local_id(thing), row_text(row, "name")):
            if name:
                found[kind][normalize_name(name)].add(thing)
        if row_text(row, "name"):
            labels[kind].append(row_text(row, "name"))
    by_class = {kind: _without_shadows(known) for kind, known in found.items()}
    return NameIndex(by_class, {kind: tuple(sorted(known)) for kind, known in labels.items()})


def resolve(dataset: Dataset, name: str, kind: str, things: Iterable[Entity]) -> Entity:
    """Return that of some things of a kind (``system``) which is called so, by id, IRI or a label that it has.

    Raises:
        UnknownNameError: none of them is; the nearest ids are offered.
        WrongUseError: several of them are.
    """
    known, iri = list(things), expand(name)
    for candidate in known:
        if name == candidate.id or candidate.iri in (name, iri):
            return candidate
    called = frozenset() if iri else name_index(dataset).called(name)
    found = {candidate.id: candidate for candidate in known if candidate.iri in called}
    if len(found) > 1:
        raise WrongUseError(f"'{name}' is the name of more than one {kind}: {', '.join(sorted(found))}; give an id")
    if not found:
        labels = {candidate.label: candidate.id for candidate in known}
        raise UnknownNameError(kind, name, {candidate.id for candidate in known}, labels)
    return found.popitem()[1]


def _without_shadows(known: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """Let an id win over the same word as a label of something else."""
    return {
        name: frozenset({iri for iri in iris if normalize_name(local_id(iri)) == name} or iris)
        for name, iris in known.items()
    }


def close_matches(written: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return those of the known names that are nearest to what is written, the nearest first."""
    return get_close_matches(written[:LONGEST], list(known), n=most, cutoff=0.6)


@lru_cache(1 << 16)
def normalize_name(name: str) -> str:
    """Return a name without case, compatibility forms (Unicode NFKC) and superfluous space."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
