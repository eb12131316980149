"""Measures judging with every engine at several sizes: python -m tests.bench.bulk [--sizes N,…] [--runs N].

Every engine runs in a separate process, one after the other, on the same invented data set (world). The pairs of system
and shape of an engine are compared with those of this project; if pairs differ, the time does not count. Writes
``bulk.json``, the table in ``README.md`` and the plot ``bulk.svg`` into the folder of this file.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from tests.bench.results import NAMES, publish

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent.parent
SIZES: Final = (100, 1000, 10_000, 100_000)
REACH: Final = {"pyshacl": 1000, "pyrudof": 1000, "topquadrant": 10_000, "shacl": 10_000}
"""The largest size at which each engine is measured; larger sizes need too much time or memory.

At 10,000 systems, pyrudof was killed at 22.9 GB; at 100,000 systems, the other engines would need about 40 GB.
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """The measurement of one engine at one size: medians in seconds, and peak memory in MiB.

    ``work`` is the wall time from reading to the answer, and ``cpu`` the user and system time. ``wall`` is the wall
    time of the whole process. ``same`` says whether the pairs equal those of this project; it is None if the engine
    gives no pairs.
    """

    engine: str
    systems: int
    wall: float
    cpu: float
    work: float
    peak: float
    runs: int
    same: bool | None
    times: dict[str, float]


def measure(engine: str, folder: Path, systems: int, runs: int) -> Measured:
    """Run an engine a number of times and return the medians."""
    found = []
    for _ in range(runs):
        for out in folder.glob("out*"):
            shutil.rmtree(out)
        start = time.perf_counter()
        command = [sys.executable, "-m", "tests.bench.engine", engine, str(folder)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            printed = process.stdout.read() if process.stdout else ""
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = status
        wall = time.perf_counter() - start
        if status:
            return Measured(engine, systems, wall, 0, 0, used.ru_maxrss / 1024, 0, same=False, times={})
        times = json.loads(printed.splitlines()[-1])
        cpu = used.ru_utime + used.ru_stime if engine == "dask" else times["cpu"]
        found.append((wall, cpu, times["run"], times["peak"], times))
    wall, cpu, work, peak = (statistics.median(column) for column in list(zip(*found, strict=True))[:4])
    middle = sorted(found, key=lambda one: one[2])[len(found) // 2][4]
    return Measured(engine, systems, wall, cpu, work, peak, runs, same=agrees(engine, folder), times=middle)


def agrees(engine: str, folder: Path) -> bool | None:
    """Return whether an engine's pairs equal those of this project; None if the engine gives no pairs."""
    if engine == "oxigraph":
        return None
    return (folder / f"{engine}.pairs").read_bytes() == (folder / "ours.pairs").read_bytes()


def main(sizes: list[int], engines: list[str], runs: int = 3, keep: Path = HERE / "bulk.json") -> None:
    """Measure all engines, print each result immediately, and write the tables and the plot."""
    results = []
    for systems in sizes:
        folder = Path(mkdtemp(prefix=f"bench-{systems}-"))
        subprocess.run([sys.executable, "-m", "tests.bench.build", str(systems), str(folder)], cwd=ROOT, check=True)
        for engine in engines:
            if systems <= REACH.get(engine, systems):
                results.append(measure(engine, folder, systems, 1 if systems >= 100_000 else runs))
                print(results[-1], flush=True)
        shutil.rmtree(folder)
    keep.write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n", "utf-8")
    publish(keep)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--engines", default=",".join(NAMES))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", type=Path, default=HERE / "bulk.json")
    given = parser.parse_args()
    main([int(size) for size in given.sizes.split(",")], given.engines.split(","), given.runs, given.keep)
