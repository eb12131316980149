"""Asking a store elsewhere: what is sent, what is asked again, what is refused, and who is said to have said what."""

import time
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from scs_kg import store
from scs_kg.model.errors import EngineError, WrongUseError
from scs_kg.store import QuerySolutions, query_library, sparql_client
from scs_kg.store.sparql_client import Endpoint
from tests.conftest import ROOT
from tests.support.servers import Said, scripted

ROW = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "one"}}]}}'
NONE = b'{"head": {"vars": ["x"]}, "results": {"bindings": []}}'
SELECT = "SELECT ?x { ?x ?y ?z } ORDER BY ?x"
BUSY = Said(503, b"come back")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the environment name neither proxies nor credentials, and waits be short."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    for name in ("USER", "PASSWORD", "TOKEN"):
        monkeypatch.delenv(f"SCS_KG_{name}", raising=False)
    monkeypatch.setattr(sparql_client, "WAIT", 0.01)


def cells(found: object) -> list[str]:
    """Return the cells of all rows as text."""
    assert isinstance(found, QuerySolutions)
    return [store.text(term) for row in found for term in row if term]


def test_a_query_is_posted_with_its_graphs_and_its_form() -> None:
    with scripted(Said(body=ROW)) as script:
        assert cells(sparql_client.send_query(Endpoint(script.url, graphs=("g:1", "g:2")), SELECT)) == ["one"]
    (heard,) = script.heard
    assert heard.path == "/sparql"
    assert heard.form == {"query": [SELECT], "default-graph-uri": ["g:1", "g:2"]}
    assert heard.headers["Accept"] == "application/sparql-results+json"
    assert heard.headers["User-Agent"].startswith("scs-kg/")
    assert "Authorization" not in heard.headers


def test_urllib_is_left_as_it_was() -> None:
    """Who else asks in this process gets urllib's own answers, not our refusals."""
    with scripted(Said(400)) as script:
        with pytest.raises(EngineError, match="said 400"):
            sparql_client.send_query(Endpoint(script.url), SELECT)
        with pytest.raises(HTTPError, match="400"):
            urlopen(script.url, b"")  # noqa: S310 - a server of our own, on loopback


def test_a_graph_comes_as_triples_and_a_truth_as_truth() -> None:
    with scripted(Said(body=b"<s:> <p:> _:b .\n<s:> <p:> _:b .\n<a:> <p:> <o:> .\n")) as script:
        found = sparql_client.send_query(Endpoint(script.url), "CONSTRUCT WHERE { ?s ?p ?o }")
    assert isinstance(found, tuple)
    assert [str(triple.subject) for triple in found] == ["<a:>", "<s:>"]
    for body in (b'{"head": {}, "boolean": true}', ROW.replace(b"one", b"1")):
        with scripted(Said(body=body)) as script:
            assert sparql_client.send_query(Endpoint(script.url), "ASK { ?s ?p ?o }")


@pytest.mark.parametrize("body", [ROW, NONE, b"<html>", b"", ROW[:-3]])
def test_what_is_no_answer_is_told(body: bytes) -> None:
    with scripted(Said(body=body)) as script, pytest.raises(EngineError, match="answered what is no answer"):
        sparql_client.send_query(Endpoint(script.url), "ASK { ?s ?p ?o }")


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again(status: int) -> None:
    with scripted(Said(status), BUSY, Said(body=ROW)) as script:
        assert cells(sparql_client.send_query(Endpoint(script.url), SELECT)) == ["one"]
    assert len(script.heard) == 3


def test_an_answer_that_breaks_off_is_asked_for_again() -> None:
    with scripted(Said(body=ROW, cut=10), Said(body=ROW)) as script:
        assert cells(sparql_client.send_query(Endpoint(script.url), SELECT)) == ["one"]
    assert len(script.heard) == 2


def test_a_server_that_stays_busy_is_given_up() -> None:
    with scripted(BUSY) as script, pytest.raises(EngineError, match=r"/sparql: said 503 .*: come back"):
        sparql_client.send_query(Endpoint(script.url, tries=3), SELECT)
    assert len(script.heard) == 3


def test_a_server_that_wants_to_be_left_alone_is() -> None:
    later = Said(503, headers=(("Retry-After", "1"),))
    with scripted(later, Said(body=ROW)) as script:
        start = time.monotonic()
        assert cells(sparql_client.send_query(Endpoint(script.url), SELECT)) == ["one"]
        assert time.monotonic() - start >= 1
    with scripted(Said(503, headers=(("Retry-After", "3600"),))) as script, pytest.raises(EngineError, match="503"):
        sparql_client.send_query(Endpoint(script.url, seconds=5), SELECT)
    assert len(script.heard) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 414, 500, 501])
def test_a_refusal_is_told_in_the_words_of_the_server_and_not_asked_again(status: int) -> None:
    with scripted(Said(status, b"line 1:\n no such thing")) as script:
        with pytest.raises(EngineError) as caught:
            sparql_client.send_query(Endpoint(script.url), SELECT)
        assert str(caught.value).startswith(f"{script.url}: said {status} ")
    assert ": line 1: no such thing" in str(caught.value)
    assert ("set SCS_KG_USER" in str(caught.value)) == (status in {401, 403})
    assert len(script.heard) == 1


def test_no_redirect_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCS_KG_TOKEN", "secret")
    with scripted(Said(body=ROW)) as other:
        moved = Said(302, headers=(("Location", other.url),))
        with scripted(moved) as script, pytest.raises(EngineError, match=r"said 302 .*; ask there"):
            sparql_client.send_query(Endpoint(script.url), SELECT)
    assert other.heard == []


def test_a_slow_answer_is_not_waited_for_and_not_asked_for_again() -> None:
    with scripted(Said(body=ROW, wait=1.5)) as script:
        with pytest.raises(EngineError, match=r"no whole answer within 0\.3 s"):
            sparql_client.send_query(Endpoint(script.url, seconds=0.3), SELECT)
        assert len(script.heard) == 1


def test_a_large_answer_is_refused() -> None:
    with scripted(Said(body=ROW)) as script, pytest.raises(EngineError, match="more than 50 bytes"):
        sparql_client.send_query(Endpoint(script.url, largest=50), SELECT)


def test_nobody_there_is_told() -> None:
    with pytest.raises(EngineError, match=r"http://127\.0\.0\.1:1/sparql: cannot be reached: .*refused"):
        sparql_client.send_query(Endpoint("http://127.0.0.1:1/sparql", tries=2), SELECT)


@pytest.mark.parametrize(
    "url",
    ["", "x", "file:///etc/passwd", "ftp://h/", "http://", "http://u:p@h/", "http://h/ x", "http://h:x/", "http://[/"],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(WrongUseError, match="is no address of an endpoint"):
        sparql_client.send_query(Endpoint(url), SELECT)
    with pytest.raises(WrongUseError, match="is no address of an endpoint"):
        sparql_client.send_query(Endpoint("http://127.0.0.1:1/", update_url=url or "x"), SELECT)


def test_updates_and_queries_are_not_taken_for_each_other() -> None:
    with scripted(Said(body=ROW)) as script:
        with pytest.raises(WrongUseError, match="an update, not a query"):
            sparql_client.send_query(Endpoint(script.url), "DROP GRAPH <x:y>")
        with pytest.raises(WrongUseError, match="a query, not an update"):
            sparql_client.send_update(Endpoint(script.url), SELECT, repeatable=True)
        with pytest.raises(EngineError, match="names SERVICE"):
            sparql_client.send_query(Endpoint(script.url), "ASK { SERVICE <x:y> { ?s ?p ?o } }")
    assert script.heard == []


def test_only_a_repeatable_update_is_sent_again() -> None:
    text = "DROP GRAPH <x:y>"
    with scripted(BUSY, Said(204)) as script:
        sparql_client.send_update(Endpoint("http://127.0.0.1:1/", script.url), text, repeatable=True)
    assert [heard.form for heard in script.heard] == [{"update": [text]}] * 2
    with scripted(BUSY, Said(204)) as script, pytest.raises(EngineError, match="503"):
        sparql_client.send_update(Endpoint(script.url), text, repeatable=False)
    assert len(script.heard) == 1


def test_credentials_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCS_KG_USER", "ann")
    monkeypatch.setenv("SCS_KG_PASSWORD", "b")
    with scripted(Said(body=ROW)) as script:
        sparql_client.send_query(Endpoint(script.url), SELECT)
        monkeypatch.setenv("SCS_KG_TOKEN", "tok")
        sparql_client.send_query(Endpoint(script.url), SELECT)
    assert [heard.headers["Authorization"] for heard in script.heard] == ["Basic YW5uOmI=", "Bearer tok"]
    with pytest.raises(WrongUseError, match="over https only"):
        sparql_client.send_query(Endpoint("http://store.example/sparql"), SELECT)


def test_a_server_that_demands_a_digest_gets_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCS_KG_USER", "ann")
    monkeypatch.setenv("SCS_KG_PASSWORD", "b")
    demand = Said(401, headers=(("WWW-Authenticate", 'Digest realm="r", nonce="n", qop="auth"'),))
    with scripted(demand, Said(body=ROW)) as script:
        assert cells(sparql_client.send_query(Endpoint(script.url), SELECT)) == ["one"]
    assert script.heard[1].headers["Authorization"].startswith('Digest username="ann", realm="r"')


def test_rows_come_by_pages_until_one_is_short() -> None:
    question = query_library.find(ROOT, "claims")
    row = ROW.replace(b"]}}", b", " + ROW[ROW.index(b'[{"x"') + 1 :])
    with scripted(Said(body=row), Said(body=row), Said(body=ROW)) as script:
        pages = list(sparql_client.query_pages(Endpoint(script.url), question, 2, system="xiamen"))
    assert [len(page) for page in pages] == [2, 2, 1]
    ends = [heard.form["query"][0].splitlines()[-1] for heard in script.heard]
    assert ends == ["LIMIT 2 OFFSET 0", "LIMIT 2 OFFSET 2", "LIMIT 2 OFFSET 4"]
    assert all("scs-kg/system/xiamen>" in heard.form["query"][0] for heard in script.heard)


def test_comments_do_not_hide_what_is_asked() -> None:
    asked = "# title: one\n# question: who asks?\n# and who deletes?\n\n" + SELECT
    with scripted(Said(body=ROW)) as script:
        assert cells(sparql_client.send_query(Endpoint(script.url), asked)) == ["one"]
    assert script.heard[0].form["query"] == [asked]
