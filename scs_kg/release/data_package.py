"""Describes the tables as a Data Package (Data Package Standard, version 1): the dictionary of their columns."""

from collections.abc import Iterable
from typing import Any, Final

from scs_kg.release.csvw import TermDefinitions, description
from scs_kg.release.ro_crate import ABSTRACT, TITLE
from scs_kg.release.tables import Column, Tabular
from scs_kg.render.data import as_json
from scs_kg.render.sentences import selection_sentence
from scs_kg.store.ontology_header import OntologyHeader

KINDS: Final = {"decimal": "number"}
"""Maps CSVW datatypes to types of Table Schema, if the names differ."""


def data_package(tables: Iterable[Tabular], definitions: TermDefinitions, head: OntologyHeader) -> str:
    """Return the descriptor of a package of tables. The files of the tables are in the same folder."""
    return as_json(
        {
            "profile": "tabular-data-package",
            "name": "scs-kg",
            "title": TITLE,
            "description": ABSTRACT,
            "version": head.version,
            "created": f"{head.modified}T00:00:00Z",
            "licenses": [{"name": "CC-BY-4.0", "path": head.licence, "title": "Creative Commons Attribution 4.0"}],
            "contributors": [{"title": head.creator, "role": "author"}],
            "resources": [_resource(table, definitions) for table in tables],
        }
    )


def _resource(table: Tabular, definitions: TermDefinitions) -> dict[str, Any]:
    described = {"description": selection_sentence(table.selection)} if table.selection is not None else {}
    keys = [
        {"fields": [column], "reference": {"resource": other, "fields": [column]}}
        for column, other in table.refers.items()
    ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name.lower(),
        "title": table.title,
        **described,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\r\n"},
        "schema": {
            "fields": [_field(column, definitions) for column in table.columns],
            "primaryKey": list(table.key),
            "foreignKeys": keys,
            "missingValues": [""],
        },
    }


def _field(column: Column, definitions: TermDefinitions) -> dict[str, Any]:
    label, _ = definitions.get(column.term, ("", ""))
    several = " Several values are separated by spaces." if column.many else ""
    meaning = description(column, definitions) + several
    found: dict[str, Any] = {"name": column.heading, "type": KINDS.get(column.kind, column.kind)}
    found |= {"title": label} if label else {}
    found |= {"description": meaning} if meaning else {}
    found |= {"rdfType": column.term} if column.term else {}
    return found | ({"constraints": {"required": True}} if column.required else {})
