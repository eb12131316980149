"""Hostile requests: each is refused or stopped within its limit, while a good query is still answered in time."""

import http.server
import json
import os
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from scs_kg.server.worker_process import ELAPSED_FACTOR
from tests.conftest import ROOT, SYSTEM_COUNT
from tests.support.served import Service, served

pytestmark = pytest.mark.slow

SECONDS = 1
GOOD = "SELECT ?s { ?s a <https://w3id.org/scs-kg/ontology#SocialCreditSystem> } ORDER BY ?s"
DOUBLING = " ".join(f"BIND (CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(30))
TRIPLES = " . ".join(f"?s{n} ?p{n} ?o{n}" for n in range(6))
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with served(ROOT, "--timeout", str(SECONDS), "--memory", "256", "--answer", "8") as running:
        yield running


def in_time() -> float:
    """Return the seconds that a good query may take: one second, or more on an overloaded machine."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1) / 2)


class Pinger:
    """Sends a good query repeatedly and keeps the longest response time."""

    def __init__(self, service: Service) -> None:
        self.service, self.times, self.failed = service, [0.0], [b""]
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._ping)

    def _ping(self) -> None:
        while not self.stopped.wait(0.05):
            started = time.monotonic()
            status, body = self.service.ask(f"/sparql?query={quote(GOOD)}", headers={"cache-control": "no-cache"})
            self.times.append(time.monotonic() - started)
            if status != 200 or body.count(b"/system/") != SYSTEM_COUNT:
                self.failed.append(body)

    def __enter__(self) -> "Pinger":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.thread.join()
        assert self.failed == [b""]
        assert len(self.times) > 1
        assert max(self.times) < in_time()


def post(service: Service, query: str) -> tuple[int, bytes]:
    return service.ask("/sparql", "POST", headers=FORM, body=urlencode({"query": query}).encode())


QUERIES = {
    "cartesian count": (f"SELECT (COUNT(*) AS ?n) {{ {TRIPLES} }}", {500, 504}),
    "cartesian order": (f"SELECT * {{ {TRIPLES} }} ORDER BY ?o1 ?o2 LIMIT 1", {500, 504}),
    "cartesian distinct": (f"SELECT DISTINCT ?s0 ?s1 ?s2 ?s3 {{ {TRIPLES} }} LIMIT 100000000", {400, 500, 504}),
    "a hundred million rows": ("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 100000000", {400}),
    "a hundred million triples": ("CONSTRUCT { ?a ?e ?c } WHERE { ?a ?b ?c . ?d ?e ?f }", {400, 500, 504}),
    "values of values": (
        "SELECT (COUNT(*) AS ?n) { " + " ".join(f"VALUES ?v{n} {{ 0 1 2 3 4 5 6 7 8 9 }}" for n in range(15)) + " }",
        {500, 504},
    ),
    "regular expression": (
        "SELECT * { ?s ?p ?o . ?t ?q ?u FILTER REGEX(CONCAT(STR(?o), STR(?u)), '(x+x+)+y|(a|aa)+$', 'i') }",
        {200, 400, 500, 504},
    ),
    "large regular expression": (
        "SELECT * { FILTER REGEX('a', '((((a{1,99}){1,99}){1,99}){1,99}){1,99}') }",
        {200, 400, 500, 504},
    ),
    "long string": (f"SELECT (STRLEN(?x30) AS ?n) {{ BIND ('0123456789abcdef' AS ?x0) {DOUBLING} }}", {500, 504}),
    "long path": ("SELECT (COUNT(*) AS ?n) { ?a (!<x:x>|^!<x:x>)* ?b . ?c (!<x:x>)* ?d }", {500, 504}),
    "deep parentheses": ("SELECT (" + "(" * 6000 + "1" + ")" * 6000 + " AS ?x) {}", {403}),
    "deep groups": ("SELECT * " + "{" * 6000 + "}" * 6000, {403}),
    "deep negations": ("SELECT * { FILTER(" + "!" * 12000 + "true) }", {403}),
    "deep filters": ("SELECT * { " + "FILTER NOT EXISTS { ?s ?p ?o " * 30 + "}" * 31, {200, 400, 500, 504}),
    "many patterns": ("SELECT * { " + "?s ?p ?o . " * 5000 + "}", {403}),
    "many optional patterns": (
        "SELECT * { " + " ".join(f"OPTIONAL {{ ?s ?p{n} ?o{n} }}" for n in range(60)) + " }",
        {400, 500, 504},
    ),
    "a file": ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", {403}),
    "an update": ("DELETE WHERE { ?s ?p ?o }", {403}),
    "a load": ("LOAD <http://127.0.0.1/>", {403}),
    "nothing but signs": ("\x00\x01\u202e{{{{", {400}),
}


@pytest.mark.parametrize("name", QUERIES)
def test_a_hostile_query_is_refused_or_stopped_while_a_good_one_is_answered(service: Service, name: str) -> None:
    query, expected = QUERIES[name]
    with Pinger(service):
        started = time.monotonic()
        status, body = post(service, query)
        assert time.monotonic() - started < ELAPSED_FACTOR * SECONDS + 3 * in_time()  # SECONDS is CPU time
        time.sleep(0.3)
    assert status in expected, body[:300]
    if status != 200:
        assert json.loads(body)["detail"]
        assert b"Traceback" not in body


def test_a_good_query_is_answered_during_all_hostile_queries_at_once(service: Service) -> None:
    with Pinger(service), ThreadPoolExecutor(len(QUERIES)) as crowd:
        found = list(crowd.map(lambda name: post(service, QUERIES[name][0]), QUERIES))
    for name, (status, body) in zip(QUERIES, found, strict=True):
        assert status in QUERIES[name][1] | {503}, (name, body[:300])


def test_no_query_calls_a_host_of_the_loopback(service: Service) -> None:
    called: list[str] = []

    class Host(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            called.append(self.path)

        def do_POST(self) -> None:
            called.append(self.path)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        there = f"http://127.0.0.1:{host.server_address[1]}/"
        for query in (
            "SELECT * { SERVICE <HOST> { ?s ?p ?o } }",
            "SELECT * { S\\u0045RVICE SILENT <HOST> { ?s ?p ?o } }",
            "SELECT * { ?s ?p trueSERVICE <HOST> { ?a ?b ?c } }",
            "SELECT * FROM <HOST> { ?s ?p ?o }",
            "LOAD SILENT <HOST>",
        ):
            assert post(service, query.replace("HOST", there))[0] in {400, 403}
        assert service.ask(f"/sparql?query=ASK%7B%7D&default-graph-uri={quote(there)}")[0] == 403
        assert service.ask(f"/{there}")[0] == 404
        host.shutdown()
    assert called == []


def large_body(service: Service) -> tuple[int, bytes]:
    """Send a large body; a connection that is reset during sending also counts as a refusal."""
    with suppress(ConnectionError):  # a connection reset is a refusal, too
        return service.ask("/sparql", "POST", headers=FORM, body=b"query=" + b"x" * 10_000_000)
    return 0, b""


def large_body_in_pieces(service: Service) -> tuple[int, bytes]:
    with service.open() as line:
        line.sendall(b"POST /sparql HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n")
        line.sendall(b"content-type: application/sparql-query\r\n\r\n")
        with suppress(ConnectionError):  # the service may close the connection at its limit
            for _ in range(160):
                line.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
        return answered(line)


def answered(line: socket.socket) -> tuple[int, bytes]:
    """Return the status and the rest of the response; 0 if the connection was closed without a response."""
    got = b""
    with suppress(ConnectionError):  # no more bytes can be read
        while part := line.recv(65536):
            got += part
            if b"}" in got:
                break
    return (int(got.split(b" ")[1]) if got else 0), got


def raw(request: bytes) -> Callable[[Service], tuple[int, bytes]]:
    def send(service: Service) -> tuple[int, bytes]:
        with service.open() as line:
            line.sendall(request)
            return answered(line)

    return send


REQUESTS: dict[str, tuple[Callable[[Service], tuple[int, bytes]], set[int]]] = {
    "a body of ten megabytes": (large_body, {0, 413}),
    "a body of ten megabytes in pieces": (large_body_in_pieces, {0, 413}),
    "an address without end": (lambda service: service.ask("/" + "x" * 30_000), {404, 414}),
    "a traversal of paths": (raw(b"GET /../../../../etc/passwd HTTP/1.1\r\nconnection: close\r\n\r\n"), {404}),
    "an encoded traversal": (raw(b"GET /system/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nconnection: close\r\n\r\n"), {404}),
    "a header in a path": (raw(b"GET /system/x%0d%0aset-cookie:%20a=b HTTP/1.1\r\nconnection: close\r\n\r\n"), {404}),
    "a header in a parameter": (
        raw(b"GET /sparql?query=ASK%7B%7D%0d%0aset-cookie:a=b HTTP/1.1\r\nconnection: close\r\n\r\n"),
        {200, 400},
    ),
    "two lengths": (raw(b"POST /sparql HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 9\r\n\r\nASK{}"), {400}),
    "a length and pieces": (
        raw(b"POST /sparql HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
        {400},
    ),
    "a head without end": (raw(b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 8_000), {0, 431}),
    "a thousand parameters": (lambda service: service.ask("/sparql?" + "&".join(["a=b"] * 1000)), {400}),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_hostile_request_is_refused(service: Service, name: str) -> None:
    send, expected = REQUESTS[name]
    with Pinger(service):
        status, body = send(service)
        time.sleep(0.3)
    assert status in expected, body[:300]
    assert b"set-cookie" not in body.lower().partition(b"\r\n\r\n")[0]
    assert b"root:" not in body


def test_the_service_answers_despite_ten_thousand_open_connections(service: Service) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(10_000, hard - 500)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with ExitStack() as opened, Pinger(service):
        for number in range(wanted):
            line = opened.enter_context(service.open())
            if number % 2:
                line.sendall(b"GET /sparql?query=")
        time.sleep(1)
        assert service.sparql(GOOD)[0] == 200
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_no_process_is_left_after_hostile_requests(service: Service) -> None:
    time.sleep(SECONDS + 1)
    nurseries = Path(f"/proc/{service.pid}/task/{service.pid}/children").read_text("ascii").split()
    assert len(nurseries) == 1
    children = Path(f"/proc/{nurseries[0]}/task/{nurseries[0]}/children").read_text("ascii").split()
    assert len(children) <= 6
