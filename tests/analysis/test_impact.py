"""The commands whatif, robustness and settle: correct use, wrong use, and use in pipes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import FIXTURE_FOLDER, TESTS
from tests.support.commands import run

CASES = FIXTURE_FOLDER / "whatif"
GOLDEN = TESTS / "golden" / "whatif"


@pytest.mark.parametrize(("form", "ending"), [("text", "txt"), ("markdown", "md"), ("json", "json")])
def test_whatif_of_a_file_prints_the_golden_report(form: str, ending: str, shared_world: Path) -> None:
    ran = run("whatif", str(CASES / "world.second-source.ttl"), "--root", str(shared_world), "--format", form)
    assert ran.returncode == 0, ran.stderr.decode()
    assert ran.stdout.decode() == (GOLDEN / f"world.second-source.{ending}").read_text("utf-8")


def test_whatif_reads_standard_input_if_the_format_is_given(shared_world: Path) -> None:
    claim = (CASES / "world.flips.ttl").read_bytes()
    command = [sys.executable, "-m", "scs_kg", "whatif", "-", "--root", str(shared_world), "--format", "json"]
    ran = subprocess.run([*command, "--from", "turtle"], input=claim, capture_output=True, check=True, timeout=60)
    assert ran.stdout.decode() == (GOLDEN / "world.flips.json").read_text("utf-8")
    untold = subprocess.run(command, input=claim, capture_output=True, check=False, timeout=60)
    assert untold.returncode == 2
    assert b"--from" in untold.stderr


def test_whatif_writes_nothing(shared_world: Path) -> None:
    before = {path: path.read_bytes() for path in sorted(shared_world.rglob("*")) if path.is_file()}
    run("whatif", str(CASES / "world.flips.ttl"), "--without", "news-2002", "--root", str(shared_world))
    assert {path: path.read_bytes() for path in sorted(shared_world.rglob("*")) if path.is_file()} == before


def test_claims_with_problems_stop_a_whatif(shared_world: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.ttl"
    bad.write_text((CASES / "world.flips.ttl").read_text("utf-8").replace("feat:door", "feat:dor"), "utf-8")
    ran = run("whatif", str(bad), "--root", str(shared_world))
    messages = ran.stderr.decode().splitlines()
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert messages[0].startswith(f"{bad}:")
    assert ": error: claim:" in messages[0]
    assert messages[-1] == "1 error in 1 file; read: 2 claims"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "name a file of claims, or what to leave out with --without"),
        (("--without", "news-2003"), "no claim or source is called 'news-2003'; did you mean news-2002"),
        (("--without", "news-2002", "--as-of", "soon"), "'soon' is not a date"),
        (("--without", "news-2002", "--reading", "plane"), "no reading is called 'plane'; did you mean plain"),
        (("--without", "news-2002", "--dataset", "talks"), "no dataset is called 'talks'; did you mean tales"),
        (("claims.odt",), "claims.odt: cannot be read: No such file or directory; check the name"),
    ],
)
def test_wrong_use_of_whatif_is_a_message_of_one_line(args: tuple[str, ...], message: str, shared_world: Path) -> None:
    ran = run("whatif", *args, "--root", str(shared_world))
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert message in ran.stderr.decode()
    assert ran.stderr.count(b"\n") == 1


def test_a_missing_file_is_an_error(shared_world: Path) -> None:
    ran = run("whatif", "nowhere.ttl", "--root", str(shared_world))
    assert ran.returncode == 2
    assert ran.stderr.decode().startswith("scs-kg: nowhere.ttl")


@pytest.mark.parametrize("command", ["robustness", "settle"])
def test_rankings_can_be_shortened_and_limited_to_chosen_cells(command: str, shared_world: Path) -> None:
    def ask(*args: str) -> list[dict[str, object]]:
        ran = run(command, "--root", str(shared_world), "--format", "json", *args)
        assert ran.returncode == 0, ran.stderr.decode()
        found: list[dict[str, object]] = json.loads(ran.stdout)
        return found

    every = ask()
    assert ask("--top", "2") == every[:2]
    assert len(ask("--guideline", "example-2000")) < len(every)
    assert len(ask("--reading", "severe")) < len(ask("--guideline", "example-2000"))
    assert ask("--top", "0") == ask("--top", "all") == every
    assert b"more row" in run(command, "--root", str(shared_world), "--top", "1").stdout
    assert b"more row" not in run(command, "--root", str(shared_world), "--top", "all").stdout
    wrong = run(command, "--root", str(shared_world), "--top", "few")
    assert (wrong.returncode, b"'few' is not a number of rows; give a number, 0 or all" in wrong.stderr) == (2, True)
