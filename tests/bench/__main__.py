"""Runs all benchmarks, one after the other, and writes the results into ``README.md``: python -m tests.bench."""

import subprocess
import sys
from typing import Final

from tests.bench import bulk
from tests.bench.results import NAMES, put

SMALLER: Final = {"cold": (), "change": (), "http": ("2",)}
"""The benchmarks and their arguments; each benchmark runs in a separate process and prints a table."""

if __name__ == "__main__":
    for name, arguments in SMALLER.items():
        command = [sys.executable, "-m", f"tests.bench.{name}", *arguments]
        printed = subprocess.run(command, cwd=bulk.ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
        put(name, printed)
        print(printed, flush=True)
    bulk.main(list(bulk.SIZES), list(NAMES))
