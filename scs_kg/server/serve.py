"""Starts the service: opens the data, starts the fork server, and serves until a signal stops it."""

import asyncio
import hashlib
import resource
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from scs_kg.exchange.reconcile import entity_index
from scs_kg.explorer.content import load_content
from scs_kg.explorer.matrix_pages import fill_caches
from scs_kg.judging.timeline import add_verdict_periods
from scs_kg.model.errors import EngineError, WrongUseError
from scs_kg.model.version import __version__
from scs_kg.server.app import RunJob, ServiceSettings, application
from scs_kg.server.connections import ConnectionGuard, ConnectionLimits
from scs_kg.server.jobs import Job, Reply, error_problem
from scs_kg.server.worker import worker
from scs_kg.server.worker_pool import BusyError, TimeLimitError, WorkerLimits, WorkerPool
from scs_kg.server.worker_state import WorkerState
from scs_kg.store import query_library
from scs_kg.store.isolation import ForkServer, address_space
from scs_kg.store.merge import merge_graphs

OTHER_FILES: Final = 200
"""The number of open files reserved for other purposes than client connections."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where to listen, and the public URL of the service, by default the same."""

    host: str = "127.0.0.1"
    port: int = 8000
    url: str | None = None

    @property
    def public_url(self) -> str:
        """Return the public URL without a slash at its end."""
        return (self.url or f"http://{self.host}:{self.port}").rstrip("/")


def serve(root: Path, address: ServerAddress, limits: WorkerLimits, on_ready: Callable[[str], None]) -> None:
    """Serve a project folder over HTTP until SIGINT or SIGTERM; call ``on_ready`` with the URL when requests can come.

    Raises:
        EngineError: the fork server was killed, so no query can run. A supervisor can start the service again.
        WrongUseError: the host and port cannot be used.
        BadFileError, EmptyInputError: the folder cannot be opened or judged.
    """
    state = load_state(root, address.public_url, limits.answer_bytes)
    fork_server, killed = ForkServer(worker(state), address_space() + limits.memory_bytes), False
    try:
        listener = _listener(address)
        pool = WorkerPool(fork_server, limits)

        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            nonlocal killed
            await pool.open()
            ended = asyncio.ensure_future(asyncio.to_thread(fork_server.wait))
            ended.add_done_callback(lambda _: setattr(server, "should_exit", True))
            on_ready(f"http://{address.host}:{listener.getsockname()[1]}")
            yield
            killed = ended.done()
            await pool.close()

        app = application(job_runner(pool), ServiceSettings(version(root), state.home, lifespan, pool.gauges))
        server = uvicorn.Server(server_config(app, _connection_limits()))
        with _signals_stop_normally():
            server.run(sockets=[listener])
        if killed:
            raise EngineError(
                "the process that starts the query workers was killed, perhaps because memory ran out; start again"
            )
    finally:
        fork_server.close()


def load_state(root: Path, url: str, max_answer: int) -> WorkerState:
    """Open and judge a project folder, and compute the data that all workers share."""
    content = load_content(root)
    fill_caches(content)
    dataset = content.edition().dataset
    add_verdict_periods(dataset, content.verdict_periods())
    questions = query_library.read_all(root)
    return WorkerState(merge_graphs(dataset), entity_index(dataset), content, questions, max_answer, url)


@contextmanager
def _signals_stop_normally() -> Iterator[None]:
    """Ignore the signals that uvicorn raises again after it has handled them, so that they end the program normally."""
    previous = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def server_config(app: ASGIApp, limits: ConnectionLimits) -> uvicorn.Config:
    """Return the configuration of uvicorn for an application whose connections are limited."""
    guard = ConnectionGuard(limits)
    return uvicorn.Config(
        guard.guarded(app),
        http=guard.protocol_class(),
        ws="none",
        lifespan="on",
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=5,
    )


def _connection_limits() -> ConnectionLimits:
    """Return the default limits, with fewer connections if the system does not allow as many open files."""
    connections = ConnectionLimits().connections
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + OTHER_FILES
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return ConnectionLimits(connections=min(connections, soft - OTHER_FILES))


def _listener(address: ServerAddress) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        return socket.create_server((address.host, address.port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        raise WrongUseError(
            f"cannot listen at {address.host} port {address.port}: {error}; choose another --host or --port"
        ) from error


def version(root: Path) -> str:
    """Return an identifier of the state of the data: a digest of its files and of the version of the code."""
    digest = hashlib.sha256(__version__.encode())
    for folder in ("ontology", "data", "queries"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".csv", ".rq", ".ttl"}:
                digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def job_runner(pool: WorkerPool) -> RunJob:
    """Return the function that runs a job in a pool; a job that the pool refuses or stops gets a problem as reply."""

    async def run_job(job: Job) -> Reply:
        try:
            return Reply.decoded(await pool.run(job.encoded(), job.affinity))
        except BusyError as error:
            return error_problem(error, 503)
        except TimeLimitError as error:
            return error_problem(error, 504)
        except EngineError as error:
            return error_problem(error, 500)

    return run_job
