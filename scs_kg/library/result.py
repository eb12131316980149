"""The base class of all results. A result has records for a data frame, data for JSON, and a table for a notebook."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from scs_kg.model.extras import optional_libraries
from scs_kg.render.documents import Terminal, as_text, html_fragment
from scs_kg.render.table import Table

if TYPE_CHECKING:
    import pandas
    import polars

WIDTH = 100
"""The width of the printed text in characters."""


class Result(ABC):
    """A frozen result with records for a data frame and data for JSON."""

    @abstractmethod
    def records(self) -> list[dict[str, Any]]:
        """Return the rows of the data frame as dicts with the same keys."""

    @abstractmethod
    def to_dict(self) -> Any:
        """Return the data that the command prints with ``--format json``."""

    @abstractmethod
    def table(self) -> Table:
        """Return the table that a notebook shows."""

    def to_polars(self) -> "polars.DataFrame":
        """Return the records as a Polars data frame; raise WrongUseError if Polars is not installed."""
        frame: polars.DataFrame = _library("polars").DataFrame(self.records(), infer_schema_length=None)
        return frame

    def to_pandas(self) -> "pandas.DataFrame":
        """Return the records as a pandas data frame; raise WrongUseError if pandas is not installed."""
        frame: pandas.DataFrame = _library("pandas").DataFrame(self.records())
        return frame

    def _repr_html_(self) -> str:
        return html_fragment(self.table())

    def __str__(self) -> str:
        return as_text(self.table(), Terminal(WIDTH))


def records_table(title: str, records: Sequence[dict[str, Any]]) -> Table:
    """Return records as a table of texts; lists are joined by commas."""
    columns = tuple(records[0]) if records else ("result",)
    rows = tuple(tuple(_shown(value) for value in record.values()) for record in records)
    return Table(title, columns, rows or (("none",),))


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


def _library(name: str) -> Any:
    with optional_libraries("notebook"):
        return import_module(name)
