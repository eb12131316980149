"""Locks a folder for one writer or for several readers, on systems with and without ``flock``."""

import errno
import os
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

LOCK_FILE: Final = ".scs-kg.lock"
WAIT_SECONDS: Final = 10.0


def lock_folder(stack: ExitStack, folder: Path, *, exclusive: bool, wait: bool) -> None:
    """Lock a folder until the stack is closed. Without ``wait``, a lock of another process raises an error at once.

    With flock(2), the lock leaves no file, and the system releases it when the process ends. Windows has no flock. On
    Windows, a writer creates the file ``LOCK_FILE`` in the folder and removes it at the end. A writer waits at most
    ``WAIT_SECONDS``, and a reader does not lock.

    Raises:
        BlockingIOError: another process has locked the folder.
        OSError: the folder cannot be opened, or its file system has no locks.
    """
    try:
        import fcntl
    except ModuleNotFoundError:
        if exclusive:
            _create_lock_file(stack, folder / LOCK_FILE, WAIT_SECONDS if wait else 0.0)
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    stack.callback(os.close, descriptor)
    fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | (0 if wait else fcntl.LOCK_NB))


def _create_lock_file(stack: ExitStack, path: Path, seconds: float) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            path.open("x", encoding="ascii").close()
        except FileExistsError:
            if time.monotonic() >= until:
                message = f"another process has locked the folder; if none is running, delete {path}"
                raise BlockingIOError(errno.EAGAIN, message, str(path)) from None
            time.sleep(0.05)
        else:
            stack.callback(path.unlink, missing_ok=True)
            return
