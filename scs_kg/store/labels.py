"""Resolves names to resources: an id, an IRI, or a label in English or Chinese."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from scs_kg.model.entity import Entity
from scs_kg.model.errors import WrongUseError
from scs_kg.model.namespaces import expand, local_id
from scs_kg.store import query_library
from scs_kg.store.dataset import Dataset
from scs_kg.store.query_library import row_text

MAX_LENGTH: Final = 100


@dataclass(frozen=True, slots=True)
class NameIndex:
    """The IRIs for each normalized name, grouped by class, and the labels of each class. An index is immutable."""

    by_class: Mapping[str, Mapping[str, frozenset[str]]]
    labels: Mapping[str, tuple[str, ...]]

    def find(self, kind: str, written: str) -> frozenset[str]:
        """Return the instances of a class with this name; several instances can share a label or an id.

        For an IRI or a prefixed name, the result does not contain other IRIs with the same last part.
        """
        known = self.by_class.get(kind, {})
        iri = expand(written)
        if iri is None:
            return known.get(normalize_name(written), frozenset())
        return frozenset({iri}) & known.get(normalize_name(local_id(iri)), frozenset())

    def find_any(self, written: str) -> frozenset[str]:
        """Return the instances of any class with this name."""
        return frozenset(iri for kind in self.by_class for iri in self.find(kind, written))

    def iris(self, kind: str) -> frozenset[str]:
        """Return the instances of a class."""
        return frozenset(iri for iris in self.by_class.get(kind, {}).values() for iri in iris)

    def ids(self, kind: str) -> tuple[str, ...]:
        """Return the ids of all instances of a class, sorted."""
        return tuple(sorted(set(map(local_id, self.iris(kind)))))

    def ids_and_labels(self, kind: str) -> tuple[str, ...]:
        """Return the ids of all instances of a class, sorted, then their labels, sorted."""
        return tuple(dict.fromkeys((*self.ids(kind), *self.labels.get(kind, ()))))


def name_index(dataset: Dataset) -> NameIndex:
    """Return an index of all resources that a claim or a command can refer to."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    labels: dict[str, list[str]] = defaultdict(list)
    for row in query_library.rows(dataset, "names"):
        kind, iri = row_text(row, "class"), row_text(row, "thing")
        for name in (local_id(iri), row_text(row, "name")):
            if name:
                found[kind][normalize_name(name)].add(iri)
        if row_text(row, "name"):
            labels[kind].append(row_text(row, "name"))
    by_class = {kind: MappingProxyType(_prefer_ids(known)) for kind, known in found.items()}
    sorted_labels = {kind: tuple(sorted(known)) for kind, known in labels.items()}
    return NameIndex(MappingProxyType(by_class), MappingProxyType(sorted_labels))


def resolve(dataset: Dataset, name: str, kind: str, things: Iterable[Entity]) -> Entity:
    """Return the entity with this id, IRI or label; ``kind`` (such as ``system``) is for error messages.

    An id may begin with the preceding part of the IRI, as in ``gdpr-2016/article-22``.

    Raises:
        UnknownNameError: no entity has this name; the message suggests similar ids.
        WrongUseError: several entities have this name.
    """
    known, iri = list(things), expand(name)
    found = [one for one in known if one.iri in (name, iri)]
    found = found or [one for one in known if name in (one.id, long_name(one.iri))]
    if not found and not iri:
        called = name_index(dataset).find_any(name)
        found = [one for one in known if one.iri in called]
    found = list({one.iri: one for one in found}.values())
    if len(found) > 1:
        short = short_names(one.iri for one in known)
        choices = ", ".join(sorted(short[one.iri] for one in found))
        raise WrongUseError(
            f"'{name}' is ambiguous: it is the name of more than one {kind}: {choices}; use one of these"
        )
    if not found:
        from scs_kg.store.name_search import unknown_name  # import only for an error

        labels = {candidate.iri: candidate.label for candidate in known}
        raise unknown_name(dataset, kind, name, labels.keys(), labels)
    return found[0]


def short_names(iris: Iterable[str]) -> Mapping[str, str]:
    """Return the id of each resource, keyed by IRI; equal ids get the preceding part of their IRI as a prefix.

    For example, article 10 of two guidelines is ``gdpr-2016/article-10`` and ``pipl-2021/article-10``.
    """
    different = dict.fromkeys(iris)
    counts = Counter(map(local_id, different))
    return {iri: local_id(iri) if counts[local_id(iri)] == 1 else long_name(iri) for iri in different}


def long_name(iri: str) -> str:
    """Return the id of a resource with the preceding part of its IRI: ``gdpr-2016/article-10``."""
    return "/".join(iri.replace("#", "/").split("/")[-2:])


def _prefer_ids(known: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """Give an id precedence over an equal label of another resource."""
    return {
        name: frozenset({iri for iri in iris if normalize_name(local_id(iri)) == name} or iris)
        for name, iris in known.items()
    }


def close_matches(written: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return the known names that are most similar to a text, best first."""
    return get_close_matches(written[:MAX_LENGTH], list(known), n=most, cutoff=0.6)


@lru_cache(1 << 16)
def normalize_name(name: str) -> str:
    """Return a name in case-folded NFKC form with single spaces. Results are cached."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
