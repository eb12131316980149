"""The third stage for one bucket: reads the claims of the bucket, judges the systems, and writes the verdicts."""

from pathlib import Path

import numpy as np
import polars as pl

from scs_kg.judging.bulk import partitioned_file
from scs_kg.judging.bulk.plan import Plan
from scs_kg.judging.bulk.rulebook import Rulebook
from scs_kg.judging.bulk.vectorized_evidence import ClaimArrays, derive_evidence
from scs_kg.judging.bulk.vectorized_judge import VerdictArrays, judge_columns
from scs_kg.judging.bulk.write_verdicts import write_earl, write_table
from scs_kg.model.errors import BadFileError


def judge_systems(plan: Plan, bucket: int) -> int:
    """Judge the systems of a bucket, write the verdicts as the plan says, and return the number of systems.

    The table comes last, because a bucket whose table exists is done.

    Raises:
        BadFileError: a claim is about a system that no file declares.
    """
    joined = [plan.joined(other) for other in range(plan.buckets)]
    systems, claims = split_systems(partitioned_file.read_bucket(joined, bucket), plan.source)
    system_ids, claim_ids = systems.to_list(), claims["claim"].to_list()
    verdicts = judge_claim_rows(systems, claims, plan.rulebook)
    if plan.with_earl:
        write_earl(verdicts, system_ids, claim_ids, plan.earl(bucket))
    write_table(verdicts, system_ids, claim_ids, plan.table(bucket))
    return len(system_ids)


def split_systems(rows: pl.DataFrame, source: Path | str) -> tuple[pl.Series, pl.DataFrame]:
    """Split rows into the declared systems, sorted, and the claims, sorted by system and claim."""
    systems = rows.filter(pl.col("claim").is_null())["system"].unique().sort()
    claims = rows.filter(pl.col("claim").is_not_null()).sort("system", "claim")
    undeclared = claims.filter(~pl.col("system").is_in(systems.implode()))
    if undeclared.height:
        claim, system = undeclared["claim"][0], undeclared["system"][0]
        message = (
            f"claim:{claim}: is about sys:{system}, which no file declares as a scs:SocialCreditSystem; declare it"
        )
        raise BadFileError(source, None, message)
    return systems, claims


def judge_claim_rows(systems: pl.Series, claims: pl.DataFrame, rulebook: Rulebook) -> VerdictArrays:
    """Judge the systems on their claims; both arguments are as ``split_systems`` returns them."""
    system = systems.search_sorted(claims["system"])
    columns = (system, *(claims[name] for name in ("feature", "finding", "mode")))
    arrays = ClaimArrays(*(column.to_numpy().astype(np.int64) for column in columns))
    evidence = derive_evidence(arrays, systems.len(), rulebook)
    return judge_columns(evidence, systems.len(), rulebook)
