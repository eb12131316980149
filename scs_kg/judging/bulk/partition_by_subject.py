"""The first stage: reads a piece of the input and partitions its statements on claims and systems by subject.

The frames of this stage have one row per run of consecutive statements with the same subject. A claim whose statements
are scattered has several rows, which the second stage joins.

The columns are ``subject`` and ``about`` (relative to ``BASE``), and ``feature``, ``finding`` and ``mode`` (positions
in the rulebook, in ``FINDINGS`` and in ``MODES``). A column is null if no statement gives its value. ``later`` is a
claim that supersedes the subject, in a separate row; it is empty if the superseding resource is not a claim.
``retracted`` is true if a claim or an act retracts the subject. ``declared`` is true if the subject has the type of a
claim or a system.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice, pairwise
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
import polars as pl

from scs_kg.judging.bulk import nquads_scan, partitioned_file
from scs_kg.judging.bulk.nquads_scan import SUPERSEDING, Block
from scs_kg.judging.bulk.retracted_claims import links_of
from scs_kg.judging.bulk.rulebook import Rulebook
from scs_kg.model.claims import Finding, Mode
from scs_kg.model.namespaces import BASE, SCS
from scs_kg.store.parse import read_statements

FINDINGS: Final = tuple(Finding)
MODES: Final = tuple(Mode)
CHUNK_ROWS: Final = 200_000
SCHEMA: Final = pl.Schema(
    {
        "subject": pl.String,
        "about": pl.String,
        "feature": pl.UInt16,
        "finding": pl.UInt8,
        "mode": pl.UInt8,
        "later": pl.String,
        "retracted": pl.Boolean,
        "declared": pl.Boolean,
    }
)
_INVALID_NAME: Final = (
    "is not a well-formed {}: its name must consist of lower-case letters, digits and hyphens under {}:, "
    "as ontology/integrity/ requires; correct it and judge again"
)


def partition_by_subject(chunks: Iterable[pl.DataFrame], target: Path, buckets: int) -> int:
    """Partition the rows of a piece by subject, write them and their links atomically; return the number of rows."""
    rows = pl.concat([pl.DataFrame(schema=SCHEMA), *chunks])
    frames = (*split_into_buckets(rows, "subject", buckets), links_of(rows))
    partitioned_file.write_buckets(target, frames, rows.height)
    return rows.height


def split_into_buckets(rows: pl.DataFrame, key: str, buckets: int) -> Iterator[pl.DataFrame]:
    """Yield the rows of each bucket; the bucket of a row is the CRC-32 of its key modulo the number of buckets."""
    if buckets == 1:
        yield rows
        return
    numbers = np.fromiter(map(crc32, rows[key].cast(pl.Binary).to_list()), np.uint32, rows.height) % buckets
    order = np.argsort(numbers, kind="stable")
    ends = np.searchsorted(numbers[order], np.arange(buckets + 1))
    ordered = rows[pl.Series(order)]
    yield from (ordered[int(start) : int(end)] for start, end in pairwise(ends))


def from_blocks(blocks: Iterable[Block], rulebook: Rulebook) -> Iterator[pl.DataFrame]:
    """Yield the rows of each block of lines, in order; raise BadFileError for an invalid claim.

    One thread per processor scans blocks.
    """
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        pending: deque[Future[pl.DataFrame]] = deque()
        for block in blocks:
            pending.append(pool.submit(_read, block, rulebook))
            if len(pending) > cores:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def _read(block: Block, rulebook: Rulebook) -> pl.DataFrame:
    return rows_of(nquads_scan.scan(block), rulebook, block)


def from_statements(path: Path, rulebook: Rulebook) -> Iterator[pl.DataFrame]:
    """Yield the rows of a file in any RDF format, chunk by chunk; raise BadFileError for an invalid claim."""
    statements = read_statements(path, nquads_scan.PREDICATES)
    while chunk := list(islice(statements, CHUNK_ROWS)):
        yield rows_of(nquads_scan.extract_statements(nquads_scan.without_rows(chunk)), rulebook, Block(path, 0, b""))


def rows_of(statements: pl.DataFrame, rulebook: Rulebook, block: Block) -> pl.DataFrame:
    """Return one row for each run of consecutive statements with the same subject."""
    links = statements.filter(pl.col("key").is_in(SUPERSEDING)).select(
        subject=pl.col("value").str.strip_prefix(BASE),
        later=pl.when(pl.col("key") == "supersedes").then(pl.col("subject").fill_null("")),
        retracted=pl.col("key") == "retracts",
    )
    superseded = links.filter(pl.col("subject").str.starts_with("claim/")).with_columns(declared=False)
    properties = statements.filter(~pl.col("key").is_in(SUPERSEDING))
    _reject_names(properties, block)
    properties = properties.drop_nulls("subject").with_columns(run=pl.col("subject").rle_id())
    first = properties.filter(pl.col("run") != pl.col("run").shift(fill_value=np.iinfo(np.uint32).max))
    runs = first.select("subject", later=pl.lit(None, dtype=pl.String), retracted=False, declared=False)
    for key in ("about", "feature", "finding", "mode", "type"):
        runs = runs.with_columns(_values(properties.filter(pl.col("key") == key), runs.height, block).alias(key))
    coded = runs.with_columns(
        about=pl.col("about").str.strip_prefix(BASE),
        feature=_code(runs["feature"], rulebook.features, "feature", runs, block),
        finding=_code(runs["finding"], [SCS + finding for finding in FINDINGS], "finding", runs, block),
        mode=_code(runs["mode"], [SCS + mode for mode in MODES], "mode", runs, block),
        declared=pl.col("type").is_not_null(),
    )
    return pl.concat([coded.select(SCHEMA.names()), superseded], how="diagonal").cast(SCHEMA)


def _values(statements: pl.DataFrame, height: int, block: Block) -> pl.Series:
    """Return the value of each run, or null if the run has no value; reject a run with two different values."""
    run, position = statements["run"].to_numpy(), np.full(height, -1)
    position[run[::-1]] = np.arange(statements.height)[::-1]
    repeated = np.flatnonzero(position[run] != np.arange(statements.height))
    for row, other in zip(repeated.tolist(), position[run][repeated].tolist(), strict=True):
        if statements["value"][row] != statements["value"][other]:
            name, key = _local_name(statements["subject"][row]), statements["key"][row]
            message = f"claim:{name}: has more than one scs:{key}; keep one"
            block.reject(statements["row"][row], message)
    rows = np.where(position < 0, statements.height, position)  # the height is out of bounds, so it gives null
    return statements["value"].gather(pl.Series(rows, dtype=pl.UInt32), null_on_oob=True)


def _code(values: pl.Series, known: Iterable[str], kind: str, runs: pl.DataFrame, block: Block) -> pl.Series:
    """Return the position of each value among the known values; reject an unknown value."""
    coded = values.cast(pl.Enum(list(known)), strict=False).to_physical()
    unknown = (values.is_not_null() & coded.is_null()).arg_true()
    if unknown.len():
        subject, value = runs["subject"][int(unknown[0])], values[int(unknown[0])]
        message = f"claim:{_local_name(subject)}: names the {kind} <{value}>, which does not exist; check the name"
        block.reject(None, message)
    return coded


def _reject_names(statements: pl.DataFrame, block: Block) -> None:
    """Reject invalid IRIs of claims and systems, and values that are not IRIs."""
    of_system = (pl.col("key") == "type") & (pl.col("value") == SCS + "SocialCreditSystem")
    relevant = pl.col("key").is_in(["feature", "finding"]) | (pl.col("key") == "type")
    expected = pl.when(of_system).then(pl.lit("system/")).otherwise(pl.lit("claim/"))
    invalid = statements.filter(relevant & (~pl.col("subject").str.starts_with(expected).fill_null(value=False)))
    if invalid.height:
        kind = ("system", "sys") if invalid["value"][0] == SCS + "SocialCreditSystem" else ("claim", "claim")
        name = (invalid["raw_line"][0] or invalid["subject"][0]).split(" ")[0]
        block.reject(invalid["row"][0], f"{name}: {_INVALID_NAME.format(*kind)}")
    no_iri = statements.filter(pl.col("value").is_null() & pl.col("subject").is_not_null())
    if no_iri.height:
        message = f"{no_iri['subject'][0]}: has an scs:{no_iri['key'][0]} that is not an IRI; replace it"
        block.reject(no_iri["row"][0], message)


def _local_name(subject: str) -> str:
    return subject.split("/", 1)[-1]
