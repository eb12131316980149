"""Stage one: reads a piece of the input and sorts what it says of claims and systems into buckets by their names.

The frames of this stage have one row for what one stretch of the input says of one subject, so that a claim whose
statements are scattered has several rows, which stage two joins: ``subject`` (below ``BASE``), ``about`` (below
``BASE``), ``feature`` and ``finding`` (positions in the meaning and in ``FINDINGS``), each null if nothing is said of
it; ``ended`` if something supersedes the subject, ``declared`` if it is said to be a claim or a system.
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
from scs_kg.judging.bulk.nquads_scan import ENDS, Block
from scs_kg.judging.bulk.rulebook import Rulebook
from scs_kg.model.claims import Finding
from scs_kg.model.namespaces import BASE, SCS
from scs_kg.store.parse import read_statements

FINDINGS: Final = tuple(Finding)
CHUNK: Final = 200_000
SCHEMA: Final = pl.Schema(
    {
        "subject": pl.String,
        "about": pl.String,
        "feature": pl.UInt16,
        "finding": pl.UInt8,
        "ended": pl.Boolean,
        "declared": pl.Boolean,
    }
)
_NAME: Final = (
    "is not a well-formed {}: it needs a name of small letters, digits and hyphens under {}:, "
    "as ontology/integrity/ asks; mend it, then judge again"
)


def partition_by_subject(chunks: Iterable[pl.DataFrame], target: Path, buckets: int) -> int:
    """Sort the rows of a piece into buckets by subject, write them to a file whole, and return how many there are."""
    rows = pl.concat([pl.DataFrame(schema=SCHEMA), *chunks])
    partitioned_file.put(target, by_bucket(rows, "subject", buckets), rows.height)
    return rows.height


def by_bucket(rows: pl.DataFrame, key: str, buckets: int) -> Iterator[pl.DataFrame]:
    """Yield the rows of each bucket: those whose key has the bucket as CRC-32, modulo how many buckets there are."""
    if buckets == 1:
        yield rows
        return
    numbers = pl.Series([crc32(text.encode()) % buckets for text in rows[key]], dtype=pl.UInt32)
    order = numbers.arg_sort()
    ends = np.searchsorted(numbers[order].to_numpy(), np.arange(buckets + 1))
    ordered = rows[order]
    yield from (ordered[int(start) : int(end)] for start, end in pairwise(ends))


def from_blocks(blocks: Iterable[Block], meaning: Rulebook) -> Iterator[pl.DataFrame]:
    """Yield the rows of each block of lines; raise BadFileError for what no claim may say.

    Blocks are read by as many threads as there are processors, which matching lines keeps busy, and come in order.
    """
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        ahead: deque[Future[pl.DataFrame]] = deque()
        for block in blocks:
            ahead.append(pool.submit(_read, block, meaning))
            if len(ahead) > cores:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _read(block: Block, meaning: Rulebook) -> pl.DataFrame:
    return rows_of(nquads_scan.said(block), meaning, block)


def from_statements(path: Path, meaning: Rulebook) -> Iterator[pl.DataFrame]:
    """Yield the rows of a file in any format of RDF, chunk by chunk; raise BadFileError for what no claim may say."""
    found = read_statements(path, nquads_scan.PREDICATES)
    while chunk := list(islice(found, CHUNK)):
        yield rows_of(nquads_scan.parts(nquads_scan.unnumbered(chunk)), meaning, Block(path, 0, b""))


def rows_of(said: pl.DataFrame, meaning: Rulebook, block: Block) -> pl.DataFrame:
    """Return the rows that statements give, one for each run of statements with the same subject."""
    ends = said.filter(pl.col("key").is_in(ENDS)).select(subject=pl.col("value").str.strip_prefix(BASE))
    ended = ends.filter(pl.col("subject").str.starts_with("claim/")).with_columns(ended=True, declared=False)
    told = said.filter(~pl.col("key").is_in(ENDS))
    _refuse_names(told, block)
    told = told.drop_nulls("subject").with_columns(run=pl.col("subject").rle_id())
    first = told.filter(pl.col("run") != pl.col("run").shift(fill_value=np.iinfo(np.uint32).max))
    runs = first.select("subject", ended=False, declared=False)
    for key in ("about", "feature", "finding", "type"):
        runs = runs.with_columns(_values(told.filter(pl.col("key") == key), runs.height, block).alias(key))
    coded = runs.with_columns(
        about=pl.col("about").str.strip_prefix(BASE),
        feature=_code(runs["feature"], meaning.features, "feature", runs, block),
        finding=_code(runs["finding"], [SCS + finding for finding in FINDINGS], "finding", runs, block),
        declared=pl.col("type").is_not_null(),
    )
    return pl.concat([coded.select(SCHEMA.names()), ended], how="diagonal").cast(SCHEMA)


def _values(told: pl.DataFrame, height: int, block: Block) -> pl.Series:
    """Return the value of each run, null where there is none; refuse two that differ."""
    run, place = told["run"].to_numpy(), np.full(height, -1)
    place[run[::-1]] = np.arange(told.height)[::-1]
    again = np.flatnonzero(place[run] != np.arange(told.height))
    for row, other in zip(again.tolist(), place[run][again].tolist(), strict=True):
        if told["value"][row] != told["value"][other]:
            what = f"claim:{_name(told['subject'][row])}: has more than one scs:{told['key'][row]}; a claim has one"
            block.refuse(told["row"][row], what)
    return told["value"].gather(pl.Series(np.where(place < 0, told.height, place), dtype=pl.UInt32), null_on_oob=True)


def _code(values: pl.Series, known: Iterable[str], kind: str, runs: pl.DataFrame, block: Block) -> pl.Series:
    coded = values.cast(pl.Enum(list(known)), strict=False).to_physical()
    wrong = (values.is_not_null() & coded.is_null()).arg_true()
    if wrong.len():
        subject, value = runs["subject"][int(wrong[0])], values[int(wrong[0])]
        block.refuse(None, f"claim:{_name(subject)}: names the {kind} <{value}>, which there is not; check the name")
    return coded


def _refuse_names(told: pl.DataFrame, block: Block) -> None:
    """Refuse names that no claim or system may have, and values that are no IRI."""
    of_system = (pl.col("key") == "type") & (pl.col("value") == SCS + "SocialCreditSystem")
    needed = pl.col("key").is_in(["feature", "finding"]) | (pl.col("key") == "type")
    kind = pl.when(of_system).then(pl.lit("system/")).otherwise(pl.lit("claim/"))
    wrong = told.filter(needed & (~pl.col("subject").str.starts_with(kind).fill_null(value=False)))
    if wrong.height:
        named = ("system", "sys") if wrong["value"][0] == SCS + "SocialCreditSystem" else ("claim", "claim")
        name = (wrong["odd"][0] or wrong["subject"][0]).split(" ")[0]
        block.refuse(wrong["row"][0], f"{name}: {_NAME.format(*named)}")
    empty = told.filter(pl.col("value").is_null() & pl.col("subject").is_not_null())
    if empty.height:
        block.refuse(empty["row"][0], f"{empty['subject'][0]}: has an scs:{empty['key'][0]} that is no IRI; name one")


def _name(subject: str) -> str:
    return subject.split("/", 1)[-1]
