"""A pool of workers that answer requests: some always free for quick ones, the slow ones apart, none beyond its limit.

A request that is not answered after its worker has worked for ``QUICK`` seconds, or waited twenty times as long, has
its worker moved aside, at a lower priority, and a new one takes the free place. Aside, only so many run at a time; the
others are halted until it is their turn. So slow requests wait for one another and quick ones for nobody.
"""

import asyncio
import math
import os
import signal
import time
from asyncio import StreamReader, StreamWriter
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from scs_kg.model.errors import EngineError
from scs_kg.store.isolation import HEADER_SIZE, ChildProcess, ForkServer, decode_header, decode_reply, encode_message

QUICK: Final = 0.025
PATIENCE: Final = 20
LOWER_PRIORITY: Final = 5
_CLOCK_OF_A_PROCESS: Final = 2  # clock_getcpuclockid(3) makes the same number of it


class BusyError(EngineError):
    """There are more requests than the service takes on; later it may answer."""


class StoppedError(EngineError):
    """A request was stopped at its time limit."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the service allows.

    ``seconds`` to work at a request; ``memory`` in bytes for each worker; ``answer`` in bytes for each answer; how many
    workers are kept for ``quick`` requests, how many ``slow`` ones run at a time, and how many of either may wait.
    """

    seconds: float = 10.0
    memory: int = 1 << 30
    answer: int = 32 << 20
    quick: int = 4
    slow: int = 4
    waiting: int = 512
    halted: int = 28


@dataclass(frozen=True, slots=True)
class _Worker:
    child: ChildProcess
    reader: StreamReader
    writer: StreamWriter


class Pool:
    """The workers of a nursery; ``open`` it inside the event loop, and ``close`` it there."""

    def __init__(self, nursery: ForkServer, limits: Limits) -> None:
        """Take the nursery that forks the workers, and what is allowed."""
        self._nursery, self._limits = nursery, limits
        self._free: asyncio.Queue[_Worker] = asyncio.Queue()
        self._turns = asyncio.Semaphore(limits.slow)
        self._quick: set[int] = set()
        self._births: set[asyncio.Task[None]] = set()
        self._waiting = self._aside = 0

    async def open(self) -> None:
        """Fork the workers for quick requests."""
        self._fill()
        await asyncio.gather(*self._births)

    async def close(self) -> None:
        """End all workers and the nursery."""
        await asyncio.gather(*self._births, return_exceptions=True)
        await asyncio.to_thread(self._nursery.close)

    async def ask(self, request: bytes) -> bytes:
        """Return the answer of a worker to a request.

        Raises:
            BusyError: too many requests wait.
            StoppedError: the request took longer than its limit.
            EngineError: the worker ended over the request, or answered with an error.
        """
        worker = await self._take()
        exchange = asyncio.ensure_future(_exchange(worker, request))
        healthy = False
        try:
            quick = await _quickly(worker, exchange)
            if not quick:
                self._leave(worker)
                await self._slowly(worker, exchange)
            answered = exchange.result()
            healthy = quick
            return decode_reply(*answered)
        except (EOFError, ConnectionError):
            raise EngineError("the query ended its engine; it is nested too deep or needs too much memory") from None
        finally:
            exchange.cancel()
            if healthy:
                self._free.put_nowait(worker)
            else:
                self._leave(worker)
                worker.writer.close()
                self._nursery.kill_worker(worker.child)

    async def _take(self) -> _Worker:
        if self._waiting >= self._limits.waiting:
            raise BusyError(f"{self._waiting} requests wait already; try again in a second")
        self._fill()
        self._waiting += 1
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await self._free.get()
        except TimeoutError:
            raise BusyError("no worker became free in time; try again in a second") from None
        finally:
            self._waiting -= 1

    async def _slowly(self, worker: _Worker, exchange: "asyncio.Future[tuple[bytes, bytes]]") -> None:
        """Let a worker that was moved aside finish, when it is its turn and within its time."""
        if self._aside >= self._limits.slow + self._limits.halted:
            raise BusyError(f"{self._aside} long queries run or wait already; try again later, or ask for less")
        self._aside += 1
        try:
            await self._turn(worker)
            try:
                done, _ = await asyncio.wait({exchange}, timeout=self._limits.seconds)
            finally:
                self._turns.release()
        finally:
            self._aside -= 1
        if not done:
            raise StoppedError(f"the query was stopped after {self._limits.seconds:g} s; narrow it, or page it")

    async def _turn(self, worker: _Worker) -> None:
        """Halt a worker until fewer run aside, and let it go on at a lower priority."""
        pid = worker.child.pid
        with suppress(ProcessLookupError, PermissionError):
            os.setpriority(os.PRIO_PROCESS, pid, LOWER_PRIORITY)
        if self._turns.locked():
            os.kill(pid, signal.SIGSTOP)
        try:
            async with asyncio.timeout(3 * self._limits.seconds):
                await self._turns.acquire()
        except TimeoutError:
            raise BusyError("too many long queries run; try again later, or ask for less") from None
        os.kill(pid, signal.SIGCONT)

    def _leave(self, worker: _Worker) -> None:
        """Take a worker out of those for quick requests, and see to another."""
        self._quick.discard(worker.child.pid)
        self._fill()

    def _fill(self) -> None:
        for _ in range(self._limits.quick - len(self._quick) - len(self._births)):
            birth = asyncio.ensure_future(self._bear())
            self._births.add(birth)
            birth.add_done_callback(self._births.discard)

    async def _bear(self) -> None:
        with suppress(EngineError):
            child = await asyncio.to_thread(self._nursery.start_worker)
            self._quick.add(child.pid)
            reader, writer = await asyncio.open_connection(sock=child.connection, limit=1 << 20)
            self._free.put_nowait(_Worker(child, reader, writer))


async def _quickly(worker: _Worker, exchange: "asyncio.Future[tuple[bytes, bytes]]") -> bool:
    """Wait while a request may still be a quick one; tell whether it was answered.

    What counts is the time that the worker has worked, so that a busy machine makes no request a slow one.
    """
    began = _worked(worker)
    for _ in range(PATIENCE):
        done, _ = await asyncio.wait({exchange}, timeout=QUICK)
        if done or not _worked(worker) - began < QUICK:
            return bool(done)
    return False


def _worked(worker: _Worker) -> float:
    """Return the processor time of a worker in seconds, endless where the system does not tell."""
    try:
        return time.clock_gettime((~worker.child.pid << 3) | _CLOCK_OF_A_PROCESS)
    except OSError:
        return math.inf


async def _exchange(worker: _Worker, request: bytes) -> tuple[bytes, bytes]:
    worker.writer.write(encode_message(b"q", request))
    await worker.writer.drain()
    kind, length = decode_header(await worker.reader.readexactly(HEADER_SIZE))
    return kind, await worker.reader.readexactly(length)
