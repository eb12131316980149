"""Writes the verdicts on the systems of a bucket: as EARL in N-Quads packed by gzip, and as a table in Parquet."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from isal import isal_zlib

from scs_kg.judging.bulk.vectorized_judge import Verdicts
from scs_kg.judging.earl import assertion
from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import PREFIXES
from scs_kg.model.verdicts import OpenReason, Outcome, Verdict
from scs_kg.store.atomic_write import atomic_writer
from scs_kg.store.dataset import INFERRED

SLICE: Final = 25
"""Systems whose text is put together at once: small pieces of memory are used again, large ones cost time."""
_GZIP: Final = 31
"""The window of zlib, 15, and 16 for the head and tail of gzip (RFC 1952), which then names no time and no file."""
_SYSTEM: Final = "\x00"
_CLAIM: Final = "\x01"


def write_earl(found: Verdicts, systems: Sequence[str], claims: Sequence[str], path: Path) -> None:
    """Write each verdict as the assertion that ``judge.publish`` makes of it, in the order of systems and criteria.

    Systems and claims are the last parts of their IRIs.
    """
    packer = isal_zlib.compressobj(1, wbits=_GZIP)
    with atomic_writer(path) as file:
        for text in _texts(found, systems, claims):
            file.write(packer.compress(text.encode()))
        file.write(packer.flush())


def _texts(found: Verdicts, systems: Sequence[str], claims: Sequence[str]) -> Iterator[str]:
    templates, criteria = [_template(kind).split(_SYSTEM) for kind in found.kinds], found.kind.shape[1]
    rests = [_rests(kind) for kind in found.kinds]
    for start in range(0, len(systems), SLICE):
        names, kinds = systems[start : start + SLICE], found.kind[start : start + SLICE].tolist()
        texts = [name.join(templates[kind]) for name, row in zip(names, kinds, strict=True) for kind in row]
        low, high = np.searchsorted(found.verdict, [start * criteria, (start + len(names)) * criteria])
        here = (found.verdict[low:high] - start * criteria).tolist()
        for verdict, claim in zip(here, found.claim[low:high].tolist(), strict=True):
            system, criterion = divmod(verdict, criteria)
            line = rests[kinds[system][criterion]]
            texts[verdict] += line.replace(_SYSTEM, names[system]).replace(_CLAIM, claims[claim])
        yield "".join(texts)


def _template(kind: Verdict) -> str:
    """Return the sorted quads of a kind of verdicts, but for its claims, with a mark in place of the system."""
    return "".join(_quads(replace(kind, system=PREFIXES["sys"] + _SYSTEM, claims=())))


def _rests(kind: Verdict) -> str:
    """Return the quad that comes last, by which a verdict rests on a claim, with marks for system and claim."""
    claim = PREFIXES["claim"] + _CLAIM
    return _quads(replace(kind, system=PREFIXES["sys"] + _SYSTEM, claims=(claim,), open=()))[-1]


def _quads(verdict: Verdict) -> list[str]:
    return sorted(f"<{s}> <{p}> <{o}> <{INFERRED}> .\n" for s, p, o in assertion(verdict))


def write_table(found: Verdicts, systems: Sequence[str], claims: Sequence[str], path: Path) -> None:
    """Write one row for each verdict: ``system``, ``criterion``, ``outcome``, ``why``, ``claims`` and ``open``.

    All but ``outcome`` and ``why`` are IRIs, the last two columns lists of them; rows are in the order of systems and
    criteria.
    """
    with atomic_writer(path) as file:
        table(found, systems, claims).write_parquet(file, compression="zstd", statistics=True)


def table(found: Verdicts, systems: Sequence[str], claims: Sequence[str]) -> pl.DataFrame:
    """Return the table that ``write_table`` writes."""
    kinds = pl.DataFrame(
        {
            "criterion": pl.Series([kind.criterion for kind in found.kinds], dtype=pl.String),
            "outcome": pl.Series([kind.outcome.value for kind in found.kinds], dtype=pl.Enum(Outcome)),
            "why": pl.Series([kind.why and kind.why.value for kind in found.kinds], dtype=pl.Enum(OpenReason)),
            "open": pl.Series([kind.open for kind in found.kinds], dtype=pl.List(pl.String)),
        }
    )
    names = pl.Series([PREFIXES["sys"] + name for name in systems], dtype=pl.String)
    rows = kinds[pl.Series(found.kind.reshape(-1))]
    return rows.select(
        names.gather(pl.Series(np.repeat(np.arange(len(systems)), found.kind.shape[1]))).alias("system"),
        "criterion",
        "outcome",
        "why",
        _lists(found, claims).alias("claims"),
        "open",
    )


def _lists(found: Verdicts, claims: Sequence[str]) -> pl.Series:
    """Return the IRIs of the claims that each verdict rests on."""
    named = pl.Series([PREFIXES["claim"] + claim for claim in claims], dtype=pl.String)
    pairs = pl.DataFrame({"verdict": pl.Series(found.verdict), "claim": named.gather(pl.Series(found.claim))})
    grouped = pairs.group_by("verdict", maintain_order=True).agg("claim")
    place = np.full(found.kind.size, grouped.height)
    place[grouped["verdict"].to_numpy()] = np.arange(grouped.height)
    empty = pl.Series([[]], dtype=pl.List(pl.String))
    return pl.concat([grouped["claim"], empty]).gather(pl.Series(place))


def tally(tables: Sequence[Path]) -> dict[str, int]:
    """Return how many verdicts of the tables of one run have each outcome, in the order of ``Outcome``.

    Raises:
        BadFileError: a table is gone or broken.
    """
    try:
        counts = pl.scan_parquet(list(tables)).group_by("outcome").len().collect()
    except (OSError, pl.exceptions.PolarsError) as error:
        message = "holds a table of verdicts that is gone or broken; remove the folder and judge again"
        raise BadFileError(tables[0].parent, None, message) from error
    found = dict(counts.iter_rows())
    return {outcome.value: int(found.get(outcome.value, 0)) for outcome in Outcome}
