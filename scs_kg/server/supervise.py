"""Runs a service in a child process, and replaces the process when the data change.

The supervisor has the listening socket and no data. A new process loads the changed data while the old one serves. When
the new process is ready, the old process accepts no more connections, answers its last requests, and ends. Therefore,
no request is dropped.
"""

import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Final

from scs_kg.model.errors import EngineError, ScsError, UnknownNameError, WrongUseError

RETIRE: Final = signal.SIGUSR1
"""The signal that makes a process refuse new connections, answer the requests on open connections, and then end."""
WATCH_SECONDS: Final = 1.0
STOP_SECONDS: Final = 20.0
_HANDLED: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Run = Callable[[Connection], None]
"""A function that loads the data, sends None through the connection when it serves, and returns when it stops serving.
"""


@dataclass(frozen=True, slots=True)
class ServiceEvents:
    """The callbacks of the supervisor: the service is ready, changed data are served, or they cannot be served."""

    ready: Callable[[], None]
    reloaded: Callable[[], None] = lambda: None
    failed: Callable[[ScsError], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class _Generation:
    """A process of the service, and the connection to it."""

    process: BaseProcess
    channel: Connection


class Supervisor:
    """The processes of one service: the one that serves, the one that loads, and those that are ending."""

    def __init__(self, run: Run, events: ServiceEvents, state: Callable[[], Any] | None = None) -> None:
        """Create the supervisor; ``state`` returns the state of the files, if changes of files are to be watched."""
        self._run, self._events, self._state = run, events, state
        self._serving: _Generation | None = None
        self._loading: _Generation | None = None
        self._retiring: list[_Generation] = []
        self._loaded: Any = None
        self._seen: Any = None

    def run(self) -> None:
        """Serve until SIGINT or SIGTERM; SIGHUP loads the data again.

        Raises:
            EngineError: the process of the service ended.
            ScsError: the data cannot be loaded at the start.
        """
        with _signals() as received:
            self._load()
            try:
                while not self._step(received):
                    pass
            finally:
                self._stop()

    def _step(self, received: socket.socket) -> bool:
        """Wait for one event and handle it; return whether the service has to stop."""
        alive = [each for each in (self._serving, self._loading, *self._retiring) if each]
        sources: list[Any] = [received, *(each.channel for each in alive), *(each.process.sentinel for each in alive)]
        found = wait(sources, WATCH_SECONDS if self._state else None)
        signals = set(received.recv(100)) if received in found else set()
        if signals & {signal.SIGINT, signal.SIGTERM}:
            return True
        for each in alive:
            if each.channel in found or each.process.sentinel in found:
                self._handle(each)
        if signal.SIGHUP in signals or self._changed():
            self._load()
        return False

    def _load(self) -> None:
        """Start a process that loads the data; if another process is loading the data, replace that process."""
        if self._loading:
            self._loading.process.kill()
            self._forget(self._loading)
        self._loaded = self._seen = self._state() if self._state else None
        context = multiprocessing.get_context("fork")
        channel, other = context.Pipe()
        process = context.Process(target=_generation, args=(self._run, other, channel))
        process.start()
        other.close()
        self._loading = _Generation(process, channel)

    def _changed(self) -> bool:
        """Return whether the files have changed and then stayed the same for one interval."""
        if not self._state:
            return False
        now, before = self._state(), self._seen
        self._seen = now
        return bool(now == before != self._loaded)

    def _handle(self, generation: _Generation) -> None:
        try:
            message = generation.channel.recv() if generation.channel.poll() else None
        except (EOFError, OSError):
            message = EngineError("the process of the service ended, perhaps because memory ran out; start again")
        if isinstance(message, ScsError):
            self._ended(generation, message)
        elif generation is self._loading:
            self._ready(generation)

    def _ready(self, generation: _Generation) -> None:
        first, old = self._serving is None, self._serving
        self._serving, self._loading = generation, None
        if old and old.process.pid:
            os.kill(old.process.pid, RETIRE)
            self._retiring.append(old)
        (self._events.ready if first else self._events.reloaded)()

    def _ended(self, generation: _Generation, error: ScsError) -> None:
        fatal = generation is self._serving or self._serving is None
        reloading = generation is self._loading
        self._forget(generation)
        if fatal:
            raise error
        if reloading:
            self._events.failed(error)

    def _forget(self, generation: _Generation) -> None:
        generation.process.join(STOP_SECONDS)
        generation.channel.close()
        self._retiring = [each for each in self._retiring if each is not generation]
        self._serving = None if generation is self._serving else self._serving
        self._loading = None if generation is self._loading else self._loading

    def _stop(self) -> None:
        left = [each for each in (self._serving, self._loading, *self._retiring) if each]
        for each in left:
            each.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for each in left:
            each.process.join(max(deadline - time.monotonic(), 0))
            each.process.kill()
            each.process.join()


def _generation(run: Run, channel: Connection, supervisor: Connection) -> None:
    """Run the service in a child process; send an error to the supervisor."""
    supervisor.close()  # so that the channel closes when the supervisor ends
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        run(channel)
    except ScsError as error:
        kind = WrongUseError if isinstance(error, UnknownNameError | WrongUseError) else EngineError
        channel.send(kind(str(error)))  # not all exceptions can be pickled with their arguments


@contextmanager
def _signals() -> Iterator[socket.socket]:
    """Yield a socket that receives the number of each signal as a byte."""
    receiver, sender = socket.socketpair()
    sender.setblocking(False)
    previous = {number: signal.signal(number, lambda *_: None) for number in _HANDLED}
    wakeup = signal.set_wakeup_fd(sender.fileno())
    try:
        yield receiver
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in previous.items():
            signal.signal(number, handler)
        receiver.close()
        sender.close()
