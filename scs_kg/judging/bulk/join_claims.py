"""Stage two: puts each claim together from its rows, drops what is superseded, and sorts the rest by system.

A claim stands if nothing supersedes it. Every claim must have exactly one system, feature and finding, as
``ontology/integrity/`` asks; what has neither feature nor finding and is not declared a claim is something else.
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from scs_kg.judging.bulk import partitioned_file
from scs_kg.judging.bulk.partition_by_subject import by_bucket
from scs_kg.model.errors import BadFileError


def join_claims(sifted: Sequence[Path], bucket: int, target: Path, buckets: int, source: Path | str) -> int:
    """Tie the claims of one bucket, write them sorted by system to a file whole, and return how many there are.

    The rows written have ``system`` and ``claim`` (the last parts of their IRIs), ``feature`` and ``finding``; a row
    without a claim declares its system.

    Raises:
        BadFileError: a claim has not exactly one of each, or is about something else than a system.
    """
    standing, count = joined_claims(partitioned_file.take(sifted, bucket), source)
    partitioned_file.put(target, by_bucket(standing, "system", buckets), count)
    return count


def joined_claims(rows: pl.DataFrame, source: Path | str) -> tuple[pl.DataFrame, int]:
    """Return one row for each claim that stands and for each system that is declared, and how many claims there are."""
    again = rows["subject"].is_duplicated()
    once = rows.filter(~again).with_columns(unclear=False)
    parts = ("about", "feature", "finding")
    more = rows.filter(again).group_by("subject", maintain_order=True)
    merged = more.agg(
        *(pl.col(part).drop_nulls().first() for part in parts),
        *(pl.col(flag).any() for flag in ("ended", "declared")),
        unclear=pl.any_horizontal(pl.col(part).drop_nulls().n_unique() > 1 for part in parts),
    )
    both = pl.concat([once, merged])
    is_claim = pl.col("subject").str.starts_with("claim/")
    claims = both.filter(
        is_claim & (pl.col("declared") | pl.col("feature").is_not_null() | pl.col("finding").is_not_null())
    )
    _refuse_untidy(claims, source)
    systems = both.filter(~is_claim & pl.col("declared"))
    standing = claims.filter(~pl.col("ended")).select(
        pl.col("about").str.strip_prefix("system/").alias("system"),
        pl.col("subject").str.strip_prefix("claim/").alias("claim"),
        "feature",
        "finding",
    )
    declared = systems.select(pl.col("subject").str.strip_prefix("system/").alias("system"))
    return pl.concat([standing, declared], how="diagonal"), claims.height


def _refuse_untidy(claims: pl.DataFrame, source: Path | str) -> None:
    named = pl.col("about").str.contains("^system/[a-z0-9-]+$").fill_null(value=False)
    whole = named & pl.col("feature").is_not_null() & pl.col("finding").is_not_null() & ~pl.col("unclear")
    untidy = claims.filter(~whole).sort("subject")
    if untidy.height:
        name = untidy["subject"][0].replace("/", ":", 1)
        message = f"{name}: needs exactly one scs:about (a system), scs:feature and scs:finding; complete it"
        more = f"; and {untidy.height - 1} more" if untidy.height > 1 else ""
        raise BadFileError(source, None, message + more)
