"""The nursery: a process that forks children on request and ends them, so that who asks for them never has to fork.

It holds what the children work on and nothing else: no thread, no connection of anybody, no event loop. It ends, with
all its children, when its owner does.
"""

import gc
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import NoReturn

from scs_kg.model.errors import EngineError
from scs_kg.store.isolation.child import ChildProcess, serve

_NUMBER = 4


class ForkServer:
    """Forks children that do ``work`` within so many bytes of memory each; make it before any thread is started."""

    def __init__(self, work: Callable[[bytes], bytes], memory: int) -> None:
        """Fork the nursery itself."""
        self._control, theirs = socket.socketpair()
        self._lock = Lock()
        self._alive: set[int] = set()
        gc.freeze()  # so that collecting in a child copies no page of what all of them share
        self._pid = os.fork()
        if not self._pid:
            self._control.close()
            _tend(theirs, work, memory)
        theirs.close()

    def child(self) -> ChildProcess:
        """Return a new child, ready to be asked; takes some milliseconds.

        Raises:
            EngineError: the system gives no more processes.
        """
        lines: list[int] = []
        with self._lock, suppress(OSError):
            self._control.sendall(b"c" + bytes(_NUMBER))
            number, lines, _, _ = socket.recv_fds(self._control, _NUMBER, 1)
        if not lines:
            raise EngineError("the system gives no process for the query; try again later")
        pid = int.from_bytes(number, "big")
        self._alive.add(pid)
        return ChildProcess(pid, socket.socket(fileno=lines[0]))

    def end(self, child: ChildProcess) -> None:
        """Kill a child at once, whatever it does."""
        child.line.close()
        self._alive.discard(child.pid)
        with suppress(OSError):
            self._control.sendall(b"k" + child.pid.to_bytes(_NUMBER, "big"))

    def wait(self) -> None:
        """Wait until the nursery has ended, and end the children that it left, if somebody killed it."""
        with suppress(ChildProcessError):
            os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOWAIT)
        for pid in tuple(self._alive):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)

    def close(self) -> None:
        """End the nursery and all its children."""
        self._alive.clear()
        with suppress(OSError):
            self._control.sendall(b"x" + bytes(_NUMBER))
        self._control.close()
        with suppress(ChildProcessError):
            os.waitpid(self._pid, 0)


def _tend(control: socket.socket, work: Callable[[bytes], bytes], memory: int) -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    children: set[int] = set()
    while True:
        command = control.recv(1 + _NUMBER, socket.MSG_WAITALL)
        if len(command) <= _NUMBER or command[:1] == b"x":
            break
        number = int.from_bytes(command[1:], "big")
        if command[:1] == b"c":
            _bear(control, work, memory, children)
        elif number in children:
            _end(number)
            children.discard(number)
    for pid in children:
        _end(pid)
    os._exit(0)


def _bear(control: socket.socket, work: Callable[[bytes], bytes], memory: int, children: set[int]) -> None:
    try:
        mine, theirs = socket.socketpair()
        pid = os.fork()
    except OSError:
        control.sendall(bytes(_NUMBER))
        return
    if not pid:
        os.setpgid(0, 0)
        control.close()
        mine.close()
        serve(theirs, work, memory)
    with suppress(OSError):
        os.setpgid(pid, pid)  # whoever is first; so that a child of the child ends with it
    children.add(pid)
    theirs.close()
    socket.send_fds(control, [pid.to_bytes(_NUMBER, "big")], [mine.fileno()])
    mine.close()


def _end(pid: int) -> None:
    """Kill a child with its own children, and bury it; until then its number belongs to nobody else."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)
