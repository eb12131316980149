"""Headers and compression that all answers share, the numbers for operators, and the health of the service."""

import gzip
from urllib.parse import urlencode

import pytest
from prometheus_client.parser import text_string_to_metric_families

from scs_kg.model.errors import BadFileError
from scs_kg.model.version import __version__
from scs_kg.server import worker
from scs_kg.server.jobs import Reply
from scs_kg.server.negotiate import choose_encoding
from scs_kg.server.worker_state import WorkerState
from scs_kg.store import Dataset
from scs_kg.store.ontology_header import ontology_header
from scs_kg.store.transaction import fingerprint
from tests.support.asgi import Client, request


@pytest.fixture(scope="module")
def client(judged_world: Dataset) -> Client:
    """Return a client of the service on the invented world."""
    return Client(judged_world, max_answer=32 << 20)


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "gzip"),
        ("br;q=1, gzip;q=0.2, *;q=0", "gzip"),
        ("*", "gzip"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0.1, identity", "identity"),
        ("br", "identity"),
    ],
)
def test_gzip_is_chosen_if_the_client_accepts_it(accepted: str, chosen: str) -> None:
    assert choose_encoding(accepted) == chosen


def test_large_answers_are_compressed_and_have_a_vary_header(client: Client) -> None:
    plain = client.get("/en/")
    packed = request(client.app, "GET", "/en/", headers={"accept-encoding": "gzip, br"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept, Accept-Encoding, Origin"
    assert int(packed.headers["content-length"]) == len(packed.body)
    head = request(client.app, "HEAD", "/en/", headers={"accept-encoding": "gzip"})
    assert head.headers["content-length"] == packed.headers["content-length"]


def test_small_answers_are_not_compressed(client: Client) -> None:
    got = request(client.app, "GET", "/sparql", urlencode({"query": "ASK {}"}), headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in got.headers
    assert got.headers["vary"] == "Accept, Origin"


def test_an_answer_that_must_not_be_stored_has_no_entity_tag(client: Client) -> None:
    for path, query in (("/sparql", "SELECT (NOW() AS ?x) {}"), ("/sparql", "nonsense"), ("/health", "")):
        got = client.get(path, query=query)
        assert got.headers["cache-control"] == "no-store"
        assert "etag" not in got.headers


def test_the_health_of_the_service_says_its_version(client: Client) -> None:
    got = client.get("/health")
    state = client.state
    ontology = ontology_header(state.dataset).version
    assert got.json == {
        "status": "ok",
        "version": __version__,
        "ontology": ontology,
        "data": fingerprint(state.dataset.root)[:12],
        "quads": len(state.dataset.quads),
    }
    info = client.get("/api", accept="application/json").json["info"]
    assert (info["x-ontology-version"], info["x-data-digest"]) == (ontology, got.json["data"])


def test_the_metrics_count_requests_by_route_method_and_status(judged_world: Dataset) -> None:
    client = Client(judged_world)
    for query in ("ASK {}", "ASK {}", "nonsense"):
        client.sparql(query)
    request(client.app, "PUT", "/sparql")
    got = client.get("/metrics")
    assert got.type == "text/plain"
    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(got.body.decode())
        for sample in family.samples
    }
    assert samples["scs_kg_requests_total", "/sparql", "200", "GET"] == 2
    assert samples["scs_kg_requests_total", "/sparql", "400", "GET"] == 1
    assert samples["scs_kg_requests_total", "405", "none", "other"] == 1
    assert samples["scs_kg_request_seconds_count", "/sparql"] == 3
    assert samples["scs_kg_cached_answers_total",] == 1


def test_the_number_of_labels_does_not_grow_with_addresses(judged_world: Dataset) -> None:
    client = Client(judged_world)
    before = len(client.get("/metrics").body)
    for number in range(30):
        client.get(f"/nothing-{number}")
    assert len(client.get("/metrics").body) < before + 3000


def test_an_error_about_a_file_does_not_reveal_the_project_folder(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(state: WorkerState, _: object) -> Reply:
        raise BadFileError(state.dataset.root / "queries" / "claims.rq", 3, "cannot be read")

    monkeypatch.setattr(worker, "TASKS", {"health.health": broken})
    got = client.get("/health")
    assert (got.status, got.json["detail"]) == (500, "queries/claims.rq:3: cannot be read")
