"""The explorer over HTTP: pages, static files, the data behind pages, and redirects."""

import json

import pytest

from scs_kg.explorer.router import addresses
from scs_kg.server.explorer import edition_affinity
from scs_kg.store import Dataset
from tests.support.asgi import Client, request


@pytest.fixture(scope="session")
def client(judged_world: Dataset) -> Client:
    """Return a client of the service on the invented world."""
    return Client(judged_world)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.5", "zh-Hans"),
        ("de, zh;q=0.2", "zh-Hans"),
        ("zh;q=0.3, en;q=0.8", "en"),
        ("en;q=0.1, zh-TW", "zh-Hans"),
        ("zh;q=0, de", "en"),
        ("*;q=0.5, en;q=0.1", "zh-Hans"),
        ("zh;q=nonsense, en", "zh-Hans"),
        ("en", "en"),
    ],
)
def test_the_root_redirects_to_the_preferred_language(client: Client, accepted: str, language: str) -> None:
    got = request(client.app, "GET", "/", headers={"accept-language": accepted})
    assert (got.status, got.headers["location"]) == (303, f"/scs/{language}/index.html")
    assert got.headers["vary"] == "Accept-Language, Origin"


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_page_has_a_content_security_policy_without_foreign_scripts(client: Client, language: str) -> None:
    for address in addresses(client.state.content):
        got = client.get(f"/{language}/{address}.html")
        assert (got.status, got.type) == (200, "text/html"), address
        policy = got.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "set-cookie" not in got.headers


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_folder_of_a_language_shows_its_home_page(client: Client, language: str) -> None:
    assert client.get(f"/{language}/").body == client.get(f"/{language}/index.html").body != b""


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_folder_without_its_slash_redirects_permanently(client: Client, language: str) -> None:
    got = client.get(f"/{language}")
    assert (got.status, got.headers["location"]) == (308, f"/scs/{language}/")
    assert "etag" in got.headers
    assert client.get(f"/{language}s").status == 404


def test_the_query_page_uses_the_endpoint_of_the_service(client: Client) -> None:
    assert b'data-endpoint="../sparql"' in client.get("/en/query.html").body


@pytest.mark.parametrize(
    ("path", "media_type", "begins"),
    [
        ("/static/explorer.css", "text/css", b"/*"),
        ("/static/names.js", "text/javascript", b"const PACKED_NAMES"),
        ("/static/sources.csl.json", "application/json", b"[{"),
        ("/static/library.js", "text/javascript", b"const PACKED_LIBRARY"),
        ("/static/vendor/yasqe.min.css", "text/css", b"."),
        ("/en/pictures/spectrum.svg", "image/svg+xml", b"<svg"),
        ("/matrix/plain.csv", "text/csv", b"guideline,"),
        ("/matrix/plain/all.js", "text/javascript", b'receiveMatrix("'),
        ("/source/book-2001.bib", "application/x-bibtex", b"@"),
        ("/source/book-2001.csl.json", "application/vnd.citationstyles.csl+json", b"{"),
        ("/cell/plain/alpha/kindness.bib", "application/x-bibtex", b"@misc{scs-kg-plain-alpha-kindness"),
        ("/cell/plain/alpha/kindness.csl.json", "application/vnd.citationstyles.csl+json", b"{"),
        ("/cell/plain/alpha/kindness.trig", "application/trig", b"@prefix"),
        ("/cell/plain/alpha/kindness.ttl", "text/turtle", b"@prefix"),
    ],
)
def test_static_files_and_data_of_pages_are_served(client: Client, path: str, media_type: str, begins: bytes) -> None:
    got = client.get(path)
    assert (got.status, got.type) == (200, media_type)
    assert got.body.startswith(begins)


@pytest.mark.parametrize(
    "path",
    [
        "/en/nothing.html",
        "/en/system/nobody.html",
        "/en/matrix/plain/as-of-yesterday.html",
        "/en/pictures/nothing.svg",
        "/static/nothing.js",
        "/static/../../pyproject.toml",
        "/static/vendor/../explorer.css",
        "/source/nothing.bib",
        "/cell/plain/alpha.bib",
        "/cell/plain/alpha/nothing.trig",
        "/cell/nothing/alpha/kindness.ttl",
        "/source/book-2001.csv",
    ],
)
def test_an_unknown_address_returns_a_problem(client: Client, path: str) -> None:
    got = client.get(path)
    assert (got.status, got.type) == (404, "application/problem+json")
    assert json.loads(got.body)["detail"]


def test_selecting_a_date_redirects_to_the_matrix_as_of_it(client: Client) -> None:
    got = client.get("/en/matrix/plain.html", as_of="2002")
    assert (got.status, got.headers["location"]) == (303, "/scs/en/matrix/plain/as-of-2002.html")
    shown = client.get("/en/matrix/plain/as-of-2002.html")
    assert shown.status == 200
    assert client.affinity == "as-of-2002"
    assert b"claims up to 2002" in shown.body


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("as_of", "yesterday", 400),
        ("as_of", "2019\r\nset-cookie: a=b", 400),
        ("as_of", "文", 400),
        ("as_of", "2019-13", 400),
        ("dataset", "../../x", 404),
        ("dataset", "文", 404),
        ("dataset", "x\r\ny", 404),
        ("dataset", "x" * 5000, 404),
    ],
)
def test_a_selection_that_cannot_be_in_an_address_is_an_error_of_the_client(
    client: Client, name: str, value: str, status: int
) -> None:
    for path in ("/en/matrix/plain.html", "/zh-Hans/", "/en/pictures/x.svg"):
        got = client.get(path, **{name: value})
        assert got.status == status, path
        assert "location" not in got.headers
        assert "set-cookie" not in got.headers


def test_selecting_a_dataset_redirects_to_its_matrix(client: Client) -> None:
    got = client.get("/en/matrix/plain.html", dataset="tales")
    assert got.headers["location"] == "/scs/en/matrix/plain/tales.html"


@pytest.mark.parametrize(
    ("arguments", "affinity"),
    [
        ({"path": "matrix/plain/as-of-2002.html"}, "as-of-2002"),
        ({"address": "matrix/plain/as-of-2002"}, "as-of-2002"),
        ({"path": "beside/plain/as-of-2002/tales.html"}, "as-of-2002/tales"),
        ({"path": "matrix/plain.html"}, None),
        ({"path": "system/alpha.html"}, None),
        ({"path": "index"}, None),
    ],
)
def test_pages_of_one_edition_have_one_affinity(arguments: dict[str, str], affinity: str | None) -> None:
    assert edition_affinity(arguments) == affinity
