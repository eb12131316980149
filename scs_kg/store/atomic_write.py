"""Writes files atomically (to a temporary file in the same folder, which is then renamed), and locks folders."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import BinaryIO

from scs_kg.model.errors import BadFileError
from scs_kg.store.folder_lock import lock_folder
from scs_kg.store.new_folder import ABANDONED, is_older


def write_atomically(path: Path, text: str | bytes) -> Path:
    """Write a file atomically and return its path; raise BadFileError if it cannot be written."""
    with temporary_sibling(path) as sibling:
        sibling.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@contextmanager
def temporary_sibling(path: Path) -> Iterator[Path]:
    """Yield a temporary path that is renamed to ``path`` on success; raise BadFileError if that fails.

    Temporary files of the same path that are older than a day, from interrupted runs, are removed first.
    """
    sibling = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(path)
        yield sibling
        sibling.replace(path)
    except OSError as error:
        raise BadFileError(path, None, f"cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):  # after a success, the temporary file has the name of the target
            sibling.unlink()


def _remove_abandoned(path: Path) -> None:
    for sibling in path.parent.glob(f".{escape(path.name)}.*"):
        with suppress(OSError):  # another run removed the file
            if sibling.suffix[1:].isdecimal() and sibling.stem == f".{path.name}" and is_older(sibling, ABANDONED):
                sibling.unlink()


@contextmanager
def atomic_writer(path: Path) -> Iterator[BinaryIO]:
    """Yield a binary file that replaces ``path`` after it is synced to disk; raise BadFileError if that fails."""
    with temporary_sibling(path) as sibling, sibling.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Create a folder if it does not exist, and lock it exclusively.

    On a file system without locks, such as some network file systems, this has no effect. ``lock_folder`` describes the
    lock.

    Raises:
        BadFileError: another process has locked the folder, or the folder cannot be created.
    """
    with ExitStack() as opened:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadFileError(folder, None, f"cannot be written: {error.strerror}") from error
        try:
            lock_folder(opened, folder, exclusive=True, wait=False)
        except BlockingIOError:
            message = "is locked by another run; wait until that run ends, or use another folder"
            raise BadFileError(folder, None, message) from None
        except OSError:  # the file system has no locks
            pass
        yield
