"""Starts the service: opens the data, starts the fork server, and serves until a signal stops it."""

import asyncio
import hashlib
import resource
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from scs_kg.exchange.reconcile import entity_index
from scs_kg.explorer.content import load_content
from scs_kg.explorer.matrix_pages import fill_caches
from scs_kg.judging.timeline import add_verdict_periods
from scs_kg.model.advice import Advice
from scs_kg.model.errors import EngineError, WrongUseError
from scs_kg.model.version import __version__
from scs_kg.server.app import ServiceSettings, application
from scs_kg.server.connections import ConnectionGuard, ConnectionLimits
from scs_kg.server.retirement import Retirement
from scs_kg.server.supervise import RETIRE, ServiceEvents, Supervisor
from scs_kg.server.worker import job_runner, worker
from scs_kg.server.worker_pool import WorkerLimits, WorkerPool
from scs_kg.server.worker_process import ELAPSED_FACTOR
from scs_kg.server.worker_state import WorkerState
from scs_kg.store import query_library
from scs_kg.store.describe import DescribedDataset
from scs_kg.store.isolation import ForkServer, address_space
from scs_kg.store.merge import merge_graphs
from scs_kg.store.transaction import fingerprint

ACCESS_LOG: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"timed": {"format": "%(asctime)s %(message)s", "datefmt": "%Y-%m-%dT%H:%M:%S%z"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "timed"}},
    "loggers": {
        "uvicorn.access": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn.error": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    },
}
"""The configuration of logging (``logging.config``): each request with its time, to standard error."""
BACKLOG: Final = 2048
"""The number of connections that wait to be accepted."""
OTHER_FILES: Final = 200
"""The number of open files reserved for other purposes than client connections."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """The host and port, and the public URL of the service (default: the same); port 0 means any free port."""

    host: str = "127.0.0.1"
    port: int = 8000
    url: str | None = None

    @property
    def local_url(self) -> str:
        """Return the URL at which this machine reaches the service."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - all addresses
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def public_url(self) -> str:
        """Return the public URL without a slash at its end."""
        return (self.url or self.local_url).rstrip("/")


@dataclass(frozen=True, slots=True)
class Operation:
    """Options of operation: the limits, whether requests are logged, and whether changed data is reloaded."""

    limits: WorkerLimits = field(default_factory=WorkerLimits)
    access_log: bool = False
    watch: bool = False


def serve(root: Path, address: ServerAddress, operation: Operation, events: Callable[[str], ServiceEvents]) -> None:
    """Serve a project folder over HTTP until SIGINT or SIGTERM; on SIGHUP, load the folder again.

    ``events`` returns the callbacks for a service at a URL.

    Raises:
        EngineError: the folder cannot be judged, or a process of the service was killed, so no query can run. A
            supervisor can start the service again.
        WrongUseError: the host and port cannot be used.
    """
    with _listener(address) as listener:
        bound = replace(address, port=listener.getsockname()[1])

        def run(channel: Connection) -> None:
            _serve_state(root, bound, operation, listener, channel)

        state = (lambda: _file_state(root)) if operation.watch else None
        Supervisor(run, events(bound.local_url), state).run()


def _serve_state(
    root: Path, address: ServerAddress, operation: Operation, listener: socket.socket, channel: Connection
) -> None:
    """Load the data and serve them until the process is stopped or retired, or its supervisor has ended."""
    limits, loaded = operation.limits, version(root)
    state = load_state(root, address.public_url, limits.answer_bytes)
    fork_server, killed = ForkServer(worker(state), address_space() + limits.memory_bytes), False
    guard = ConnectionGuard(_connection_limits())
    try:
        pool = WorkerPool(fork_server, limits)

        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            nonlocal killed
            await pool.open()
            ended = asyncio.ensure_future(asyncio.to_thread(fork_server.wait))
            ended.add_done_callback(lambda _: setattr(server, "should_exit", True))
            loop = asyncio.get_running_loop()
            retirement = Retirement(server, guard, ELAPSED_FACTOR * limits.seconds)
            loop.add_signal_handler(RETIRE, retirement.begin)
            loop.add_reader(channel.fileno(), retirement.stop)  # the supervisor has ended
            listener.listen(BACKLOG)  # connections wait here until uvicorn accepts them
            channel.send(None)
            yield
            loop.remove_reader(channel.fileno())
            killed = ended.done()
            await pool.close()

        app = application(job_runner(pool), ServiceSettings(loaded, state.home, lifespan, pool.gauges))
        server = uvicorn.Server(server_config(app, guard, access_log=operation.access_log))
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
    digest = fingerprint(root)[:12]
    content = load_content(root)
    fill_caches(content)
    dataset = content.edition().dataset
    add_verdict_periods(dataset, content.verdict_periods())
    questions = query_library.read_all(root)
    merged, entities = merge_graphs(dataset), entity_index(dataset)
    described = DescribedDataset(merged.dataset)
    quads = len(dataset.quads)
    return WorkerState(merged, described, entities, content, questions, max_answer, url, digest, quads)


@contextmanager
def _signals_stop_normally() -> Iterator[None]:
    """Ignore the signals that uvicorn raises again after it has handled them, so that the program ends normally."""
    previous = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def server_config(app: ASGIApp, guard: ConnectionGuard, *, access_log: bool = False) -> uvicorn.Config:
    """Return the configuration of uvicorn for an application whose connections are limited by a guard."""
    return uvicorn.Config(
        guard.guarded(app),
        http=guard.protocol_class(),
        ws="none",
        lifespan="on",
        log_level=None if access_log else "error",
        log_config=ACCESS_LOG if access_log else uvicorn.config.LOGGING_CONFIG,
        access_log=access_log,
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
        listener = socket.socket(family)  # the socket refuses connections until the first process listens
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address.host, address.port))
    except (OSError, OverflowError) as error:
        raise WrongUseError(
            f"cannot listen at {address.host} port {address.port}: {getattr(error, 'strerror', None) or error}",
            Advice("; choose another {option}", "host or --port"),
        ) from error
    return listener


def version(root: Path) -> str:
    """Return an identifier of the state of the data, which is a digest of the files and of the version of the code."""
    digest = hashlib.sha256(__version__.encode())
    for path in _files(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _file_state(root: Path) -> frozenset[tuple[str, int, int]]:
    """Return the name, the time of the last change and the size of each file, to detect changes."""
    states = set()
    for path in _files(root):
        with suppress(OSError):  # the file may have been removed since it was listed
            status = path.stat()
            states.add((path.as_posix(), status.st_mtime_ns, status.st_size))
    return frozenset(states)


def _files(root: Path) -> list[Path]:
    """Return the files of a project folder on which answers depend, in order."""
    found = (path for folder in ("ontology", "data", "queries") for path in sorted((root / folder).rglob("*")))
    return [path for path in found if path.suffix in {".csv", ".jsonld", ".rq", ".ttl"}]
