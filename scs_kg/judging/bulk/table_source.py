"""Reads tables of claims, in CSV (RFC 4180) or Parquet, by columns.

The columns are ``claim``, ``system``, ``feature`` and ``finding``, and if wanted ``supersedes``; others are left alone.
Names are ids, prefixed names or IRIs. A row without a claim declares its system, and so does every other.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from scs_kg.judging.bulk.partition_by_subject import FINDINGS, SCHEMA
from scs_kg.judging.bulk.rulebook import Rulebook
from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import PREFIXES

COLUMNS: Final = {"claim": "claim", "system": "sys", "feature": "feat", "finding": "scs"}
ROWS: Final = 200_000


def is_table(path: Path) -> bool:
    """Tell whether a file has the columns of a table of claims; raise BadFileError if it cannot be read."""
    try:
        return COLUMNS.keys() <= set(_scan(path).collect_schema().names())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadFileError(path, None, f"cannot be read: {_short(error)}") from error


def from_table(path: Path, meaning: Rulebook) -> Iterator[pl.DataFrame]:
    """Yield the rows of stage one for each chunk of a table; raise BadFileError for what no claim may say."""
    if not is_table(path):
        raise BadFileError(path, 1, f"is no table of claims: it needs the columns {', '.join(COLUMNS)}")
    try:
        for chunk in _scan(path).collect_batches(chunk_size=ROWS, maintain_order=True):
            yield rows_of(chunk, meaning, path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadFileError(path, None, f"cannot be read: {_short(error)}") from error


def _scan(path: Path) -> pl.LazyFrame:
    return pl.scan_parquet(path) if path.suffix == ".parquet" else pl.scan_csv(path, infer_schema=False)


def rows_of(chunk: pl.DataFrame, meaning: Rulebook, source: Path | str) -> pl.DataFrame:
    """Return the rows of stage one that a chunk of a table gives."""
    names = {**COLUMNS, **({"supersedes": "claim"} if "supersedes" in chunk.columns else {})}
    read = chunk.select(_id(column, prefix) for column, prefix in names.items())
    _refuse(read, pl.col("system").is_null(), "has no system; name one", source)
    told = pl.any_horizontal(pl.col("feature", "finding").is_not_null())
    _refuse(read, pl.col("claim").is_null() & told, "has a feature or a finding and no claim; name it", source)
    for column in {"claim", "system", "supersedes"} & set(names):
        wrong = ~pl.col(column).str.contains("^[a-z0-9-]+$")
        _refuse(read, wrong, f"has a {column} whose name is not of small letters, digits and hyphens", source)
    claims = read.drop_nulls("claim")
    claimed = claims.select(
        subject="claim/" + pl.col("claim"),
        about="system/" + pl.col("system"),
        feature=_code(claims, "feature", [f.removeprefix(PREFIXES["feat"]) for f in meaning.features], source),
        finding=_code(claims, "finding", [str(finding) for finding in FINDINGS], source),
    )
    declared = read.select(subject="system/" + pl.col("system").unique())
    frames = [f.with_columns(ended=False, declared=True) for f in (claimed, declared)]
    if "supersedes" in names:
        ended = read.drop_nulls("supersedes").select(subject="claim/" + pl.col("supersedes"))
        frames.append(ended.with_columns(ended=True, declared=False))
    empty = pl.DataFrame(schema=SCHEMA)
    return pl.concat([empty, *frames], how="diagonal_relaxed").cast(SCHEMA)


def _id(column: str, prefix: str) -> pl.Expr:
    """Return the column with ids for prefixed names and IRIs, and null for what is empty."""
    text = pl.col(column).cast(pl.String).str.strip_chars()
    bare = text.str.strip_prefix("<").str.strip_suffix(">").str.strip_prefix(PREFIXES[prefix])
    short = bare.str.strip_prefix(f"{prefix}:")
    return pl.when(short != "").then(short).alias(column)


def _code(claims: pl.DataFrame, column: str, known: list[str], source: Path | str) -> pl.Series:
    coded = claims[column].cast(pl.Enum(known), strict=False).to_physical()
    _refuse(claims, coded.is_null(), f"has no {column}, or one that there is not; check the name", source)
    return coded


def _refuse(rows: pl.DataFrame, wrong: pl.Expr | pl.Series, message: str, source: Path | str) -> None:
    found = rows.filter(wrong)
    if found.height:
        row = ", ".join(f"{name} '{value}'" for name, value in found.row(0, named=True).items() if value is not None)
        raise BadFileError(source, None, f"the row with {row or 'nothing'}: {message}")


def _short(error: Exception) -> str:
    return str(error).split("\n", 1)[0]
