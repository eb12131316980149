"""The files in ``docs/deploy/`` and ``.github/`` are valid, as far as their own tools are on this machine."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from scs_kg.cli import COMMANDS
from tests.conftest import ROOT

DEPLOY = ROOT / "docs" / "deploy"
UNIT = (DEPLOY / "scs-kg.service").read_text("utf-8")
YAML = (DEPLOY / "compose.yaml", ROOT / ".pre-commit-config.yaml", *sorted(ROOT.glob(".github/**/*.yml")))


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    """The program of the unit is replaced by one that exists, because systemd checks it."""
    if not shutil.which("systemd-analyze"):
        assert "ExecStart=/opt/scs-kg/bin/scs-kg serve " in UNIT
        pytest.skip("systemd-analyze is not installed; only the start command was checked")
    path = tmp_path / "scs-kg.service"
    path.write_text(UNIT.replace("/opt/scs-kg/bin/scs-kg", sys.executable), "utf-8")
    ran = subprocess.run(["systemd-analyze", "verify", path], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_nginx_accepts_its_settings(tmp_path: Path) -> None:
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    assert text.count("{") == text.count("}")
    if not shutil.which("nginx"):
        pytest.skip("nginx is not installed; only the braces were counted")
    plain = re.sub(r"listen 443 ssl;|http2 on;|ssl_certificate\w* .*;", "", text)
    (tmp_path / "nginx.conf").write_text(f"events {{}}\nhttp {{\n{plain}}}\n", "utf-8")
    ran = subprocess.run(
        ["nginx", "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("path", YAML, ids=lambda path: path.name)
def test_yaml_is_readable(path: Path) -> None:
    assert yaml.safe_load(path.read_text("utf-8"))


def test_the_container_copies_what_the_wheel_needs() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    copied = {word for line in re.findall(r"^COPY (?!--)(.*) \S+$", text, re.MULTILINE) for word in line.split()}
    assert copied == {"pyproject.toml", "README.md", "LICENSE", "scs_kg", "ontology", "data", "docs", "queries"}
    assert all((ROOT / name).exists() for name in copied)


def test_the_commands_of_the_files_exist() -> None:
    for path in (*DEPLOY.iterdir(), *YAML):
        for name in re.findall(r"(?:bin/|- run: )scs-kg\"?,? \"?([a-z]+)", path.read_text("utf-8")):
            assert name in COMMANDS, path


def test_hosted_checks_call_the_same_script() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "checks.yml").read_text("utf-8"))["jobs"]
    assert {"run": ".ci/run"} in jobs["all"]["steps"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100
