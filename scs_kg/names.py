"""Finds what a person means by a name: an id, an IRI, or a label in English or Chinese."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from scs_kg import query
from scs_kg.namespaces import expand, local_id
from scs_kg.query import text
from scs_kg.store import Dataset

LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Names:
    """The IRIs that each folded name may stand for, by the class of what is named."""

    by_class: Mapping[str, Mapping[str, frozenset[str]]]
    labels: Mapping[str, tuple[str, ...]]

    def find(self, kind: str, written: str) -> frozenset[str]:
        """Return the IRIs of instances of a class that are called so: none, one, or several that share a label."""
        known = self.by_class.get(kind, {})
        iri = expand(written)
        return known.get(fold(local_id(iri) if iri else written), frozenset())

    def near(self, kind: str, written: str, most: int = 3) -> tuple[str, ...]:
        """Return the ids of those instances of a class whose names are nearest to what is written."""
        known = self.by_class.get(kind, {})
        close = nearest(fold(written), known, most)
        return tuple(dict.fromkeys(local_id(iri) for name in close for iri in sorted(known[name])))[:most]

    def ids(self, kind: str) -> tuple[str, ...]:
        """Return the ids of all instances of a class, sorted."""
        return tuple(sorted({local_id(iri) for iris in self.by_class.get(kind, {}).values() for iri in iris}))

    def written(self, kind: str) -> tuple[str, ...]:
        """Return all ids of instances of a class, sorted, and then their labels."""
        return tuple(dict.fromkeys((*self.ids(kind), *self.labels.get(kind, ()))))


def names(dataset: Dataset) -> Names:
    """Return the names of everything that a claim may name."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    labels: dict[str, list[str]] = defaultdict(list)
    for row in query.rows(dataset, "names"):
        kind, thing = text(row, "class"), text(row, "thing")
        for name in (local_id(thing), text(row, "name")):
            if name:
                found[kind][fold(name)].add(thing)
        if text(row, "name"):
            labels[kind].append(text(row, "name"))
    by_class = {kind: _without_shadows(known) for kind, known in found.items()}
    return Names(by_class, {kind: tuple(sorted(known)) for kind, known in labels.items()})


def _without_shadows(known: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """Let an id win over the same word as a label of something else."""
    return {
        name: frozenset({iri for iri in iris if fold(local_id(iri)) == name} or iris) for name, iris in known.items()
    }


def nearest(written: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return those of the known names that are nearest to what is written, the nearest first."""
    return get_close_matches(written[:LONGEST], list(known), n=most, cutoff=0.6)


@lru_cache(1 << 16)
def fold(name: str) -> str:
    """Return a name without case, compatibility forms (Unicode NFKC) and superfluous space."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
