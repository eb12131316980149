"""Writes a release as a folder, atomically, with the checksums of its files."""

import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from scs_kg.model.errors import BadFileError, WrongUseError

SUMS: Final = "SHA256SUMS"


def checksums(files: Mapping[str, bytes]) -> bytes:
    """Return the SHA-256 and the path of each file, in the format of ``sha256sum --check``."""
    lines = (f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in sorted(files.items()))
    return "".join(lines).encode()


def refuse_foreign_files(folder: Path) -> None:
    """Refuse a folder with files that are not part of a release, so that such files are never deleted.

    Raises:
        BadFileError: the folder cannot be read.
        WrongUseError: the folder has other files.
    """
    try:
        if not folder.exists():
            return
        found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
        listed = (folder / SUMS).read_text("utf-8").splitlines() if SUMS in found else []
        foreign = found - {SUMS, *(line.partition("  ")[2] for line in listed)}
        if foreign or not folder.is_dir():
            example = f", such as {min(foreign)}" if foreign else ""
            message = f"has files that are not part of a release{example}; name an empty or a new folder"
            raise WrongUseError(f"{folder}: {message}")
    except (OSError, ValueError) as error:
        raise BadFileError(folder, None, f"cannot be used: {error}") from error


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files and their checksums to a folder. Replace the release in the folder, if there is one.

    Everything is written to a temporary sibling folder, which is renamed at the end.

    Raises:
        BadFileError: the folder cannot be written.
        WrongUseError: the folder has files that are not part of a release.
    """
    refuse_foreign_files(folder)
    target = folder.resolve()
    temporary, previous = (target.with_name(f".{target.name}.{kind}.{os.getpid()}") for kind in ("new", "old"))
    try:
        for path, content in {**files, SUMS: checksums(files)}.items():
            (temporary / path).parent.mkdir(parents=True, exist_ok=True)
            (temporary / path).write_bytes(content)
        if target.exists():
            target.rename(previous)
        temporary.rename(target)
    except OSError as error:
        raise BadFileError(folder, None, f"cannot be written: {error.strerror}") from error
    finally:
        if previous.exists() and not target.exists():
            previous.rename(target)
        for leftover in (temporary, previous):
            shutil.rmtree(leftover, ignore_errors=True)
