"""A release is written to a folder reproducibly and atomically, and never replaces other files."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scs_kg import cli
from scs_kg.judging.project import open_guarded
from scs_kg.model.errors import BadFileError, UnknownNameError, WrongUseError
from scs_kg.release import STAGES, write_release
from scs_kg.release.write_folder import SUMS, _finish_interrupted, write_folder
from scs_kg.render.language import messages_in
from scs_kg.store.new_folder import MARK
from scs_kg.store.ontology_header import ontology_header


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> object:
    """Run the command and return its exit status."""
    monkeypatch.setattr("sys.argv", ["scs-kg", *words])
    try:
        cli.run()
    except SystemExit as stopped:
        return stopped.code
    return 0


def test_a_release_is_reproducible(released: Path, shared_world: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    write_release(shared_world, again)
    names = sorted(path.relative_to(released) for path in released.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(again) for path in again.rglob("*") if path.is_file())
    assert len(names) > 20
    for name in names:
        assert (released / name).read_bytes() == (again / name).read_bytes(), name


def test_a_release_is_in_english_whatever_the_language_of_messages(
    released: Path, shared_world: Path, tmp_path: Path
) -> None:
    with messages_in("zh"):
        write_release(shared_world, tmp_path / "again")
    assert (tmp_path / "again" / SUMS).read_bytes() == (released / SUMS).read_bytes()


def test_every_file_has_its_checksum(released: Path) -> None:
    command = ["sha256sum", "--check", "--strict", SUMS]
    checked = subprocess.run(command, cwd=released, capture_output=True, text=True, check=True)
    files = {path.relative_to(released).as_posix() for path in released.rglob("*") if path.is_file()}
    assert {line.removesuffix(": OK") for line in checked.stdout.splitlines()} == files - {SUMS}


def test_a_folder_with_other_files_is_refused(shared_world: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    for place, reason in ((tmp_path, "not part of a release"), (tmp_path / "thesis.txt", "is a file")):
        with pytest.raises(WrongUseError, match=reason):
            write_release(shared_world, place)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_release_with_an_added_file_is_refused(tmp_path: Path) -> None:
    write_folder(tmp_path, {"a/b.txt": b"old"})
    (tmp_path / "a" / "notes.txt").write_text("my own")
    with pytest.raises(WrongUseError, match=r"not part of a release, such as a/notes\.txt"):
        write_folder(tmp_path, {"a/b.txt": b"new"})
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"old"


def test_an_impossible_path_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file" / "below", tmp_path / ("long" * 100)):
        with pytest.raises(BadFileError, match="cannot be"):
            write_folder(place, {"c.txt": b""})


def test_a_new_release_replaces_the_old_one(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "release"
    write_folder(folder, {"a/b.txt": b"old", "c.txt": b"old"})
    write_folder(folder, {"a/b.txt": b"new"})
    assert (folder / "a" / "b.txt").read_bytes() == b"new"
    assert sorted(path.name for path in folder.iterdir()) == [SUMS, "a"]
    assert [path.name for path in folder.parent.iterdir()] == ["release"]


def test_the_old_release_stays_if_the_new_one_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "release"
    write_folder(folder, {"c.txt": b"old"})
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if MARK in self.name:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(BadFileError, match="cannot be written: No space left on device"):
        write_folder(folder, {"c.txt": b"new"})
    assert (folder / "c.txt").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["release"]


@pytest.mark.skipif(os.name != "posix", reason="the state of a process can be asked on POSIX systems only")
def test_folders_of_an_interrupted_run_are_restored_or_removed(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    folder, left, used = (tmp_path / name for name in ("r", f".r.old.{ended.pid}", ".r.old.1"))
    write_folder(folder, {"c.txt": b"old"})
    shutil.copytree(folder, used)
    folder.rename(left)
    _finish_interrupted(folder)
    assert (folder / "c.txt").read_bytes() == b"old"
    shutil.copytree(folder, left)
    write_folder(folder, {"c.txt": b"new"})
    assert (folder / "c.txt").read_bytes() == b"new"
    assert sorted(tmp_path.iterdir()) == sorted([folder, used])


@pytest.mark.parametrize("library", ["xlsxwriter", "polars"])
def test_a_missing_library_is_named(
    library: str,
    shared_world: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    assert run(monkeypatch, "release", str(tmp_path / "r"), "--root", str(shared_world)) == 2
    assert f"{library} is not installed" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()


def test_the_command_reports_the_number_and_size_of_files(
    shared_world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "release", str(tmp_path / "r"), "--root", str(shared_world)) == 0
    assert re.fullmatch(r"wrote \d+ files, \d+\.\d MB, to .*/r\n", capsys.readouterr().err)
    assert run(monkeypatch, "release", str(shared_world), "--root", str(shared_world)) == 2
    assert "has files that are not part of a release" in capsys.readouterr().err


def test_a_release_refuses_what_validate_refuses(replace: Callable[[str, str, str], Path], tmp_path: Path) -> None:
    """A label without a language is a warning: the data can be used, but ``validate`` fails."""
    root = replace("ontology/features.ttl", '"账簿"@zh-Hans', '"账簿"@fr').parents[1]
    with pytest.raises(BadFileError, match=r"features.ttl:\d+: feat:ledger: "):
        write_release(root, tmp_path / "r")
    assert not (tmp_path / "r").exists()


def test_a_release_reports_its_stages(shared_world: Path, tmp_path: Path) -> None:
    begun: list[str] = []
    write_release(shared_world, tmp_path / "r", begin=begun.append)
    assert tuple(begun) == STAGES


def test_an_ontology_header_without_a_date_is_reported(
    replace: Callable[[str, str, str], Path],
) -> None:
    path = replace("ontology/scs.ttl", '  dcterms:modified "2026-11-23"^^xsd:date ;\n', "")
    dataset = open_guarded(path.parent.parent)
    with pytest.raises(BadFileError, match=r"scs.ttl:\d+: .*the ontology header has no dcterms:modified"):
        ontology_header(dataset)


@pytest.mark.slow
def test_the_changes_since_the_previous_release_are_listed(
    released: Path, replace: Callable[[str, str, str], Path], tmp_path: Path
) -> None:
    assert not (released / "changes.md").exists()
    said = "scs:feature feat:punishment ;\n  scs:finding scs:"
    root = replace("data/tales/alpha.ttl", said + "Absent", said + "NotReported").parents[2]
    folder = tmp_path / "next"
    write_release(root, folder, str(released))
    described = json.loads((folder / "changes.json").read_text("utf-8"))
    assert described["old"] == described["new"] == "0.1.0 (2026-11-23)"
    assert {change["system"] for change in described["verdicts"]} == {"alpha"}
    assert described["cells"]
    assert [change["record"] for change in described["records"]] == ["claim:alpha-punishment-book-2001"]
    assert "alpha-punishment-book-2001" in (folder / "changes.md").read_text("utf-8")
    again = tmp_path / "again"
    write_release(root, again, str(released / "scs-kg.nq"))
    assert (again / SUMS).read_bytes() == (folder / SUMS).read_bytes()


def test_an_unknown_previous_release_is_reported(shared_world: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="nowhere"):
        write_release(shared_world, tmp_path / "r", "nowhere")
    assert not (tmp_path / "r").exists()
