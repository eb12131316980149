"""The terms of the ontology as one page, in both languages."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scs_kg.model.namespaces import PREFIXES, SCS, curie, local_id
from scs_kg.render.document_templates import template
from scs_kg.store import Dataset, query_library
from scs_kg.store.ontology_header import ONTOLOGY, ontology_header
from scs_kg.store.query_library import Row, row_text

OWL: Final = PREFIXES["owl"]
GROUPS: Final[Mapping[str, str]] = {
    OWL + "Class": "Classes",
    OWL + "ObjectProperty": "Properties between things",
    OWL + "DatatypeProperty": "Properties with values",
    OWL + "AnnotationProperty": "Properties with values",
}
VALUES: Final = "Values"
SAID: Final = ("term", "label", "chinese", "definition", "chineseDefinition")


@dataclass(frozen=True, slots=True)
class Term:
    """A term as the page shows it: ``types`` and ``general`` are IRIs, and ``notes`` are sentences."""

    id: str
    iri: str
    label: str
    chinese: str
    definition: str
    chinese_definition: str
    notes: tuple[str, ...]
    types: tuple[str, ...]
    general: tuple[str, ...]


def terms_page(dataset: Dataset) -> str:
    """Return the terms of the ontology as HTML; the anchor of a term is the fragment of its IRI."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in query_library.rows(dataset, "terms"):
        grouped[row_text(row, "term")].append(row)
    groups: dict[str, list[Term]] = {name: [] for name in (*GROUPS.values(), VALUES)}
    for rows in grouped.values():
        found = _term(rows)
        groups[next((GROUPS[kind] for kind in found.types if kind in GROUPS), VALUES)].append(found)
    return template("terms.html.j2").render(
        head=ontology_header(dataset), ontology=ONTOLOGY, groups=groups, href=_href, curie=curie, owl=OWL
    )


def _term(rows: list[Row]) -> Term:
    iri, label, chinese, definition, chinese_definition = (row_text(rows[0], name) for name in SAID)
    notes, types, general = (
        tuple(dict.fromkeys(row_text(row, name) for row in rows if row[name])) for name in ("note", "type", "general")
    )
    return Term(local_id(iri), iri, label, chinese, definition, chinese_definition, notes, types, general)


def _href(iri: str) -> str:
    """Return the link to a term: on this page, or its IRI."""
    return "#" + iri.removeprefix(SCS) if iri.startswith(SCS) else iri
