"""Reconciles the names in a table with systems, regions, features and principles, by name and by code.

A match is certain if the identifier, the code, an unambiguous Chinese name, or an unambiguous English name agrees. An
English place name is enough only if a property, such as the province, agrees too, because different places in China
have the same romanized name (two cities are called Fuzhou).
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from scs_kg import store
from scs_kg.model.likeness import likeness_to
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
CODE: Final = "code"
"""The property that has the codes of an entity in any code list; it stands for several predicates."""
QUERY_PROPERTIES: Final[Mapping[str, str]] = {
    **{key: label for key, (_, label) in PROPERTIES.items()},
    CODE: "code (ISO 3166-2, GB/T 2260)",
}
"""The labels of the properties that a query may give, keyed by their ids."""
NAMES: Final = (PREFIXES["skos"] + "prefLabel", PREFIXES["skos"] + "altLabel")
CODES: Final = (PREFIXES["skos"] + "notation", PREFIXES["dcterms"] + "identifier")
_KIND_OF_REGION: Final = re.compile(
    r"((维吾尔|壮族|回族)?自治区|特别行政区|自治[州县]|[省市县区盟])$"
    r"| (shi|sheng|xian|city|province|municipality|county|prefecture)$"
)
MIN_SCORE: Final = 50.0
EXACT: Final = 100.0
MAX_INEXACT: Final = 95.0


@dataclass(frozen=True, slots=True)
class ReconEntity:
    """An entity: its IRI and type, its label and description, pairs of language and normalized name, and its codes."""

    iri: str
    type: str
    label: str
    description: str
    names: tuple[tuple[str, str], ...]
    codes: frozenset[str]

    @property
    def id(self) -> str:
        """The IRI without the project's namespace."""
        return self.iri.removeprefix(BASE)


@dataclass(frozen=True, slots=True)
class ReconQuery:
    """A name to reconcile, its types (any if empty), the maximum number of candidates, and known property values."""

    name: str
    types: tuple[str, ...] = ()
    limit: int = 10
    properties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ReconCandidate:
    """A candidate for a name: the similarity of the names from 0 to 100, and whether the match is certain."""

    entity: ReconEntity
    score: float
    match: bool


@dataclass(frozen=True, slots=True)
class EntityIndex:
    """The entities of a dataset, and the normalized English names of all regions."""

    dataset: Dataset
    entities: tuple[ReconEntity, ...]
    places: frozenset[str]


def normal(name: str) -> str:
    """Normalize a name: width, case, accents, punctuation and spaces are ignored."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = (char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    return " ".join("".join(kept).split())


def codes(dataset: Dataset, node: NamedNode) -> list[str]:
    """Return the codes of a thing: its notations, and its identifiers in any code list of the data, sorted."""
    return sorted(
        {store.text(term) for name in _code_properties(dataset) for term in store.objects(dataset, node, name)}
    )


def _code_properties(dataset: Dataset) -> tuple[str, ...]:
    below = store.subjects(dataset, PREFIXES["rdfs"] + "subPropertyOf", PREFIXES["dcterms"] + "identifier")
    return (*CODES, *sorted({store.text(node) for node in below}))


def entity_index(dataset: Dataset) -> EntityIndex:
    """Return the entities of a dataset, ordered by IRI."""
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
        yield ReconEntity(
            iri=iri,
            type=kind,
            label=english[0] if english else local_id(iri),
            description=next((t.value for t in defined if isinstance(t, Literal) and t.language == "en"), ""),
            names=tuple(((t.language or "en")[:2], normal(t.value)) for t in names),
            codes=frozenset(map(str.casefold, (*codes(dataset, NamedNode(iri)), *_ids(iri)))),
        )


def _ids(iri: str) -> tuple[str, str, str]:
    return iri, iri.removeprefix(BASE), curie(iri)


def find(known: EntityIndex, query: ReconQuery) -> list[ReconCandidate]:
    """Return the candidates for a name or for property values alone, best first; at most one of them is certain."""
    among = [entity for entity in known.entities if not query.types or entity.type in query.types]
    if not query.name.strip():
        return _find_by_properties(known, query, among)
    coded = [entity for entity in among if query.name.strip().casefold() in entity.codes]
    name = normal(query.name)
    near_name = likeness_to(name, MIN_SCORE / EXACT)
    scored = [ReconCandidate(e, EXACT if e in coded else _score(name, near_name, e), match=False) for e in among]
    near = sorted((c for c in scored if c.score >= MIN_SCORE), key=lambda c: (-c.score, c.entity.iri))
    certain = _certain(known, query, near, coded)
    return [ReconCandidate(c.entity, c.score, c.entity == certain) for c in near][: max(0, query.limit)]


def _find_by_properties(known: EntityIndex, query: ReconQuery, among: list[ReconEntity]) -> list[ReconCandidate]:
    if not query.properties:
        return []
    agreeing = [entity for entity in among if _agrees(known.dataset, entity, query.properties)]
    return [ReconCandidate(e, EXACT, match=len(agreeing) == 1) for e in agreeing][: max(0, query.limit)]


def _score(name: str, likeness: Callable[[str], float], entity: ReconEntity) -> float:
    """Return the similarity of a name to the most similar name of an entity: 100 if equal, otherwise at most 95."""
    if any(name == own or _short(name, entity) == own for _, own in entity.names):
        return EXACT
    best = max((likeness(own) for _, own in entity.names), default=0.0)
    return round(min(MAX_INEXACT, best * EXACT), 1)


def _short(name: str, entity: ReconEntity) -> str:
    """Return a normalized name of a region without its kind, as in the names of the data: 厦门市 gives 厦门."""
    return _KIND_OF_REGION.sub("", name) if entity.type == "Region" else name


def _certain(
    known: EntityIndex, query: ReconQuery, near: Iterable[ReconCandidate], coded: list[ReconEntity]
) -> ReconEntity | None:
    """Return the only entity that matches without doubt, if there is one."""
    name = normal(query.name)
    exact = coded or [candidate.entity for candidate in near if candidate.score == EXACT]
    agreeing = [entity for entity in exact if query.properties and _agrees(known.dataset, entity, query.properties)]
    if query.properties and not agreeing:
        return None
    left = agreeing or exact
    if len(left) != 1:
        return None
    chinese = {("zh", name), ("zh", _short(name, left[0]))} & set(left[0].names)
    certain = bool(agreeing) or bool(coded) or bool(chinese) or name not in known.places
    return left[0] if certain and _short(name, left[0]) not in known.places - {name} else None


def _agrees(dataset: Dataset, entity: ReconEntity, properties: Iterable[tuple[str, str]]) -> bool:
    """Return whether the entity has all of the property values, each given by id, code or name."""
    values: dict[str, set[str]] = defaultdict(set)
    values[CODE] = set(map(normal, codes(dataset, NamedNode(entity.iri))))
    for name, (predicate, _) in PROPERTIES.items():
        for value in store.objects(dataset, NamedNode(entity.iri), predicate):
            iri = store.text(value)
            labels = [store.text(label) for n in NAMES for label in store.objects(dataset, value, n)]
            own = codes(dataset, value) if isinstance(value, NamedNode) else ()
            values[name] |= {normal(word) for word in (iri, iri.removeprefix(BASE), local_id(iri), *own, *labels)}
    return all(normal(value) in values[name] for name, value in properties)


def suggest(known: EntityIndex, prefix: str, limit: int = 10) -> list[ReconEntity]:
    """Return entities with this id or code, or with a name in which a word begins with the prefix."""
    start = normal(prefix)
    code = prefix.strip().casefold()
    found = [e for e in known.entities if any(f" {n}".find(f" {start}") >= 0 for _, n in e.names) or code in e.codes]
    return sorted(found, key=lambda e: (not normal(e.label).startswith(start), e.label, e.iri))[:limit]
