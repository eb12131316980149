"""Searches names and definitions in both languages for the things that a reader may have meant."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from scs_kg.model.advice import ALL_QUERIES
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.likeness import likeness_to
from scs_kg.model.namespaces import local_id
from scs_kg.store import query_library
from scs_kg.store.dataset import Dataset
from scs_kg.store.labels import MAX_LENGTH, normalize_name, short_names
from scs_kg.store.query_library import Query, row_text

MOST: Final = 3
VERY_SIMILAR, SIMILAR = 0.75, 0.6
_WORD: Final = re.compile(r"\w+")
_STOP_WORDS: Final = frozenset({"a", "an", "and", "by", "for", "in", "no", "of", "on", "or", "the", "to", "with"})
_SHORTEST_STEM: Final = 4
QUESTIONS: Final[Mapping[str, str]] = {
    "claim": "claims",
    "claim or source": "claims,sources",
    "claim, criterion or provision": "claims,criteria,provisions",
    "condition": "condition-list",
    "criterion": "criteria",
    "feature": "features",
    "guideline": "guidelines",
    "objection": "objections",
    "principle": "principles",
    "provision": "provisions",
    "reading": "readings",
    "region": "regions",
    "source": "sources",
    "system": "systems",
}
"""The questions of the query library that list all things of a kind, separated by commas."""

Words = tuple[str, ...]
Labels = Mapping[str, str]
NO_LABELS: Final[Labels] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class NamedThing:
    """A thing with its normalized names (id, labels and alternative labels).

    ``named`` has the words of each name, ``defined`` the words of each definition.
    """

    iri: str
    names: tuple[str, ...]
    named: tuple[Words, ...]
    defined: tuple[Words, ...]


def named_things(dataset: Dataset, iris: Collection[str], labels: Labels = NO_LABELS) -> tuple[NamedThing, ...]:
    """Return things with their names and definitions in English and Chinese, sorted by IRI.

    ``labels`` has labels that are not in the dataset, keyed by IRI.
    """
    names: dict[str, dict[str, None]] = {iri: {normalize_name(local_id(iri)): None} for iri in sorted(iris)}
    for iri, label in labels.items():
        names[iri][normalize_name(label)] = None
    definitions: dict[str, dict[str, None]] = defaultdict(dict)
    for row in query_library.rows(dataset, "names"):
        if (iri := row_text(row, "thing")) in names and row_text(row, "name"):
            names[iri][normalize_name(row_text(row, "name"))] = None
    for row in query_library.rows(dataset, "labels"):
        if (iri := row_text(row, "thing")) in names:
            names[iri][normalize_name(row_text(row, "label"))] = None
            texts = (row_text(row, name) for name in ("definition", "chineseDefinition"))
            definitions[iri] |= dict.fromkeys(text for text in texts if text)
    return tuple(named_thing(iri, found, definitions[iri]) for iri, found in names.items())


def named_thing(iri: str, names: Iterable[str], definitions: Iterable[str]) -> NamedThing:
    """Return a thing with names and definitions that need not be normalized."""
    normal = tuple(map(normalize_name, names))
    return NamedThing(
        iri, normal, tuple(map(_words, normal)), tuple(_words(normalize_name(one)) for one in definitions)
    )


def search(things: Iterable[NamedThing], written: str, most: int = MOST) -> tuple[str, ...]:
    """Return the IRIs of the things that a text may mean, best first.

    Things with a very similar name come first. Things with the words of the text in a name follow, and then things with
    the words in a definition. Without such things, the result has things with a somewhat similar name, and then the
    things with the largest number of the words.
    """
    text = normalize_name(written[:MAX_LENGTH])
    known, near = tuple(things), likeness_to(text, SIMILAR)
    likeness = {one.iri: max(map(near, one.names), default=0.0) for one in known}
    words = tuple(word for word in _words(text) if word not in _STOP_WORDS and not _is_letter(word))
    similar = [one.iri for one in known if likeness[one.iri] >= VERY_SIMILAR]
    named = [one.iri for one in known if words and any(_has_words(words, own) for own in one.named)]
    defined = [one.iri for one in known if words and any(_has_words(words, own) for own in one.defined)]
    groups = [similar, named, defined]
    if not any(groups):
        groups = [[iri for iri, ratio in likeness.items() if ratio >= SIMILAR], _with_most_words(known, words)]
    ranked = (iri for group in groups for iri in sorted(group, key=lambda iri: -likeness[iri]))
    return tuple(dict.fromkeys(ranked))[:most]


def unknown_name(
    dataset: Dataset, kind: str, name: str, iris: Collection[str], labels: Labels = NO_LABELS
) -> UnknownNameError:
    """Return the error for a name that no thing of a kind (``feature``) has, with suggestions.

    ``iris`` are the things of this kind. ``labels`` has labels of these things that are not in the dataset, keyed by
    IRI. The message names the command that lists the things.
    """
    short = short_names(iris)
    near = [short[iri] for iri in search(named_things(dataset, iris, labels), name)]
    return UnknownNameError(kind, name, short.values(), near=near, listing=QUESTIONS.get(kind, ""))


def unknown_query(name: str, known: Iterable[Query], titles: Labels = NO_LABELS) -> UnknownNameError:
    """Return the error for an unknown query, which suggests queries with a similar name or with the words of the name.

    ``titles`` maps the title of a query to its title in another language, which is searched too.
    """
    queries = {one.name: one for one in known}
    things = (
        named_thing(one.name, (one.name, one.title, titles.get(one.title, one.title)), (one.question,))
        for one in queries.values()
    )
    return UnknownNameError("query", name, queries, near=search(things, Path(name).stem), listing=ALL_QUERIES)


def _words(text: str) -> Words:
    return tuple(_WORD.findall(text))


def _is_letter(word: str) -> bool:
    return word.isascii() and len(word) == 1


def _with_most_words(things: Iterable[NamedThing], words: Words) -> list[str]:
    """Return the IRIs of the things whose names and definitions contain the largest number of the given words.

    If there are many such things, the words do not distinguish them, and the list is empty.
    """
    counts: dict[str, int] = {}
    for one in things:
        texts = (*one.named, *one.defined)
        counts[one.iri] = sum(any(_has_words((word,), text) for text in texts) for word in words)
    most = max(counts.values(), default=0)
    found = [iri for iri, count in counts.items() if count == most]
    return found if most and len(found) <= 2 * MOST else []


def _has_words(words: Words, known: Words) -> bool:
    """Return whether each word is a known word, begins a known word, or has a known word as its stem.

    Chinese has no spaces. Therefore a Chinese word may also be inside a known word.
    """
    return all(any(_is_form(word, one) for one in known) for word in words)


def _is_form(word: str, known: str) -> bool:
    if word.isascii():
        shorter = min(len(word), len(known))
        return word == known or (shorter >= _SHORTEST_STEM and (known.startswith(word) or word.startswith(known)))
    return word in known
