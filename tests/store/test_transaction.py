"""Atomic changes of several files: if the process is killed at any moment, all files are old or all are new."""

import fcntl
import json
import multiprocessing
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from scs_kg import store
from scs_kg.model.errors import BadFileError
from scs_kg.store.transaction import PENDING, PLAN, commit, fingerprint

EVENTS = frozenset({"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "shutil.copymode"})
FORK = multiprocessing.get_context("fork")
FILES = ("data/tales/alpha.ttl", "data/sources.ttl", "data/fresh/new.ttl", "data/places.ttl")


def contents(root: Path) -> dict[str, str]:
    """Return the text of every file of the data."""
    found = sorted(path for path in (root / "data").rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in found}


def new_texts(root: Path) -> dict[Path, str]:
    """Return a new text for several files, one of them in a folder that does not exist yet."""
    old = contents(root)
    return {
        root / name: old.get(name, "<urn:a> <urn:b> <urn:c> .\n") + f"# changed {number}\n"
        for number, name in enumerate(FILES)
    }


def die_at(number: int, work: Callable[[], object]) -> int:
    """Run work in a process that is killed directly before its n-th disk operation; return its exit status."""

    def run() -> None:
        steps = iter(range(1, number))

        def hook(event: str, _: object) -> None:
            if event in EVENTS and next(steps, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        work()

    process = FORK.Process(target=run)
    process.start()
    process.join(30)
    assert process.exitcode is not None
    return process.exitcode


def back_to(root: Path, old: Mapping[str, str]) -> None:
    """Restore the files of the invented world."""
    for left in root.glob(f"{PENDING}*"):
        shutil.rmtree(left)
    for name in contents(root).keys() - old.keys():
        (root / name).unlink()
    for name, text in old.items():
        (root / name).write_text(text, "utf-8")


def found_after(root: Path) -> dict[str, str]:
    """Open a project as the next command does and return its files; no change may be pending."""
    store.load(root)
    assert not (root / PENDING).exists()
    return contents(root)


@pytest.mark.slow
@pytest.mark.no_cover
def test_after_a_kill_at_any_step_the_data_is_old_or_new(world: Path) -> None:
    old, seen, texts = contents(world), fingerprint(world), new_texts(world)
    new = {**old, **{path.relative_to(world).as_posix(): text for path, text in texts.items()}}
    outcomes = []
    for number in range(1, 1000):
        back_to(world, old)
        status = die_at(number, lambda: commit(world, texts, seen))
        found = found_after(world)
        assert found in (old, new), f"killed at step {number}"
        outcomes.append(found == new)
        if status == 0:
            break
        assert status == -signal.SIGKILL
    assert outcomes == sorted(outcomes)
    assert outcomes.count(False) > 10
    assert outcomes.count(True) > 10


def interrupt(root: Path) -> dict[str, str]:
    """Make a change that is killed after its commit and before any file is moved; return the intended files."""
    old, seen, texts = contents(root), fingerprint(root), new_texts(root)
    for number in range(1, 1000):
        assert die_at(number, lambda: commit(root, texts, seen)) == -signal.SIGKILL
        if (root / PENDING).exists():
            assert contents(root) == old
            return {**old, **{path.relative_to(root).as_posix(): text for path, text in texts.items()}}
    raise AssertionError


@pytest.mark.slow
def test_the_fingerprint_is_that_of_finished_data(world: Path) -> None:
    new = interrupt(world)
    seen = fingerprint(world)
    assert contents(world) == new
    commit(world, {world / "data" / "sources.ttl": "<urn:a> <urn:b> 3 .\n"}, seen)
    assert contents(world) == {**new, "data/sources.ttl": "<urn:a> <urn:b> 3 .\n"}


@pytest.mark.slow
@pytest.mark.no_cover
def test_completing_a_change_survives_a_kill_at_any_step(world: Path) -> None:
    new = interrupt(world)
    number, status = 0, -signal.SIGKILL
    while status == -signal.SIGKILL:
        number += 1
        assert (world / PENDING).exists()
        status = die_at(number, lambda: store.load(world))
        if not (world / PENDING).exists():
            break
    assert number > 5
    assert found_after(world) == new


def test_an_uncommitted_change_is_removed(world: Path) -> None:
    abandoned = world / f"{PENDING}-1"
    abandoned.mkdir()
    (abandoned / "0").write_text("half a te", "utf-8")
    texts = new_texts(world)
    commit(world, texts, fingerprint(world))
    assert not abandoned.exists()
    assert {path: path.read_text("utf-8") for path in texts} == texts


def test_data_that_somebody_else_changed_is_not_overwritten(world: Path) -> None:
    seen, texts = fingerprint(world), new_texts(world)
    (world / "data" / "places.ttl").write_text("<urn:a> <urn:b> 1 .\n", "utf-8")
    before = contents(world)
    with pytest.raises(BadFileError, match="changed by another process in the meantime"):
        commit(world, texts, seen)
    assert contents(world) == before


def test_a_folder_that_cannot_be_written_to_is_reported_in_one_line(world: Path) -> None:
    seen = fingerprint(world)
    with pytest.raises(BadFileError, match="cannot be written"):
        commit(world, {world / "data" / "sources.ttl" / "under-a-file.ttl": "<urn:a> <urn:b> 2 .\n"}, seen)


def test_a_file_that_cannot_be_read_has_no_fingerprint(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(BadFileError, match=r"\.ttl: cannot be read: Permission denied"):
        fingerprint(world)


def test_a_file_keeps_its_mode(world: Path) -> None:
    path = world / "data" / "sources.ttl"
    path.chmod(0o640)
    commit(world, {path: "<urn:a> <urn:b> 2 .\n"}, fingerprint(world))
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    "plan",
    [
        '["../outside.ttl"]',
        '["data/../../outside.ttl"]',
        '["/tmp/outside.ttl"]',
        '["data/notes.txt"]',
        '["ontology/style.ttl"]',
        '["ontology/integrity/records.ttl"]',
        '["ontology/guidelines/../style.ttl"]',
        '["data/way-out/outside.ttl"]',
        '["data',
        "7",
        "[7]",
        "\u00ff",
    ],
)
def test_a_plan_with_a_path_outside_the_data_is_refused(world: Path, plan: str) -> None:
    (world / "data" / "way-out").symlink_to(world.parent, target_is_directory=True)
    (world / PENDING).mkdir()
    (world / PENDING / "0").write_text("<urn:a> <urn:b> 4 .\n", "utf-8")
    (world / PENDING / PLAN).write_text(plan, "latin-1")
    with pytest.raises(BadFileError, match="remove"):
        store.load(world)
    assert not list(world.parent.glob("*.ttl"))


def test_a_pending_change_that_cannot_be_finished_is_reported_in_one_line(world: Path) -> None:
    (world / PENDING).mkdir()
    (world / PENDING / "0").write_text("<urn:a> <urn:b> 2 .\n", "utf-8")
    (world / PENDING / PLAN).write_text(json.dumps(["data/sources.ttl/new.ttl"]), "utf-8")
    with pytest.raises(BadFileError, match="interrupted change that cannot be completed"):
        store.load(world)


def test_readers_wait_while_files_are_moved(world: Path) -> None:
    descriptor = os.open(world / "data", os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    reader = threading.Thread(target=store.load, args=(world,))
    reader.start()
    reader.join(0.3)
    assert reader.is_alive()
    os.close(descriptor)
    reader.join(20)
    assert not reader.is_alive()


def test_two_concurrent_changes_are_both_complete(world: Path) -> None:
    seen, texts = fingerprint(world), new_texts(world)
    other = {path: text + "# other\n" for path, text in texts.items()}
    processes = [FORK.Process(target=commit, args=(world, mine, seen)) for mine in (texts, other)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    assert sorted(process.exitcode or 0 for process in processes) == [0, 1]
    assert {path: path.read_text("utf-8") for path in texts} in (texts, other)
