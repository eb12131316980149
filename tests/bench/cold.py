"""Measures the time of ``scs-kg compare`` and of the plain script alternately: python -m tests.bench.cold [RUNS]."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
OURS = (sys.executable, "-m", "scs_kg", "compare")
PLAIN = (sys.executable, "-m", "tests.bench.plain")


def seconds(command: tuple[str, ...]) -> float:
    """Return the wall time of one run of a command, which must succeed."""
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main(runs: int) -> None:
    """Print both medians and their ratio as a table."""
    times = [(seconds(OURS), seconds(PLAIN)) for _ in range(runs)]
    ours, plain = (statistics.median(column) for column in zip(*times, strict=True))
    print("| runs of each | scs-kg compare, s | plain script, s | times as long |\n|---|---|---|---|")
    print(f"| {runs} | {ours:.2f} | {plain:.2f} | {plain / ours:.0f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
