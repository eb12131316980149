"""A process that forks and kills workers on request, so that its owner never forks.

The fork server has the data that the workers share. The fork server has no threads, client connections or event loop,
because forking is safe only in a single-threaded process. When its owner exits, the fork server kills all its workers
and exits.
"""

import gc
import os
import signal
import socket
from contextlib import suppress
from threading import Lock
from typing import NoReturn

from scs_kg.model.errors import EngineError
from scs_kg.store.isolation.child import ChildProcess, Work, serve

_PID_SIZE = 4


class ForkServer:
    """Forks workers that run ``work``; a worker has ``memory`` bytes of address space.

    Create the fork server before any thread starts.
    """

    def __init__(self, work: Work, memory: int) -> None:
        """Fork the fork server itself."""
        self._control, server_end = socket.socketpair()
        self._lock = Lock()
        self._workers: set[int] = set()
        gc.freeze()  # so that the garbage collector of a worker does not copy memory pages that all workers share
        self._pid = os.fork()
        if not self._pid:
            self._control.close()
            _run(server_end, work, memory)
        server_end.close()

    def start_worker(self) -> ChildProcess:
        """Return a new worker that is ready for requests. The call takes a few milliseconds.

        Raises:
            EngineError: the system cannot create another process.
        """
        connections: list[int] = []
        with self._lock, suppress(OSError):  # if the fork server has died, no connection arrives
            self._control.sendall(b"c" + bytes(_PID_SIZE))
            encoded_pid, connections, _, _ = socket.recv_fds(self._control, _PID_SIZE, 1)
        if not connections:
            raise EngineError("the system cannot create a process for the query; try again later")
        pid = int.from_bytes(encoded_pid, "big")
        self._workers.add(pid)
        return ChildProcess(pid, socket.socket(fileno=connections[0]))

    def kill_worker(self, worker: ChildProcess) -> None:
        """Kill a worker and its own child processes immediately."""
        worker.connection.close()
        self._workers.discard(worker.pid)
        with suppress(OSError):  # a dead fork server reads no command; wait() kills its workers
            self._control.sendall(b"k" + worker.pid.to_bytes(_PID_SIZE, "big"))

    def wait(self) -> None:
        """Wait until the fork server exits; if it was killed, kill the workers that it left behind."""
        with suppress(ChildProcessError):  # close() has already waited for it
            os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOWAIT)
        for pid in tuple(self._workers):
            with suppress(ProcessLookupError, PermissionError):  # the worker may have ended with the fork server
                os.killpg(pid, signal.SIGKILL)

    def close(self) -> None:
        """Stop the fork server and kill all its workers."""
        self._workers.clear()
        with suppress(OSError):  # the fork server may have ended
            self._control.sendall(b"x" + bytes(_PID_SIZE))
        self._control.close()
        with suppress(ChildProcessError):  # wait() may have waited for it
            os.waitpid(self._pid, 0)


def _run(control: socket.socket, work: Work, memory: int) -> NoReturn:
    """Execute the commands of the owner (create, kill, exit) until it exits; a command is a letter and a process ID."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    workers: set[int] = set()
    while True:
        command = control.recv(1 + _PID_SIZE, socket.MSG_WAITALL)
        if len(command) <= _PID_SIZE or command[:1] == b"x":
            break
        pid = int.from_bytes(command[1:], "big")
        if command[:1] == b"c":
            _fork_worker(control, work, memory, workers)
        elif pid in workers:
            _kill_and_reap(pid)
            workers.discard(pid)
    for pid in workers:
        _kill_and_reap(pid)
    os._exit(0)


def _fork_worker(control: socket.socket, work: Work, memory: int, workers: set[int]) -> None:
    """Fork a worker, and send its process ID and connection to the owner; send 0 if the system refuses."""
    try:
        owner_end, worker_end = socket.socketpair()
        pid = os.fork()
    except OSError:
        control.sendall(bytes(_PID_SIZE))
        return
    if not pid:
        os.setpgid(0, 0)
        control.close()
        owner_end.close()
        serve(worker_end, work, memory)
    with suppress(OSError):  # the child may have ended; parent and child both set it, because either may run first
        os.setpgid(pid, pid)
    workers.add(pid)
    worker_end.close()
    socket.send_fds(control, [pid.to_bytes(_PID_SIZE, "big")], [owner_end.fileno()])
    owner_end.close()


def _kill_and_reap(pid: int) -> None:
    """Kill a worker's process group and reap the worker.

    Until the worker is reaped, the system does not reuse its process ID.
    """
    with suppress(ProcessLookupError):  # the worker may have ended
        os.killpg(pid, signal.SIGKILL)
    with suppress(ChildProcessError):  # the worker may have been reaped
        os.waitpid(pid, 0)
