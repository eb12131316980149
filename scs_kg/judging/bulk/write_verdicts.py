"""Writes the verdicts of a bucket as a Parquet table, or as EARL in N-Quads compressed with gzip."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from isal import isal_zlib

from scs_kg.judging.bulk.vectorized_judge import VerdictArrays
from scs_kg.judging.earl import assertion
from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import PREFIXES
from scs_kg.model.verdicts import OpenReason, Outcome, Verdict
from scs_kg.store.atomic_write import atomic_writer
from scs_kg.store.dataset import INFERRED

KIND: Final = pl.Enum(["criterion", "condition"])
"""The kind of test that a verdict is about."""
SLICE_SYSTEMS: Final = 25
"""The number of systems whose text is built at once; small buffers are reused, and large ones are slow to allocate."""
_GZIP_WBITS: Final = 31
"""A zlib window of 15 bits, plus 16 for a gzip header and trailer (RFC 1952) without time and file name."""
_SYSTEM: Final = "\x00"
"""The placeholder of a system in a template."""
_CLAIM: Final = "\x01"
"""The placeholder of a claim in a template."""


def write_earl(verdicts: VerdictArrays, systems: Sequence[str], claims: Sequence[str], path: Path) -> None:
    """Write the assertion of each verdict, in the order of systems and tests.

    ``earl.publish`` writes the same assertions. Systems and claims are given by the local parts of their IRIs.
    """
    compressor = isal_zlib.compressobj(1, wbits=_GZIP_WBITS)
    with atomic_writer(path) as file:
        for text in _texts(verdicts, systems, claims):
            file.write(compressor.compress(text.encode()))
        file.write(compressor.flush())


def _texts(verdicts: VerdictArrays, systems: Sequence[str], claims: Sequence[str]) -> Iterator[str]:
    templates = [_template(verdict).split(_SYSTEM) for verdict in verdicts.distinct]
    claim_lines, tests = [_claim_line(verdict) for verdict in verdicts.distinct], verdicts.index.shape[1]
    for start in range(0, len(systems), SLICE_SYSTEMS):
        names, rows = systems[start : start + SLICE_SYSTEMS], verdicts.index[start : start + SLICE_SYSTEMS].tolist()
        texts = [name.join(templates[index]) for name, row in zip(names, rows, strict=True) for index in row]
        low, high = np.searchsorted(verdicts.verdict, [start * tests, (start + len(names)) * tests])
        relative = (verdicts.verdict[low:high] - start * tests).tolist()
        for verdict, claim in zip(relative, verdicts.claim[low:high].tolist(), strict=True):
            system, test = divmod(verdict, tests)
            line = claim_lines[rows[system][test]]
            texts[verdict] += line.replace(_SYSTEM, names[system]).replace(_CLAIM, claims[claim])
        yield "".join(texts)


def _template(verdict: Verdict) -> str:
    """Return the sorted quads of a verdict without its claims, with a placeholder for the system."""
    return "".join(_quads(replace(verdict, system=PREFIXES["sys"] + _SYSTEM, claims=())))


def _claim_line(verdict: Verdict) -> str:
    """Return the quad that links a verdict to a supporting claim, with placeholders; it sorts after the other quads."""
    claim = PREFIXES["claim"] + _CLAIM
    return _quads(replace(verdict, system=PREFIXES["sys"] + _SYSTEM, claims=(claim,), open=()))[-1]


def _quads(verdict: Verdict) -> list[str]:
    return sorted(f"<{s}> <{p}> <{o}> <{INFERRED}> .\n" for s, p, o in assertion(verdict))


def write_table(verdicts: VerdictArrays, systems: Sequence[str], claims: Sequence[str], path: Path) -> None:
    """Write one row per verdict: ``system``, ``criterion``, ``kind``, ``outcome``, ``why``, ``claims`` and ``open``.

    ``criterion`` is the criterion or the condition that was tested, and ``kind`` says whether it is a criterion.
    ``kind``, ``outcome`` and ``why`` are enumerations. ``claims`` and ``open`` are lists of IRIs. The other columns are
    IRIs. Rows are in the order of systems, and of criteria followed by conditions.
    """
    with atomic_writer(path) as file:
        table(verdicts, systems, claims).write_parquet(file, compression="zstd", statistics=True)


def table(verdicts: VerdictArrays, systems: Sequence[str], claims: Sequence[str]) -> pl.DataFrame:
    """Return the table that ``write_table`` writes."""
    distinct = pl.DataFrame(
        {
            "criterion": pl.Series([verdict.criterion for verdict in verdicts.distinct], dtype=pl.String),
            "outcome": pl.Series([verdict.outcome.value for verdict in verdicts.distinct], dtype=pl.Enum(Outcome)),
            "why": pl.Series(
                [verdict.open_reason and verdict.open_reason.value for verdict in verdicts.distinct],
                dtype=pl.Enum(OpenReason),
            ),
            "open": pl.Series([verdict.open for verdict in verdicts.distinct], dtype=pl.List(pl.String)),
        }
    )
    names = pl.Series([PREFIXES["sys"] + name for name in systems], dtype=pl.String)
    rows = distinct[pl.Series(verdicts.index.reshape(-1))]
    tests = verdicts.index.shape[1]
    kinds = pl.Series(["criterion"] * verdicts.criteria + ["condition"] * (tests - verdicts.criteria), dtype=KIND)
    return rows.select(
        names.gather(pl.Series(np.repeat(np.arange(len(systems)), tests))).alias("system"),
        "criterion",
        kinds.gather(pl.Series(np.tile(np.arange(tests), len(systems)))).alias("kind"),
        "outcome",
        "why",
        _claim_lists(verdicts, claims).alias("claims"),
        "open",
    )


def _claim_lists(verdicts: VerdictArrays, claims: Sequence[str]) -> pl.Series:
    """Return the list of the IRIs of supporting claims for each verdict."""
    iris = pl.Series([PREFIXES["claim"] + claim for claim in claims], dtype=pl.String)
    pairs = pl.DataFrame({"verdict": pl.Series(verdicts.verdict), "claim": iris.gather(pl.Series(verdicts.claim))})
    grouped = pairs.group_by("verdict", maintain_order=True).agg("claim")
    position = np.full(verdicts.index.size, grouped.height)
    position[grouped["verdict"].to_numpy()] = np.arange(grouped.height)
    empty = pl.Series([[]], dtype=pl.List(pl.String))
    return pl.concat([grouped["claim"], empty]).gather(pl.Series(position))


def tally(tables: Sequence[Path]) -> dict[str, int]:
    """Count the verdicts of a run on criteria by outcome, in the order of ``Outcome``.

    Raises:
        BadFileError: a table is missing or broken.
    """
    try:
        on_criteria = pl.scan_parquet(list(tables)).filter(pl.col("kind") == "criterion")
        counts = on_criteria.group_by("outcome").len().collect()
    except (OSError, pl.exceptions.PolarsError) as error:
        message = "lacks a table of verdicts, or a table is broken; remove the folder and judge again"
        raise BadFileError(tables[0].parent, None, message) from error
    by_outcome = dict(counts.iter_rows())
    return {outcome.value: int(by_outcome.get(outcome.value, 0)) for outcome in Outcome}
