"""The script that makes a release writes the version and the date into all files, and refuses invalid input."""

import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from scs_kg.model.version import __version__
from tests.conftest import ROOT

SCRIPT = ROOT / ".ci" / "cut_release.py"
NAMES: dict[str, Any] = runpy.run_path(str(SCRIPT))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for name in {name for name, _, _ in NAMES["PLACES"]}:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    changelog = tmp_path / "CHANGELOG.md"
    if "## Unreleased" not in changelog.read_text("utf-8"):
        changelog.write_text("# Changelog\n\n## Unreleased\n\n- A change.\n", "utf-8")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    return tmp_path


def cut(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), "--root", str(repository), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_file_that_names_the_version_changes(repository: Path) -> None:
    texts = NAMES["edited"](repository, "7.8.9", "2031-02-03")
    for path, text in texts.items():
        assert "7.8.9" in text, path
        if path.name != "CHANGELOG.md":
            assert __version__ not in text, path
    assert "## 7.8.9 (2031-02-03)" in texts[repository / "CHANGELOG.md"]
    assert 'dcterms:modified "2031-02-03"^^xsd:date' in texts[repository / "ontology" / "scs.ttl"]


def test_a_dry_run_lists_the_files_and_changes_nothing(repository: Path) -> None:
    before = {path: path.read_bytes() for path in repository.rglob("*.*") if ".git" not in path.parts}
    ran = cut(repository, "7.8.9", "--dry-run")
    assert sorted(ran.stdout.split()) == sorted({name for name, _, _ in NAMES["PLACES"]})
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize(("version", "message"), [("7.8", "is not a version"), ("7.8.9", "not committed")])
def test_invalid_input_for_a_release_is_refused(version: str, message: str, repository: Path) -> None:
    ran = cut(repository, version)
    assert ran.returncode == 1
    assert message in ran.stderr


def test_a_file_that_does_not_name_the_version_is_reported(repository: Path) -> None:
    (repository / "CITATION.cff").write_text("title: none\n", "utf-8")
    assert "CITATION.cff: " in cut(repository, "7.8.9", "--dry-run").stderr


def test_no_other_page_names_the_version() -> None:
    """The script must know every file that names the version; decisions and the changelog name earlier versions."""
    known = {name for name, _, _ in NAMES["PLACES"]} | {"docs/codebook.md"}
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*/*.md"), *ROOT.glob("*.cff"), *ROOT.glob(".zenodo.json")):
        name = path.relative_to(ROOT).as_posix()
        if name not in known and "decisions" not in path.parts:
            assert not re.search(rf"\b{re.escape(__version__)}\b", path.read_text("utf-8")), name
    assert "version" in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dynamic"]
