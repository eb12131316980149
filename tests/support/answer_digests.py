"""Prints a digest of the output of each command in a JSON list; this process opens the data once for all commands.

``PYTHONHASHSEED`` decides the order of sets in a process. Therefore, tests compare two processes with different seeds.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from hashlib import sha256

from click.testing import CliRunner

from scs_kg.cli import cli
from tests.conftest import ROOT
from tests.support.opened_once import replacements


def digests(commands: Iterable[tuple[str, ...]], seed: str) -> list[str]:
    """Return the digest of the output of each command in a new process with a hash seed."""
    command = [sys.executable, "-m", __name__, json.dumps(list(commands))]
    environment = {**os.environ, "PYTHONHASHSEED": seed, "COLUMNS": "100"}
    found = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    return found.stdout.splitlines()


def digest(args: list[str]) -> str:
    """Return the digest of the output of a command, which must succeed."""
    ran = CliRunner().invoke(cli, args, standalone_mode=False)
    assert ran.exception is None, f"{args}: {ran.exception!r}"
    assert ran.stdout_bytes, args
    return sha256(ran.stdout_bytes).hexdigest()


if __name__ == "__main__":
    for module, name, replacement in replacements():
        setattr(module, name, replacement)
    for given in json.loads(sys.argv[1]):
        sys.stdout.write(f"{digest(given)}\n")
