"""Describes the tables as CSV on the Web (W3C Recommendation, Metadata Vocabulary for Tabular Data, 2015)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from scs_kg.model.namespaces import EARL, PREFIXES
from scs_kg.release.ro_crate import ABSTRACT, TITLE
from scs_kg.release.tables import Column, Tabular, variable
from scs_kg.render.data import as_json, selection_json
from scs_kg.render.sentences import selection_sentence
from scs_kg.store import Dataset, query_library
from scs_kg.store.ontology_header import OntologyHeader
from scs_kg.store.query_library import row_text

TermDefinitions = Mapping[str, tuple[str, str]]
"""The label and the definition of each term, keyed by IRI."""


MEANINGS: Final[Mapping[str, str]] = {
    PREFIXES["dcterms"] + "creator": "Who wrote or published the document.",
    PREFIXES["dcterms"] + "issued": "When the document was published: a day, a month or a year.",
    PREFIXES["dcterms"] + "language": "The language of the document, as a tag of BCP 47.",
    PREFIXES["dcterms"] + "publisher": "The publisher of the document.",
    PREFIXES["dcterms"] + "title": "The title of the document.",
    PREFIXES["bibo"] + "doi": "The DOI of the document.",
    PREFIXES["foaf"] + "page": "The web address of the document.",
    PREFIXES["rdf"] + "type": "The kind of the feature.",
    PREFIXES["skos"] + "broader": "The more general features.",
    PREFIXES["skos"] + "definition": "The definition in English.",
    PREFIXES["skos"] + "editorialNote": "What a reader should know about the record.",
    EARL + "Assertion": "The id of the verdict.",
    EARL + "outcome": "The outcome: passed, failed, cantTell or inapplicable.",
    EARL + "subject": "The system that is judged.",
    EARL + "test": "The criterion or principle by which the system is judged.",
}
"""The meaning of each term of another vocabulary that a column can have."""


def description(column: Column, definitions: TermDefinitions) -> str:
    """Return the description of a column: its note, or the definition of its term."""
    return column.note or definitions.get(column.term, ("", ""))[1] or MEANINGS.get(column.term, "")


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
    label, _ = definitions.get(column.term, ("", ""))
    found |= {"dc:title": label} if label else {}
    meaning = description(column, definitions)
    found |= {"dc:description": meaning} if meaning else {}
    if column.values and column.values == about:
        found |= {"suppressOutput": True}
    elif column.term:
        found |= {"propertyUrl": column.term}
    found |= {"valueUrl": column.values} if column.values else {}
    found |= {"separator": " "} if column.many else {}
    found |= {"lang": column.language} if column.language else {}
    return found | ({"required": True} if column.required else {})
