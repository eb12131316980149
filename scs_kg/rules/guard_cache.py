"""Stores, in the user's cache folder, which files this version of the code has found to violate no rule.

An entry is a file whose name is a digest of everything on which ``engines.guard`` depends. The digest covers the files
of the dataset, the version of their parser, the code that validation uses, and the version of the SHACL engine.
Therefore an entry is never out of date. Entries that cannot be read or written are ignored. Only successful validations
are stored.
"""

import os
import re
import sys
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

import shacl

from scs_kg.model.errors import BadFileError
from scs_kg.model.version import __version__
from scs_kg.rules.engines import guard
from scs_kg.store import Dataset
from scs_kg.store.atomic_write import write_atomically

SWITCH: Final = "SCS_KG_NO_CACHE"
"""The environment variable that switches the cache off, with any value that is not empty."""
PACKAGES: Final = ("model", "rules", "store")
"""The packages that validation uses; ``rules`` imports no other packages."""
KEPT: Final = 64
"""The number of the most recent entries that are kept."""
_NAME: Final = re.compile(r"\.?[0-9a-f]{64}(\.\d+)?")
"""Matches the name of an entry, or of a temporary file beside an entry."""


def guard_once(dataset: Dataset) -> None:
    """Guard a dataset as ``engines.guard`` does, unless this version of the code has found the same files valid.

    The dataset must be as ``store.load`` returned it.

    Raises:
        BadFileError: the dataset violates a rule.
    """
    entry = _entry(dataset)
    if entry is None:
        guard(dataset)
    elif _content(entry) != entry.name:
        guard(dataset)
        _remember(entry)


def found_valid(dataset: Dataset) -> bool:
    """Return whether this version of the code has found the files of a dataset valid.

    The dataset must be as ``store.load`` returned it, with or without the searches.
    """
    entry = _entry(dataset)
    return entry is not None and _content(entry) == entry.name


def _entry(dataset: Dataset) -> Path | None:
    """Return the entry for a dataset; None if there is no cache folder, the cache is off, or the dataset is changed.

    The cache folder follows the XDG Base Directory Specification; on Windows, it is in the folder of local application
    data.
    """
    try:
        home = Path(os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or "~/.cache").expanduser()
    except RuntimeError:  # the user has no home folder
        return None
    if os.environ.get(SWITCH) or not dataset.digest or not home.is_absolute():
        return None
    return home / "scs-kg" / "valid" / sha256(f"{dataset.digest} {_code()}".encode()).hexdigest()


@cache
def _code() -> str:
    """Return a digest of the code that validates; it is computed once, because a process keeps the code it has read."""
    versions = (sys.version, __version__, shacl.__version__)
    found = sha256(" ".join(versions).encode())
    package = Path(__file__).parent.parent
    for path in sorted(path for name in PACKAGES for path in (package / name).rglob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()


def _content(entry: Path) -> str:
    try:
        return entry.read_text("ascii")
    except (OSError, ValueError):
        return ""


def _remember(entry: Path) -> None:
    """Write an entry, and remove the oldest entries; do nothing if the folder cannot be written."""
    with suppress(OSError, BadFileError):  # without an entry, the next validation only takes longer
        write_atomically(entry, entry.name)
        entries = [path for path in entry.parent.iterdir() if _NAME.fullmatch(path.name)]
        for old in sorted(entries, key=lambda path: path.stat().st_mtime)[:-KEPT]:
            old.unlink()
