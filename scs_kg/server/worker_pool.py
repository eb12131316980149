"""A pool of worker processes in which fast requests do not wait for slow ones.

A request is slow if it takes more than ``FAST_CPU_SECONDS`` of CPU time. Its worker then leaves the fast workers, gets
a lower priority, and a new one takes its place. A limited number of slow requests runs at a time; the others are
paused. The worker of a slow request ends after its answer, unless the request has an affinity: then it is kept for the
next request with the same affinity, together with what it computed.
"""

import asyncio
import math
import os
import signal
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from weakref import WeakValueDictionary

from scs_kg.model.errors import EngineError
from scs_kg.store.isolation import HEADER_SIZE, ChildProcess, ForkServer, decode_header, decode_reply, encode_message

FAST_CPU_SECONDS: Final = 0.025
MAX_POLLS: Final = 20
"""A request is also slow after this many times ``FAST_CPU_SECONDS`` of elapsed time."""
NICENESS: Final = 5
_PROCESS_CLOCK: Final = 2  # CPUCLOCK_SCHED, from which clock_getcpuclockid(3) makes the id of a clock
T = TypeVar("T")


class BusyError(EngineError):
    """The service has too many requests at the moment."""


class TimeLimitError(EngineError):
    """A request was stopped at its time limit."""


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """Limits on requests and workers.

    A request may take ``seconds``, a worker ``memory_bytes`` and an answer ``answer_bytes``. The other limits are
    numbers: of ready ``fast_workers``, of requests in the ``queue`` for them, of slow requests that are ``running`` or
    ``paused``, and of idle workers that are ``kept`` for their affinity.
    """

    seconds: float = 10.0
    memory_bytes: int = 1 << 30
    answer_bytes: int = 32 << 20
    fast_workers: int = 4
    queue: int = 512
    running: int = 4
    paused: int = 28
    kept: int = 4


@dataclass(frozen=True, slots=True)
class _Worker:
    child: ChildProcess
    reader: StreamReader
    writer: StreamWriter


Exchange = asyncio.Future[tuple[bytes, bytes]]


class WorkerPool:
    """The workers of a fork server; ``open`` and ``close`` it inside the event loop."""

    def __init__(self, fork_server: ForkServer, limits: WorkerLimits) -> None:
        self._fork_server, self._limits = fork_server, limits
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()
        self._kept: dict[str, _Worker] = {}  # by affinity; the least recently used first
        self._affinity_locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._running = asyncio.Semaphore(limits.running)
        self._fast_pids: set[int] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._queued = self._slow = 0

    async def open(self) -> None:
        """Start the fast workers."""
        self._replenish()
        await asyncio.gather(*self._starting)

    async def close(self) -> None:
        """End all workers and the fork server."""
        await asyncio.gather(*self._starting, return_exceptions=True)
        await asyncio.to_thread(self._fork_server.close)

    async def run(self, request: bytes, affinity: str | None = None) -> bytes:
        """Return the answer of a worker to a request; requests with the same affinity run one after the other.

        Raises:
            BusyError: too many requests wait.
            TimeLimitError: the request took longer than its limit.
            EngineError: the worker crashed, or answered with an error.
        """
        async with self._exclusive(affinity):
            worker = self._take_kept(affinity) or await self._take_idle()
            exchange = asyncio.ensure_future(_exchange(worker, request))
            answered = False
            try:
                if not await _is_fast(worker, exchange):
                    self._leave_fast(worker)
                    await self._finish_slow(worker, exchange)
                reply = exchange.result()
                answered = True
                return decode_reply(*reply)
            except (EOFError, ConnectionError):
                raise EngineError(
                    "the query crashed the query engine; it is nested too deeply or needs too much memory"
                ) from None
            finally:
                exchange.cancel()
                self._release(worker, affinity, answered=answered)

    @asynccontextmanager
    async def _exclusive(self, affinity: str | None) -> AsyncIterator[None]:
        if affinity is None:
            yield
            return
        lock = self._affinity_locks.setdefault(affinity, asyncio.Lock())
        await self._queue_for(lock.acquire)
        try:
            yield
        finally:
            lock.release()

    async def _take_idle(self) -> _Worker:
        self._replenish()
        return await self._queue_for(self._idle.get)

    async def _queue_for(self, acquire: Callable[[], Awaitable[T]]) -> T:
        """Wait for a resource; raise BusyError if too many requests wait, or for longer than the time limit."""
        if self._queued >= self._limits.queue:
            raise BusyError(f"{self._queued} requests are waiting; try again in a second")
        self._queued += 1
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await acquire()
        except TimeoutError:
            raise BusyError("no worker became free in time; try again in a second") from None
        finally:
            self._queued -= 1

    def _take_kept(self, affinity: str | None) -> _Worker | None:
        worker = self._kept.pop(affinity, None) if affinity is not None else None
        if worker is not None and worker.reader.at_eof():  # it was killed while it was idle
            self._end(worker)
            return None
        return worker

    async def _finish_slow(self, worker: _Worker, exchange: Exchange) -> None:
        """Let a slow worker finish when it is its turn, within its time limit."""
        if self._slow >= self._limits.running + self._limits.paused:
            raise BusyError(f"{self._slow} slow queries are running or waiting; try again later, or ask for less")
        self._slow += 1
        try:
            await self._wait_for_turn(worker)
            try:
                done, _ = await asyncio.wait({exchange}, timeout=self._limits.seconds)
            finally:
                self._running.release()
        finally:
            self._slow -= 1
        if not done:
            raise TimeLimitError(
                f"the query was stopped after {self._limits.seconds:g} s; make it more specific or page it"
            )

    async def _wait_for_turn(self, worker: _Worker) -> None:
        """Lower the priority of a worker, and pause it until it may run."""
        pid = worker.child.pid
        with suppress(ProcessLookupError, PermissionError):  # the worker may have ended, or may not be lowered further
            os.setpriority(os.PRIO_PROCESS, pid, NICENESS)
        if self._running.locked():
            os.kill(pid, signal.SIGSTOP)
        try:
            async with asyncio.timeout(3 * self._limits.seconds):
                await self._running.acquire()
        except TimeoutError:
            raise BusyError("too many slow queries are running; try again later, or ask for less") from None
        os.kill(pid, signal.SIGCONT)

    def _release(self, worker: _Worker, affinity: str | None, *, answered: bool) -> None:
        """Return a worker to the fast ones, keep it for its affinity, or end it."""
        if answered and worker.child.pid in self._fast_pids:
            self._idle.put_nowait(worker)
        elif answered and affinity is not None:
            self._kept[affinity] = worker
            if len(self._kept) > self._limits.kept:
                self._end(self._kept.pop(next(iter(self._kept))))
        else:
            self._leave_fast(worker)
            self._end(worker)

    def _end(self, worker: _Worker) -> None:
        worker.writer.close()
        self._fork_server.kill_worker(worker.child)

    def _leave_fast(self, worker: _Worker) -> None:
        self._fast_pids.discard(worker.child.pid)
        self._replenish()

    def _replenish(self) -> None:
        for _ in range(self._limits.fast_workers - len(self._fast_pids) - len(self._starting)):
            starting = asyncio.ensure_future(self._start())
            self._starting.add(starting)
            starting.add_done_callback(self._starting.discard)

    async def _start(self) -> None:
        with suppress(EngineError):  # the next request tries again to start a worker
            child = await asyncio.to_thread(self._fork_server.start_worker)
            self._fast_pids.add(child.pid)
            reader, writer = await asyncio.open_connection(sock=child.connection, limit=1 << 20)
            self._idle.put_nowait(_Worker(child, reader, writer))


async def _is_fast(worker: _Worker, exchange: "asyncio.Future[Any]") -> bool:
    """Wait while a request may be fast; return whether it was answered.

    Only the CPU time of the worker counts, so a request is not slow because the machine is busy.
    """
    began = _cpu_seconds(worker)
    for _ in range(MAX_POLLS):
        done, _ = await asyncio.wait({exchange}, timeout=FAST_CPU_SECONDS)
        if done or not _cpu_seconds(worker) - began < FAST_CPU_SECONDS:
            return bool(done)
    return False


def _cpu_seconds(worker: _Worker) -> float:
    """Return the CPU time of a worker in seconds; infinite where the system does not report it."""
    try:
        return time.clock_gettime((~worker.child.pid << 3) | _PROCESS_CLOCK)
    except OSError:
        return math.inf


async def _exchange(worker: _Worker, request: bytes) -> tuple[bytes, bytes]:
    worker.writer.write(encode_message(b"q", request))
    await worker.writer.drain()
    kind, length = decode_header(await worker.reader.readexactly(HEADER_SIZE))
    return kind, await worker.reader.readexactly(length)
