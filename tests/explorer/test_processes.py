"""Any number of forked processes return every result, and a killed process gives an error."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scs_kg.explorer.processes import in_process, in_processes
from scs_kg.model.errors import EngineError
from tests.conftest import ROOT


def with_cpus(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Make the operating system report that this process may use some CPUs."""
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(count)))


@pytest.mark.parametrize("cpus", [1, 2, 5])
@pytest.mark.parametrize("units", [[], [3], list(range(20))], ids=len)
def test_each_unit_gives_its_result_once(cpus: int, units: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    with_cpus(monkeypatch, cpus)
    factor = 7  # the function is a closure, which cannot be sent to a process
    assert sorted(in_processes(lambda unit: factor * unit, units)) == [factor * unit for unit in units]


@pytest.mark.parametrize("cpus", [1, 2])
def test_an_error_in_a_unit_is_raised(cpus: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with_cpus(monkeypatch, cpus)
    with pytest.raises(ZeroDivisionError):
        list(in_processes(lambda unit: 1 / unit, [2, 1, 0]))


def test_a_killed_process_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with_cpus(monkeypatch, 2)

    def kill(_: int) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(EngineError, match="a process ended before its work was done"):
        list(in_processes(kill, [1, 2, 3]))


def test_after_an_interruption_no_further_unit_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_cpus(monkeypatch, 2)

    def work(unit: int) -> int:
        (tmp_path / str(unit)).touch()
        time.sleep(0.1)
        return unit

    found = in_processes(work, range(100))
    next(found)
    found.close()
    assert 0 < len(list(tmp_path.iterdir())) < 20


def test_the_processes_end_with_a_killed_parent(tmp_path: Path) -> None:
    code = (
        "import os, sys, time; from pathlib import Path; from scs_kg.explorer.processes import in_processes\n"
        "os.sched_getaffinity = lambda _: {0, 1}\n"
        "work = lambda unit: (Path(sys.argv[1], str(os.getpid())).touch(), time.sleep(60))\n"
        "list(in_processes(work, range(9)))"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT) as parent:
        until(lambda: len(list(tmp_path.iterdir())) == 2)
        parent.kill()
    until(lambda: not any(Path("/proc", path.name).exists() for path in tmp_path.iterdir()))


def until(holds: Callable[[], bool]) -> None:
    """Wait at most 20 seconds until a condition is true."""
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_other_systems_than_linux_use_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    with_cpus(monkeypatch, 2)
    monkeypatch.setattr("sys.platform", "win32")
    assert set(in_processes(lambda _: os.getpid(), [1, 2, 3])) == {os.getpid()}


@pytest.mark.parametrize("cpus", [1, 2])
def test_work_beside_other_work_gives_its_result_or_its_error(cpus: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with_cpus(monkeypatch, cpus)
    with in_process(lambda: (os.getpid(), 7)) as result:
        process, value = result()
    assert value == 7
    assert (process == os.getpid()) == (cpus == 1)
    with in_process(lambda: 1 / 0) as failing, pytest.raises(ZeroDivisionError):
        failing()


def test_a_killed_process_beside_other_work_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with_cpus(monkeypatch, 2)
    with in_process(lambda: os.kill(os.getpid(), signal.SIGKILL)) as result, pytest.raises(EngineError, match="ended"):
        result()
