"""Implements data extension (Reconciliation Service API 0.2, section 6): property values of reconciled entities."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from scs_kg import store
from scs_kg.exchange.reconcile import CODE, PROPERTIES, QUERY_PROPERTIES, TYPES, EntityIndex, codes
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.namespaces import BASE, PREFIXES, local_id
from scs_kg.store import Dataset, Literal, NamedNode

_LABEL, _DEFINITION = PREFIXES["skos"] + "prefLabel", PREFIXES["skos"] + "definition"


def _texts(predicate: str, language: str) -> Callable[[Dataset, NamedNode], list[str]]:
    def values(dataset: Dataset, node: NamedNode) -> list[str]:
        found = store.objects(dataset, node, predicate)
        return [term.value for term in found if isinstance(term, Literal) and (term.language or "en")[:2] == language]

    return values


TEXTS: Final[Mapping[str, tuple[str, Callable[[Dataset, NamedNode], list[str]]]]] = {
    "name": ("name in English", _texts(_LABEL, "en")),
    "nameZh": ("name in Chinese", _texts(_LABEL, "zh")),
    "definition": ("definition in English", _texts(_DEFINITION, "en")),
    "definitionZh": ("definition in Chinese", _texts(_DEFINITION, "zh")),
    CODE: (QUERY_PROPERTIES[CODE], codes),
}
"""The properties whose values are texts: their labels, and the functions that return the values."""
OF_TYPE: Final[Mapping[str, tuple[str, ...]]] = {
    "SocialCreditSystem": ("operatesIn", "kind"),
    "Region": ("partOf", "code"),
    "Feature": ("broader",),
    "Principle": ("inGuideline",),
}
"""The properties that only entities of one type have."""


def extension_properties() -> dict[str, str]:
    """Return the label of each property that can be added, keyed by its id."""
    return {
        **{key: label for key, (label, _) in TEXTS.items()},
        **{key: label for key, (_, label) in PROPERTIES.items()},
    }


def properties_of(kind: str) -> dict[str, str]:
    """Return the labels of the properties of entities of a type, keyed by their ids.

    Raises:
        UnknownNameError: there is no such type.
    """
    if kind not in TYPES:
        raise UnknownNameError("type", kind, TYPES)
    others = {key for name, keys in OF_TYPE.items() for key in keys if name != kind} - set(OF_TYPE[kind])
    return {key: label for key, label in extension_properties().items() if key not in others}


def extend(known: EntityIndex, ids: Iterable[str], properties: Iterable[str]) -> dict[str, dict[str, list[Any]]]:
    """Return the values of the properties for each id: texts, or entities with id and name.

    An id without an entity has no values.

    Raises:
        UnknownNameError: there is no such property.
    """
    wanted = list(properties)
    for key in wanted:
        if key not in extension_properties():
            raise UnknownNameError("property", key, extension_properties())
    by_id = {key: entity for entity in known.entities for key in (entity.id, entity.iri)}
    return {
        name: {key: _values(known.dataset, by_id[name].iri, key) if name in by_id else [] for key in wanted}
        for name in ids
    }


def _values(dataset: Dataset, iri: str, key: str) -> list[dict[str, str]]:
    if key in TEXTS:
        return [{"str": value} for value in TEXTS[key][1](dataset, NamedNode(iri))]
    found = store.objects(dataset, NamedNode(iri), PROPERTIES[key][0])
    return [_entity(dataset, term) if isinstance(term, NamedNode) else {"str": store.text(term)} for term in found]


def _entity(dataset: Dataset, node: NamedNode) -> dict[str, str]:
    names = _texts(_LABEL, "en")(dataset, node)
    return {"id": node.value.removeprefix(BASE), "name": names[0] if names else local_id(node.value)}
