"""Requests to remote SPARQL stores: their content, retries, limits, credentials and error messages."""

import socket
import threading
import time
from contextlib import suppress
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from scs_kg import store
from scs_kg.model.errors import EngineError, WrongUseError
from scs_kg.store import QuerySolutions, query_library, sparql_client
from scs_kg.store.sparql_client import Endpoint
from scs_kg.store.sparql_http import is_local
from tests.conftest import ROOT
from tests.support.servers import ScriptedResponse, ScriptedServer, scripted

ROW = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "one"}}]}}'
NONE = b'{"head": {"vars": ["x"]}, "results": {"bindings": []}}'
SELECT = "SELECT ?x { ?x ?y ?z } ORDER BY ?x"
BUSY = ScriptedResponse(503, b"come back")


@pytest.fixture(autouse=True)
def isolated_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove proxies and credentials from the environment, and shorten the waits between attempts."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    for name in ("USER", "PASSWORD", "TOKEN", "AUTH"):
        monkeypatch.delenv(f"SCS_KG_{name}", raising=False)
    monkeypatch.setattr(sparql_client, "FIRST_WAIT", 0.01)


def cells(found: object) -> list[str]:
    """Return the cells of all rows as text."""
    assert isinstance(found, QuerySolutions)
    return [store.text(term) for row in found for term in row if term]


def test_a_query_is_posted_with_its_graphs_and_accepted_format() -> None:
    with scripted(ScriptedResponse(body=ROW)) as script:
        assert cells(sparql_client.send_query(Endpoint(script.url, default_graphs=("g:1", "g:2")), SELECT)) == ["one"]
    (requests,) = script.requests
    assert requests.path == "/sparql"
    assert requests.form == {"query": [SELECT], "default-graph-uri": ["g:1", "g:2"]}
    assert requests.headers["Accept"] == "application/sparql-results+json"
    assert requests.headers["User-Agent"].startswith("scs-kg/")
    assert "Authorization" not in requests.headers


def test_other_requests_of_the_process_are_unaffected() -> None:
    """Other requests of the process get the errors of urllib, and their redirects are followed."""
    with scripted(ScriptedResponse(400)) as script:
        with pytest.raises(EngineError, match="replied 400"):
            sparql_client.send_query(Endpoint(script.url), SELECT)
        with pytest.raises(HTTPError, match="400"):
            urlopen(script.url, b"")  # noqa: S310 - a server of our own, on loopback
    with (
        scripted(ScriptedResponse()) as target,
        scripted(ScriptedResponse(302, headers=(("Location", target.url),))) as script,
        pytest.raises(HTTPError, match="501") as caught,  # the redirected request is a GET, which the target rejects
    ):
        urlopen(script.url, b"")  # noqa: S310 - a server of our own, on loopback
    assert caught.value.url == target.url


def test_construct_returns_triples_and_ask_returns_a_boolean() -> None:
    with scripted(ScriptedResponse(body=b"<s:> <p:> _:b .\n<s:> <p:> _:b .\n<a:> <p:> <o:> .\n")) as script:
        found = sparql_client.send_query(Endpoint(script.url), "CONSTRUCT WHERE { ?s ?p ?o }")
    assert isinstance(found, tuple)
    assert [str(triple.subject) for triple in found] == ["<a:>", "<s:>"]
    for body in (b'{"head": {}, "boolean": true}', ROW.replace(b"one", b"1")):
        with scripted(ScriptedResponse(body=body)) as script:
            assert sparql_client.send_query(Endpoint(script.url), "ASK { ?s ?p ?o }")


@pytest.mark.parametrize("body", [ROW, NONE, b"<html>", b"", ROW[:-3]])
def test_an_invalid_response_is_an_error(body: bytes) -> None:
    with scripted(ScriptedResponse(body=body)) as script, pytest.raises(EngineError, match="sent an invalid response"):
        sparql_client.send_query(Endpoint(script.url), "ASK { ?s ?p ?o }")


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_request_to_a_busy_server_is_repeated(status: int) -> None:
    with scripted(ScriptedResponse(status), BUSY, ScriptedResponse(body=ROW)) as script:
        assert cells(sparql_client.send_query(Endpoint(script.url), SELECT)) == ["one"]
    assert len(script.requests) == 3


def test_a_request_is_repeated_after_an_incomplete_response() -> None:
    with scripted(ScriptedResponse(body=ROW, cut=10), ScriptedResponse(body=ROW)) as script:
        assert cells(sparql_client.send_query(Endpoint(script.url), SELECT)) == ["one"]
    assert len(script.requests) == 2


def test_attempts_are_limited() -> None:
    with scripted(BUSY) as script, pytest.raises(EngineError, match=r"/sparql: the server replied 503 .*: come back"):
        sparql_client.send_query(Endpoint(script.url, attempts=3), SELECT)
    assert len(script.requests) == 3


def test_retry_after_is_respected() -> None:
    later = ScriptedResponse(503, headers=(("Retry-After", "1"),))
    with scripted(later, ScriptedResponse(body=ROW)) as script:
        start = time.monotonic()
        assert cells(sparql_client.send_query(Endpoint(script.url), SELECT)) == ["one"]
        assert time.monotonic() - start >= 1
    with (
        scripted(ScriptedResponse(503, headers=(("Retry-After", "3600"),))) as script,
        pytest.raises(EngineError, match="503"),
    ):
        sparql_client.send_query(Endpoint(script.url, timeout=5), SELECT)
    assert len(script.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 414, 500, 501])
def test_an_error_quotes_the_server_and_is_not_repeated(status: int) -> None:
    with scripted(ScriptedResponse(status, b"line 1:\n no such thing")) as script:
        with pytest.raises(EngineError) as caught:
            sparql_client.send_query(Endpoint(script.url), SELECT)
        assert str(caught.value).startswith(f"{script.url}: the server replied {status} ")
    assert ": line 1: no such thing" in str(caught.value)
    assert ("set SCS_KG_USER" in str(caught.value)) == (status in {401, 403})
    assert len(script.requests) == 1


def test_redirects_are_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCS_KG_TOKEN", "secret")
    with scripted(ScriptedResponse(body=ROW)) as other:
        moved = ScriptedResponse(302, headers=(("Location", other.url),))
        with scripted(moved) as script, pytest.raises(EngineError, match=r"replied 302 .*; use that address"):
            sparql_client.send_query(Endpoint(script.url), SELECT)
    assert other.requests == []


def test_a_slow_response_times_out_and_is_not_repeated() -> None:
    with scripted(ScriptedResponse(body=ROW, wait=1.5)) as script:
        with pytest.raises(EngineError, match=r"did not respond completely within 0\.3 s"):
            sparql_client.send_query(Endpoint(script.url, timeout=0.3), SELECT)
        assert len(script.requests) == 1


def test_the_size_of_a_response_is_limited() -> None:
    with scripted(ScriptedResponse(body=ROW)) as script, pytest.raises(EngineError, match="exceeds 50 bytes"):
        sparql_client.send_query(Endpoint(script.url, max_bytes=50), SELECT)


def test_an_unreachable_server_is_an_error() -> None:
    with pytest.raises(EngineError, match=r"http://127\.0\.0\.1:1/sparql: cannot be reached: .*refused"):
        sparql_client.send_query(Endpoint("http://127.0.0.1:1/sparql", attempts=2), SELECT)


@pytest.mark.parametrize(
    "url",
    ["", "x", "file:///etc/passwd", "ftp://h/", "http://", "http://u:p@h/", "http://h/ x", "http://h:x/", "http://[/"],
)
def test_an_invalid_address_is_an_error(url: str) -> None:
    with pytest.raises(WrongUseError, match="is not an endpoint address"):
        sparql_client.send_query(Endpoint(url), SELECT)
    with pytest.raises(WrongUseError, match="is not an endpoint address"):
        sparql_client.send_query(Endpoint("http://127.0.0.1:1/", update_url=url or "x"), SELECT)


def test_updates_are_not_sent_as_queries_nor_queries_as_updates() -> None:
    with scripted(ScriptedResponse(body=ROW)) as script:
        with pytest.raises(WrongUseError, match="is not a SPARQL query"):
            sparql_client.send_query(Endpoint(script.url), "DROP GRAPH <x:y>")
        with pytest.raises(WrongUseError, match="is not a SPARQL update"):
            sparql_client.send_update(Endpoint(script.url), SELECT, repeatable=True)
        with pytest.raises(EngineError, match="SERVICE"):
            sparql_client.send_query(Endpoint(script.url), "ASK { SERVICE <x:y> { ?s ?p ?o } }")
    assert script.requests == []


def test_only_a_repeatable_update_is_sent_again() -> None:
    text = "DROP GRAPH <x:y>"
    with scripted(BUSY, ScriptedResponse(204)) as script:
        sparql_client.send_update(Endpoint("http://127.0.0.1:1/", script.url), text, repeatable=True)
    assert [requests.form for requests in script.requests] == [{"update": [text]}] * 2
    with scripted(BUSY, ScriptedResponse(204)) as script, pytest.raises(EngineError, match="503"):
        sparql_client.send_update(Endpoint(script.url), text, repeatable=False)
    assert len(script.requests) == 1


BASIC = ScriptedResponse(401, headers=(("WWW-Authenticate", 'Basic realm="r"'),))
DIGEST = ("WWW-Authenticate", 'Digest realm="SPARQL", domain="/sparql-auth", nonce="n", opaque="o", qop="auth"')


@pytest.fixture
def ann(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the credentials of a user into the environment."""
    monkeypatch.setenv("SCS_KG_USER", "ann")
    monkeypatch.setenv("SCS_KG_PASSWORD", "b")


def authorizations(script: ScriptedServer) -> list[str | None]:
    """Return the header Authorization of each request, up to the first space."""
    return [(sent.headers.get("Authorization") or "none").partition(" ")[0] for sent in script.requests]


@pytest.mark.usefixtures("ann")
def test_a_password_is_sent_only_if_the_server_demands_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(ScriptedResponse(body=ROW)) as script:
        sparql_client.send_query(Endpoint(script.url), SELECT)
    assert authorizations(script) == ["none"]
    with scripted(BASIC, ScriptedResponse(body=ROW)) as script:
        assert cells(sparql_client.send_query(Endpoint(script.url), SELECT)) == ["one"]
    assert [sent.headers.get("Authorization") for sent in script.requests] == [None, "Basic YW5uOmI="]
    assert script.requests[1].form == script.requests[0].form
    monkeypatch.setenv("SCS_KG_AUTH", "basic")
    with scripted(ScriptedResponse(body=ROW)) as script:
        sparql_client.send_query(Endpoint(script.url), SELECT)
    assert script.requests[0].headers["Authorization"] == "Basic YW5uOmI="


@pytest.mark.usefixtures("ann")
def test_a_token_is_sent_at_once_and_credentials_need_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCS_KG_TOKEN", "tok")
    with scripted(ScriptedResponse(body=ROW)) as script:
        sparql_client.send_query(Endpoint(script.url), SELECT)
    assert script.requests[0].headers["Authorization"] == "Bearer tok"
    with pytest.raises(WrongUseError, match="credentials require https"):
        sparql_client.send_query(Endpoint("http://store.example/sparql"), SELECT)


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize(
    "headers",
    [
        (DIGEST,),
        (("WWW-Authenticate", "Negotiate"), DIGEST, ("WWW-Authenticate", 'Basic realm="r"')),
        (("WWW-Authenticate", f'Basic realm="a, b", {DIGEST[1]}'),),
    ],
)
def test_digest_authentication_is_preferred(headers: tuple[tuple[str, str], ...]) -> None:
    with scripted(ScriptedResponse(401, headers=headers), ScriptedResponse(body=ROW)) as script:
        assert cells(sparql_client.send_query(Endpoint(script.url), SELECT)) == ["one"]
    assert authorizations(script) == ["none", "Digest"]


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize(
    ("demand", "message"),
    [
        ("Negotiate", "the server demands negotiate; use basic, digest or a token"),
        ("NTLM", "the server demands ntlm"),
        ('Digest realm="r", nonce="n", algorithm="SHA-512-256", qop="auth"', "cannot be answered"),
    ],
)
def test_a_demand_for_credentials_that_cannot_be_met_is_an_error(demand: str, message: str) -> None:
    with (
        scripted(ScriptedResponse(401, headers=(("WWW-Authenticate", demand),))) as script,
        pytest.raises(EngineError, match=message),
    ):
        sparql_client.send_query(Endpoint(script.url), SELECT)
    assert authorizations(script) == ["none"]


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize("headers", [(DIGEST,), BASIC.headers])
def test_wrong_credentials_are_not_sent_again(headers: tuple[tuple[str, str], ...]) -> None:
    with (
        scripted(ScriptedResponse(401, headers=headers)) as script,
        pytest.raises(EngineError, match="replied 401"),
    ):
        sparql_client.send_query(Endpoint(script.url), SELECT)
    assert len(script.requests) == 2


@pytest.mark.usefixtures("ann")
def test_no_proxy_gets_a_request_to_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("no_proxy")
    with scripted(ScriptedResponse(500)) as proxy, scripted(BASIC, ScriptedResponse(body=ROW)) as script:
        monkeypatch.setenv("http_proxy", proxy.url)
        for host in ("127.0.0.1", "localhost"):
            address = script.url.replace("127.0.0.1", host)
            assert cells(sparql_client.send_query(Endpoint(address), SELECT)) == ["one"]
    assert proxy.requests == []


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://127.0.0.1:1/", True),
        ("http://127.8.8.8/", True),
        ("http://[::1]/", True),
        ("http://localhost/", True),
        ("http://data.localhost/", True),
        ("http://127.0.0.1.example.org/", False),
        ("http://10.0.0.1/", False),
    ],
)
def test_addresses_of_this_machine_are_recognised(address: str, local: bool) -> None:
    assert is_local(address) is local


def test_a_server_that_sends_its_head_slowly_times_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        over = threading.Event()

        def drip() -> None:
            line, _ = listener.accept()
            with line, suppress(OSError):  # the client closes the connection at its time limit
                line.sendall(b"HTTP/1.1 200 OK\r\n")
                while not over.wait(0.1):
                    line.sendall(b"x: y\r\n")

        thread = threading.Thread(target=drip)
        thread.start()
        began = time.monotonic()
        with pytest.raises(EngineError, match=r"did not respond completely within 0\.5 s"):
            sparql_client.send_query(
                Endpoint(f"http://127.0.0.1:{listener.getsockname()[1]}/", timeout=0.5, attempts=1), SELECT
            )
        assert time.monotonic() - began < 5
        over.set()
        thread.join()


def test_blank_nodes_of_virtuoso_are_read() -> None:
    row = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "bnode", "value": "nodeID://b10"}}]}}'
    with scripted(ScriptedResponse(body=row)) as script:
        found = sparql_client.send_query(Endpoint(script.url), SELECT)
    assert isinstance(found, QuerySolutions)
    assert [str(solution["x"]) for solution in found] == ["_:b10"]
    triples = b'_:nodeID://b1 <urn:p> <nodeID://b2> .\n<urn:s> <urn:p> "<nodeID://b3>" .\n'
    with scripted(ScriptedResponse(body=triples)) as script:
        graph = sparql_client.send_query(Endpoint(script.url), "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert isinstance(graph, tuple)
    assert sorted(map(str, graph)) == ['<urn:s> <urn:p> "<nodeID://b3>"', "_:b1 <urn:p> _:b2"]


@pytest.mark.parametrize("end", ["", " LIMIT 11", " limit 11 offset 3", " # LIMIT 5"])
def test_an_answer_that_the_store_cut_is_an_error(end: str) -> None:
    cut = ScriptedResponse(body=ROW, headers=(("X-SPARQL-MaxRows", "10"),))
    with scripted(cut) as script, pytest.raises(EngineError, match="sends only the first 10 rows; raise the limit"):
        sparql_client.send_query(Endpoint(script.url), SELECT + end)
    assert len(script.requests) == 1


COMPLETE = [(" LIMIT 10", "10"), ("\nlimit 3\nOFFSET 20 # x", "10"), (" OFFSET 20 LIMIT 3", "10"), ("", "x"), ("", "")]


@pytest.mark.parametrize(("end", "rows"), COMPLETE)
def test_an_answer_with_as_many_rows_as_asked_for_is_complete(end: str, rows: str) -> None:
    with scripted(ScriptedResponse(body=ROW, headers=(("X-SPARQL-MaxRows", rows),))) as script:
        assert cells(sparql_client.send_query(Endpoint(script.url), SELECT + end)) == ["one"]


def test_the_last_page_of_rows_can_be_shorter() -> None:
    question = query_library.find(ROOT, "claims")
    row = ROW.replace(b"]}}", b", " + ROW[ROW.index(b'[{"x"') + 1 :])
    with scripted(ScriptedResponse(body=row), ScriptedResponse(body=row), ScriptedResponse(body=ROW)) as script:
        pages = list(sparql_client.query_pages(Endpoint(script.url), question, 2, system="xiamen"))
    assert [len(page) for page in pages] == [2, 2, 1]
    ends = [requests.form["query"][0].splitlines()[-1] for requests in script.requests]
    assert ends == ["LIMIT 2 OFFSET 0", "LIMIT 2 OFFSET 2", "LIMIT 2 OFFSET 4"]
    assert all("scs-kg/system/xiamen>" in requests.form["query"][0] for requests in script.requests)


def test_comments_do_not_hide_the_form_of_a_query() -> None:
    asked = "# title: one\n# question: who asks?\n# and who deletes?\n\n" + SELECT
    with scripted(ScriptedResponse(body=ROW)) as script:
        assert cells(sparql_client.send_query(Endpoint(script.url), asked)) == ["one"]
    assert script.requests[0].form["query"] == [asked]


PREFIX = "PREFIX a: <urn:a:> "


@pytest.mark.parametrize(
    "text", [f"{PREFIX}INSERT DATA {{ a:s a: <urn:o:> }}", f"# SELECT\n{PREFIX}DELETE WHERE {{ ?s a: ?o }}"]
)
def test_an_update_is_recognised_whatever_its_prefixes_and_comments(
    text: str, recwarn: pytest.WarningsRecorder
) -> None:
    """The regular expression of SPARQLWrapper misreads these updates as queries, with a warning."""
    with scripted(ScriptedResponse(204)) as script:
        sparql_client.send_update(Endpoint(script.url), text, repeatable=False)
        with pytest.raises(WrongUseError, match="is not a SPARQL query"):
            sparql_client.send_query(Endpoint(script.url), text)
    assert [requests.form for requests in script.requests] == [{"update": [text]}]
    assert not [warning for warning in recwarn if issubclass(warning.category, RuntimeWarning)]


@pytest.mark.parametrize("text", ["", "# only a comment", "HELLO", "PREFIX a: <urn:a:>"])
def test_a_text_without_a_query_form_is_not_sent(text: str) -> None:
    with scripted(ScriptedResponse(body=ROW)) as script, pytest.raises(WrongUseError, match="is not a SPARQL query"):
        sparql_client.send_query(Endpoint(script.url), text)
    assert script.requests == []


def test_an_anonymous_endpoint_gets_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCS_KG_USER", "ann")
    monkeypatch.setenv("SCS_KG_PASSWORD", "b")
    demand = ScriptedResponse(401, headers=(("WWW-Authenticate", 'Digest realm="r", nonce="n", qop="auth"'),))
    with scripted(demand) as script, pytest.raises(EngineError, match="replied 401"):
        sparql_client.send_query(Endpoint(script.url, anonymous=True), SELECT)
    assert ["Authorization" in requests.headers for requests in script.requests] == [False]
