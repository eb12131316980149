"""The second stage: combines the rows of each claim, drops superseded claims, and partitions claims by system.

A claim counts if it is not retracted, and every claim that supersedes it is ineffective (see ``retracted_claims``).
Every claim must have exactly one system, feature, finding and mode, as ``ontology/integrity/`` requires. A subject that
has neither a feature nor a finding and is not declared as a claim is ignored.
"""

from pathlib import Path

import polars as pl

from scs_kg.judging.bulk import partitioned_file
from scs_kg.judging.bulk.partition_by_subject import split_into_buckets
from scs_kg.model.errors import BadFileError


def join_claims(rows: pl.DataFrame, ineffective: pl.Series, target: Path, buckets: int, source: Path | str) -> int:
    """Join the rows of one bucket, write the claims atomically in buckets by system, and return their number.

    ``ineffective`` are the retracted claims that supersede nothing. The rows written have ``system`` and ``claim`` (the
    local parts of their IRIs), ``feature``, ``finding`` and ``mode``. A row without a claim declares its system.

    Raises:
        BadFileError: a claim does not have exactly one system, feature, finding and mode.
    """
    claims, count = joined_claims(rows, ineffective, source)
    partitioned_file.write_buckets(target, split_into_buckets(claims, "system", buckets), count)
    return count


def joined_claims(rows: pl.DataFrame, ineffective: pl.Series, source: Path | str) -> tuple[pl.DataFrame, int]:
    """Return one row for each claim that counts and each declared system, and the number of claims before dropping."""
    later = pl.col("later")
    superseded = pl.col("retracted") | (
        later.is_not_null() & ~later.is_in(ineffective.implode()).fill_null(value=False)
    )
    subjects = _one_row_per_subject(rows.with_columns(superseded=superseded).drop("later", "retracted"))
    is_claim = pl.col("subject").str.starts_with("claim/")
    claims = subjects.filter(
        is_claim & (pl.col("declared") | pl.col("feature").is_not_null() | pl.col("finding").is_not_null())
    )
    _reject_malformed(claims, source)
    systems = subjects.filter(~is_claim & pl.col("declared"))
    current = claims.filter(~pl.col("superseded")).select(
        pl.col("about").str.strip_prefix("system/").alias("system"),
        pl.col("subject").str.strip_prefix("claim/").alias("claim"),
        "feature",
        "finding",
        "mode",
    )
    declared = systems.select(pl.col("subject").str.strip_prefix("system/").alias("system"))
    return pl.concat([current, declared], how="diagonal"), claims.height


def _one_row_per_subject(rows: pl.DataFrame) -> pl.DataFrame:
    """Merge the rows of each subject; ``ambiguous`` marks a subject that has two different values in one column."""
    repeated = rows["subject"].is_duplicated()
    columns = ("about", "feature", "finding", "mode")
    groups = rows.filter(repeated).group_by("subject", maintain_order=True)
    merged = groups.agg(
        *(pl.col(column).drop_nulls().first() for column in columns),
        *(pl.col(flag).any() for flag in ("declared", "superseded")),
        ambiguous=pl.any_horizontal(pl.col(column).drop_nulls().n_unique() > 1 for column in columns),
    )
    return pl.concat([rows.filter(~repeated).with_columns(ambiguous=False), merged])


def _reject_malformed(claims: pl.DataFrame, source: Path | str) -> None:
    """Raise BadFileError unless each claim has exactly one system, feature, finding and mode."""
    about_system = pl.col("about").str.contains("^system/[a-z0-9-]+$").fill_null(value=False)
    complete = about_system & pl.all_horizontal(pl.col("feature", "finding", "mode").is_not_null())
    malformed = claims.filter(~(complete & ~pl.col("ambiguous"))).sort("subject")
    if malformed.height:
        name = malformed["subject"][0].replace("/", ":", 1)
        message = f"{name}: needs exactly one scs:about (a system), scs:feature, scs:finding and scs:mode; complete it"
        more = f"; and {malformed.height - 1} more" if malformed.height > 1 else ""
        raise BadFileError(source, None, message + more)
