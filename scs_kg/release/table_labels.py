"""Adds the English label of each id to the tables, in a column next to the id."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from scs_kg.release.tables import Column, Tabular, variable
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_text

UNLABELLED: Final = ("claim", "claims", "supersedes", "departsFrom", "verdict", "outcome")
"""Columns of ids that get no column of labels, because a claim has a statement, and the id of an outcome is a word."""


def labels_of(dataset: Dataset) -> Mapping[str, str]:
    """Return the English label or title of each thing of a dataset that has one, keyed by IRI."""
    found: dict[str, str] = {}
    for row in query_library.rows(dataset, "labels"):
        if getattr(row["label"], "language", None) in {"en", None}:
            found.setdefault(row_text(row, "thing"), row_text(row, "label"))
    return found


def with_labels(table: Tabular, labels: Mapping[str, str]) -> Tabular:
    """Return a table with a column of labels after each column of ids whose things have labels.

    The key column of a table of things has its label in the column ``label`` already. In a column with several ids, the
    labels are joined by semicolons. A wide table gets only the labels of its systems. The headings are ids, whose
    labels are in the description of the columns.
    """
    columns: list[Column] = []
    fields: list[list[str]] = []
    for number, column in enumerate(table.columns):
        columns.append(column)
        fields.append([row[number] for row in table.rows])
        if _needs_label(table, number):
            columns.append(_label_column(column))
            fields.append([_label(table, row, number, labels) for row in table.rows])
    return replace(table, columns=tuple(columns), rows=tuple(zip(*fields, strict=True)))


def _needs_label(table: Tabular, number: int) -> bool:
    column = table.columns[number]
    if not column.values or column.heading in UNLABELLED or "{+" in column.values:
        return False
    if table.wide:
        return number == 0
    return not (number == 0 and any(other.heading in {"label", "title"} for other in table.columns))


def _label_column(column: Column) -> Column:
    note = f"The English label of each value in the column {column.heading}."
    return Column(f"{column.heading}Label", "", required=False, language="en", note=note)


def _label(table: Tabular, row: tuple[str, ...], number: int, labels: Mapping[str, str]) -> str:
    column = table.columns[number]
    parts = row[number].split() if column.many else [row[number]] if row[number] else []
    here = {variable(other.heading): field for other, field in zip(table.columns, row, strict=True)}
    iris = (_expand(column.values, {**here, variable(column.heading): part}) for part in parts)
    return "; ".join(labels.get(iri, "") for iri in iris if labels.get(iri))


def _expand(template: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", value)
    return template


def all_with_labels(dataset: Dataset, tables: Iterable[Tabular]) -> tuple[Tabular, ...]:
    """Return tables with labels from a dataset."""
    labels = labels_of(dataset)
    return tuple(with_labels(table, labels) for table in tables)
