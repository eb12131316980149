"""The JSON-LD context and the JSON Schema of claim files over HTTP."""

import json

import pytest
import rdflib

from scs_kg import store
from scs_kg.contribute.read import reading_context
from scs_kg.contribute.template import template
from scs_kg.model.namespaces import PREFIXES
from scs_kg.server.app import CACHE_CONTROL
from scs_kg.server.worker_state import WorkerState
from scs_kg.store import Dataset
from tests.conftest import ROOT
from tests.support.asgi import Client, request, worker_state


@pytest.fixture(scope="module")
def state(judged_world: Dataset) -> WorkerState:
    """Return the state of a worker on the invented world."""
    return worker_state(judged_world, 1 << 20)


@pytest.fixture
def client(judged_world: Dataset, state: WorkerState) -> Client:
    """Return a client of the service on the invented world, with an empty cache."""
    return Client(judged_world, state=state)


def test_the_context_is_the_published_one_and_expands_json(client: Client) -> None:
    got = client.get("/context.jsonld")
    assert (got.status, got.headers["content-type"]) == (200, "application/ld+json")
    assert got.json == json.loads((ROOT / "ontology" / "context.jsonld").read_text("utf-8"))
    claim = {**got.json, "id": "claim:new", "type": "Claim", "system": "alpha", "asOf": "2001"}
    found = rdflib.Graph().parse(data=json.dumps(claim), format="json-ld")
    about = rdflib.URIRef(PREFIXES["scs"] + "about")
    assert (rdflib.URIRef(PREFIXES["claim"] + "new"), about, rdflib.URIRef(PREFIXES["sys"] + "alpha")) in found


def test_the_schema_is_that_of_the_template(client: Client) -> None:
    got = client.get("/claims.schema.json")
    assert (got.status, got.headers["content-type"]) == (200, "application/schema+json")
    assert got.body.decode() == template(reading_context(store.load(client.state.dataset.root)), "schema")
    assert got.json["$id"] == PREFIXES["scs"].removesuffix("ontology#") + "claims.schema.json"


@pytest.mark.parametrize("path", ["/context.jsonld", "/claims.schema.json"])
def test_context_and_schema_are_cached_by_clients_and_by_the_service(client: Client, path: str) -> None:
    first = client.get(path)
    assert first.headers["cache-control"] == CACHE_CONTROL
    assert client.get(path).body == first.body
    assert client.jobs == 1
    unchanged = request(client.app, "GET", path, headers={"if-none-match": first.headers["etag"]})
    assert (unchanged.status, unchanged.body) == (304, b"")
    assert request(client.app, "POST", path).status == 405
