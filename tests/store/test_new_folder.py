"""A folder is first written to a temporary sibling; only siblings that interrupted runs left are removed."""

import os
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from scs_kg.store import new_folder as module
from scs_kg.store.folder_lock import lock_folder
from scs_kg.store.new_folder import ABANDONED, MARK, YOUNGEST, new_folder

pytestmark = pytest.mark.skipif(os.name != "posix", reason="folders can be locked on POSIX systems only")


def leave(folder: Path, name: str, *, old: bool = True) -> Path:
    """Return a folder with a file, last changed long ago if it is ``old``."""
    left = folder / name
    left.mkdir()
    (left / "page.html").write_text("x")
    when = time.time() - (2 * YOUNGEST if old else 0)
    os.utime(left, (when, when))
    return left


def test_the_sibling_is_removed_unless_it_was_renamed(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "site"
    with new_folder(target) as sibling:
        (sibling / "a.txt").write_text("a")
    assert list(target.parent.iterdir()) == []
    with new_folder(target) as sibling:
        (sibling / "a.txt").write_text("a")
        sibling.rename(target)
    assert [path.name for path in target.parent.iterdir()] == ["site"]
    assert (target / "a.txt").read_text() == "a"


def test_only_abandoned_siblings_of_the_same_target_are_removed(tmp_path: Path) -> None:
    abandoned = leave(tmp_path, f".site{MARK}abcd")
    kept = [
        leave(tmp_path, f".site{MARK}young", old=False),
        leave(tmp_path, f".other{MARK}abcd"),
        leave(tmp_path, ".site.backup"),
        leave(tmp_path, "site.scs-kg-new-abcd"),
    ]
    used = leave(tmp_path, f".site{MARK}used")
    with ExitStack() as stack:
        lock_folder(stack, used, exclusive=True, wait=False)
        with new_folder(tmp_path / "site"):
            assert not abandoned.exists()
            assert all(path.exists() for path in (*kept, used))
    with new_folder(tmp_path / "site"):
        assert not used.exists()
    assert sorted(tmp_path.iterdir()) == sorted(kept)


def test_a_run_does_not_remove_the_sibling_of_a_run_that_writes(tmp_path: Path) -> None:
    with new_folder(tmp_path / "site") as first:
        os.utime(first, (0, 0))
        with new_folder(tmp_path / "site") as second:
            assert first.exists()
            assert second != first


def test_without_locks_a_sibling_is_removed_after_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOCKS", False)
    kept, abandoned = leave(tmp_path, f".site{MARK}hour"), leave(tmp_path, f".site{MARK}day")
    when = time.time() - ABANDONED - 1
    os.utime(abandoned, (when, when))
    with new_folder(tmp_path / "site"):
        assert not abandoned.exists()
    assert list(tmp_path.iterdir()) == [kept]
