"""Every command but ``serve`` runs without ``fcntl``, ``resource`` and ``os.fork``, which Windows does not have.

No regular expression uses syntax that some releases of Python 3.11 match wrongly.
"""

import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

from tests.conftest import ROOT
from tests.support.claims import CLAIM

WITHOUT_POSIX = """
import os, sys
sys.modules["fcntl"] = sys.modules["resource"] = None
for name in ("fork", "forkpty", "killpg", "setpgid", "O_DIRECTORY", "sched_getaffinity"):
    delattr(os, name)
os.cpu_count = lambda: 1
from click.testing import CliRunner
from scs_kg.cli import cli
for line in sys.stdin.read().splitlines():
    ran = CliRunner().invoke(cli, line.split(" "), standalone_mode=False)
    print("ok" if ran.exception is None else f"{type(ran.exception).__name__}: {ran.exception}")
"""


def without_posix(lines: list[str], world: Path) -> list[str]:
    """Run command lines in one process without the POSIX modules; return the result of each."""
    command = [sys.executable, "-c", WITHOUT_POSIX]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        command, input="\n".join(lines), capture_output=True, text=True, check=True, cwd=world, env=environment
    )
    return ran.stdout.splitlines()


@pytest.mark.slow(seconds=6)
def test_commands_run_without_posix_modules(world: Path, tmp_path: Path) -> None:
    (world / "claims.yaml").write_text(CLAIM, "utf-8")
    lines = [
        "compare --root .",
        "explain alpha kindness --root .",
        "query claims --param system=alpha --root .",
        "query names --root .",
        "check claims.yaml --root .",
        "whatif claims.yaml --root .",
        "add claims.yaml --dataset tales --root .",
        "validate --root .",
        "robustness --root .",
        "export --inferred --root .",
        f"site {tmp_path / 'pages'} --root .",
        f"release {tmp_path / 'release'} --root .",
    ]
    assert dict(zip(lines, without_posix(lines, world), strict=True)) == dict.fromkeys(lines, "ok")
    assert "beta-cake-law-2003" in "".join(path.read_text("utf-8") for path in world.rglob("data/**/*.ttl"))
    assert not list(world.rglob(".scs-kg.lock"))


@pytest.mark.slow
def test_limits_and_locks_work_without_posix_modules(world: Path) -> None:
    (world / "claims.yaml").write_text(CLAIM, "utf-8")
    (world / "data" / ".scs-kg.lock").touch()
    endless = "SELECT(COUNT(*)AS?n){?a?b?c.?d?e?f.?g?h?i.?j?k?l}"
    lines = [
        f"query {endless} --timeout 0.5 --root .",
        "query SELECT*{SERVICE<http://127.0.0.1/>{?s?p?o}} --root .",
        "serve --root .",
        "add claims.yaml --dataset tales --root .",
    ]
    timeout, service, serve, locked = without_posix(lines, world)
    assert "exceeded its time limit of 0.5 s" in timeout
    assert "allow it with --allow-service" in service
    assert "serve needs Linux or macOS" in serve
    assert "another process has locked the folder; if none is running, delete " in locked


@pytest.mark.parametrize("name", ["fcntl", "resource"])
def test_posix_modules_are_imported_only_where_they_are_used(name: str) -> None:
    """The modules of the server may import POSIX modules at the top, because ``serve`` checks the system first."""
    for path in sorted((ROOT / "scs_kg").rglob("*.py")):
        if "server" not in path.parts:
            assert f"\nimport {name}\n" not in path.read_text("utf-8"), path


def test_patterns_match_in_every_release_of_python_3_11() -> None:
    """Python 3.11.0 to 3.11.3, as in Debian 12, match possessive quantifiers and atomic groups wrongly."""
    names = [one.name for one in walk_packages([str(ROOT / "scs_kg")], "scs_kg.") if not one.name.endswith("__main__")]
    patterns = {
        f"{name}.{key}": value
        for name in names
        for key, value in vars(import_module(name)).items()
        if isinstance(value, re.Pattern)
    }
    assert len(patterns) > 50
    unsafe = re.compile(r"(?<!\\)(?:[*?+}]\+|\(\?>)")
    outside_classes = {
        name: re.sub(r"\[(?:\\.|[^\]\\])+\]", "", str(pattern.pattern)) for name, pattern in patterns.items()
    }
    assert [name for name, text in outside_classes.items() if unsafe.search(text)] == []
