"""Writes files whole or not at all: to a name aside, which then becomes the file's."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from scs_kg.errors import BadFileError


def write_whole(path: Path, text: str | bytes) -> Path:
    """Write a file whole or not at all, and return its path; raise BadFileError if it cannot be written."""
    with aside(path) as beside:
        beside.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@contextmanager
def aside(path: Path) -> Iterator[Path]:
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
def streamed(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to that becomes the one at the path when all of it is on the disk; errors as ``aside``."""
    with aside(path) as beside, beside.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
