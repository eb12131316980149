"""Tests which workers of the fork server end and are replaced, and that fast requests never wait for slow ones."""

import asyncio
import faulthandler
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from scs_kg.model.errors import EngineError, WrongUseError
from scs_kg.server.worker_pool import BusyError, TimeLimitError, WorkerLimits, WorkerPool
from scs_kg.server.worker_process import ELAPSED_FACTOR
from scs_kg.store.isolation import HEADER_SIZE, ChildProcess, ForkServer, decode_header, decode_reply, encode_message
from scs_kg.store.isolation.child import receive

MEMORY = 8 << 30
SMALL = WorkerLimits(seconds=1.0, fast_workers=2, running=2, paused=4, queue=8)
PATIENT = replace(SMALL, seconds=20)
STRICT = replace(SMALL, seconds=0.4)


def work(request: bytes) -> bytes:
    """Run the command in the request; return the process id by default."""
    name, _, argument = request.decode().partition(" ")
    return COMMANDS[name](argument) if name in COMMANDS else str(os.getpid()).encode()


def _sleep(seconds: str) -> bytes:
    time.sleep(float(seconds))
    return str(os.getpid()).encode()


def _work(seconds: str) -> bytes:
    until = time.process_time() + float(seconds)
    while time.process_time() < until:
        pass
    return str(os.getpid()).encode()


def _crash(_: str) -> bytes:
    faulthandler.disable()  # disable the fault handler of pytest, which would report the expected crash
    os.abort()


def _refuse(_: str) -> bytes:
    raise WrongUseError("ask otherwise")


COMMANDS: dict[str, Callable[[str], bytes]] = {
    "sleep": _sleep,
    "work": _work,
    "spin": lambda _: _work("inf"),
    "crash": _crash,
    "wrong": _refuse,
    "fill": lambda _: bytes(1 << 40),
    "large": lambda _: bytes(5_000_000),
}


@pytest.fixture
def fork_server() -> Iterator[ForkServer]:
    made = ForkServer(work, MEMORY)
    yield made
    made.close()


def alive(pid: int) -> bool:
    """Return whether a process runs and is not a zombie."""
    with suppress(OSError):  # there is no file for a process that has ended
        return Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0] != "Z"
    return False


def until(true: Callable[[], bool]) -> bool:
    """Wait up to five seconds for a condition; return whether it is true."""
    for _ in range(100):
        if true():
            return True
        time.sleep(0.05)
    return False


def asked(child: ChildProcess, request: bytes) -> bytes:
    child.connection.sendall(encode_message(b"q", request))
    return decode_reply(*receive(child.connection))


# The fork server


def test_a_worker_answers_several_requests(fork_server: ForkServer) -> None:
    child = fork_server.start_worker()
    assert {asked(child, b"who") for _ in range(3)} == {str(child.pid).encode()}
    assert len(asked(child, b"large")) == 5_000_000
    with pytest.raises(WrongUseError, match=r"^ask otherwise$"):
        asked(child, b"wrong")
    with pytest.raises(EngineError, match="too much memory"):
        asked(child, b"fill")
    assert asked(child, b"who") == str(child.pid).encode()


def test_workers_are_separate_processes(fork_server: ForkServer) -> None:
    children = [fork_server.start_worker() for _ in range(3)]
    assert len({child.pid for child in children} | {os.getpid()}) == 4
    children[0].connection.sendall(encode_message(b"q", b"crash"))
    with pytest.raises(EOFError):
        receive(children[0].connection)
    assert asked(children[1], b"who")


def test_a_killed_worker_is_gone_also_if_it_is_busy(fork_server: ForkServer) -> None:
    child = fork_server.start_worker()
    child.connection.sendall(encode_message(b"q", b"spin"))
    assert alive(child.pid)
    fork_server.kill_worker(child)
    assert until(lambda: not alive(child.pid))


def test_a_closed_fork_server_leaves_no_process() -> None:
    made = ForkServer(work, MEMORY)
    children = [made.start_worker() for _ in range(3)]
    children[0].connection.sendall(encode_message(b"q", b"spin"))
    made.close()
    assert until(lambda: not any(alive(child.pid) for child in children))
    with pytest.raises(EngineError, match="cannot create a process"):
        made.start_worker()


def test_a_killed_owner_leaves_no_process() -> None:
    reader, writer = os.pipe()
    owner = os.fork()
    if not owner:
        made = ForkServer(work, MEMORY)
        child = made.start_worker()
        child.connection.sendall(encode_message(b"q", b"spin"))
        os.write(writer, child.pid.to_bytes(4, "big"))
        os._exit(9)
    pid = int.from_bytes(os.read(reader, 4), "big")
    os.waitpid(owner, 0)
    assert until(lambda: not alive(pid))
    os.close(reader)
    os.close(writer)


def test_a_message_survives_encoding() -> None:
    message = encode_message(b"a", b"xyz")
    assert decode_header(message[:HEADER_SIZE]) == (b"a", 3)


# The pool


def pooled(fork_server: ForkServer, limits: WorkerLimits, body: Callable[[WorkerPool], Awaitable[None]]) -> None:
    """Run a coroutine with an open pool."""

    async def run() -> None:
        pool = WorkerPool(fork_server, limits)
        await pool.open()
        try:
            await body(pool)
        finally:
            await pool.close()

    asyncio.run(run())


def test_workers_are_reused(fork_server: ForkServer) -> None:
    async def body(pool: WorkerPool) -> None:
        assert len({await pool.run(b"who") for _ in range(20)}) <= SMALL.fast_workers

    pooled(fork_server, SMALL, body)


def test_a_request_is_stopped_at_its_time_limit(fork_server: ForkServer) -> None:
    async def body(pool: WorkerPool) -> None:
        started = time.monotonic()
        with pytest.raises(
            TimeLimitError, match=r"^the query was stopped after 0\.4 s; make it more specific or page it$"
        ):
            await pool.run(b"spin")
        assert STRICT.seconds <= time.monotonic() - started < STRICT.seconds * ELAPSED_FACTOR + 1
        assert await pool.run(b"who")

    pooled(fork_server, STRICT, body)


def test_the_time_limit_counts_work_so_that_other_processes_cannot_use_it_up(fork_server: ForkServer) -> None:
    async def body(pool: WorkerPool) -> None:
        pid = int(await pool.run(b"who"))
        asking = asyncio.ensure_future(pool.run(b"work 0.5"))
        await asyncio.sleep(0.1)
        os.kill(pid, signal.SIGSTOP)  # simulates that other processes use all processors
        await asyncio.sleep(2 * SMALL.seconds)
        os.kill(pid, signal.SIGCONT)
        assert await asking == str(pid).encode()

    pooled(fork_server, replace(SMALL, fast_workers=1), body)


def test_a_request_that_waits_without_work_is_stopped_too(fork_server: ForkServer) -> None:
    async def body(pool: WorkerPool) -> None:
        with pytest.raises(TimeLimitError):
            await pool.run(b"sleep 60")

    pooled(fork_server, replace(SMALL, seconds=0.2), body)


def test_a_crashed_worker_is_an_error_and_is_replaced(fork_server: ForkServer) -> None:
    async def body(pool: WorkerPool) -> None:
        for _ in range(2 * SMALL.fast_workers):
            with pytest.raises(
                EngineError,
                match=r"^the query crashed the query engine; it is nested",
            ):
                await pool.run(b"crash")
        assert await pool.run(b"who")

    pooled(fork_server, SMALL, body)


def test_an_error_answer_keeps_the_worker(fork_server: ForkServer) -> None:
    async def body(pool: WorkerPool) -> None:
        before = {await pool.run(b"who") for _ in range(10)}
        with pytest.raises(WrongUseError):
            await pool.run(b"wrong")
        assert {await pool.run(b"who") for _ in range(10)} <= before

    pooled(fork_server, WorkerLimits(seconds=1, fast_workers=1), body)


@pytest.mark.slow
def test_fast_requests_do_not_wait_for_slow_ones(fork_server: ForkServer) -> None:
    async def body(pool: WorkerPool) -> None:
        slow = [asyncio.ensure_future(pool.run(b"spin")) for _ in range(SMALL.running + SMALL.paused)]
        await asyncio.sleep(0.3)
        started = time.monotonic()
        assert await asyncio.wait_for(pool.run(b"who"), 3)
        assert time.monotonic() - started < 3
        results = await asyncio.gather(*slow, return_exceptions=True)
        assert all(isinstance(result, TimeLimitError | BusyError) for result in results)
        assert any(isinstance(result, TimeLimitError) for result in results)

    pooled(fork_server, replace(SMALL, seconds=4), body)


def test_slow_tasks_do_not_wait_for_queries_that_never_end(fork_server: ForkServer) -> None:
    async def body(pool: WorkerPool) -> None:
        queries = [asyncio.ensure_future(pool.run(b"spin")) for _ in range(PATIENT.running + PATIENT.paused)]
        await asyncio.sleep(0.3)
        with pytest.raises(BusyError, match="slow queries are running or waiting"):
            await pool.run(b"work 0.1")
        answered = asyncio.gather(*(pool.run(b"work 0.1", is_query=False) for _ in range(PATIENT.running + 1)))
        assert len(set(await asyncio.wait_for(answered, 10))) == PATIENT.running + 1
        assert not any(query.done() for query in queries)
        for query in queries:
            query.cancel()
        await asyncio.gather(*queries, return_exceptions=True)

    pooled(fork_server, PATIENT, body)


def test_slow_requests_run_in_turn_and_are_all_answered(fork_server: ForkServer) -> None:
    async def body(pool: WorkerPool) -> None:
        answers = await asyncio.gather(*(pool.run(b"work 0.1") for _ in range(SMALL.running + SMALL.paused)))
        assert len(set(answers)) == len(answers)

    pooled(fork_server, replace(SMALL, seconds=20), body)


@pytest.mark.slow
def test_requests_beyond_the_queue_are_refused(fork_server: ForkServer) -> None:
    async def body(pool: WorkerPool) -> None:
        results = await asyncio.gather(*(pool.run(b"spin") for _ in range(40)), return_exceptions=True)
        messages = {str(result) for result in results if isinstance(result, BusyError)}
        assert any("requests are waiting; try again in a second" in text for text in messages)
        assert await pool.run(b"who")

    pooled(fork_server, SMALL, body)


def test_a_cancelled_request_leaves_no_worker_behind(fork_server: ForkServer) -> None:
    async def body(pool: WorkerPool) -> None:
        asking = asyncio.ensure_future(pool.run(b"spin"))
        await asyncio.sleep(0.2)
        asking.cancel()
        with suppress(asyncio.CancelledError):  # the request is cancelled on purpose; its effects are tested below
            await asking
        assert await pool.run(b"who")
        with pytest.raises(TimeLimitError):
            await pool.run(b"spin")

    pooled(fork_server, STRICT, body)


def test_a_request_that_uses_no_cpu_time_is_not_slow(fork_server: ForkServer) -> None:
    async def body(pool: WorkerPool) -> None:
        answers = await asyncio.gather(*(pool.run(b"sleep 0.15") for _ in range(6)))
        assert len(set(answers)) <= SMALL.fast_workers

    pooled(fork_server, SMALL, body)


def test_a_large_answer_is_complete(fork_server: ForkServer) -> None:
    async def body(pool: WorkerPool) -> None:
        assert await pool.run(b"large") == bytes(5_000_000)

    pooled(fork_server, SMALL, body)


# Affinity


def test_slow_requests_with_one_affinity_share_a_worker(fork_server: ForkServer) -> None:
    async def body(pool: WorkerPool) -> None:
        answers = [await pool.run(b"work 0.1", affinity) for affinity in ("a", "b", "a", "b", "a")]
        assert answers[0] == answers[2] == answers[4]
        assert answers[1] == answers[3] != answers[0]
        assert await pool.run(b"who", "a") == answers[0]
        assert await pool.run(b"who") not in answers

    pooled(fork_server, PATIENT, body)


def test_requests_with_one_affinity_run_one_after_the_other(fork_server: ForkServer) -> None:
    async def body(pool: WorkerPool) -> None:
        answers = await asyncio.gather(*(pool.run(b"work 0.1", "a") for _ in range(4)))
        assert len(set(answers)) == 1

    pooled(fork_server, PATIENT, body)


def test_the_worker_whose_affinity_was_used_least_recently_is_ended(fork_server: ForkServer) -> None:
    async def body(pool: WorkerPool) -> None:
        first = {name: await pool.run(b"work 0.1", name) for name in ("a", "b")}
        await pool.run(b"who", "a")
        await pool.run(b"work 0.1", "c")
        assert await pool.run(b"who", "a") == first["a"]
        assert until(lambda: not alive(int(first["b"])))
        assert await pool.run(b"who", "b") != first["b"]

    pooled(fork_server, replace(PATIENT, kept=2), body)


def test_a_worker_that_was_killed_while_it_was_kept_is_replaced(fork_server: ForkServer) -> None:
    async def body(pool: WorkerPool) -> None:
        kept = await pool.run(b"work 0.1", "a")
        os.kill(int(kept), signal.SIGKILL)
        await asyncio.sleep(0.2)
        assert await pool.run(b"who", "a") != kept

    pooled(fork_server, PATIENT, body)


@pytest.mark.slow
def test_a_worker_that_reached_its_limit_is_not_kept(fork_server: ForkServer) -> None:
    async def body(pool: WorkerPool) -> None:
        kept = await pool.run(b"work 0.1", "a")
        with pytest.raises(TimeLimitError):
            await pool.run(b"spin", "a")
        assert await pool.run(b"who", "a") != kept

    pooled(fork_server, replace(SMALL, seconds=5), body)
