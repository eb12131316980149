"""The service as it runs: its connections, its limits, and the clients that people use."""

import asyncio
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

import pytest
import uvicorn
from click.testing import CliRunner
from rdflib import Graph
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, POSTDIRECTLY, TURTLE, XML, SPARQLWrapper
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from scs_kg.cli import cli
from scs_kg.model.errors import WrongUseError
from scs_kg.server.connections import ConnectionLimits
from scs_kg.server.serve import ServerAddress, serve, server_config, version
from scs_kg.server.worker_pool import WorkerLimits
from scs_kg.store import Dataset
from tests.conftest import ROOT
from tests.support.asgi import Client
from tests.support.served import Service, served

SYSTEMS = "PREFIX scs: <https://w3id.org/scs-kg/ontology#> SELECT ?s { ?s a scs:SocialCreditSystem } ORDER BY ?s"


@pytest.fixture(scope="module")
def service(shared_world: Path) -> Iterator[Service]:
    with served(shared_world, "--timeout", "1") as running:
        yield running


# What clients do


@pytest.mark.parametrize("method", ["GET", POST])
@pytest.mark.parametrize("form", [JSON, XML, CSV])
def test_sparqlwrapper_asks(service: Service, method: str, form: str) -> None:
    client = SPARQLWrapper(f"{service.url}/sparql")
    client.setMethod(method)
    client.setReturnFormat(form)
    client.setQuery(SYSTEMS)
    got = client.query()
    assert form in got.info()["content-type"]
    written = got.response.read().decode()
    assert written.count("https://w3id.org/scs-kg/system/") == 3


def test_sparqlwrapper_asks_for_a_graph_by_the_body(service: Service) -> None:
    client = SPARQLWrapper(f"{service.url}/sparql")
    client.setMethod(POST)
    client.setRequestMethod(POSTDIRECTLY)
    client.setReturnFormat(TURTLE)
    client.addDefaultGraph("https://w3id.org/scs-kg/graph/data/places")
    client.setQuery("CONSTRUCT WHERE { ?s ?p ?o }")
    assert len(Graph().parse(data=client.query().response.read(), format="turtle")) > 10


def test_the_sparql_store_of_rdflib_asks(service: Service) -> None:
    graph = Graph(SPARQLStore(f"{service.url}/sparql"))
    assert len(list(graph.query(SYSTEMS))) == 3
    assert (None, None, None) in graph


def test_rdflib_follows_a_name_to_its_document(service: Service) -> None:
    assert len(Graph().parse(f"{service.url}/system/alpha")) > 10


def test_curl_asks(service: Service) -> None:
    curl = shutil.which("curl")
    assert curl, "curl is on every machine that tests this"
    asked = (curl, "-sS", "-H", "Accept: text/csv", f"{service.url}/sparql", "--data-urlencode", f"query={SYSTEMS}")
    assert subprocess.run(asked, check=True, capture_output=True).stdout.count(b"\r\n") == 4
    followed = (curl, "-sSL", "-H", "Accept: text/turtle", f"{service.url}/system/alpha")
    assert b"sys:alpha" in subprocess.run(followed, check=True, capture_output=True).stdout


@pytest.mark.slow(seconds=40)
def test_comunica_asks(service: Service, tmp_path: Path) -> None:
    npm = shutil.which("npm")
    assert npm, "npm is missing; Comunica cannot be installed without it"
    subprocess.run((npm, "install", "--silent", "@comunica/query-sparql@^4"), cwd=tmp_path, check=True, timeout=600)
    command = tmp_path / "node_modules" / ".bin" / "comunica-sparql"
    asked = (str(command), f"sparql@{service.url}/sparql", SYSTEMS, "-t", "application/sparql-results+json")
    found = json.loads(subprocess.run(asked, check=True, capture_output=True, timeout=120, cwd=tmp_path).stdout)
    assert len(found["results"]["bindings"]) == 3


# What it does in itself


def test_one_connection_takes_one_request_after_the_other(service: Service) -> None:
    request = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nhost: x\r\n\r\n"
    with service.open() as line:
        for sent in (request, request, 2 * request):
            line.sendall(sent)
            got = b""
            while got.count(b'"boolean":true}') < sent.count(b"GET"):
                got += line.recv(4096)


def test_a_query_is_stopped_at_its_limit_and_others_go_on(service: Service) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(8)) + " }"
    answers: list[tuple[int, bytes]] = []
    asking = threading.Thread(target=lambda: answers.append(service.sparql(endless)))
    asking.start()
    while asking.is_alive():
        started = time.monotonic()
        assert service.sparql("ASK {}")[0] == 200
        assert time.monotonic() - started < 1
    asking.join()
    status, body = answers[0]
    assert status == 504
    assert "stopped after 1 s" in json.loads(body)["detail"]


def test_a_crash_of_the_engine_is_a_problem_and_no_more(service: Service) -> None:
    status, body = service.ask(
        "/sparql",
        "POST",
        headers={"content-type": "application/sparql-query"},
        body=b"SELECT * " + b"{" * 30 + b"}" * 30,
    )
    assert status in {200, 500}
    assert b"Traceback" not in body
    assert service.sparql("ASK {}")[0] == 200


def test_bytes_that_are_no_request_are_refused(service: Service) -> None:
    for sent in (b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nx\x00y: z\r\n\r\n", b"\x16\x03\x01" * 20):
        with service.open() as line:
            line.sendall(sent)
            assert line.recv(100).startswith(b"HTTP/1.1 400")


def test_the_version_changes_with_the_data(world: Path) -> None:
    before = version(world)
    assert version(world) == before
    path = world / "data" / "places.ttl"
    path.write_text(path.read_text("utf-8") + "# a remark\n", "utf-8")
    assert version(world) != before


def test_where_nothing_can_listen_is_told(shared_world: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(WrongUseError, match=f"cannot listen at 127.0.0.1 port {port}"):
            serve(shared_world, ServerAddress(port=port), WorkerLimits(), lambda _: None)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--url", "data.example.org"),
        ("--url", "https://x> . <y"),
        ("--url", "javascript:alert(1)"),
        ("--port", "65536"),
        ("--timeout", "0"),
        ("--memory", "1"),
        ("--answer", "x"),
    ],
)
def test_wrong_options_are_refused_in_one_line(option: str, value: str, shared_world: Path) -> None:
    found = CliRunner().invoke(cli, ["serve", "--root", str(shared_world), option, value])
    assert found.exit_code == 2
    assert option in found.stderr
    assert value in found.stderr


def test_the_command_line_does_without_the_web() -> None:
    loads = "import sys; from click import Context; from scs_kg.cli import cli; cli.get_help(Context(cli))"
    check = f"{loads}; sys.exit(bool({{'starlette', 'uvicorn', 'scs_kg.web'}} & sys.modules.keys()))"
    subprocess.run((sys.executable, "-c", check), check=True, cwd=ROOT)


def children(pid: int) -> list[int]:
    """Return the numbers of the processes that a process has forked."""
    return [int(number) for number in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


def is_alive(pid: int) -> bool:
    """Tell whether a process is there and not one that only waits to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _hold(service: Service) -> None:
    """Ask what has no end, of a service that may end before it answers."""
    with suppress(OSError, HTTPException):
        service.sparql("SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(8)) + " }")


def test_without_its_nursery_the_service_ends_and_says_why(shared_world: Path) -> None:
    """Nothing could be answered any more; who watches over the service starts it anew."""
    command = (sys.executable, "-m", "scs_kg", "serve", "--root", str(shared_world), "--port", "0")
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        port = int(process.stderr.readline().rsplit(":", 1)[1])
        asking = threading.Thread(target=_hold, args=(Service("127.0.0.1", port, process.pid),))
        asking.start()
        time.sleep(1)
        (nursery,) = children(process.pid)
        workers = children(nursery)
        assert len(workers) > WorkerLimits().fast_workers
        os.kill(nursery, signal.SIGKILL)
        _, said = process.communicate(timeout=30)
    asking.join()
    assert process.returncode == 1
    end = time.monotonic() + 10
    while any(map(is_alive, workers)):
        assert time.monotonic() < end, "a worker outlives the service"
        time.sleep(0.1)
    assert said == (
        "scs-kg: the process that starts the query workers was killed, perhaps because memory ran out; start again\n"
    )


# Connections, with limits that are short enough to wait for


@contextmanager
def limited(app: ASGIApp) -> Iterator[int]:
    """Serve an application in a thread, with short time limits and at most five connections; yield the port."""
    config = server_config(app, ConnectionLimits(request_seconds=0.5, read_seconds=0.5, connections=5))
    config.timeout_keep_alive = 30
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join()


@pytest.fixture
def short(judged_world: Dataset) -> Iterator[int]:
    """Serve the invented world with short limits; yield the port."""
    with limited(Client(judged_world, max_answer=32 << 20).app) as port:
        yield port


def closed_within(line: socket.socket, seconds: float) -> bytes:
    """Return what comes until the other end closes, which it must do in time.

    The system keeps the time: a socket of Python's with a timeout asks poll(2), which fails while a query that runs in
    this process may open no file.
    """
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", int(seconds), int(seconds % 1 * 1e6)))
    got = b""
    try:
        while part := line.recv(65536):
            got += part
    except ConnectionResetError:
        pass
    return got


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"POST /sparql HTTP/1.1\r\ncontent-length: 9\r\n\r\nASK"])
def test_a_request_that_does_not_arrive_ends_its_connection(short: int, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", short)) as line:
        line.sendall(sent)
        assert closed_within(line, 5) == b""


def test_a_head_without_end_is_refused(short: int) -> None:
    with socket.create_connection(("127.0.0.1", short)) as line:
        line.sendall(b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 6_000)
        assert closed_within(line, 5).startswith(b"HTTP/1.1 431 ")


def test_a_body_may_be_longer_than_a_head(short: int) -> None:
    with socket.create_connection(("127.0.0.1", short)) as line:
        head = b"POST /sparql HTTP/1.1\r\ncontent-type: application/sparql-query\r\nconnection: close\r\n"
        body = b"ASK {} #" + b"x" * 60_000
        line.sendall(head + b"content-length: %d\r\n\r\n" % len(body) + body)
        assert closed_within(line, 5).startswith(b"HTTP/1.1 200 ")


def test_who_does_not_read_is_left(short: int) -> None:
    with socket.create_connection(("127.0.0.1", short)) as line:
        line.sendall(b"GET /sparql?query=SELECT%20*%7B?a%20?b%20?c.?d%20?e%20?f%7DLIMIT%2030000 HTTP/1.1\r\n\r\n")
        time.sleep(3)
        assert not closed_within(line, 5).endswith(b"}}")


def test_the_one_that_waits_longest_makes_room(short: int) -> None:
    lines = [socket.create_connection(("127.0.0.1", short)) for _ in range(20)]
    try:
        with socket.create_connection(("127.0.0.1", short)) as line:
            line.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nconnection: close\r\n\r\n")
            assert closed_within(line, 5).startswith(b"HTTP/1.1 200 ")
        assert closed_within(lines[0], 0.4) == b""
    finally:
        for line in lines:
            line.close()


ASK = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nhost: x\r\n"


def test_the_next_request_on_a_connection_must_arrive_in_time_too(short: int) -> None:
    with socket.create_connection(("127.0.0.1", short)) as line:
        line.sendall(ASK + b"\r\nGET / HT")
        assert closed_within(line, 5).startswith(b"HTTP/1.1 200 ")


def test_a_connection_is_used_again_within_the_time_limit_of_each_request(short: int) -> None:
    with socket.create_connection(("127.0.0.1", short)) as line:
        for _ in range(4):
            time.sleep(0.3)
            line.sendall(ASK + b"\r\n")
            got = b""
            while not got.endswith(b"true}"):
                got += line.recv(4096)


def test_a_client_that_sends_a_long_head_during_an_answer_is_cut_off() -> None:
    async def slow(_: Request) -> Response:
        await asyncio.sleep(2)
        return Response("late")

    with (
        limited(Starlette(routes=[Route("/", slow)])) as port,
        socket.create_connection(("127.0.0.1", port)) as line,
    ):
        line.sendall(b"GET / HTTP/1.1\r\n\r\n")
        time.sleep(0.1)
        line.sendall(b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 6_000)
        assert closed_within(line, 1) == b""


def test_a_connection_whose_body_is_not_read_is_closed_after_the_answer(short: int) -> None:
    with socket.create_connection(("127.0.0.1", short)) as line:
        line.sendall(b"POST /api/compare HTTP/1.1\r\ncontent-length: 90000\r\n\r\n" + b"x" * 40_000)
        got = closed_within(line, 5)
        assert got.startswith(b"HTTP/1.1 405 ")
        assert b"connection: close" in got


def test_hundreds_of_idle_connections_leave_answers_fast(service: Service) -> None:
    lines = [service.open() for _ in range(700)]
    try:
        started = time.monotonic()
        assert service.sparql("ASK {}")[0] == 200
        assert time.monotonic() - started < 1
    finally:
        for line in lines:
            line.close()
