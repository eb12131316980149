"""A text is first written to a temporary file; only temporary files of interrupted runs are removed, after a day."""

import os
import time
from pathlib import Path

import pytest

from scs_kg.store.atomic_write import temporary_sibling, write_atomically
from scs_kg.store.new_folder import ABANDONED


def test_only_old_temporary_files_of_the_same_path_are_removed(tmp_path: Path) -> None:
    names = (".a.csv.123", ".a.csv.124", ".a.csv.bak", ".a.csv.gz.123", ".b.csv.123", "a.csv.123")
    for name in names:
        (tmp_path / name).write_text("x")
        when = time.time() - (0 if name == ".a.csv.124" else ABANDONED + 1)
        os.utime(tmp_path / name, (when, when))
    write_atomically(tmp_path / "a.csv", "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({*names, "a.csv"} - {".a.csv.123"})
    assert (tmp_path / "a.csv").read_text() == "new"


def test_a_failure_leaves_the_old_file_alone(tmp_path: Path) -> None:
    path = write_atomically(tmp_path / "a.csv", "old")
    with pytest.raises(RuntimeError, match="interrupted"):
        write_half(path)
    assert [found.read_text() for found in tmp_path.iterdir()] == ["old"]


def write_half(path: Path) -> None:
    """Write a part of a temporary file, and fail."""
    with temporary_sibling(path) as sibling:
        sibling.write_text("half")
        raise RuntimeError("interrupted")
