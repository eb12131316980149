"""The claims of all pieces that are retracted and supersede nothing, which the second stage needs for each bucket.

A claim is superseded if a claim in its chain of superseding claims is not retracted (``queries/bearing.rq``). Chains
cross buckets. Therefore each file of the first stage ends with a frame of links, after the frames of the buckets. This
module reads these frames of links.
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from scs_kg.judging.bulk import partitioned_file
from scs_kg.judging.supersessions import Supersession, SupersessionGraph


def links_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Return ``subject``, ``later`` and ``retracted`` of the rows that supersede or retract a claim."""
    return rows.filter(pl.col("retracted") | pl.col("later").is_not_null()).select("subject", "later", "retracted")


def write_ineffective(partitions: Sequence[Path], buckets: int, target: Path) -> None:
    """Write the retracted claims whose supersessions have no effect, as the only column of an Arrow file.

    Memory grows with the number of retracted claims and of claims that supersede them.
    """
    links = [partitioned_file.read_bucket([path], buckets) for path in partitions]
    retracted = pl.concat(frame.filter("retracted").select("subject") for frame in links).unique()
    onward = pl.concat(frame.join(retracted, on="subject", how="semi") for frame in links)
    graph = SupersessionGraph().with_links(
        Supersession(later or "", claim, retracts=is_retracted) for claim, later, is_retracted in onward.iter_rows()
    )
    found = sorted(
        claim for claim in retracted["subject"] if all(later in graph.retracted_by for later in graph.chain(claim))
    )
    frame = pl.DataFrame({"claim": found}, schema={"claim": pl.String})
    partitioned_file.write_buckets(target, [frame], frame.height)


def read_ineffective(path: Path) -> pl.Series:
    """Return the claims that ``write_ineffective`` wrote."""
    return partitioned_file.read_bucket([path], 0)["claim"]
