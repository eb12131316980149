"""Judging where processes die: killed and run again, or on workers of a cluster, with the same bytes in the end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from scs_kg.judging.bulk.dask import mapper
from scs_kg.judging.bulk.plan import Plan, plan
from scs_kg.judging.bulk.rulebook import read_rulebook
from scs_kg.judging.bulk.run import Mapper, Work, run
from scs_kg.model.errors import BadFileError, EngineError
from tests.conftest import ROOT
from tests.judging.bulk.test_run import content
from tests.support import worlds

SYSTEMS = 120
CODE = """
import sys
from pathlib import Path
from tests.test_bulk_spread import small
from scs_kg.judging.bulk.run import run
run(small(Path(sys.argv[1]), sys.argv[2]))
"""


def small(folder: Path, out: str) -> Plan:
    """Return a plan of many pieces and buckets for the invented world in a folder."""
    path = folder / "world.nq"
    path = path if path.exists() else worlds.write(path, SYSTEMS)
    return plan(path, folder / out, read_rulebook(ROOT), piece=500_000, bucket=600_000)


def finished(out: Path) -> dict[Path, int]:
    """Return the files by which units count as done so far, and when they were written."""
    found = {}
    for path in out.rglob("[!.]*.[rp]*"):
        try:
            found[path] = path.stat().st_mtime_ns
        except FileNotFoundError:  # it has been cleared away meanwhile
            continue
    return found


@pytest.mark.slow(seconds=25)
def test_a_killed_run_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    run(small(tmp_path, "whole"))
    out, kills = tmp_path / "killed", 0
    command = [sys.executable, "-c", CODE, str(tmp_path), "killed"]
    before: dict[Path, int] = {}
    for _ in range(60):
        process = subprocess.Popen(command, cwd=ROOT)
        while process.poll() is None and len(finished(out)) < len(before) + 4:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        if process.wait() == 0:
            break
        kills += 1
        after = finished(out)
        assert {path: when for path, when in after.items() if path in before} == before
        before = after
    assert kills > 2
    assert content(out) == content(tmp_path / "whole")


@pytest.mark.slow
def test_a_cluster_gives_the_same_and_a_killed_worker_loses_nothing(tmp_path: Path) -> None:
    from distributed import LocalCluster

    here = small(tmp_path, "here")
    run(here)
    cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1")
    with cluster, mapper(cluster.scheduler_address) as spread:
        assert run(small(tmp_path, "there"), killing(spread, cluster.workers[0].pid))
        (tmp_path / "bad.nq").write_text("so\n")
        with pytest.raises(BadFileError, match=r"bad\.nq:1: cannot be parsed"):
            run(plan(tmp_path / "bad.nq", tmp_path / "bad", read_rulebook(ROOT)), spread)
    assert content(tmp_path / "there") == content(tmp_path / "here")


def killing(spread: Mapper, pid: int) -> Mapper:
    """Return a mapper that kills a process when the first unit of the last stage is done."""

    def map_and_kill(work: Work, units: Sequence[int]) -> Iterator[int]:
        for number, found in enumerate(spread(work, units)):
            if number == 0 and "judge_systems" in str(work):
                os.kill(pid, signal.SIGKILL)
            yield found

    return map_and_kill


@pytest.mark.slow
def test_no_scheduler_is_an_error() -> None:
    with pytest.raises(EngineError, match="no Dask scheduler answers"), mapper("tcp://127.0.0.1:9"):
        pass
