"""Writes files whole or not at all, to a name aside that becomes the file's, and holds a folder for one writer."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from scs_kg.model.errors import BadFileError


def write_atomically(path: Path, text: str | bytes) -> Path:
    """Write a file whole or not at all, and return its path; raise BadFileError if it cannot be written."""
    with temporary_sibling(path) as beside:
        beside.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@contextmanager
def temporary_sibling(path: Path) -> Iterator[Path]:
    """Give a path to write to that becomes the file if all went well; raise BadFileError if it cannot be written."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield beside
        beside.replace(path)
    except OSError as error:
        raise BadFileError(path, None, f"cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            beside.unlink()


@contextmanager
def atomic_writer(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to that becomes the one at the path when all of it is on the disk; errors as ``aside``."""
    with temporary_sibling(path) as beside, beside.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Make a folder if there is none, and hold it against others who want to hold it.

    The hold leaves no trace in the folder and ends with the process at the latest, however that ends (flock(2)). A
    file system that has no locks, such as some of a network, keeps nobody out.

    Raises:
        BadFileError: somebody else holds it, or there can be no such folder.
    """
    with ExitStack() as opened:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise BadFileError(folder, None, f"cannot be written: {error.strerror}") from error
        opened.callback(os.close, descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = "is being written to by another run; wait until that has ended, or name another folder"
            raise BadFileError(folder, None, message) from None
        except OSError:  # no locks there
            pass
        yield
