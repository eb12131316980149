"""The command that judges any number of systems: its output, and one-line errors."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from scs_kg.render.progress import progress
from tests.conftest import ROOT
from tests.support import worlds
from tests.support.commands import Ran, run


def said(ran: Ran) -> str:
    """Return the standard error, which must not contain a traceback."""
    text = ran.stderr.decode()
    assert "Traceback" not in text
    return text


def judging(source: Path, output: Path, root: Path) -> tuple[str, ...]:
    """Return the command that judges a file by the criteria of a project folder."""
    return ("judge", str(source), "--output", str(output), "--root", str(root))


@pytest.mark.slow
def test_verdicts_are_counted_and_a_second_run_has_nothing_to_do(tmp_path: Path) -> None:
    world = worlds.write(tmp_path / "world.nq", 8)
    command = ("judge", str(world), "--output", str(tmp_path / "out"), "--reading", "agrawal-2022")
    first, second = run(*command), run(*command)
    assert first.returncode == second.returncode == 0
    assert first.stdout == second.stdout == b""
    assert said(second) == said(first).replace("verdicts:", "nothing was left to do; verdicts:")
    assert " passed, " in said(first)


def test_verdicts_are_tables_and_on_request_also_earl(shared_world: Path, world_nquads: Path, tmp_path: Path) -> None:
    tables, both = judging(world_nquads, tmp_path / "out", shared_world), tmp_path / "both"
    assert run(*tables).returncode == run(*judging(world_nquads, both, shared_world), "--earl").returncode == 0
    assert [path.name for path in sorted(both.glob("verdicts-*"))] == ["verdicts-00000.nq.gz", "verdicts-00000.parquet"]
    assert [path.name for path in (tmp_path / "out").glob("verdicts-*")] == ["verdicts-00000.parquet"]
    again = run(*tables, "--earl")
    message = "has verdicts on other input or criteria, or in other formats; name an empty folder"
    assert (again.returncode, message in said(again)) == (2, True)


@pytest.mark.parametrize("content", [None, b"no table"])
def test_a_missing_or_broken_table_of_a_finished_run_is_reported(
    content: bytes | None, shared_world: Path, world_nquads: Path, tmp_path: Path
) -> None:
    command = judging(world_nquads, tmp_path / "out", shared_world)
    assert run(*command).returncode == 0
    (table,) = (tmp_path / "out").glob("*.parquet")
    table.unlink()
    if content is not None:
        table.write_bytes(content)
    ran = run(*command)
    message = "out: lacks a table of verdicts, or a table is broken; remove the folder and judge again"
    assert (ran.returncode, message in said(ran), said(ran).count("\n")) == (1, True, 1)


def test_a_concurrent_run_is_refused_and_a_killed_run_blocks_nothing(
    shared_world: Path, world_nquads: Path, tmp_path: Path
) -> None:
    command = judging(world_nquads, tmp_path / "out", shared_world)
    holding = "import pathlib, sys, time; from scs_kg.store.atomic_write import locked_folder"
    holding += "\nwith locked_folder(pathlib.Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    arguments = [sys.executable, "-c", holding, str(tmp_path / "out")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        ran = run(*command)
        assert (ran.returncode, said(ran).count("\n")) == (1, 1)
        assert "out: is locked by another run; wait until that run ends" in said(ran)
        assert list((tmp_path / "out").iterdir()) == []
        other.kill()
    assert run(*command).returncode == 0


def test_a_run_that_failed_at_its_start_does_not_block_the_folder(
    shared_world: Path, world_nquads: Path, tmp_path: Path
) -> None:
    command = judging(tmp_path / "world.nq", tmp_path / "out", shared_world)
    (tmp_path / "world.nq").write_text("what is this?\n")
    assert run(*command).returncode == 1
    (tmp_path / "world.nq").write_bytes(world_nquads.read_bytes())
    assert run(*command).returncode == 0


@pytest.mark.parametrize("content", ["{}", '{"name": "an app"}', "5"])
def test_a_foreign_manifest_is_not_overwritten(
    content: str, shared_world: Path, world_nquads: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.json").write_text(content)
    ran = run(*judging(world_nquads, tmp_path / "out", shared_world))
    assert (ran.returncode, said(ran).count("\n")) == (1 if content == "5" else 2, 1)
    assert (tmp_path / "out" / "manifest.json").read_text() == content


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ((), 2, "Missing option '--output'"),
        (("--output", "x"), 2, "name a file or folder of claims, or a store with --endpoint"),
        (("nowhere.nq", "--output", "x"), 2, "nowhere.nq: there is no such file or folder; check the name"),
        (("bad.nq", "--output", "x"), 1, "bad.nq:1: cannot be parsed"),
        (("bad.nq", "--output", "x", "--criteria", "no-stock"), 2, "did you mean no-stocks"),
        (("bad.nq", "--output", "bad.nq"), 2, "bad.nq: is not a folder with verdicts"),
        (("--endpoint", "no address", "--output", "x"), 2, "is not an endpoint address"),
    ],
)
def test_wrong_use_is_reported_in_one_line(
    arguments: tuple[str, ...], status: int, message: str, shared_world: Path, tmp_path: Path
) -> None:
    (tmp_path / "bad.nq").write_text("what is this?\n")
    ran = run("judge", *arguments, "--root", str(shared_world), cwd=tmp_path)
    assert (ran.returncode, message in said(ran), said(ran).count("\n")) == (status, True, 1)


def test_a_missing_library_is_reported_with_its_extra(tmp_path: Path) -> None:
    code = "import sys; sys.modules['polars'] = None; from scs_kg.cli import main; main()"
    command = [sys.executable, "-c", code, "judge", ".", "--output", str(tmp_path / "out")]
    ran = subprocess.run(command, capture_output=True, cwd=ROOT, check=False)
    assert ran.returncode == 2
    assert "polars is not installed; the command needs an extra: " in said(ran)
    assert said(ran).strip().endswith("[bulk]'")


def test_a_terminal_shows_progress(shared_world: Path, world_nquads: Path, tmp_path: Path) -> None:
    own_end, other_end = pty.openpty()
    command = [sys.executable, "-m", "scs_kg", *judging(world_nquads, tmp_path / "out", shared_world)]
    subprocess.run(
        command, stderr=other_end, cwd=ROOT, check=True, env={**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    )
    os.close(other_end)
    seen = b""
    while b"passed" not in seen:
        seen += os.read(own_end, 1 << 16)
    os.close(own_end)
    assert all(stage in seen for stage in (b"reading claims", b"joining claims", b"judging systems", b"1/1"))


def test_progress_shows_rate_and_units_only_if_enabled(capsys: pytest.CaptureFixture[str]) -> None:
    for shown in (False, True):
        with progress(shown=shown) as report:
            report("judging systems", 0, 2, 0)
            report("judging systems", 2, 2, 50)
        printed = capsys.readouterr().err
        assert ("judging systems" in printed and "2/2" in printed and "/s" in printed) is shown
