"""Bulk judging with failures: killed runs that resume, and dead cluster workers, give the same bytes."""

import fnmatch
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from scs_kg.judging.bulk.dask import open_executor
from scs_kg.judging.bulk.plan import Plan, plan_files
from scs_kg.judging.bulk.rulebook import read_rulebook
from scs_kg.judging.bulk.run import Executor, UnitTask, run
from scs_kg.model.errors import BadFileError, EngineError
from tests.conftest import ROOT
from tests.judging.bulk.test_run import content
from tests.support import worlds

SYSTEMS = 120
PLANNING = """
import pickle, sys
from pathlib import Path
from tests.judging.bulk.test_dask import small_plan
Path(sys.argv[3]).write_bytes(pickle.dumps(small_plan(Path(sys.argv[1]), Path(sys.argv[2]))))
"""
RUNNING = """
import pickle, sys
from pathlib import Path
from scs_kg.judging.bulk.run import run
run(pickle.loads(Path(sys.argv[1]).read_bytes()))
"""


def small_plan(world: Path, output: Path) -> Plan:
    """Return a plan with many pieces and buckets for the synthetic dataset in a file."""
    return plan_files(world, output, read_rulebook(ROOT), piece=500_000, bucket=600_000)


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a synthetic dataset."""
    return worlds.write(tmp_path_factory.mktemp("synthetic") / "world.nq", SYSTEMS)


@pytest.fixture(scope="module")
def whole(synthetic: Path) -> dict[str, bytes]:
    """Return the output files of a run that nothing interrupts."""
    plan = small_plan(synthetic, synthetic.parent / "whole")
    run(plan)
    return content(plan.output)


def finished(output: Path) -> dict[Path, int]:
    """Return the files of the units that are done, with their modification times."""
    times = {}
    for folder, _, names in os.walk(output):  # unlike ``rglob``, it ignores deleted folders
        for path in (Path(folder, name) for name in fnmatch.filter(names, "[!.]*.[rp]*")):
            with suppress(FileNotFoundError):  # the run has deleted the file in the meantime
                times[path] = path.stat().st_mtime_ns
    return times


@pytest.mark.slow(seconds=10)
def test_a_killed_run_resumes_without_repeating_units(synthetic: Path, whole: dict[str, bytes], tmp_path: Path) -> None:
    output, planned, kills = tmp_path / "killed", tmp_path / "plan", 0
    subprocess.run([sys.executable, "-c", PLANNING, synthetic, output, planned], cwd=ROOT, check=True)
    plan: Plan = pickle.loads(planned.read_bytes())  # noqa: S301 - written by this test
    assert plan.rulebook.digest == read_rulebook(ROOT).digest
    command = [sys.executable, "-c", RUNNING, str(planned)]  # each process would need more time to plan than to run
    before: dict[Path, int] = {}
    for _ in range(60):
        process = subprocess.Popen(command, cwd=ROOT)
        while process.poll() is None and len(finished(output)) < len(before) + 12:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        if process.wait() == 0:
            break
        kills += 1
        after = finished(output)
        assert {path: when for path, when in after.items() if path in before} == before
        before = after
    assert kills > 2
    assert content(output) == whole


@pytest.mark.slow
def test_a_cluster_gives_the_same_verdicts_although_a_worker_is_killed(
    synthetic: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    from distributed import LocalCluster

    cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1")
    with cluster, open_executor(cluster.scheduler_address) as executor:
        assert run(small_plan(synthetic, tmp_path / "cluster"), killing(executor, cluster.workers[0].pid))
        (tmp_path / "bad.nq").write_text("not N-Quads\n")
        with pytest.raises(BadFileError, match=r"bad\.nq:1: cannot be parsed"):
            run(plan_files(tmp_path / "bad.nq", tmp_path / "bad", read_rulebook(ROOT)), executor)
    assert content(tmp_path / "cluster") == whole


def killing(executor: Executor, pid: int) -> Executor:
    """Return an executor that kills a process after the first unit of the last stage."""

    def run_and_kill(task: UnitTask, units: Sequence[int]) -> Iterator[int]:
        for number, count in enumerate(executor(task, units)):
            if number == 0 and "judge_systems" in str(task):
                os.kill(pid, signal.SIGKILL)
            yield count

    return run_and_kill


@pytest.mark.slow
def test_an_unreachable_scheduler_is_an_error() -> None:
    with pytest.raises(EngineError, match="no Dask scheduler answers"), open_executor("tcp://127.0.0.1:9"):
        pass
