"""Describes the tables as CSV on the Web (W3C Recommendation, Metadata Vocabulary for Tabular Data, 2015)."""

from collections.abc import Iterable, Mapping
from typing import Any

from scs_kg.release.catalogue import ABSTRACT, TITLE
from scs_kg.release.tables import Column, Tabular, variable
from scs_kg.render.data import as_json, selection_json
from scs_kg.render.sentences import selection_sentence
from scs_kg.store import Dataset, query_library
from scs_kg.store.ontology_header import OntologyHeader
from scs_kg.store.query_library import row_text

TermDefinitions = Mapping[str, tuple[str, str]]
"""The label and the definition of each term, keyed by IRI."""


def term_definitions(dataset: Dataset) -> TermDefinitions:
    """Return the label and the definition of each term, feature, principle and criterion that can be a table column."""
    found: dict[str, tuple[str, str]] = {}
    named = (("terms", "term"), ("features", "feature"), ("principles", "principle"), ("provisions", "criterion"))
    for name, variable_name in named:
        for row in query_library.rows(dataset, name):
            found[row_text(row, variable_name)] = row_text(row, "label"), row_text(row, "definition")
    return found


def csvw(tables: Iterable[Tabular], definitions: TermDefinitions, head: OntologyHeader) -> str:
    """Return the metadata of a group of tables. The files of the tables are in the same folder."""
    return as_json(
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
            "dc:title": TITLE,
            "dc:description": ABSTRACT,
            "dc:license": {"@id": head.licence},
            "dc:modified": {"@value": head.modified, "@type": "xsd:date"},
            "schema:version": head.version,
            "dialect": {"lineTerminators": ["\r\n"], "header": True, "encoding": "utf-8"},
            "tables": [_table(table, definitions) for table in tables],
        }
    )


def _table(table: Tabular, definitions: TermDefinitions) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "columns": [_column(column, definitions, table.about) for column in table.columns],
        "primaryKey": list(table.key),
    }
    if table.about:
        schema["aboutUrl"] = table.about
    if table.refers:
        schema["foreignKeys"] = [
            {"columnReference": column, "reference": {"resource": f"{other}.csv", "columnReference": column}}
            for column, other in table.refers.items()
        ]
    found: dict[str, Any] = {"url": f"{table.name}.csv", "dc:title": table.title}
    if table.selection is not None:
        found["dc:description"] = selection_sentence(table.selection)
        found["notes"] = [{"selection": selection_json(table.selection)}]
    found["tableSchema"] = schema
    return found | ({"suppressOutput": True} if table.wide else {})


def _column(column: Column, definitions: TermDefinitions, about: str) -> dict[str, Any]:
    """Describe a column. The column with the subjects of the rows (``about``) produces no triples."""
    found: dict[str, Any] = {"name": variable(column.heading), "titles": column.heading, "datatype": column.kind}
    label, definition = definitions.get(column.term, ("", ""))
    found |= {"dc:title": label} if label else {}
    description = definition or column.note
    found |= {"dc:description": description} if description else {}
    if column.values and column.values == about:
        found |= {"suppressOutput": True}
    elif column.term:
        found |= {"propertyUrl": column.term}
    found |= {"valueUrl": column.values} if column.values else {}
    found |= {"separator": " "} if column.many else {}
    found |= {"lang": column.language} if column.language else {}
    return found | ({"required": True} if column.required else {})
