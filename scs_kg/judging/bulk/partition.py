"""The systems of one bucket from the rows of their claims to their verdicts on disk."""

from pathlib import Path

import numpy as np
import polars as pl

from scs_kg.judging.bulk import partitioned_file
from scs_kg.judging.bulk.plan import Plan
from scs_kg.judging.bulk.rulebook import Rulebook
from scs_kg.judging.bulk.vectorized_evidence import bearing
from scs_kg.judging.bulk.vectorized_judge import Verdicts, judge_columns
from scs_kg.judging.bulk.write_verdicts import write_earl, write_table
from scs_kg.model.errors import BadFileError


def judge_systems(plan: Plan, bucket: int) -> int:
    """Judge the systems of a bucket, write both forms of their verdicts whole, and return how many systems there are.

    Raises:
        BadFileError: a claim is about a system that is declared nowhere.
    """
    tied = [plan.tied(other) for other in range(plan.buckets)]
    systems, claims = parted(partitioned_file.take(tied, bucket), plan.source)
    names, rows = systems.to_list(), claims["claim"].to_list()
    found = verdicts(systems, claims, plan.meaning)
    write_earl(found, names, rows, plan.earl(bucket))
    write_table(found, names, rows, plan.table(bucket))
    return len(names)


def parted(rows: pl.DataFrame, source: Path | str) -> tuple[pl.Series, pl.DataFrame]:
    """Part the declared systems, sorted, from the claims, sorted by system and name."""
    systems = rows.filter(pl.col("claim").is_null())["system"].unique().sort()
    claims = rows.filter(pl.col("claim").is_not_null()).sort("system", "claim")
    lost = claims.filter(~pl.col("system").is_in(systems.implode()))
    if lost.height:
        name, system = lost["claim"][0], lost["system"][0]
        message = f"claim:{name}: is about sys:{system}, which no file declares as a scs:SocialCreditSystem; declare it"
        raise BadFileError(source, None, message)
    return systems, claims


def verdicts(systems: pl.Series, claims: pl.DataFrame, meaning: Rulebook) -> Verdicts:
    """Judge the systems by their claims, both as ``parted`` gives them."""
    system = systems.search_sorted(claims["system"]).to_numpy().astype(np.int64)
    feature, finding = (claims[name].to_numpy().astype(np.int64) for name in ("feature", "finding"))
    return judge_columns(bearing(system, feature, finding, systems.len(), meaning), systems.len(), meaning)
