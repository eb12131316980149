"""Opens the data, forks the nursery, and serves until it is told to stop."""

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

from scs_kg import __version__
from scs_kg.exchange.reconcile import entity_index
from scs_kg.explorer.content import load_content
from scs_kg.explorer.matrix_pages import fill_caches
from scs_kg.judging.timeline import add_verdict_periods
from scs_kg.model.errors import EngineError, WrongUseError
from scs_kg.server.app import Ask, application
from scs_kg.server.connections import ConnectionGuard, ConnectionLimits
from scs_kg.server.jobs import Job, Reply, of_error
from scs_kg.server.tasks import worker
from scs_kg.server.worker_pool import BusyError, Limits, Pool, StoppedError
from scs_kg.server.worker_state import WorkerState
from scs_kg.store.isolation import ForkServer, address_space

OTHER_FILES: Final = 200
"""Open files that are kept for other things than connections of clients."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where to listen, and the address by which the public knows the service, by default the same."""

    host: str = "127.0.0.1"
    port: int = 8000
    url: str | None = None


def serve(root: Path, place: ServerAddress, limits: Limits, tell: Callable[[str], None]) -> None:
    """Serve a project folder over HTTP until SIGINT or SIGTERM; ``tell`` gets the address once it can be asked.

    Raises:
        EngineError: the nursery, without which nothing can be answered, was killed; a supervisor may start it anew.
        WrongUseError: nothing can listen at the host and port.
        BadFileError, EmptyInputError: the folder cannot be opened or judged.
    """
    book = load_content(root)
    fill_caches(book)
    dataset = book.edition().dataset
    add_verdict_periods(dataset, book.verdict_periods())
    address = (place.url or f"http://{place.host}:{place.port}").rstrip("/")
    world = WorkerState(dataset, entity_index(dataset), limits.answer, address, [book])
    nursery, orphaned = ForkServer(worker(world), address_space() + limits.memory), False
    try:
        listener = _listener(place)
        pool = Pool(nursery, limits)

        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            nonlocal orphaned
            await pool.open()
            lost = asyncio.ensure_future(asyncio.to_thread(nursery.wait))
            lost.add_done_callback(lambda _: setattr(server, "should_exit", True))
            tell(f"http://{place.host}:{listener.getsockname()[1]}")
            yield
            orphaned = lost.done()
            await pool.close()

        server = uvicorn.Server(server_config(application(asking(pool), version(root), lifespan), _connection_limits()))
        with _told_to_stop():
            server.run(sockets=[listener])
        if orphaned:
            raise EngineError("the process that runs the queries was killed, perhaps for want of memory; serve again")
    finally:
        nursery.close()


@contextmanager
def _told_to_stop() -> Iterator[None]:
    """While it lasts, to be told to stop is the normal end: the server heeds it, and then raises it once more."""
    kept = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in kept.items():
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
    """Return the default limits; with fewer connections where the system does not allow as many open files."""
    connections = ConnectionLimits().connections
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + OTHER_FILES
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return ConnectionLimits(connections=min(connections, soft - OTHER_FILES))


def _listener(place: ServerAddress) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
        return socket.create_server((place.host, place.port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        raise WrongUseError(
            f"nothing can listen at {place.host} port {place.port}: {error}; choose another --host or --port"
        ) from error


def version(root: Path) -> str:
    """Return what names the state of the data: a digest of its files and of the version of the code."""
    digest = hashlib.sha256(__version__.encode())
    for folder in ("ontology", "data", "queries"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".ttl", ".rq"}:
                digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def asking(pool: Pool) -> Ask:
    """Return how to have a job done by a pool; what the pool refuses or stops becomes a problem."""

    async def ask(job: Job) -> Reply:
        try:
            return Reply.decoded(await pool.ask(job.encoded()))
        except BusyError as error:
            return of_error(error, 503)
        except StoppedError as error:
            return of_error(error, 504)
        except EngineError as error:
            return of_error(error, 500)

    return ask
