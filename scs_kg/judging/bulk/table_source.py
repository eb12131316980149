"""Reads tables of claims in CSV (RFC 4180) or Parquet.

The columns are ``claim``, ``system``, ``feature``, ``finding``, ``mode`` and optionally ``supersedes``; others are
ignored. Names are ids, prefixed names or IRIs. Every row declares its system; a row without a claim has no other
effect.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from scs_kg.judging.bulk.partition_by_subject import FINDINGS, MODES, SCHEMA
from scs_kg.judging.bulk.rulebook import Rulebook
from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import PREFIXES

COLUMNS: Final = {"claim": "claim", "system": "sys", "feature": "feat", "finding": "scs", "mode": "scs"}
"""The required columns of a table of claims, with the prefixes of their values."""
CHUNK_ROWS: Final = 200_000


def is_table(path: Path) -> bool:
    """Return whether a file has the columns of a table of claims.

    Raises:
        BadFileError: the file cannot be read as a table, or it has all of these columns except ``mode``.
    """
    try:
        missing = COLUMNS.keys() - set(_scan(path).collect_schema().names())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadFileError(path, None, f"cannot be read: {_first_line(error)}") from error
    if missing == {"mode"}:
        modes = ", ".join(MODES)
        message = f"is a table of claims without the column mode (scs:mode); add it, with one of {modes} for each claim"
        raise BadFileError(path, 1, message)
    return not missing


def from_table(path: Path, rulebook: Rulebook) -> Iterator[pl.DataFrame]:
    """Yield the rows of the first stage for each chunk of a table; raise BadFileError for an invalid claim."""
    if not is_table(path):
        raise BadFileError(path, 1, f"is not a table of claims: it needs the columns {', '.join(COLUMNS)}")
    try:
        for chunk in _scan(path).collect_batches(chunk_size=CHUNK_ROWS, maintain_order=True):
            yield rows_of(chunk, rulebook, path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadFileError(path, None, f"cannot be read: {_first_line(error)}") from error


def _scan(path: Path) -> pl.LazyFrame:
    return pl.scan_parquet(path) if path.suffix == ".parquet" else pl.scan_csv(path, infer_schema=False)


def rows_of(chunk: pl.DataFrame, rulebook: Rulebook, source: Path | str) -> pl.DataFrame:
    """Convert a chunk of a table to the rows of the first stage."""
    prefixes = {**COLUMNS, **({"supersedes": "claim"} if "supersedes" in chunk.columns else {})}
    table = chunk.select(_id(column, prefix) for column, prefix in prefixes.items())
    _reject(table, pl.col("system").is_null(), "has no system; add one", source)
    has_value = pl.any_horizontal(pl.col("feature", "finding", "mode").is_not_null())
    message = "has a feature, a finding or a mode but no claim; add its id"
    _reject(table, pl.col("claim").is_null() & has_value, message, source)
    for column in {"claim", "system", "supersedes"} & set(prefixes):
        invalid = ~pl.col(column).str.contains("^[a-z0-9-]+$")
        _reject(table, invalid, f"has a {column} that is not made of lower-case letters, digits and hyphens", source)
    claims = table.drop_nulls("claim")
    claimed = claims.select(
        subject="claim/" + pl.col("claim"),
        about="system/" + pl.col("system"),
        feature=_code(claims, "feature", [f.removeprefix(PREFIXES["feat"]) for f in rulebook.features], source),
        finding=_code(claims, "finding", [str(finding) for finding in FINDINGS], source),
        mode=_code(claims, "mode", [str(mode) for mode in MODES], source),
    )
    declared = table.select(subject="system/" + pl.col("system").unique())
    frames = [f.with_columns(retracted=False, declared=True) for f in (claimed, declared)]
    if "supersedes" in prefixes:
        superseded = table.drop_nulls("supersedes").select(
            subject="claim/" + pl.col("supersedes"), later=("claim/" + pl.col("claim")).fill_null("")
        )
        frames.append(superseded.with_columns(retracted=False, declared=False))
    empty = pl.DataFrame(schema=SCHEMA)
    return pl.concat([empty, *frames], how="diagonal_relaxed").cast(SCHEMA)


def _id(column: str, prefix: str) -> pl.Expr:
    """Return the column with prefixed names and IRIs reduced to ids, and empty values as null."""
    text = pl.col(column).cast(pl.String).str.strip_chars()
    bare = text.str.strip_prefix("<").str.strip_suffix(">").str.strip_prefix(PREFIXES[prefix])
    short = bare.str.strip_prefix(f"{prefix}:")
    return pl.when(short != "").then(short).alias(column)


def _code(claims: pl.DataFrame, column: str, known: list[str], source: Path | str) -> pl.Series:
    """Return the position of each value of a column among the known values; reject a missing or unknown value."""
    coded = claims[column].cast(pl.Enum(known), strict=False).to_physical()
    names = f"use one of {', '.join(known)}" if column in {"finding", "mode"} else "check the name"
    _reject(claims, coded.is_null(), f"has no {column} (scs:{column}), or an unknown one; {names}", source)
    return coded


def _reject(rows: pl.DataFrame, invalid: pl.Expr | pl.Series, message: str, source: Path | str) -> None:
    invalid_rows = rows.filter(invalid)
    if invalid_rows.height:
        row = ", ".join(
            f"{name} '{value}'" for name, value in invalid_rows.row(0, named=True).items() if value is not None
        )
        raise BadFileError(source, None, f"the row with {row or 'nothing'}: {message}")


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]
