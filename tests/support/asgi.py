"""Calls the application in this process, without a network."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from starlette.applications import Starlette

from scs_kg.exchange.reconcile import entity_index
from scs_kg.explorer.content import SiteContent, load_content
from scs_kg.server.app import ServiceSettings, application
from scs_kg.server.jobs import Job, Reply
from scs_kg.server.worker import run
from scs_kg.server.worker_state import WorkerState
from scs_kg.store import Dataset, query_library
from scs_kg.store.describe import DescribedDataset
from scs_kg.store.merge import merge_graphs
from scs_kg.store.transaction import fingerprint

VERSION = "1234"


@dataclass(frozen=True, slots=True)
class Got:
    """A response."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)

    @property
    def type(self) -> str:
        """Return the media type without parameters."""
        return self.headers["content-type"].partition(";")[0]


@cache
def site_content(root: Path) -> SiteContent:
    """Return the content of the explorer pages of a project folder."""
    return load_content(root)


def worker_state(dataset: Dataset, max_answer: int) -> WorkerState:
    """Return the state of a worker that serves a judged dataset."""
    content = site_content(dataset.root)
    questions = query_library.read_all(dataset.root)
    url = "https://data.example.org/scs"
    digest = fingerprint(dataset.root)[:12]
    merged, entities = merge_graphs(dataset), entity_index(dataset)
    described = DescribedDataset(merged.dataset)
    quads = len(merged.dataset.quads)
    return WorkerState(merged, described, entities, content, questions, max_answer, url, digest, quads)


class Client:
    """A client of the application. Jobs run in this process; the client records their number and the last affinity.

    Each client has a separate application with a separate cache.
    """

    def __init__(self, dataset: Dataset, max_answer: int = 1 << 20, state: WorkerState | None = None) -> None:
        """Create a client for a judged dataset, with a limit on responses in bytes, or for a given state."""
        self.state = state or worker_state(dataset, max_answer)
        self.jobs = 0
        self.affinity: str | None = None
        self.app = application(self._run, ServiceSettings(VERSION, self.state.home))

    async def _run(self, job: Job) -> Reply:
        self.jobs += 1
        self.affinity = job.affinity
        return Reply.decoded(run(self.state, Job.decoded(job.encoded())).encoded())

    def get(self, path: str, accept: str | None = None, **params: str | list[str]) -> Got:
        """Send a GET request; underscores in names of parameters become hyphens."""
        named = {name.replace("_", "-"): value for name, value in params.items()}
        headers = {"accept": accept} if accept is not None else {}
        return request(self.app, "GET", path, urlencode(named, doseq=True), headers=headers)

    def sparql(self, query: str, accept: str | None = None, **params: str | list[str]) -> Got:
        """Send a query by GET."""
        return self.get("/sparql", accept, query=query, **params)


def request(
    app: Starlette,
    method: str,
    path: str,
    query: str = "",
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> Got:
    """Send a request to an application and return the response."""
    return asyncio.run(_request(app, _scope(method, path, query, headers or {}), body))


def _scope(method: str, path: str, query: str, headers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


async def _request(app: Starlette, scope: dict[str, Any], body: bytes) -> Got:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = next(message for message in sent if message["type"] == "http.response.start")
    content = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return Got(start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, content)
