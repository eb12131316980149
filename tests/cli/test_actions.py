"""Runs the commands that change the data: with examples, with wrong input, and with a kill at any time."""

import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from scs_kg import store
from scs_kg.cli import cli
from scs_kg.contribute.validate import validate
from scs_kg.model.errors import WrongUseError
from scs_kg.store import loading as store_files
from scs_kg.store.transaction import PENDING
from tests.cli.test_bad_input import refusal
from tests.contribute.test_actions import HEAD, SOURCE, claim, files
from tests.support.commands import run

CHANGING: Final = ("add", "supersede", "retract", "object", "decide")
SIGNED: Final = ("--reason", "It was read again.", "--by", "a reader")
IN_WORLD: Final = {
    "CLAIM": "beta-door-book-2001",
    "OBJECTION": "objection-no-ledger-1",
    "free-to-decline": "way-out",
}
SOUND: Final[list[Mapping[str, str]]] = []
"""The files of each invented world that was validated without a problem."""


@pytest.fixture
def input_file(tmp_path: Path) -> Path:
    """Return a file with a claim on Beta and its source."""
    path = tmp_path / "claims.ttl"
    path.write_text(HEAD + claim("beta-door-poem-2004", system="beta", finding="Present") + SOURCE, "utf-8")
    return path


@pytest.mark.parametrize("command", CHANGING)
def test_the_example_of_a_command_works_and_writes_nothing(command: str, world: Path, input_file: Path) -> None:
    before = files(world)
    example = re.search(r"Example: scs-kg (.+)", run(command, "--help").stdout.decode(), re.DOTALL)
    assert example
    words = [IN_WORLD.get(word, word) for word in shlex.split(example[1])]
    words = [str(input_file) if word.endswith(".ttl") else word for word in words]
    words += ["--dataset", "tales"] if command in {"add", "supersede"} else []
    ran = run(*words, "--root", str(world))
    assert ran.returncode == 0, ran.stderr.decode()
    assert ran.stdout.decode().startswith(("--- a/data/", "--- /dev/null"))
    assert re.search(r"^\d would be written, 0 are in the data already$", ran.stderr.decode(), re.MULTILINE)
    assert files(world) == before


def test_a_claim_is_added_superseded_and_retracted_and_an_objection_is_decided(world: Path, input_file: Path) -> None:
    root = ("--root", str(world))
    for command, written in (
        (
            ("supersede", "beta-door-book-2001", str(input_file), *SIGNED, "--dataset", "tales"),
            "claim:beta-door-poem-2004",
        ),
        (("retract", "beta-door-poem-2004", *SIGNED), "act:retraction-beta-door-poem-2004"),
        (
            ("object", "no-stocks", "--reason", "It is not a thing.", "--by", "me", "--on", "2026-11-19"),
            "act:objection-no-stocks-2",
        ),
        (
            ("decide", "objection-no-stocks-2", "upheld", *SIGNED, "--on", "2026-11-20"),
            "act:decision-objection-no-stocks-2-1",
        ),
    ):
        ran = run(*command, *root)
        assert ran.returncode == 0, ran.stderr.decode()
        assert written in ran.stdout.decode().splitlines()
        again = run(*command, *root)
        assert (again.returncode, again.stdout) == (0, b"")
        assert re.search(r"^0 written, \d were in the data already$", again.stderr.decode(), re.MULTILINE)
    assert validate(world).of("Violation", "Warning") == ()


def test_a_correction_from_the_same_source_is_not_a_duplicate(world: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.ttl"
    again.write_text(HEAD + claim("beta-door-again", system="beta", source="book-2001"), "utf-8")
    root = ("--root", str(world), "--dataset", "tales")
    assert b"repeats the system, feature, source and finding of" in run("add", str(again), *root, "--dry-run").stderr
    ran = run("supersede", "beta-door-book-2001", str(again), *SIGNED, *root)
    assert ran.returncode == 0
    assert b"repeats the system, feature, source and finding of" not in ran.stderr


def test_problems_of_a_file_are_reported_with_positions_and_nothing_is_written(world: Path, tmp_path: Path) -> None:
    before = files(world)
    wrong = tmp_path / "wrong.ttl"
    wrong.write_text(HEAD + claim("a", feature="dor") + SOURCE, "utf-8")
    ran = run("add", str(wrong), "--root", str(world), "--dataset", "tales")
    said = ran.stderr.decode()
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert re.search(r"wrong\.ttl:\d+:\d+: error: claim:a: ", said)
    assert "Traceback" not in said
    assert files(world) == before


@pytest.mark.parametrize(
    ("command", "status", "says"),
    [
        (("add", "no-such-file.ttl"), 2, "no-such-file.ttl"),
        (("add",), 2, "Missing argument"),
        (("retract", "beta-dor-book-2001", *SIGNED), 2, "did you mean beta-door-book-2001"),
        (("retract", "beta-door-book-2001"), 2, "Missing option"),
        (("retract", "beta-door-book-2001", *SIGNED, "--on", "2026"), 2, "2026"),
        (("retract", "beta-door-book-2001", *SIGNED, "--on", "9026-01-01"), 2, "9026-01-01 is in the future"),
        (("retract", "beta-door-book-2001", "--reason", "No.", "--by", "me"), 1, "needs exactly one reason"),
        (("retract", "beta-door-news-2002", *SIGNED), 2, "is in the data already, with another reason or author"),
        (("decide", "objection-no-ledger-1", "maybe", *SIGNED), 2, "'maybe' is not one of"),
        (
            ("decide", "objection-no-ledger-1", "upheld", *SIGNED, "--on", "2006-07-08"),
            1,
            "is dated 2006-07-08, before",
        ),
        (("object", "alpha", "--reason", "It is not a thing.", "--by", "me"), 2, "no claim, criterion or provision"),
    ],
)
def test_wrong_use_is_refused_in_one_line(command: tuple[str, ...], status: int, says: str, shared_world: Path) -> None:
    assert says in refusal(*command, "--root", str(shared_world), status=status)


def test_the_copy_that_came_with_the_package_is_not_changed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(store_files, "BUNDLED", tmp_path)
    with pytest.raises(WrongUseError, match="name a checkout of the project with --root"):
        cli.main(["retract", "beta-door-book-2001", *SIGNED], standalone_mode=False)


@pytest.mark.slow
@pytest.mark.parametrize("percent", range(5, 100, 5))
def test_after_a_kill_at_any_time_the_data_is_old_or_new(percent: int, world: Path, input_file: Path) -> None:
    command = [sys.executable, "-m", "scs_kg", "add", str(input_file), "--root", str(world), "--dataset", "tales"]
    old = files(world)
    start = time.monotonic()
    subprocess.run([*command, "--dry-run"], check=True, capture_output=True)
    whole = time.monotonic() - start
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(whole * percent / 100)
        process.send_signal(signal.SIGKILL)
    store.load(world)
    found = files(world)
    changed = {name for name in found if found[name] != old.get(name)}
    assert changed in (set(), {"data/sources.ttl", "data/tales/beta.ttl"})
    assert not (world / PENDING).exists()
    if found not in SOUND:  # the old and the new files are the same for each percentage
        assert validate(world).of("Violation", "Warning") == ()
        SOUND.append(found)
