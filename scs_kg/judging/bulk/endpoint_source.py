"""Reads the claims of a SPARQL endpoint by ranges of systems, so that no response contains more than one range.

The data behind the endpoint must not change during a run. A resumed run checks only that the systems are
still the same.
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

PAGE_SIZE: Final = 10_000
RANGE_SIZE: Final = 500


@dataclass(frozen=True, slots=True)
class ClaimStore:
    """A SPARQL endpoint that serves claims, and the project folder with the queries to send to it."""

    endpoint: Endpoint
    root: Path


@dataclass(frozen=True, slots=True)
class KeyRange:
    """The systems of a store whose IRIs lie between ``first`` and ``last``, both included, in the order of IRIs."""

    store: ClaimStore
    first: str
    last: str


def key_ranges(store: ClaimStore, size: int = RANGE_SIZE) -> Iterator[KeyRange]:
    """Yield all systems of the store in ranges of at most ``size``; raise EngineError if the store does not answer."""
    for page in sparql_client.query_pages(store.endpoint, _query(store.root, "systems"), PAGE_SIZE):
        systems = [row_text(row, "system") for row in page]
        for start in range(0, len(systems), size):
            part = systems[start : start + size]
            yield KeyRange(store, part[0], part[-1])


def from_endpoint(key_range: KeyRange, rulebook: Rulebook) -> Iterator[pl.DataFrame]:
    """Yield the rows of the first stage for a range of systems.

    Raises:
        EngineError: the endpoint does not answer.
        BadFileError: a claim is invalid.
    """
    store = key_range.store
    query = _query(store.root, "claims")
    sparql = query_library.bind(query, {"first": key_range.first, "last": key_range.last})
    found = query_library.as_rows(sparql_client.send_query(store.endpoint, sparql), query.name)
    columns = {name: [row_text(row, name) for row in found] for name in COLUMNS}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    yield rows_of(frame, rulebook, store.endpoint.url)


def _query(root: Path, name: str) -> Query:
    return query_library.read(root / "queries" / "remote" / f"{name}.rq")
