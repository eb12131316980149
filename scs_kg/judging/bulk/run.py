"""Runs the three stages over all units, each unit once: what a killed run left whole is not done again."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

import polars as pl

from scs_kg.judging.bulk import nquads_scan, partition_by_subject, partitioned_file, table_source
from scs_kg.judging.bulk.endpoint_source import KeyRange, from_endpoint
from scs_kg.judging.bulk.join_claims import join_claims
from scs_kg.judging.bulk.partition import judge_systems
from scs_kg.judging.bulk.plan import LINES, TABLES, Piece, Plan, claim_folder, note, refuse_file
from scs_kg.model.errors import EmptyInputError
from scs_kg.store.atomic_write import locked_folder

Work = Callable[[int], int]
Mapper = Callable[[Work, Sequence[int]], Iterable[int]]
"""Does the work for each unit and gives the results as they come, in any order."""

Report = Callable[[str, int, int, int], None]
"""Is told the stage, how many of its units are done, how many there are, and what this run found in them."""

STAGES: Final = ("reading claims", "tying claims", "judging systems")


def partition_piece(plan: Plan, number: int) -> int:
    """Read one piece of the input; return how many rows it gave."""
    return partition_by_subject.partition_by_subject(
        _chunks(plan, plan.pieces[number]), plan.sifted(number), plan.buckets
    )


def _chunks(plan: Plan, piece: Piece | KeyRange) -> Iterator[pl.DataFrame]:
    if isinstance(piece, KeyRange):
        return from_endpoint(piece, plan.meaning)
    if piece.path.suffix in TABLES:
        return table_source.from_table(piece.path, plan.meaning)
    if piece.path.suffix in LINES:
        return partition_by_subject.from_blocks(nquads_scan.blocks(piece.path, piece.start, piece.end), plan.meaning)
    return partition_by_subject.from_statements(piece.path, plan.meaning)


def join_bucket(plan: Plan, number: int) -> int:
    """Put the claims of one bucket together; return how many stand."""
    sifted = [plan.sifted(piece) for piece in range(len(plan.pieces))]
    return join_claims(sifted, number, plan.tied(number), plan.buckets, plan.source)


def side_by_side(work: Work, units: Sequence[int]) -> Iterator[int]:
    """Do the work for the units here, as many at a time as there are processors; the results come in their order.

    What fails ends it all with the failure of the first unit that has one, whichever came first.
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(work, units)


def run(plan: Plan, mapper: Mapper = side_by_side, report: Report = lambda *_: None) -> bool:
    """Judge everything that the plan says and is not done yet; tell whether anything was left to do.

    Raises:
        BadFileError: the input cannot be used, or another run writes to the folder for the verdicts.
        EmptyInputError: no claim is in the input.
        WrongUseError: the folder for the verdicts holds something else.
    """
    refuse_file(plan.out)
    with locked_folder(plan.out):
        return _run(plan, mapper, report)


def _run(plan: Plan, mapper: Mapper, report: Report) -> bool:
    done = claim_folder(plan)
    if not done:
        for beside in plan.out.rglob(".*"):
            beside.unlink()
        pieces, buckets = range(len(plan.pieces)), range(plan.buckets)
        _stage(STAGES[0], partial(partition_piece, plan), [plan.sifted(n) for n in pieces], mapper, report)
        _stage(STAGES[1], partial(join_bucket, plan), [plan.tied(n) for n in buckets], mapper, report)
        if not any(partitioned_file.count(plan.tied(n)) for n in buckets):
            raise EmptyInputError(f"{plan.source}: no claim is in it to judge by")
        _stage(STAGES[2], partial(judge_systems, plan), [plan.table(n) for n in buckets], mapper, report)
        note(plan, complete=True)
    shutil.rmtree(plan.out / "work", ignore_errors=True)
    return not done


def _stage(name: str, work: Work, targets: Sequence[Path], mapper: Mapper, report: Report) -> None:
    left = [unit for unit, target in enumerate(targets) if not target.exists()]
    before = len(targets) - len(left)
    found = 0
    report(name, before, len(targets), found)
    for done, things in enumerate(mapper(work, left), start=before + 1):
        found += things
        report(name, done, len(targets), found)
