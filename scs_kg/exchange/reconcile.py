"""Finds what names in somebody's table stand for: systems, regions, features and principles, by name and by code.

A match is certain only by identifier, by code, by a Chinese name that only one has, or by an English one that only one
has and that is no place's name: written in Latin letters, places in China share their names (Fuzhou is two cities). A
property that agrees, such as the province, makes up for that.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from scs_kg import store
from scs_kg.model.namespaces import BASE, PREFIXES, RDF, SCS, curie, local_id
from scs_kg.store import Dataset, Literal, NamedNode

TYPES: Final[Mapping[str, str]] = {
    "SocialCreditSystem": "social credit system",
    "Region": "region",
    "Feature": "feature",
    "Principle": "principle",
}
PROPERTIES: Final[Mapping[str, tuple[str, str]]] = {
    "partOf": (SCS + "partOf", "is part of (region)"),
    "operatesIn": (SCS + "operatesIn", "operates in (system)"),
    "kind": (SCS + "kind", "kind (system)"),
    "inGuideline": (SCS + "inGuideline", "in guideline (principle)"),
    "broader": (PREFIXES["skos"] + "broader", "broader (feature)"),
}
NAMES: Final = (PREFIXES["skos"] + "prefLabel", PREFIXES["skos"] + "altLabel")
CODES: Final = (PREFIXES["skos"] + "notation", PREFIXES["dcterms"] + "identifier")
LEAST: Final = 50.0
EXACT: Final = 100.0
ALIKE: Final = 95.0


@dataclass(frozen=True, slots=True)
class ReconEntity:
    """Something that can be found: its IRI and type, its label and description, its names by language, its codes."""

    iri: str
    type: str
    label: str
    description: str
    names: tuple[tuple[str, str], ...]
    codes: frozenset[str]

    @property
    def id(self) -> str:
        """Return the IRI without what all of ours begin with."""
        return self.iri.removeprefix(BASE)


@dataclass(frozen=True, slots=True)
class ReconQuery:
    """A name to find, of which types (all if none), how many to give, and what is known of it by property."""

    name: str
    types: tuple[str, ...] = ()
    limit: int = 10
    properties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ReconCandidate:
    """What a name may stand for: the likeness of the names from 0 to 100, and whether it is certain."""

    entity: ReconEntity
    score: float
    match: bool


@dataclass(frozen=True, slots=True)
class EntityIndex:
    """All that can be found, and who has a name: exact names in their normal form, by language."""

    dataset: Dataset
    entities: tuple[ReconEntity, ...]
    places: frozenset[str]


def normal(name: str) -> str:
    """Return a name without what does not tell names apart: width, case, accents, punctuation, space."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = (char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    return " ".join("".join(kept).split())


def entity_index(dataset: Dataset) -> EntityIndex:
    """Return what can be found in a dataset, in the order of the IRIs."""
    found = tuple(sorted(_entities(dataset), key=lambda entity: entity.iri))
    places = frozenset(n for e in found if e.type == "Region" for language, n in e.names if language == "en")
    return EntityIndex(dataset, found, places)


def _entities(dataset: Dataset) -> Iterator[ReconEntity]:
    kinds = {SCS + name: name for name in TYPES}
    subclass = PREFIXES["rdfs"] + "subClassOf"
    kinds |= {kind: "Feature" for kind, above in store.subject_objects(dataset, subclass) if above == SCS + "Feature"}
    typed = {iri: kinds[kind] for iri, kind in store.subject_objects(dataset, RDF + "type") if kind in kinds}
    for iri, kind in typed.items():
        names = [t for p in NAMES for t in store.objects(dataset, NamedNode(iri), p) if isinstance(t, Literal)]
        english = [t.value for t in names if (t.language or "en").startswith("en")]
        defined = store.objects(dataset, NamedNode(iri), PREFIXES["skos"] + "definition")
        codes = {store.text(t) for p in CODES for t in store.objects(dataset, NamedNode(iri), p)}
        yield ReconEntity(
            iri=iri,
            type=kind,
            label=english[0] if english else local_id(iri),
            description=next((t.value for t in defined if isinstance(t, Literal) and t.language == "en"), ""),
            names=tuple(((t.language or "en")[:2], normal(t.value)) for t in names),
            codes=frozenset({*codes, iri, iri.removeprefix(BASE), curie(iri)}),
        )


def find(known: EntityIndex, asked: ReconQuery) -> list[ReconCandidate]:
    """Return what a name may stand for, the likeliest first; at most one of them is certain."""
    among = [entity for entity in known.entities if not asked.types or entity.type in asked.types]
    coded = [entity for entity in among if asked.name.strip() in entity.codes]
    name = normal(asked.name)
    scored = [ReconCandidate(e, EXACT if e in coded else _likeness(name, e), match=False) for e in among]
    near = sorted((c for c in scored if c.score >= LEAST), key=lambda c: (-c.score, c.entity.iri))
    certain = _certain(known, asked, near, coded)
    return [ReconCandidate(c.entity, c.score, c.entity == certain) for c in near][: max(0, asked.limit)]


def _likeness(name: str, entity: ReconEntity) -> float:
    """Return how alike a name is to the likest of an entity's: 100 if equal, else at most 95."""
    if any(name == own for _, own in entity.names):
        return EXACT
    best = 0.0
    for _, own in entity.names:
        matcher = SequenceMatcher(None, name, own, autojunk=False)
        if matcher.real_quick_ratio() * EXACT >= LEAST and matcher.quick_ratio() * EXACT >= LEAST:
            best = max(best, matcher.ratio())
    return round(min(ALIKE, best * EXACT), 1)


def _certain(
    known: EntityIndex, asked: ReconQuery, near: Iterable[ReconCandidate], coded: list[ReconEntity]
) -> ReconEntity | None:
    """Return the one entity that a name must stand for, if there is one."""
    name = normal(asked.name)
    exact = coded or [candidate.entity for candidate in near if candidate.score == EXACT]
    agreeing = [entity for entity in exact if asked.properties and _agrees(known.dataset, entity, asked.properties)]
    if asked.properties and not agreeing:
        return None
    left = agreeing or exact
    if len(left) != 1:
        return None
    stands = bool(agreeing) or bool(coded) or ("zh", name) in left[0].names or name not in known.places
    return left[0] if stands else None


def _agrees(dataset: Dataset, entity: ReconEntity, properties: Iterable[tuple[str, str]]) -> bool:
    """Tell whether each property that is given has the value given, by id, by code or by name."""
    said: dict[str, set[str]] = defaultdict(set)
    for name, (predicate, _) in PROPERTIES.items():
        for value in store.objects(dataset, NamedNode(entity.iri), predicate):
            iri = store.text(value)
            labels = [store.text(label) for n in NAMES for label in store.objects(dataset, value, n)]
            said[name] |= {normal(word) for word in (iri, iri.removeprefix(BASE), local_id(iri), *labels)}
    return all(normal(value) in said[name] for name, value in properties)


def suggest(known: EntityIndex, prefix: str, limit: int = 10) -> list[ReconEntity]:
    """Return what has a name, or an id, that begins with a text, or has a word that does."""
    start = normal(prefix)
    found = [e for e in known.entities if any(f" {own}".find(f" {start}") >= 0 for _, own in e.names) or e.id == prefix]
    return sorted(found, key=lambda e: (not normal(e.label).startswith(start), e.label, e.iri))[:limit]
