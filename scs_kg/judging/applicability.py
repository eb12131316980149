"""Reads where and to whom a guideline applies, and how many of the compared systems operate elsewhere."""

from collections.abc import Iterable

from scs_kg import store
from scs_kg.model.entity import Entity
from scs_kg.model.matrix import Applicability
from scs_kg.model.namespaces import PREFIXES, SCS, local_id
from scs_kg.store import Dataset, Literal, NamedNode, query_library
from scs_kg.store.query_library import row_text


def read_applicability(dataset: Dataset, guideline: Entity, systems: Iterable[Entity]) -> Applicability:
    """Return the nature, addressees, regions and start of a guideline, and how many systems operate elsewhere."""
    compared = {system.iri for system in systems}
    rows = query_library.rows(dataset, "applicability", guideline=guideline.iri)
    own = [row for row in rows if row_text(row, "system") in compared]
    (nature,) = _entities(dataset, guideline, "hasLegalNature")
    return Applicability(
        nature=nature,
        addressees=_entities(dataset, guideline, "addresses"),
        regions=_entities(dataset, guideline, "appliesIn"),
        since=row_text(rows[0], "since"),
        elsewhere=sum(row_text(row, "applies") == "false" for row in own),
        of=len(compared),
    )


def _entities(dataset: Dataset, guideline: Entity, name: str) -> tuple[Entity, ...]:
    """Return the values of a property of a guideline, labelled in English, sorted by IRI."""
    iris = sorted(store.text(term) for term in store.objects(dataset, NamedNode(guideline.iri), SCS + name))
    return tuple(Entity(local_id(iri), iri, _label(dataset, iri)) for iri in iris)


def _label(dataset: Dataset, iri: str) -> str:
    labels = store.objects(dataset, NamedNode(iri), PREFIXES["skos"] + "prefLabel")
    return next((term.value for term in labels if isinstance(term, Literal) and term.language == "en"), local_id(iri))
