"""Changes several files of a project folder as one: whoever loads the folder finds all of them old or all of them new.

The new texts are written to a folder aside, with a plan of where they go. That folder then gets the name ``PENDING``:
this is the moment at which the change is made. Each text is moved to its place afterwards, and if that is interrupted,
whoever opens the project next moves the rest. A lock on ``data/`` keeps writers and readers apart while texts move.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Final

from scs_kg.model.errors import BadFileError

PENDING: Final = ".amendment"
PLAN: Final = "plan.json"


def fingerprint(root: Path) -> str:
    """Return a digest of the names and the contents of all Turtle files of a project folder."""
    with recovered(root):
        return _digest(root)


def _digest(root: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(path for folder in ("ontology", "data") for path in (root / folder).rglob("*.ttl")):
        content = path.read_bytes()
        found.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()


def commit(root: Path, texts: Mapping[Path, str], seen: str) -> None:
    """Give files under ``data/`` new texts, all of them or none; ``seen`` is the fingerprint that the texts rest on.

    Raises:
        BadFileError: the files were changed since, or cannot be written.
    """
    try:
        with _locked(root, fcntl.LOCK_EX):
            _finish(root)
            if _digest(root) != seen:
                raise BadFileError(root / "data", None, "was changed by somebody else meanwhile; run the command again")
            _stage(root, {path.relative_to(root).as_posix(): text for path, text in texts.items()})
            _finish(root)
    except OSError as error:
        raise BadFileError(error.filename or root / "data", None, f"cannot be written: {error.strerror}") from error


def _stage(root: Path, texts: Mapping[str, str]) -> None:
    for abandoned in root.glob(f"{PENDING}-*"):
        shutil.rmtree(abandoned)
    aside = root / f"{PENDING}-{os.getpid()}"
    aside.mkdir()
    names = sorted(texts)
    for number, name in enumerate(names):
        _write(aside / str(number), texts[name])
        with suppress(FileNotFoundError):  # a new file gets the usual mode
            shutil.copymode(root / name, aside / str(number))
    _write(aside / PLAN, json.dumps(names))
    aside.rename(root / PENDING)
    _sync(root)


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Have the names in a folder written to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _finish(root: Path) -> None:
    """Move what is pending to its place, if anything is."""
    pending = root / PENDING
    if not pending.is_dir():
        return
    if (pending / PLAN).is_file():
        for number, target in enumerate(_planned(root, pending / PLAN)):
            if (pending / str(number)).is_file():
                target.parent.mkdir(exist_ok=True)
                (pending / str(number)).replace(target)
                _sync(target.parent)
        (pending / PLAN).unlink()
    pending.rmdir()


def _planned(root: Path, plan: Path) -> list[Path]:
    """Read a plan, which names Turtle files under ``data/`` and nothing else, whoever wrote it."""
    try:
        names = [PurePosixPath(name) for name in json.loads(plan.read_bytes())]
    except (ValueError, TypeError) as error:
        raise BadFileError(plan, None, f"is no plan of a change: {error}; remove {plan.parent}") from error
    for name in names:
        inside = (root / name).parent.resolve().is_relative_to((root / "data").resolve())
        if name.parts[:1] != ("data",) or ".." in name.parts or name.suffix != ".ttl" or not inside:
            raise BadFileError(plan, None, f"names '{name}', which is no data; remove {plan.parent}")
    return [root / name for name in names]


def _is_pending(root: Path) -> bool:
    try:
        return (root / PENDING).is_dir()
    except PermissionError:  # who loads the folder says that it may not be read
        return False


@contextmanager
def recovered(root: Path) -> Iterator[None]:
    """Finish what was interrupted in a project folder, and keep others from changing it meanwhile.

    Raises:
        BadFileError: an interrupted change cannot be finished.
    """
    while True:
        with _locked(root, fcntl.LOCK_SH):
            if not _is_pending(root):
                yield
                return
        try:
            with _locked(root, fcntl.LOCK_EX):
                _finish(root)
        except OSError as error:
            reason = f"is an interrupted change that cannot be finished: {error.strerror}"
            raise BadFileError(root / PENDING, None, reason) from error


@contextmanager
def _locked(root: Path, how: int) -> Iterator[None]:
    """Hold a lock on ``data/``; it ends with the process at the latest.

    Where a folder cannot be locked, because there is none or its file system has no locks, reading goes on without.
    """
    with ExitStack() as held:
        try:
            descriptor = os.open(root / "data", os.O_RDONLY)
            held.callback(os.close, descriptor)
            fcntl.flock(descriptor, how)
        except OSError:
            if how != fcntl.LOCK_SH:
                raise
        yield
