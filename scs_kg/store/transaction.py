"""Changes several files of a project folder atomically: a reader sees either all old or all new files.

The new files are written to a temporary folder, with a plan of their targets. The change is committed when this folder
is renamed to ``PENDING``. After the commit, each file is moved to its target. If this is interrupted, the next process
that opens the project moves the remaining files. During the change, a lock on ``data/`` keeps out other writers and
readers.
"""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Final

from scs_kg.model.advice import Advice
from scs_kg.model.errors import BadFileError
from scs_kg.store.folder_lock import lock_folder

PENDING: Final = ".amendment"
PLAN: Final = "plan.json"
READ_ONLY: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
"""The error numbers that mean that the user may not write in a folder."""
CHANGED: Final = (
    *("data/", "ontology/guidelines/", "ontology/features/"),
    *("ontology/criteria.ttl", "ontology/conditions.ttl"),
)
"""The folders and files that a change may write; rules and the vocabulary are not among them."""


def fingerprint(root: Path) -> str:
    """Return a digest of the names and the contents of all Turtle files of a project folder.

    Raises:
        BadFileError: a file cannot be read, or an interrupted change cannot be completed.
    """
    with recovered(root):
        try:
            return _digest(root)
        except OSError as error:
            raise BadFileError(error.filename or root, None, f"cannot be read: {error.strerror}") from error


def _digest(root: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(path for folder in ("ontology", "data") for path in (root / folder).rglob("*.ttl")):
        content = path.read_bytes()
        found.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()


def commit(root: Path, texts: Mapping[Path, str], seen: str) -> None:
    """Replace the texts of all given files in ``CHANGED``, or of no file.

    ``seen`` is the fingerprint of the files on which the new texts are based.

    Raises:
        BadFileError: the files have changed since, or cannot be written.
    """
    try:
        (root / "data").mkdir(exist_ok=True)  # ``data/`` is the folder that is locked
        with _locked(root, exclusive=True):
            _finish(root)
            if _digest(root) != seen:
                raise BadFileError(
                    root / "data", None, "was changed by another process in the meantime; run the command again"
                )
            _stage(root, {path.relative_to(root).as_posix(): text for path, text in texts.items()})
            _finish(root)
    except OSError as error:
        if error.errno in READ_ONLY:
            advice = Advice("; change its permissions, or copy the folder and name the copy with {option}", "root")
            raise BadFileError(root, None, f"cannot be written: {error.strerror}", advice=(advice,)) from error
        raise BadFileError(error.filename or root / "data", None, f"cannot be written: {error.strerror}") from error


def _stage(root: Path, texts: Mapping[str, str]) -> None:
    for abandoned in root.glob(f"{PENDING}-*"):
        shutil.rmtree(abandoned)
    staging = root / f"{PENDING}-{os.getpid()}"
    staging.mkdir()
    names = sorted(texts)
    for number, name in enumerate(names):
        _write(staging / str(number), texts[name])
        with suppress(FileNotFoundError):  # a new file gets the default mode
            shutil.copymode(root / name, staging / str(number))
    _write(staging / PLAN, json.dumps(names))
    staging.rename(root / PENDING)
    _sync(root)


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Sync the entries of a folder to disk; Windows cannot open a folder and needs no sync."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _finish(root: Path) -> None:
    """Complete a pending change, if there is one."""
    pending = root / PENDING
    if not pending.is_dir():
        return
    if (pending / PLAN).is_file():
        for number, target in enumerate(_planned(root, pending / PLAN)):
            if (pending / str(number)).is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                (pending / str(number)).replace(target)
                _sync(target.parent)
        (pending / PLAN).unlink()
    pending.rmdir()


def _planned(root: Path, plan: Path) -> list[Path]:
    """Read a plan; raise BadFileError if it contains anything but Turtle files in ``CHANGED``."""
    try:
        names = [PurePosixPath(name) for name in json.loads(plan.read_bytes())]
    except (ValueError, TypeError) as error:
        raise BadFileError(plan, None, f"is not a valid change plan: {error}; remove {plan.parent}") from error
    for name in names:
        inside = (
            (root / name).parent.resolve().is_relative_to((root / name.parts[0]).resolve()) if name.parts else False
        )
        changed = name.as_posix() in CHANGED or name.as_posix().startswith(tuple(c for c in CHANGED if c[-1] == "/"))
        if not changed or ".." in name.parts or name.suffix != ".ttl" or not inside:
            raise BadFileError(
                plan, None, f"contains '{name}', which is not a file that a change may write; remove {plan.parent}"
            )
    return [root / name for name in names]


def _is_pending(root: Path) -> bool:
    try:
        return (root / PENDING).is_dir()
    except PermissionError:  # loading the folder reports the missing permission
        return False


@contextmanager
def recovered(root: Path) -> Iterator[None]:
    """Complete an interrupted change of a project folder, and prevent other changes inside the block.

    Raises:
        BadFileError: an interrupted change cannot be completed.
    """
    while True:
        with _locked(root, exclusive=False):
            if not _is_pending(root):
                yield
                return
        try:
            with _locked(root, exclusive=True):
                _finish(root)
        except OSError as error:
            reason = f"is an interrupted change that cannot be completed: {error.strerror}"
            raise BadFileError(root / PENDING, None, reason) from error


@contextmanager
def _locked(root: Path, *, exclusive: bool) -> Iterator[None]:
    """Lock ``data/`` inside the block.

    If the folder does not exist or its file system has no locks, readers continue without a lock.
    """
    with ExitStack() as stack:
        try:
            lock_folder(stack, root / "data", exclusive=exclusive, wait=True)
        except OSError:
            if exclusive:
                raise
        yield
