"""Reads the claims of a SPARQL store by ranges of systems, so that no answer holds more than one range.

The store must stay as it is while it is read; that its systems stay the same is checked when a run goes on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from scs_kg.judging.bulk.rulebook import Rulebook
from scs_kg.judging.bulk.table_source import COLUMNS, rows_of
from scs_kg.store import query_library, sparql_client
from scs_kg.store.query_library import Query, row_text
from scs_kg.store.sparql_client import Endpoint

PAGE: Final = 10_000
RANGE: Final = 500


@dataclass(frozen=True, slots=True)
class Store:
    """A SPARQL store that claims are read from, and the project folder with the questions to ask it."""

    endpoint: Endpoint
    root: Path


@dataclass(frozen=True, slots=True)
class KeyRange:
    """The systems of a store from one IRI to another, in the order of their names."""

    store: Store
    first: str
    last: str


def ranges(store: Store, size: int = RANGE) -> Iterator[KeyRange]:
    """Yield ranges of so many systems, all that the store knows; raise EngineError if it does not answer."""
    for page in sparql_client.query_pages(store.endpoint, _question(store.root, "systems"), PAGE):
        names = [row_text(row, "system") for row in page]
        for start in range(0, len(names), size):
            part = names[start : start + size]
            yield KeyRange(store, part[0], part[-1])


def from_endpoint(asked: KeyRange, meaning: Rulebook) -> Iterator[pl.DataFrame]:
    """Yield the rows of stage one for a range; raise EngineError, or BadFileError for what no claim may say."""
    question = _question(asked.store.root, "claims")
    sparql = query_library.bind(question, {"first": asked.first, "last": asked.last})
    found = query_library.as_rows(sparql_client.send_query(asked.store.endpoint, sparql), question.name)
    columns = {name: [row_text(row, name) for row in found] for name in COLUMNS}
    yield rows_of(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), meaning, asked.store.endpoint.url)


def _question(root: Path, name: str) -> Query:
    return query_library.read(root / "queries" / "remote" / f"{name}.rq")
