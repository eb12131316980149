"""Tests the commands for contributors of claims."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scs_kg.model.namespaces import SCS
from scs_kg.render.progress import steps
from scs_kg.store import load
from scs_kg.store.labels import name_index
from tests.cli.test_cli import in_terminal
from tests.conftest import ROOT
from tests.support.commands import run

CLAIM = (
    b"system,feature,finding,mode,statement,source,locator\n"
    b"beta,cake,Present,DeJure,Beta gives cake to singers.,law-2003,rule 9\n"
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return a valid table of one claim."""
    path = tmp_path / "new.csv"
    path.write_bytes(CLAIM)
    return path


def test_a_sound_file_passes_with_status_0(shared_world: Path, table: Path) -> None:
    ran = run("check", str(table), "--root", str(shared_world))
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert b"no problem in 1 file" in ran.stdout


def test_a_file_that_the_data_has_already_changes_nothing_in_each_command(shared_world: Path) -> None:
    file = str(min((shared_world / "data" / "tales").glob("alpha*.ttl")))
    for command in ("check", "whatif"):
        ran = run(command, file, "--root", str(shared_world))
        assert ran.returncode == 0, ran.stderr
        assert b"in the data already" in ran.stdout + ran.stderr


def test_a_mistake_ends_with_status_1_and_one_line(shared_world: Path, table: Path) -> None:
    table.write_bytes(CLAIM.replace(b"beta,cake", b"betta,cake"))
    ran = run("check", table.name, "--root", str(shared_world), cwd=table.parent)
    assert (ran.returncode, ran.stderr) == (1, b"")
    first, count = ran.stdout.decode().splitlines()
    assert first.startswith("new.csv:2:1: error: claim:betta-cake-law-2003: needs exactly one system")
    assert first.endswith(
        "(did you mean beta? 'scs-kg query systems' lists all) [https://w3id.org/scs-kg/integrity#ClaimAbout]"
    )
    assert count == "1 error in 1 file; read: 1 claim"


def test_warnings_alone_end_with_status_0(shared_world: Path, table: Path) -> None:
    table.write_bytes(CLAIM.replace(b"Beta", "B\u0435ta".encode()))
    ran = run("check", str(table), "--root", str(shared_world))
    assert ran.returncode == 0
    assert b"1 warning in 1 file" in ran.stdout


def test_standard_input_needs_a_format(shared_world: Path) -> None:
    command = [sys.executable, "-m", "scs_kg", "check", "-", "--root", str(shared_world)]
    ran = subprocess.run([*command, "--from", "csv"], input=CLAIM, capture_output=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, b"no problem in 1 file; read: 1 claim\n")
    untold = subprocess.run(command, input=CLAIM, capture_output=True, check=False)
    assert (untold.returncode, untold.stdout) == (2, b"")
    assert untold.stderr.count(b"\n") == 1
    assert b"--from" in untold.stderr


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("check",), 2),
        (("check", "none.csv"), 2),
        (("check", "claims.docx"), 2),
        (("check", "none"), 2),
        (("check", "."), 2),
        (("check", "-"), 2),
        (("check", ".", "--from", "csv"), 2),
        (("check", "new.csv", "--format", "turtle"), 2),
        (("check", "new.csv", "--report", "json"), 2),
        (("check", "new.csv", "--format", "pdf"), 2),
        (("check", "new.csv", "--root", "nowhere"), 2),
        (("template", "--format", "docx"), 2),
        (("template", "--output", "new.csv"), 2),
    ],
)
def test_wrong_use_is_one_line_without_a_traceback(arguments: tuple[str, ...], status: int, table: Path) -> None:
    ran = run(*arguments, cwd=table.parent)
    assert (ran.returncode, ran.stdout) == (status, b"")
    assert ran.stderr.count(b"\n") == 1
    assert ran.stderr.startswith(b"scs-kg: ")


@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
def test_both_engines_can_be_chosen(engine: str, shared_world: Path, table: Path) -> None:
    ran = run("check", str(table), "--root", str(shared_world), "--engine", engine, "--format", "json")
    assert ran.returncode == 0
    assert json.loads(ran.stdout) == {"files": [str(table)], "read": {"Claim": 1}, "problems": []}


def test_a_template_can_be_written_filled_in_and_checked(shared_world: Path, tmp_path: Path) -> None:
    for form, name in (("csv", "a.csv"), ("xlsx", "b.xlsx"), ("yaml", "c.yaml"), ("turtle", "d.ttl")):
        ran = run("template", "--format", form, "--output", name, "--root", str(shared_world), cwd=tmp_path)
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")
        assert run("template", "--format", form, "--root", str(shared_world)).stdout == (tmp_path / name).read_bytes()
        empty = run("check", name, "--root", str(shared_world), cwd=tmp_path)
        assert b"has no claim and no other record" in empty.stdout
    with (tmp_path / "c.yaml").open("w", encoding="utf-8") as stream:
        stream.write("claims:\n- {system: beta, feature: 蛋糕, finding: 存在, mode: 规定层面, source: law-2003,")
        stream.write(" locator: rule 9, statement: Beta gives cake to singers.}\n")
    assert run("check", "c.yaml", "--root", str(shared_world), cwd=tmp_path).returncode == 0


def test_a_workbook_is_not_written_to_a_terminal(shared_world: Path) -> None:
    assert in_terminal("template", "--format", "xlsx", "--root", str(shared_world)) == ""


def test_progress_is_for_terminals_only(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    with steps(2) as begin:
        begin("reading")
    assert capfd.readouterr() == ("", "")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    with steps(2) as begin:
        begin("reading")
    assert "reading" in capfd.readouterr().err


def test_the_network_is_not_used(shared_world: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.jsonld"
    path.write_text('{"@context": "http://127.0.0.1:9/context", "@id": "urn:a"}', "utf-8")
    ran = run("check", str(path), "--root", str(shared_world), http_proxy=os.devnull)
    assert ran.returncode == 1
    assert b"but contexts are not fetched" in ran.stdout


MEASURE = """
import json, resource, subprocess, sys
ran = subprocess.run(sys.argv[1:], stderr=subprocess.PIPE, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
measured = {"seconds": used.ru_utime + used.ru_stime, "kilobytes": used.ru_maxrss}
print(json.dumps({"status": ran.returncode, "messages": ran.stderr, **measured}), file=sys.stderr)
"""
"""A program that runs a command and measures it.

The peak memory of a process includes the peak memory of the process that started it.
"""

STRIDE = 7919
"""The number is prime, so that its multiples reach every source, unless the number of sources is such a multiple."""


@pytest.mark.slow
def test_ten_thousand_claims_take_twenty_seconds_and_a_gigabyte_at_most(tmp_path: Path) -> None:
    known = name_index(load(ROOT))
    systems, features = known.ids(SCS + "SocialCreditSystem"), known.ids(SCS + "Feature")
    sources = known.ids(SCS + "Source")
    rows = (
        f"{systems[n % len(systems)]},{features[n // len(systems) % len(features)]},Present,DeFacto,"
        f"A claim that nobody made.,{sources[n * STRIDE % len(sources)]},p. {n},2010"
        for n in range(10_000)
    )
    path = tmp_path / "many.csv"
    path.write_text("\n".join(["system,feature,finding,mode,statement,source,locator,asOf", *rows]), "utf-8")
    command = [sys.executable, "-m", "scs_kg", "check", str(path), "--format", "json"]
    ran = subprocess.run([sys.executable, "-c", MEASURE, *command], capture_output=True, check=True, cwd=ROOT)
    found, used = json.loads(ran.stdout), json.loads(ran.stderr)
    assert (used["status"], used["messages"]) == (1, "")
    assert {problem["rule"] for problem in found["problems"]} >= {"integrity:DraftContradictionShape"}
    assert used["seconds"] < 20
    assert used["kilobytes"] < 1 << 20
