"""The sandbox: no query calls another host, exceeds its time or memory, crashes the caller or leaves a process."""

import faulthandler
import math
import multiprocessing
import os
import re
import resource
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.sharedctypes import RawValue
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scs_kg import store
from scs_kg.model.errors import BadFileError, EngineError
from scs_kg.render.answer import QueryRequest, answer
from scs_kg.store import Dataset
from scs_kg.store.dataset import empty_dataset
from scs_kg.store.isolation import run_limited
from scs_kg.store.sparql_text import refuse_service

DEEP = {
    "parentheses": "SELECT (" + "(" * 6000 + "1" + ")" * 6000 + " AS ?x) {}",
    "groups": "SELECT * " + "{" * 6000 + "}" * 6000,
    "negations": "SELECT * { FILTER(" + "!" * 12000 + "true) }",
}
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"VALUES ?v{n} {{ 0 1 2 3 4 5 6 7 8 9 }}" for n in range(15)) + " }"
DOUBLING = " ".join(f"BIND (CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
BOMB = f"SELECT (STRLEN(?x40) AS ?n) {{ BIND ('0123456789abcdef' AS ?x0) {DOUBLING} }}"

LITTLE = 256 << 20  # bytes, in addition to the memory of the process


def asking(sparql: str) -> Callable[[], bytes]:
    """Return a function that answers a query on an empty dataset."""

    def work() -> bytes:
        faulthandler.disable()  # disable the fault handler of pytest, which would report the expected crash
        return store.serialize_result(store.run_query(empty_dataset(), sparql), "csv")

    return work


# Queries with SERVICE


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { SERVICE <https://example.org/> { ?a ?b ?c } }",
        "SELECT * { service <https://example.org/> { ?a ?b ?c } }",
        "SELECT * { SeRvIcE <https://example.org/> { ?a ?b ?c } }",
        "SELECT * { SERVICE SILENT <https://example.org/> { ?a ?b ?c } }",
        "SELECT*{SERVICE<https://example.org/>{?a ?b ?c}}",
        "SELECT * {\nSERVICE\n\t<https://example.org/> { ?a ?b ?c } }",
        "SELECT * { # a remark\nSERVICE # another\n <https://example.org/> { ?a ?b ?c } }",
        "SELECT * { # it's a \"remark\nSERVICE <https://example.org/> { ?a ?b ?c } # it's\n }",
        "SELECT * { ?s ?p 'it\\'s' . SERVICE <https://example.org/> { ?a ?b ?c } ?s ?p 'it\\'s' }",
        "SELECT * { ?s ?p '''it's''' . SERVICE <https://example.org/> { ?a ?b ?c } ?s ?p '''it's''' }",
        'SELECT * { ?s ?p """"quoted" """ . SERVICE <https://example.org/> { ?a ?b ?c } }',
        "SELECT * { ?s <https://example.org/#it's> ?o . SERVICE <https://example.org/> { ?a ?b ?c } ?s ?p 'x' }",
        "SELECT * { ?s ?p 'x'SERVICE <https://example.org/> { ?a ?b ?c } }",
        "SELECT * { ?s ?p ?o FILTER (?o < 1) SERVICE <https://example.org/> { ?a ?b ?c } FILTER (?o > 0) }",
        "SELECT * { { SELECT * { OPTIONAL{SERVICE <https://example.org/> { ?a ?b ?c }} } } }",
        "ASK { FILTER EXISTS { SERVICE <https://example.org/> { ?a ?b ?c } } }",
        "CONSTRUCT { ?a ?b ?c } { SERVICE <https://example.org/> { ?a ?b ?c } }",
        "SELECT * { VALUES ?host { <https://example.org/> } SERVICE ?host { ?a ?b ?c } }",
        "PREFIX ex: <https://example.org/> SELECT * { SERVICE ex:service { ?a ?b ?c } }",
        "BASE <https://example.org/> SELECT * { SERVICE <> { ?a ?b ?c } }",
        "SELECT * { \\u0053ERVICE <https://example.org/> { ?a ?b ?c } }",
        "SELECT * { S\\u0045RVICE <https://example.org/> { ?a ?b ?c } }",
        "SELECT * { \\U00000073ervice <https://example.org/> { ?a ?b ?c } }",
        "SELECT * { # \\u000ASERVICE <https://example.org/> { ?a ?b ?c }\n }",
        "SELECT * { ?s ?p \\u0022x\\u0022 . SERVICE <https://example.org/> { ?a ?b ?c } }",
    ],
)
def test_a_query_that_names_service_is_refused(sparql: str) -> None:
    with pytest.raises(
        EngineError, match="contains SERVICE; queries here cannot call other hosts, so remove the SERVICE pattern"
    ):
        refuse_service(sparql)


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { ?s ?p 'SERVICE' }",
        'SELECT * { ?s ?p "a SERVICE <https://example.org/> { ?a ?b ?c }" }',
        'SELECT * { ?s ?p "it is \\" SERVICE <x>" }',
        "SELECT * { ?s ?p '''\nSERVICE 'and' more''' }",
        'SELECT * { ?s ?p """\nSERVICE "and" more""" }',
        "SELECT * { ?s <https://example.org/SERVICE> ?o }",
        "SELECT * { ?s <https://example.org/#SERVICE> ?o }",
        "SELECT * { ?s ?p ?o # SERVICE <https://example.org/> { ?a ?b ?c }\n }",
        "# SERVICE\nSELECT * {}",
        "PREFIX ex: <https://example.org/> SELECT * { ?s ex:service ?o }",
        "PREFIX ex: <https://example.org/> SELECT * { ?s ex:SERVICE ?o }",
        "PREFIX ex: <https://example.org/> SELECT * { ?s ex:service-name ?o }",
        "PREFIX ex: <https://example.org/> SELECT * { ?s ex:name-of-service ?o }",
        "PREFIX ex: <https://example.org/> SELECT * { ?s ex:v1.service ?o }",
        "SELECT ?service { ?service ?p ?o }",
        "SELECT $SERVICE { $SERVICE ?p ?o }",
        "SELECT ?serviceLevel ?a_service { ?serviceLevel ?p ?a_service }",
        "SELECT * { _:service ?p ?o }",
        "SELECT * { ?s ?p 'x'@service }",
        "SELECT * { ?s ?p '\\u0053ERVICE' }",
    ],
)
def test_a_query_that_only_mentions_service_is_allowed(sparql: str) -> None:
    store.run_query(empty_dataset(), sparql)
    refuse_service(sparql)


@given(st.text())
def test_a_text_without_the_word_is_never_refused(text: str) -> None:
    refuse_service(text.replace("\\", "").casefold().replace("service", ""))


@pytest.mark.parametrize("part", ['\\"', "\\'", "'", "<a", "'\"", '"""a', "#", "\\u0022"])
def test_a_long_text_is_scanned_fast(part: str) -> None:
    started = time.monotonic()
    refuse_service((part * 20_000)[:20_000])
    assert time.monotonic() - started < 1


# Calls from inside the engine


@pytest.fixture
def calls() -> Iterator[tuple[str, list[str]]]:
    """Run a host that records its calls; yield its address and the record."""
    noted: list[str] = []

    class Host(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            noted.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", noted
        server.shutdown()


SPELLINGS = {
    "plain": "SELECT * { SERVICE <HOST> { ?a ?b ?c } }",
    "glued to SILENT": "SELECT * { SERVICESILENT<HOST> { ?a ?b ?c } }",
    "glued to a name": "PREFIX ex: <HOST> SELECT * { SERVICEex:x { ?a ?b ?c } }",
    "glued to a name without a prefix": "PREFIX : <HOST> SELECT * { SERVICE:x { ?a ?b ?c } }",
    "glued to a whole number": "SELECT * { ?s ?p 1SERVICE <HOST> { ?a ?b ?c } }",
    "glued to a truth": "SELECT * { ?s ?p trueSERVICE <HOST> { ?a ?b ?c } }",
    "after a hash in a name": "PREFIX e: <x:> SELECT * { OPTIONAL { ?s e:a\\# 1 } SERVICE <HOST> { ?a ?b ?c } }",
    "after a quote in a name": "PREFIX e: <x:> SELECT * { OPTIONAL { ?s e:a\\' 1 } SERVICE <HOST> { ?a ?b ?c } "
    "FILTER (1 != 'x') }",
    "after a quote in a long string": "SELECT * { OPTIONAL { ?s ?p '''a\\'''b''' } SERVICE <HOST> { ?a ?b ?c } "
    "OPTIONAL { ?s ?p '''x''' } }",
    "after a remark that looks like an IRI": 'SELECT * { FILTER(1<2#>"""\n) SERVICE <HOST> { ?a ?b ?c } #"""\n }',
}


def ask_unguarded(dataset: Dataset, sparql: str) -> None:
    """Answer a SELECT with the engine alone, in a separate process without output."""

    def ask() -> None:
        with suppress(Exception):  # the test checks only the calls to the host, not the answer
            found = store.run_query(dataset, sparql)
            assert isinstance(found, store.QuerySolutions)
            list(found)

    child = multiprocessing.get_context("fork").Process(target=ask)
    child.start()
    child.join(10)
    assert child.exitcode == 0


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_service_calls_another_host(
    spelling: str, calls: tuple[str, list[str]], shared_world: Path, judged_world: Dataset, tmp_path: Path
) -> None:
    host, noted = calls
    path = tmp_path / "asked.rq"
    path.write_text(SPELLINGS[spelling].replace("HOST", host), "utf-8")
    ask_unguarded(judged_world, path.read_text("utf-8"))
    assert noted, "the engine does not read this as a call, so there is nothing to check"
    noted.clear()
    with suppress(EngineError):  # the test checks only the calls to the host, not the answer
        answer(shared_world, QueryRequest(str(path), {}))
    assert not noted


# Running work


def test_the_answer_is_returned() -> None:
    assert run_limited(asking("SELECT (1 AS ?x) {}"), 10) == b"x\r\n1\r\n"


def test_a_large_answer_is_complete() -> None:
    assert run_limited(lambda: b"x" * 30_000_000, 10) == b"x" * 30_000_000


@pytest.mark.parametrize("error", [EngineError("no"), BadFileError("a.ttl", 3, "no")])
def test_an_error_of_the_package_keeps_its_message(error: Exception) -> None:
    def work() -> bytes:
        raise error

    with pytest.raises(EngineError, match=f"^{re.escape(str(error))}$"):
        run_limited(work, 10)


def sleep() -> bytes:
    """Never end, and ignore SIGTERM."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        time.sleep(60)


@pytest.mark.parametrize("work", [asking(ENDLESS), sleep], ids=["query", "sleep"])
def test_work_is_stopped_at_the_limit(work: Callable[[], bytes]) -> None:
    started = time.monotonic()
    with pytest.raises(EngineError, match=r"^the query exceeded its time limit of 0\.5 s; narrow it, or allow more"):
        run_limited(work, 0.5)
    assert 0.5 <= time.monotonic() - started < 1.5


@pytest.mark.parametrize("seconds", [1e9, 1e300, math.inf])
def test_a_time_limit_can_be_very_long(seconds: float) -> None:
    assert run_limited(lambda: b"x", seconds) == b"x"


def test_memory_is_limited() -> None:
    with pytest.raises(EngineError, match="too much memory"):
        run_limited(lambda: bytes(1 << 30), 10, memory=LITTLE)


def test_memory_of_the_engine_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUST_BACKTRACE", "0")
    with pytest.raises(EngineError, match="out of memory"):
        run_limited(asking(BOMB), 10, memory=LITTLE)


@pytest.mark.parametrize("shape", DEEP)
def test_a_crash_of_the_engine_is_an_error(shape: str) -> None:
    with pytest.raises(EngineError, match=r"the query crashed its process \(nested too deeply or out of memory\)"):
        run_limited(asking(DEEP[shape]), 10)
    assert run_limited(asking("ASK {}"), 10) == b"true"


@pytest.mark.parametrize("sparql", [DEEP["groups"], BOMB], ids=["deep", "bomb"])
def test_a_crash_of_the_engine_prints_nothing(
    sparql: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUST_BACKTRACE", "0")
    with pytest.raises(EngineError):
        run_limited(asking(sparql), 10, memory=LITTLE)
    assert capfd.readouterr() == ("", "")


WORKS = {
    "answer": asking("ASK {}"),
    "error": asking("nonsense"),
    "crash": asking(DEEP["groups"]),
    "endless query": asking(ENDLESS),
    "endless sleep": sleep,
}


@pytest.mark.parametrize("name", WORKS)
def test_no_process_is_left(name: str) -> None:
    note = RawValue("i", 0)

    def work() -> bytes:
        note.value = os.getpid()
        return WORKS[name]()

    with suppress(EngineError):  # some tasks end with an error; the end of the process is tested below
        run_limited(work, 0.5)
    assert note.value not in {0, os.getpid()}
    with pytest.raises(ProcessLookupError):
        os.kill(note.value, 0)
    assert not multiprocessing.active_children()


def test_the_parent_keeps_its_limits() -> None:
    limits = [resource.getrlimit(limit) for limit in (resource.RLIMIT_AS, resource.RLIMIT_CORE, resource.RLIMIT_NOFILE)]
    run_limited(lambda: b"x", 10)
    after = [resource.getrlimit(limit) for limit in (resource.RLIMIT_AS, resource.RLIMIT_CORE, resource.RLIMIT_NOFILE)]
    assert after == limits
