"""An entity of the knowledge graph: an IRI with an id and a label."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing with an IRI and a label; ``id`` is the last part of the IRI."""

    id: str
    iri: str
    label: str
