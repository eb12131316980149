"""The files in ``docs/deploy/`` and ``.github/`` are valid; cross-checks validate files with nginx and systemd."""

import http.client
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from scs_kg.cli import COMMANDS
from tests.conftest import ROOT
from tests.support.servers import free_port, wait_for

DEPLOY = ROOT / "docs" / "deploy"
UNIT = (DEPLOY / "scs-kg.service").read_text("utf-8")
NGINX = (DEPLOY / "nginx.conf").read_text("utf-8")
YAML = (DEPLOY / "compose.yaml", ROOT / ".pre-commit-config.yaml", *sorted(ROOT.glob(".github/**/*.yml")))


@pytest.mark.crosscheck
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    """The test replaces the program of the unit by an existing program, because systemd checks that it exists."""
    path = tmp_path / "scs-kg.service"
    path.write_text(UNIT.replace("/opt/scs-kg/bin/scs-kg", sys.executable), "utf-8")
    ran = subprocess.run(["systemd-analyze", "verify", path], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.crosscheck
def test_nginx_serves_the_static_site_as_the_settings_say(tmp_path: Path) -> None:
    (tmp_path / "pages" / "en").mkdir(parents=True)
    for name, text in {"404.html": "not here", "en/a.html": "<p>中", "a.ttl": "<x:a> a <x:b> ."}.items():
        (tmp_path / "pages" / name).write_text(text, "utf-8")
    port = free_port()
    text = (DEPLOY / "static-site.conf").read_text("utf-8")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/srv/pages", str(tmp_path / "pages"))
    head = f"user root;\npid {tmp_path}/pid;\nevents {{}}\nhttp {{\ninclude /etc/nginx/mime.types;\n"
    (tmp_path / "nginx.conf").write_text(f"{head}{text}}}\n", "utf-8")
    nginx = shutil.which("nginx", path=os.environ["PATH"] + os.pathsep + "/usr/sbin") or "nginx"
    with subprocess.Popen([nginx, "-c", tmp_path / "nginx.conf", "-g", "daemon off;"]) as server:
        try:
            wait_for(port, server)
            answers = {path: asked(port, path) for path in ("/en/a.html", "/a.ttl", "/en/nothing.html")}
        finally:
            server.terminate()
    assert answers == {
        "/en/a.html": (200, "text/html; charset=utf-8", "<p>中"),
        "/a.ttl": (200, "text/turtle; charset=utf-8", "<x:a> a <x:b> ."),
        "/en/nothing.html": (404, "text/html; charset=utf-8", "not here"),
    }


def asked(port: int, path: str) -> tuple[int, str | None, str]:
    """Return the status, the media type and the text of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.headers["content-type"], answer.read().decode()


@pytest.mark.crosscheck
def test_nginx_accepts_its_settings(tmp_path: Path) -> None:
    """Only the port and the paths of the certificate are replaced; nginx of Debian 12 (1.22) must accept the rest."""
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=data.example.org"]
    subprocess.run([*new, "-keyout", tmp_path / "key", "-out", tmp_path / "pem"], capture_output=True, check=True)
    text = NGINX.replace("listen 443 ", f"listen unix:{tmp_path}/socket ")
    for name in ("key", "pem"):
        text = re.sub(rf"/etc/ssl/\w+/data\.example\.org\.{name};", f"{tmp_path / name};", text)
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{text}}}\n", "utf-8")
    nginx = shutil.which("nginx", path=os.environ["PATH"] + os.pathsep + "/usr/sbin") or "nginx"
    ran = subprocess.run([nginx, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_nginx_and_the_unit_use_the_same_path_and_port() -> None:
    assert "--port 8000 --url https://data.example.org/scs-kg\n" in UNIT
    assert all(text in NGINX for text in ("server 127.0.0.1:8000;", "server_name data.example.org;", "/scs-kg/ {"))


def test_the_unit_reloads_the_data_by_the_signal_that_serve_handles() -> None:
    assert "\nExecReload=/bin/kill -HUP $MAINPID\n" in UNIT


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


@pytest.mark.parametrize(
    ("steps", "status", "shown"),
    [
        ("false", 1, {"== one, in the background\nfirst", "== two, in the background\nsecond"}),
        ("ended one; (exit 3)", 3, {"first", "== two, in the background\nsecond"}),
        ("ended two", 5, {"second", "== one, in the background\nfirst"}),
        ("ended one", 0, {"first", "== two, in the background\nsecond"}),
        ("ended one; ended two || true", 0, {"first\nsecond"}),
    ],
)
def test_the_checks_show_the_output_of_each_step_in_the_background(steps: str, status: int, shown: set[str]) -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    functions = script[script.index("scratch=") : script.index("need() {")]
    background = "one() { echo first; }\ntwo() { echo second; return 5; }\nbeside one\nbeside two\n"
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", functions + background + steps], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (status, "")
    assert set(ran.stdout.strip().split("\n\n")) == shown


def test_hosted_checks_call_the_same_script() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "checks.yml").read_text("utf-8"))["jobs"]
    assert {"run": ".ci/run"} in jobs["all"]["steps"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100


def test_the_checks_run_the_folder_with_all_tests_in_a_browser() -> None:
    mark, tests = ".".join(("pytest", "mark", "browser")), ROOT / "tests"
    folders = [path.parent for path in tests.rglob("test_*.py") if mark in path.read_text("utf-8")]
    assert len(folders) > 10
    assert set(folders) == {tests / "browser"}
    assert "-m browser -n 0 tests/browser" in (ROOT / ".ci" / "run").read_text("utf-8")
