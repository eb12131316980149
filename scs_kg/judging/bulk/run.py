"""Runs the three stages over all units. A resumed run skips the units whose files are already written."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

import polars as pl

from scs_kg.judging.bulk import nquads_scan, partition_by_subject, partitioned_file, retracted_claims, table_source
from scs_kg.judging.bulk.endpoint_source import KeyRange, from_endpoint
from scs_kg.judging.bulk.join_claims import join_claims
from scs_kg.judging.bulk.partition import judge_systems
from scs_kg.judging.bulk.plan import (
    LINE_SUFFIXES,
    TABLE_SUFFIXES,
    Piece,
    Plan,
    acquire_folder,
    require_folder,
    write_manifest,
)
from scs_kg.model.errors import EmptyInputError
from scs_kg.store.atomic_write import locked_folder

UnitTask = Callable[[int], int]
"""A function that processes the unit with the given number, and returns its number of rows, claims or systems."""

Executor = Callable[[UnitTask, Sequence[int]], Iterable[int]]
"""A function that runs a task for each unit and yields the results as they arrive, in any order."""

ProgressCallback = Callable[[str, int, int, int], None]
"""A function that receives the stage, the finished units, all units, and the items that this run processed."""

STAGES: Final = ("reading claims", "joining claims", "judging systems")


def partition_piece(plan: Plan, number: int) -> int:
    """Read one piece of the input, partition its rows by claim, and return the number of rows."""
    return partition_by_subject.partition_by_subject(
        _chunks(plan, plan.pieces[number]), plan.partitioned(number), plan.buckets
    )


def _chunks(plan: Plan, piece: Piece | KeyRange) -> Iterator[pl.DataFrame]:
    if isinstance(piece, KeyRange):
        return from_endpoint(piece, plan.rulebook)
    if piece.path.suffix in TABLE_SUFFIXES:
        return table_source.from_table(piece.path, plan.rulebook)
    if piece.path.suffix in LINE_SUFFIXES:
        return partition_by_subject.from_blocks(nquads_scan.blocks(piece.path, piece.start, piece.end), plan.rulebook)
    return partition_by_subject.from_statements(piece.path, plan.rulebook)


def join_bucket(plan: Plan, number: int) -> int:
    """Join the claims of one bucket and return the number of claims."""
    partitions = [plan.partitioned(piece) for piece in range(len(plan.pieces))]
    ineffective = retracted_claims.read_ineffective(plan.ineffective)
    rows = partitioned_file.read_bucket(partitions, number)
    return join_claims(rows, ineffective, plan.joined(number), plan.buckets, plan.source)


def run_in_threads(task: UnitTask, units: Sequence[int]) -> Iterator[int]:
    """Run a task in one thread per processor and yield the results in the order of the units.

    If units fail, the function raises the exception of the first failed unit in the order of ``units``, and starts no
    more units.
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(task, units)


def run(plan: Plan, executor: Executor = run_in_threads, report: ProgressCallback = lambda *_: None) -> bool:
    """Run the units of the plan that are not done yet; return False if all units were done already.

    Raises:
        BadFileError: the input is invalid, or another run is writing to the output folder.
        EmptyInputError: the input contains no claim.
        WrongUseError: the output folder contains other files, or a run on other input.
    """
    require_folder(plan.output)
    with locked_folder(plan.output):
        return _run(plan, executor, report)


def _run(plan: Plan, executor: Executor, report: ProgressCallback) -> bool:
    done = acquire_folder(plan)
    if not done:
        for temporary in plan.output.rglob(".*"):
            temporary.unlink()
        pieces, buckets = range(len(plan.pieces)), range(plan.buckets)
        _stage(STAGES[0], partial(partition_piece, plan), [plan.partitioned(n) for n in pieces], executor, report)
        if not plan.ineffective.exists():
            partitions = [plan.partitioned(n) for n in pieces]
            retracted_claims.write_ineffective(partitions, plan.buckets, plan.ineffective)
        _stage(STAGES[1], partial(join_bucket, plan), [plan.joined(n) for n in buckets], executor, report)
        if not any(partitioned_file.read_count(plan.joined(n)) for n in buckets):
            raise EmptyInputError(f"{plan.source}: contains no claim")
        _stage(STAGES[2], partial(judge_systems, plan), [plan.table(n) for n in buckets], executor, report)
        write_manifest(plan, complete=True)
    shutil.rmtree(plan.output / "work", ignore_errors=True)  # the results are complete without these files
    return not done


def _stage(name: str, task: UnitTask, targets: Sequence[Path], executor: Executor, report: ProgressCallback) -> None:
    missing = [unit for unit, target in enumerate(targets) if not target.exists()]
    done_before = len(targets) - len(missing)
    items = 0
    report(name, done_before, len(targets), items)
    for done, count in enumerate(executor(task, missing), start=done_before + 1):
        items += count
        report(name, done, len(targets), items)
