"""Controls a worker process for the pool; a worker answers one request at a time, and its CPU time is measured."""

import asyncio
import math
import os
import signal
import time
from asyncio import StreamReader, StreamWriter
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from scs_kg.store.isolation import HEADER_SIZE, ChildProcess, decode_header, encode_message

FAST_CPU_SECONDS: Final = 0.025
MAX_POLLS: Final = 20
"""A request also counts as slow when its elapsed time exceeds ``FAST_CPU_SECONDS`` by this factor."""
NICENESS: Final = 5
ELAPSED_FACTOR: Final = 6
"""The elapsed time of a request may be this many times its limit of CPU time, because other processes also run."""
_POLL_SECONDS: Final = 0.25
_PROCESS_CLOCK: Final = 2  # CPUCLOCK_SCHED, from which clock_getcpuclockid(3) makes the id of a clock

Exchange = asyncio.Future[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class PooledWorker:
    """A worker process and the streams to it."""

    child: ChildProcess
    reader: StreamReader
    writer: StreamWriter

    async def exchange(self, request: bytes) -> tuple[bytes, bytes]:
        """Send a request and return the kind and the content of the reply."""
        self.writer.write(encode_message(b"q", request))
        await self.writer.drain()
        kind, length = decode_header(await self.reader.readexactly(HEADER_SIZE))
        return kind, await self.reader.readexactly(length)

    def cpu_seconds(self) -> float:
        """Return the CPU time of the process in seconds, or infinity if the system does not report it."""
        try:
            return time.clock_gettime((~self.child.pid << 3) | _PROCESS_CLOCK)
        except OSError:
            return math.inf

    async def is_fast(self, exchange: Exchange) -> bool:
        """Wait while a request may be fast; return whether it was answered.

        Only the CPU time of the worker counts, so a request is not slow because the machine is busy.
        """
        began = self.cpu_seconds()
        for _ in range(MAX_POLLS):
            done, _ = await asyncio.wait({exchange}, timeout=FAST_CPU_SECONDS)
            if done or not self.cpu_seconds() - began < FAST_CPU_SECONDS:
                return bool(done)
        return False

    async def finish(self, exchange: Exchange, seconds: float) -> bool:
        """Wait for the answer to a slow request; return whether it came before the limit.

        The limit is ``seconds`` of CPU time, so other clients cannot use up the time of a request. The limit of elapsed
        time is ``ELAPSED_FACTOR * seconds``, or ``seconds`` if the CPU time is unknown.
        """
        began, began_cpu = time.monotonic(), self.cpu_seconds()
        while True:
            elapsed, worked = time.monotonic() - began, self.cpu_seconds() - began_cpu
            left = seconds - (worked if math.isfinite(worked) else elapsed)
            left = min(left, ELAPSED_FACTOR * seconds - elapsed)
            if left <= 0:
                return exchange.done()
            done, _ = await asyncio.wait({exchange}, timeout=min(left, _POLL_SECONDS))
            if done:
                return True

    def lower_priority(self) -> None:
        """Give fast requests a greater share of the processors than this worker."""
        with suppress(ProcessLookupError, PermissionError):  # the worker has ended, or the system forbids the change
            os.setpriority(os.PRIO_PROCESS, self.child.pid, NICENESS)

    def pause(self) -> None:
        """Stop the process until ``resume``."""
        os.kill(self.child.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let the process continue."""
        os.kill(self.child.pid, signal.SIGCONT)
