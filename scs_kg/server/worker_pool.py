"""A pool of worker processes in which fast requests do not wait for slow ones.

A request is slow if it takes more than ``FAST_CPU_SECONDS`` of CPU time. The worker of a slow request gets a lower
priority, and a new worker takes its place among the fast workers. A limited number of slow requests runs at a time; the
other slow requests are paused. Slow queries of clients and other slow requests have separate limits, so that queries
that never end cannot hold up the pages and the API. The worker of a slow request ends after its answer, unless the
request has an affinity. With an affinity, the worker keeps its results and waits for the next request with the same
affinity.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final, TypeVar
from weakref import WeakValueDictionary

from scs_kg.model.errors import EngineError
from scs_kg.server.worker_process import Exchange, PooledWorker
from scs_kg.store.isolation import ForkServer, decode_reply

T = TypeVar("T")


class BusyError(EngineError):
    """The error for a request that arrives when too many requests wait."""


class TimeLimitError(EngineError):
    """The error for a request that was stopped at its time limit."""


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """Limits on requests and workers.

    A request may take ``seconds`` of CPU time, a worker ``memory_bytes`` and an answer ``answer_bytes``. The following
    limits are numbers of requests or workers. ``fast_workers`` is the number of ready workers, and ``queue`` the number
    of requests that wait for them. ``running`` and ``paused`` are numbers of slow queries of clients, and of other slow
    requests. ``kept`` is the number of idle workers that are kept for their affinity.
    """

    seconds: float = 10.0
    memory_bytes: int = 1 << 30
    answer_bytes: int = 32 << 20
    fast_workers: int = 4
    queue: int = 512
    running: int = 4
    paused: int = 28
    kept: int = 4


class _SlowRequests:
    """The slow requests of one kind: their number, and the turns to run."""

    def __init__(self, limits: WorkerLimits) -> None:
        self.most: Final = limits.running + limits.paused
        self.turns: Final = asyncio.Semaphore(limits.running)
        self.count = 0


class WorkerPool:
    """A pool of workers of a fork server; call ``open`` and ``close`` inside the event loop."""

    def __init__(self, fork_server: ForkServer, limits: WorkerLimits) -> None:
        self._fork_server, self._limits = fork_server, limits
        self._idle: asyncio.Queue[PooledWorker] = asyncio.Queue()
        self._kept: dict[str, PooledWorker] = {}  # keyed by affinity; the least recently used worker is first
        self._affinity_locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._slow_queries, self._slow_tasks = _SlowRequests(limits), _SlowRequests(limits)
        self._fast_pids: set[int] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._queued = 0

    async def open(self) -> None:
        """Start the fast workers."""
        self._replenish()
        await asyncio.gather(*self._starting)

    async def close(self) -> None:
        """End all workers and the fork server."""
        await asyncio.gather(*self._starting, return_exceptions=True)
        await asyncio.to_thread(self._fork_server.close)

    async def run(self, request: bytes, affinity: str | None = None, *, is_query: bool = True) -> bytes:
        """Return the answer of a worker to a request; requests with the same affinity run one after the other.

        ``is_query`` says whether the request contains a query of a client, which can be arbitrarily slow.

        Raises:
            BusyError: too many requests wait.
            TimeLimitError: the request took longer than its limit.
            EngineError: the worker crashed, or answered with an error.
        """
        async with self._exclusive(affinity):
            worker = self._take_kept(affinity) or await self._take_idle()
            exchange = asyncio.ensure_future(worker.exchange(request))
            answered = False
            try:
                if not await worker.is_fast(exchange):
                    self._leave_fast(worker)
                    await self._finish_slow(worker, exchange, self._slow_queries if is_query else self._slow_tasks)
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

    def gauges(self) -> dict[str, float]:
        """Return the number of workers and the number of requests that wait for a worker."""
        return {
            "ready_workers": self._idle.qsize(),
            "kept_workers": len(self._kept),
            "queued_requests": self._queued,
            "slow_requests": self._slow_queries.count + self._slow_tasks.count,
        }

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

    async def _take_idle(self) -> PooledWorker:
        self._replenish()
        return await self._queue_for(self._idle.get)

    async def _queue_for(self, acquire: Callable[[], Awaitable[T]]) -> T:
        """Wait for a resource; raise BusyError if too many requests wait, or if the wait exceeds the time limit."""
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

    def _take_kept(self, affinity: str | None) -> PooledWorker | None:
        worker = self._kept.pop(affinity, None) if affinity is not None else None
        if worker is not None and worker.reader.at_eof():  # the worker was killed while it was idle
            self._end(worker)
            return None
        return worker

    async def _finish_slow(self, worker: PooledWorker, exchange: Exchange, slow: _SlowRequests) -> None:
        """Wait until a slow worker has its turn, and let it finish within the time limit."""
        if slow.count >= slow.most:
            raise BusyError(f"{slow.count} slow queries are running or waiting; try again later, or request less")
        slow.count += 1
        try:
            await self._wait_for_turn(worker, slow.turns)
            try:
                done = await worker.finish(exchange, self._limits.seconds)
            finally:
                slow.turns.release()
        finally:
            slow.count -= 1
        if not done:
            raise TimeLimitError(
                f"the query was stopped after {self._limits.seconds:g} s; make it more specific or page it"
            )

    async def _wait_for_turn(self, worker: PooledWorker, turns: asyncio.Semaphore) -> None:
        """Lower the priority of a worker, and pause it until it may run."""
        worker.lower_priority()
        if turns.locked():
            worker.pause()
        try:
            async with asyncio.timeout(3 * self._limits.seconds):
                await turns.acquire()
        except TimeoutError:
            raise BusyError("too many slow queries are running; try again later, or request less") from None
        worker.resume()

    def _release(self, worker: PooledWorker, affinity: str | None, *, answered: bool) -> None:
        """Return a worker to the fast workers, keep it for its affinity, or end it."""
        if answered and worker.child.pid in self._fast_pids:
            self._idle.put_nowait(worker)
        elif answered and affinity is not None:
            self._kept[affinity] = worker
            if len(self._kept) > self._limits.kept:
                self._end(self._kept.pop(next(iter(self._kept))))
        else:
            self._leave_fast(worker)
            self._end(worker)

    def _end(self, worker: PooledWorker) -> None:
        worker.writer.close()
        self._fork_server.kill_worker(worker.child)

    def _leave_fast(self, worker: PooledWorker) -> None:
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
            self._idle.put_nowait(PooledWorker(child, reader, writer))
