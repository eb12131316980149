"""Tests the running service: common clients, limits, and the end of the service."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner
from rdflib import Graph
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, POSTDIRECTLY, TURTLE, XML, SPARQLWrapper

from scs_kg.cli import cli
from scs_kg.model.errors import WrongUseError
from scs_kg.server.serve import Operation, ServerAddress, serve, version
from scs_kg.server.supervise import ServiceEvents
from scs_kg.server.worker_pool import WorkerLimits
from tests.conftest import ROOT
from tests.support.served import Service, served

SYSTEMS = "PREFIX scs: <https://w3id.org/scs-kg/ontology#> SELECT ?s { ?s a scs:SocialCreditSystem } ORDER BY ?s"


@pytest.fixture(scope="module")
def service(shared_world: Path) -> Iterator[Service]:
    with served(shared_world, "--timeout", "1") as running:
        yield running


# Clients


@pytest.mark.parametrize("method", ["GET", POST])
@pytest.mark.parametrize("form", [JSON, XML, CSV])
def test_sparqlwrapper_sends_queries(service: Service, method: str, form: str) -> None:
    client = SPARQLWrapper(f"{service.url}/sparql")
    client.setMethod(method)
    client.setReturnFormat(form)
    client.setQuery(SYSTEMS)
    got = client.query()
    assert form in got.info()["content-type"]
    written = got.response.read().decode()
    assert written.count("https://w3id.org/scs-kg/system/") == 3


def test_sparqlwrapper_posts_a_construct_query(service: Service) -> None:
    client = SPARQLWrapper(f"{service.url}/sparql")
    client.setMethod(POST)
    client.setRequestMethod(POSTDIRECTLY)
    client.setReturnFormat(TURTLE)
    client.addDefaultGraph("https://w3id.org/scs-kg/graph/data/places")
    client.setQuery("CONSTRUCT WHERE { ?s ?p ?o }")
    assert len(Graph().parse(data=client.query().response.read(), format="turtle")) > 10


def test_the_sparql_store_of_rdflib_sends_queries(service: Service) -> None:
    graph = Graph(SPARQLStore(f"{service.url}/sparql"))
    assert len(list(graph.query(SYSTEMS))) == 3
    assert (None, None, None) in graph


def test_rdflib_follows_an_iri_to_its_document(service: Service) -> None:
    assert len(Graph().parse(f"{service.url}/system/alpha")) > 10


def test_curl_sends_requests(service: Service) -> None:
    curl = shutil.which("curl")
    assert curl, "curl is missing; install it"
    asked = (curl, "-sS", "-H", "Accept: text/csv", f"{service.url}/sparql", "--data-urlencode", f"query={SYSTEMS}")
    assert subprocess.run(asked, check=True, capture_output=True).stdout.count(b"\r\n") == 4
    followed = (curl, "-sSL", "-H", "Accept: text/turtle", f"{service.url}/system/alpha")
    assert b"sys:alpha" in subprocess.run(followed, check=True, capture_output=True).stdout


@pytest.mark.slow(seconds=40)
def test_comunica_sends_queries(service: Service, tmp_path: Path) -> None:
    npm = shutil.which("npm")
    assert npm, "npm is missing; Comunica cannot be installed without it"
    quiet = ("--silent", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--no-package-lock")
    subprocess.run((npm, "install", *quiet, "@comunica/query-sparql@^4"), cwd=tmp_path, check=True, timeout=600)
    command = tmp_path / "node_modules" / ".bin" / "comunica-sparql"
    asked = (str(command), f"sparql@{service.url}/sparql", SYSTEMS, "-t", "application/sparql-results+json")
    found = json.loads(subprocess.run(asked, check=True, capture_output=True, timeout=120, cwd=tmp_path).stdout)
    assert len(found["results"]["bindings"]) == 3


# Limits and errors


def test_one_connection_serves_several_requests_also_pipelined(service: Service) -> None:
    request = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nhost: x\r\n\r\n"
    with service.open() as line:
        for sent in (request, request, 2 * request):
            line.sendall(sent)
            got = b""
            while got.count(b'"boolean":true}') < sent.count(b"GET"):
                got += line.recv(4096)


def test_a_query_is_stopped_at_its_time_limit_and_others_continue(service: Service) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(8)) + " }"
    answers: list[tuple[int, bytes]] = []
    asking = threading.Thread(target=lambda: answers.append(service.sparql(endless)))
    asking.start()
    while asking.is_alive():
        started = time.monotonic()
        assert service.sparql("ASK {}")[0] == 200
        assert time.monotonic() - started < 1
        time.sleep(0.05)
    asking.join()
    status, body = answers[0]
    assert status == 504
    assert "stopped after 1 s" in json.loads(body)["detail"]


def test_pages_and_the_api_do_not_wait_for_queries_that_never_end(service: Service) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(8)) + " }"
    asking = [threading.Thread(target=service.sparql, args=(endless,)) for _ in range(12)]
    for thread in asking:
        thread.start()
    time.sleep(0.2)
    answered = [service.ask(path)[0] for path in ("/health", "/api/compare?as-of=2001", "/en/index.html", "/health")]
    assert any(thread.is_alive() for thread in asking)
    assert answered == [200, 200, 200, 200]
    for thread in asking:
        thread.join()


def test_a_crash_of_the_engine_returns_a_problem(service: Service) -> None:
    status, body = service.ask(
        "/sparql",
        "POST",
        headers={"content-type": "application/sparql-query"},
        body=b"SELECT * " + b"{" * 30 + b"}" * 30,
    )
    assert status in {200, 500}
    assert b"Traceback" not in body
    assert service.sparql("ASK {}")[0] == 200


def test_malformed_requests_are_refused(service: Service) -> None:
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


def test_an_unusable_port_is_an_error_with_advice(shared_world: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(WrongUseError, match=f"cannot listen at 127.0.0.1 port {port}"):
            serve(shared_world, ServerAddress(port=port), Operation(), lambda _: ServiceEvents(lambda: None))
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
def test_invalid_options_are_refused(option: str, value: str, shared_world: Path) -> None:
    found = CliRunner().invoke(cli, ["serve", "--root", str(shared_world), option, value])
    assert found.exit_code == 2
    assert option in found.stderr
    assert value in found.stderr


def test_other_commands_do_not_import_the_server() -> None:
    loads = "import sys; from click import Context; from scs_kg.cli import cli; cli.get_help(Context(cli))"
    check = f"{loads}; sys.exit(bool({{'starlette', 'uvicorn', 'scs_kg.web'}} & sys.modules.keys()))"
    subprocess.run((sys.executable, "-c", check), check=True, cwd=ROOT)


def children(pid: int) -> list[int]:
    """Return the ids of the children of a process."""
    return [int(number) for number in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


def is_alive(pid: int) -> bool:
    """Return whether a process exists and is not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _send_endless_query(service: Service) -> None:
    """Send a query that never ends to a service that may stop before it answers."""
    with suppress(OSError, HTTPException):  # the service may stop before it answers
        service.sparql("SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(8)) + " }")


def test_the_service_stops_with_an_error_if_its_fork_server_is_killed(shared_world: Path) -> None:
    """The service stops, because no query could run any more; a supervisor can start the service again."""
    command = (sys.executable, "-m", "scs_kg", "serve", "--root", str(shared_world), "--port", "0")
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        port = int(process.stderr.readline().rsplit(":", 1)[1])
        asking = threading.Thread(target=_send_endless_query, args=(Service("127.0.0.1", port, process.pid),))
        asking.start()
        (generation,) = children(process.pid)
        (fork_server,) = children(generation)
        try:
            end = time.monotonic() + 30
            while len(workers := children(fork_server)) <= WorkerLimits().fast_workers:
                assert time.monotonic() < end, "the query did not become slow"
                time.sleep(0.1)
            os.kill(fork_server, signal.SIGKILL)
            _, said = process.communicate(timeout=30)
        finally:
            process.kill()
    asking.join()
    assert process.returncode == 1
    end = time.monotonic() + 10
    while any(map(is_alive, workers)):
        assert time.monotonic() < end, "a worker outlives the service"
        time.sleep(0.1)
    assert said == (
        "scs-kg: the process that starts the query workers was killed, perhaps because memory ran out; start again\n"
    )


def test_the_processes_end_with_the_supervisor(shared_world: Path) -> None:
    command = (sys.executable, "-m", "scs_kg", "serve", "--root", str(shared_world), "--port", "0")
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        assert "serving at" in process.stderr.readline()
        try:
            (generation,) = children(process.pid)
            below = [generation, *children(generation), *children(children(generation)[0])]
        finally:
            process.kill()
    end = time.monotonic() + 20
    while any(map(is_alive, below)):
        assert time.monotonic() < end, "a process outlives the supervisor"
        time.sleep(0.1)


# Reload, access log, addresses


def published(url: str) -> set[str]:
    """Return the addresses that a service publishes about itself."""
    found = set()
    for path, key in (("/api/openapi.json", "servers"), ("/reconcile", "view")):
        with urlopen(url + path, timeout=60) as response:  # noqa: S310 - our own service
            described = json.load(response)
        found.add(
            described["servers"][0]["url"] if key == "servers" else described["view"]["url"].removesuffix("/{{id}}")
        )
    request = Request(f"{url}/sparql", headers={"accept": "application/n-triples"})  # noqa: S310 - our own service
    with urlopen(request, timeout=60) as response:  # noqa: S310 - our own service
        endpoint = re.search(rb"service-description#endpoint> <([^>]*)/sparql>", response.read())
    assert endpoint
    return {*found, endpoint[1].decode()}


def read_until(process: subprocess.Popen[str], text: str) -> str:
    """Return the first line of a process with a text in it; fail if the process ends before."""
    assert process.stderr
    for line in process.stderr:
        if text in line:
            return line
    raise AssertionError(f"the process ended without {text!r}")


@pytest.mark.slow
def test_changed_data_are_served_without_dropping_a_request(world: Path) -> None:
    """Clients send requests during the reload, each on a separate connection, and no request fails."""
    command = (sys.executable, "-m", "scs_kg", "serve", "--root", str(world), "--port", "0", "--reload", "--access-log")
    failures: list[str] = []
    answered: Counter[str] = Counter()
    over = threading.Event()

    def keep_asking(url: str) -> None:
        while not over.is_set():
            try:
                with urlopen(f"{url}/system/alpha.nt", timeout=60) as response:  # noqa: S310 - our own service
                    answered["new" if b"renamed" in response.read() else "old"] += 1
            except OSError as error:
                failures.append(repr(error))

    with subprocess.Popen((*command, "--host", "::1"), cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        first = process.stderr.readline() if process.stderr else ""
        assert first.startswith("serving at")  # the log has no lines of the server library
        url = first.split()[-1]
        asker = threading.Thread(target=keep_asking, args=(url,))
        try:
            assert re.fullmatch(r"http://\[::1\]:[1-9]\d*", url)
            assert published(url) == {url}
            asker.start()
            path = world / "data" / "places.ttl"
            whole = path.read_text("utf-8")
            path.write_text(whole + "\nthis is not Turtle", "utf-8")
            assert "places.ttl" in read_until(process, "still serving the old data: ")
            path.write_text(whole.replace("The first invented system", "The renamed system"), "utf-8")
            read_until(process, "serving the changed data")
            logged = read_until(process, "GET /system/alpha.nt")
            assert re.match(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} .*alpha\.nt HTTP/1\.1\" 200", logged)
            time.sleep(1)
            assert until_one(process.pid)
        finally:
            over.set()
            process.terminate()
            process.communicate(timeout=60)
            if asker.ident:
                asker.join()
    assert failures == []
    assert answered["old"] > 0
    assert answered["new"] > 0
    assert process.returncode == 0


def test_the_service_accepts_connections_as_soon_as_it_says_so(shared_world: Path) -> None:
    """The socket listens before the message appears, so that no client is refused after the message."""
    listening: list[int] = []

    def ready(port: int) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            listening.append(port)
        os.kill(os.getpid(), signal.SIGTERM)

    def events(url: str) -> ServiceEvents:
        return ServiceEvents(lambda: ready(int(url.rsplit(":", 1)[1])))

    serve(shared_world, ServerAddress(port=0), Operation(), events)
    assert len(listening) == 1


def until_one(pid: int) -> bool:
    """Wait until a process has one child."""
    end = time.monotonic() + 20
    while time.monotonic() < end and len(children(pid)) > 1:
        time.sleep(0.1)
    return len(children(pid)) == 1


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:81"),
        ("::1", "http://[::1]:81"),
        ("0.0.0.0", "http://127.0.0.1:81"),  # noqa: S104 - not bound
        ("::", "http://[::1]:81"),
        ("data.example.org", "http://data.example.org:81"),
    ],
)
def test_the_address_of_a_service_is_one_that_clients_can_use(host: str, url: str) -> None:
    assert ServerAddress(host, 81).public_url == url
    assert ServerAddress(host, 81, "https://data.example.org/scs/").public_url == "https://data.example.org/scs"


def test_answers_stay_fast_with_hundreds_of_idle_connections(service: Service) -> None:
    lines = [service.open() for _ in range(700)]
    try:
        started = time.monotonic()
        assert service.sparql("ASK {}")[0] == 200
        assert time.monotonic() - started < 1
    finally:
        for line in lines:
            line.close()
