"""Writes a folder under a temporary name next to its target, and removes the temporary folders of interrupted runs."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from glob import escape
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from scs_kg.store.folder_lock import lock_folder

MARK: Final = ".scs-kg-new-"
"""The name of a sibling has this text between the name of its target and random characters."""
YOUNGEST: Final = 60.0
"""The age in seconds below which a sibling is never abandoned, because its owner may not have locked it yet."""
ABANDONED: Final = 24 * 60 * 60.0
"""The age in seconds above which a sibling is abandoned if folders cannot be locked, because no run takes that long."""
LOCKS: Final = os.name == "posix"
"""Whether folders can be locked.

On other systems, the lock is a file in the folder, and would be renamed with the folder.
"""


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Yield an empty sibling of a folder, to be renamed to it; remove it at the end if it was not renamed.

    The sibling is locked inside the block, so that no other run removes it. Siblings that interrupted runs left are
    removed first.

    Raises:
        OSError: the sibling cannot be created.
    """
    remove_abandoned(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    sibling = Path(mkdtemp(prefix=f".{target.name}{MARK}", dir=target.parent))
    try:
        with ExitStack() as stack:
            if LOCKS:
                with suppress(OSError):  # the file system has no locks
                    lock_folder(stack, sibling, exclusive=True, wait=False)
            yield sibling
    finally:
        shutil.rmtree(sibling, ignore_errors=True)  # after a success, the sibling has been renamed


def remove_abandoned(target: Path) -> None:
    """Remove the siblings of interrupted runs; new siblings and siblings that a process has locked are kept.

    If folders cannot be locked, the siblings that are older than ``ABANDONED`` are removed.
    """
    for sibling in target.parent.glob(f".{escape(target.name)}{MARK}*"):
        with suppress(OSError), ExitStack() as stack:  # another run locked or removed the sibling
            if is_older(sibling, YOUNGEST if LOCKS else ABANDONED):
                if LOCKS:
                    lock_folder(stack, sibling, exclusive=True, wait=False)
                shutil.rmtree(sibling)


def is_older(path: Path, seconds: float) -> bool:
    """Return whether a file or folder was last changed more than ``seconds`` ago; always False for a symbolic link."""
    return time.time() - path.lstat().st_mtime > seconds and not path.is_symlink()
