"""Searches names and definitions in both languages, for names that a reader may have meant."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import Final

from scs_kg.model.errors import UnknownNameError
from scs_kg.model.namespaces import local_id
from scs_kg.store import query_library
from scs_kg.store.dataset import Dataset
from scs_kg.store.labels import MAX_LENGTH, normalize_name
from scs_kg.store.query_library import row_text

MOST: Final = 3
VERY_SIMILAR, SIMILAR = 0.75, 0.6
_WORD: Final = re.compile(r"\w+")
_STOP_WORDS: Final = frozenset({"a", "an", "and", "by", "for", "in", "no", "of", "on", "or", "the", "to", "with"})
_SHORTEST_STEM: Final = 4
QUESTIONS: Final[Mapping[str, str]] = {
    "claim": "claims",
    "condition": "condition-list",
    "criterion": "criteria",
    "feature": "features",
    "guideline": "guidelines",
    "principle": "principles",
    "provision": "provisions",
    "reading": "readings",
    "region": "regions",
    "source": "sources",
    "system": "systems",
}
"""The question of the query library that lists all things of a kind."""

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

    ``labels`` has labels that are not in the dataset, by IRI.
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
            definitions[iri] |= dict.fromkeys(normalize_name(text) for text in texts if text)
    return tuple(
        NamedThing(iri, tuple(found), tuple(map(_words, found)), tuple(map(_words, definitions[iri])))
        for iri, found in names.items()
    )


def search(things: Iterable[NamedThing], written: str, most: int = MOST) -> tuple[str, ...]:
    """Return the IRIs of the things that a text may mean, best first.

    Things with a very similar name come first, then those with the words of the text in a name, then those with them in
    a definition. Only if there are none, things with a somewhat similar name are returned.
    """
    text = normalize_name(written[:MAX_LENGTH])
    known = tuple(things)
    likeness = {one.iri: max((_likeness(text, name) for name in one.names), default=0.0) for one in known}
    words = tuple(word for word in _words(text) if word not in _STOP_WORDS)
    similar = [one.iri for one in known if likeness[one.iri] >= VERY_SIMILAR]
    named = [one.iri for one in known if words and any(_has_words(words, own) for own in one.named)]
    defined = [one.iri for one in known if words and any(_has_words(words, own) for own in one.defined)]
    groups = [similar, named, defined]
    if not any(groups):
        groups = [[iri for iri, ratio in likeness.items() if ratio >= SIMILAR]]
    ranked = (iri for group in groups for iri in sorted(group, key=lambda iri: -likeness[iri]))
    return tuple(dict.fromkeys(ranked))[:most]


def unknown_name(
    dataset: Dataset, kind: str, name: str, iris: Collection[str], labels: Labels = NO_LABELS
) -> UnknownNameError:
    """Return the error for a name that no thing of a kind (``feature``) has, with suggestions.

    ``iris`` are the things of this kind, and ``labels`` their labels that are not in the dataset, by IRI. The message
    names the command that lists the things.
    """
    near = [local_id(iri) for iri in search(named_things(dataset, iris, labels), name)]
    return UnknownNameError(kind, name, {local_id(iri) for iri in iris}, near=near, listing=QUESTIONS.get(kind, ""))


def _likeness(text: str, name: str) -> float:
    matcher = SequenceMatcher(None, text, name, autojunk=False)
    if matcher.real_quick_ratio() < SIMILAR or matcher.quick_ratio() < SIMILAR:
        return 0.0
    return matcher.ratio()


def _words(text: str) -> Words:
    return tuple(_WORD.findall(text))


def _has_words(words: Words, known: Words) -> bool:
    """Return whether each word is among the known ones, or is the start of one, or has one as its stem.

    Chinese has no spaces, so that a Chinese word may be inside a known one.
    """
    return all(any(_is_form(word, one) for one in known) for word in words)


def _is_form(word: str, known: str) -> bool:
    if word.isascii():
        shorter = min(len(word), len(known))
        return word == known or (shorter >= _SHORTEST_STEM and (known.startswith(word) or word.startswith(known)))
    return word in known
