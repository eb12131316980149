"""No request causes an internal error of the service, with any path, headers, parameters and body."""

import json
import os
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scs_kg.server.routes import ROUTES
from scs_kg.store import Dataset
from tests.support.asgi import Client, request

EXAMPLES: Final = int(os.environ.get("SCS_KG_FUZZ", "300"))
"""The number of examples; 10,000 were run by hand."""
TEXTS = st.text(max_size=40) | st.sampled_from(
    [
        "",
        "2019",
        "all",
        "alpha",
        "kindness",
        "plain",
        "book-2001",
        "1e999",
        "NaN",
        "-1",
        "\r\nset-cookie: a=b",
        "../..",
        "文",
    ]
)
PATHS: Final = sorted({path for route in ROUTES for path in route.paths})
KNOWN: Final = (
    *("query", "update", "default-graph-uri", "named-graph-uri", "queries", "extend", "prefix", "type", "limit"),
    *("guideline", "reading", "as-of", "dataset", "without", "systems", "kind", "mode", "scope", "min-confidence"),
)
HEADERS: Final = (
    *("accept", "accept-language", "accept-encoding", "content-type", "if-none-match", "cache-control", "origin"),
    *("range", "host", "x-forwarded-for", "cookie", "access-control-request-method"),
)
JSONS = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["q0", "query", "type", "limit", "properties", "pid", "v", "ids", "id"]), inner
        )
    ),
    max_leaves=8,
)
QUERIES = st.builds("{} {{ {} }}".format, st.sampled_from(["SELECT *", "ASK", "CONSTRUCT", "DESCRIBE ?x"]), TEXTS)
VALUES = TEXTS | QUERIES | JSONS.map(json.dumps)
HEADER_VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60) | st.sampled_from(
    [
        "text/html",
        "application/rdf+xml",
        "application/json",
        "text/csv",
        "gzip",
        "zh-CN,zh;q=0.9",
        "*/*;q=0",
        "no-cache",
    ]
)
BODIES = st.binary(max_size=200) | VALUES.map(lambda text: text.encode("utf-8", "surrogatepass"))


@pytest.fixture(scope="module")
def client(judged_world: Dataset) -> Client:
    """Return a client of the service on the invented world."""
    return Client(judged_world, max_answer=32 << 20)


@st.composite
def paths(draw: st.DrawFn) -> str:
    """Return the path of a route with any text in its parameters, or any path."""
    path = draw(st.sampled_from(PATHS))
    while "{" in path:
        before, _, rest = path.partition("{")
        path = before + draw(TEXTS) + rest.partition("}")[2]
    return draw(st.just(path) | TEXTS.map(lambda text: "/" + text))


MEDIA_TYPES: Final = (
    *("", "application/x-www-form-urlencoded", "application/sparql-query", "application/json", "text/turtle"),
    *("text/csv", "application/yaml", "application/ld+json", "application/n-quads"),
)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """Return the arguments of ``request``: a method, a path, a query, headers and a body."""
    headers = draw(st.dictionaries(st.sampled_from(HEADERS), HEADER_VALUES, max_size=4))
    if media_type := draw(st.sampled_from(MEDIA_TYPES)):
        headers["content-type"] = media_type
    method = draw(st.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "POST", "OPTIONS", "PUT"]))
    form = st.dictionaries(st.sampled_from(KNOWN), VALUES, max_size=2).map(form_of)
    params = draw(st.dictionaries(st.sampled_from(KNOWN) | TEXTS, VALUES, max_size=3))
    return {
        "method": method,
        "path": draw(paths()),
        "query": form_of(params).decode(),
        "headers": headers,
        "body": draw(BODIES | form) if method == "POST" else b"",
    }


@pytest.mark.slow
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(sent=requests())
def test_no_request_causes_an_internal_error(client: Client, sent: dict[str, Any]) -> None:
    got = request(client.app, **sent)
    assert got.status < 500, (got.status, got.body)
    assert b"Traceback" not in got.body
    assert str(client.state.dataset.root).encode() not in got.body
    for name, value in got.headers.items():
        assert not set("\r\n\0") & set(name + value)
    assert "set-cookie" not in got.headers


def form_of(fields: dict[str, Any]) -> bytes:
    """Return fields as a form."""
    return urlencode(fields, errors="surrogatepass").encode()
