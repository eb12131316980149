"""The W3C test suites for SPARQL 1.1: the protocol, and the syntax of queries."""

import json
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from pyoxigraph import RdfFormat
from rdflib import Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from scs_kg.store import Dataset, NamedNode
from scs_kg.store.dataset import copy_asserted
from tests.conftest import FIXTURE_FOLDER
from tests.support.asgi import Client, Got, request
from tests.support.every import every

SUITE: Final = FIXTURE_FOLDER / "w3c"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
DATA: Final = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
READ_ONLY: Final = "the service is read-only and refuses every update with 403"
REFUSED: Final = {
    "update_dataset_default_graph": READ_ONLY,
    "update_dataset_default_graphs": READ_ONLY,
    "update_dataset_named_graphs": READ_ONLY,
    "update_dataset_full": READ_ONLY,
    "update_post_form": READ_ONLY,
    "update_post_direct": READ_ONLY,
    "update_base_uri": READ_ONLY,
}
"""The tests of the protocol that the service fails by design, with the reason."""
TYPES: Final = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {"application/sparql-results+json", "application/sparql-results+xml", "text/csv"},
    "RDF": {"text/turtle", "application/rdf+xml", "application/n-triples"},
}
MANIFEST = Graph().parse(SUITE / "protocol" / "manifest.ttl", format="turtle")
ENTRIES: Final = {
    str(entry).rpartition("#")[2]: entry for entry in Collection(MANIFEST, next(MANIFEST.objects(None, MF.entries)))
}
QUERIES: Final[dict[str, dict[str, Any]]] = json.loads((SUITE / "syntax-query.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def client(judged_world: Dataset) -> Client:
    """Return a client of a service that also has the graphs of the suite."""
    dataset = copy_asserted(judged_world)
    files = dict(dataset.files)
    for number in range(4):
        path, graph = SUITE / "protocol" / f"data{number}.nt", DATA.format(number)
        files[graph] = path
        if path.exists():
            dataset.quads.load(path=path, format=RdfFormat.N_TRIPLES, to_graph=NamedNode(graph))
    return Client(replace(dataset, files=files), max_answer=32 << 20)


def items(node: Node | None) -> list[Node]:
    return list(Collection(MANIFEST, node)) if node is not None else []


def send(client: Client, sent: Node) -> Got:
    """Send a request of the manifest."""
    address = urlsplit(str(MANIFEST.value(sent, HT.absolutePath)))
    headers = {
        str(MANIFEST.value(header, HT.fieldName)): str(MANIFEST.value(header, HT.fieldValue))
        for header in items(MANIFEST.value(sent, HT.headers))
    }
    body = MANIFEST.value(sent, HT.body)
    encoding = str(MANIFEST.value(body, CNT.characterEncoding) or "UTF-8")
    content = "" if body is None else str(MANIFEST.value(body, CNT.chars))
    method = str(MANIFEST.value(sent, HT.methodName))
    return request(client.app, method, address.path, address.query, headers=headers, body=content.encode(encoding))


@every("name", ENTRIES)
def test_the_service_passes_the_protocol_tests_of_the_w3c(client: Client, name: str) -> None:
    action = MANIFEST.value(ENTRIES[name], MF.action)
    statuses = []
    for sent in items(MANIFEST.value(action, HT.requests)):
        got = send(client, sent)
        response = MANIFEST.value(sent, HT.resp)
        expected = {str(status)[-3] for status in MANIFEST.objects(response, MF.expectedStatus)}
        statuses.append(got.status)
        if name in REFUSED:
            continue
        assert str(got.status)[0] in expected, (got.status, got.body)
        form = MANIFEST.value(response, MF.expectedFormat)
        assert form is None or got.type in TYPES[str(form)]
        boolean = MANIFEST.value(response, MF.expectedBoolean)
        assert boolean is None or got.json["boolean"] is boolean.toPython()  # type: ignore[attr-defined]  # a literal
    assert statuses
    assert name not in REFUSED or statuses[0] == 403


def test_every_test_of_a_query_is_run() -> None:
    assert len(ENTRIES) == 34
    assert all(isinstance(entry, URIRef) for entry in ENTRIES.values())
    assert set(REFUSED) < set(ENTRIES)


@every("name", QUERIES)
def test_the_service_passes_the_syntax_tests_of_the_w3c(client: Client, name: str) -> None:
    """A valid query is answered, or refused by design; an invalid one is an error.

    The service refuses calls of other hosts, and unknown graphs and functions.
    """
    case = QUERIES[name]
    body = case["query"].encode("utf-8", "surrogatepass")
    got = request(client.app, "POST", "/sparql", headers={"content-type": "application/sparql-query"}, body=body)
    refused = got.status == 403 and "contains SERVICE" in got.json["detail"]
    unknown = got.status == 403 and "no graph here is called" in got.json["detail"]
    foreign = "custom function <http://example/function> is not supported"
    unknown |= got.status == 400 and foreign in got.json["detail"]
    if case["valid"]:
        assert got.status == 200 or refused or unknown, got.body
    else:
        assert got.status == 400, got.body
