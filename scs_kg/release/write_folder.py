"""Writes a release as a folder, whole or not at all, with the checksums of its files."""

import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from scs_kg.model.errors import BadFileError, WrongUseError

SUMS: Final = "SHA256SUMS"


def sums(files: Mapping[str, bytes]) -> bytes:
    """Return the SHA-256 of each file by path, in the form that ``sha256sum --check`` reads."""
    lines = (f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in sorted(files.items()))
    return "".join(lines).encode()


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder with anything but a release in it, so that nothing else is ever lost.

    Raises:
        BadFileError: the folder cannot be looked into.
        WrongUseError: it holds something else.
    """
    try:
        if not folder.exists():
            return
        found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
        told = (folder / SUMS).read_text("utf-8").splitlines() if SUMS in found else []
        foreign = found - {SUMS, *(line.partition("  ")[2] for line in told)}
        if foreign or not folder.is_dir():
            name = f", such as {min(foreign)}" if foreign else ""
            raise WrongUseError(
                f"{folder}: holds something that is no release{name}; name an empty folder or a new one"
            )
    except (OSError, ValueError) as error:
        raise BadFileError(folder, None, f"cannot be used: {error}") from error


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files and their checksums to a folder, in place of the release that it may hold.

    All is written beside the folder and renamed at the end.

    Raises:
        BadFileError: the folder cannot be written.
        WrongUseError: it holds something else.
    """
    refuse_foreign(folder)
    whole = folder.resolve()
    aside, before = (whole.with_name(f".{whole.name}.{kind}.{os.getpid()}") for kind in ("new", "old"))
    try:
        for path, content in {**files, SUMS: sums(files)}.items():
            (aside / path).parent.mkdir(parents=True, exist_ok=True)
            (aside / path).write_bytes(content)
        if whole.exists():
            whole.rename(before)
        aside.rename(whole)
    except OSError as error:
        raise BadFileError(folder, None, f"cannot be written: {error.strerror}") from error
    finally:
        if before.exists() and not whole.exists():
            before.rename(whole)
        for left in (aside, before):
            shutil.rmtree(left, ignore_errors=True)
