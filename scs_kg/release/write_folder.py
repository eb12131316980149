"""Writes a release as a folder, atomically, with the checksums of its files."""

import hashlib
import os
import shutil
from collections.abc import Mapping
from glob import escape
from pathlib import Path
from typing import Final

from scs_kg.model.errors import BadFileError, WrongUseError
from scs_kg.store.new_folder import new_folder

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
            if not folder.is_dir():
                raise WrongUseError(f"{folder}: is a file; name an empty or a new folder")
            example = min(foreign)
            raise WrongUseError(
                f"{folder}: has files that are not part of a release, such as {example}; name an empty or a new folder"
            )
    except (OSError, ValueError) as error:
        raise BadFileError(folder, None, f"cannot be used: {getattr(error, 'strerror', None) or error}") from error


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files and their checksums to a folder. Replace the release in the folder, if there is one.

    Everything is written to a temporary sibling folder, which is renamed at the end.

    Raises:
        BadFileError: the folder cannot be written.
        WrongUseError: the folder has files that are not part of a release.
    """
    refuse_foreign_files(folder)
    target = folder.resolve()
    try:
        _finish_interrupted(target)
        with new_folder(target) as temporary:
            for path, content in {**files, SUMS: checksums(files)}.items():
                (temporary / path).parent.mkdir(parents=True, exist_ok=True)
                (temporary / path).write_bytes(content)
            temporary.chmod(0o755)
            _replace(target, temporary)
    except OSError as error:
        raise BadFileError(folder, None, f"cannot be written: {error.strerror}") from error


def _finish_interrupted(target: Path) -> None:
    """Restore the release that an interrupted run had renamed, or remove it if there is a newer one.

    A folder is the release of an interrupted run only if it has checksums, and the process in its name has ended.
    """
    for previous in target.parent.glob(f".{escape(target.name)}.old.*"):
        pid = previous.suffix.removeprefix(".")
        if os.name == "posix" and pid.isdecimal() and not _is_running(int(pid)) and (previous / SUMS).is_file():
            if not target.exists():
                previous.rename(target)
            shutil.rmtree(previous, ignore_errors=True)  # the next run removes the files that could not be removed


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # the process of another user, or not a process id
        return True
    return True


def _replace(target: Path, temporary: Path) -> None:
    """Rename a folder to ``target``.

    If renaming fails, a previous folder of this name is restored; otherwise it is removed.
    """
    previous = target.with_name(f".{target.name}.old.{os.getpid()}")
    try:
        if target.exists():
            target.rename(previous)
        temporary.rename(target)
    finally:
        if previous.exists() and not target.exists():
            previous.rename(target)
        shutil.rmtree(previous, ignore_errors=True)  # the next run removes the files that could not be removed
