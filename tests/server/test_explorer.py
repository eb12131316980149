"""The explorer over HTTP: its pages, what they load, the data behind them, and the way in."""

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
    ("liked", "language"), [("", "en"), ("zh-CN,zh;q=0.9,en;q=0.5", "zh-Hans"), ("de, zh;q=0.2", "en"), ("en", "en")]
)
def test_the_way_in_leads_to_the_language_that_the_browser_likes(client: Client, liked: str, language: str) -> None:
    got = request(client.app, "GET", "/", headers={"accept-language": liked})
    assert (got.status, got.headers["location"]) == (303, f"/scs/{language}/index.html")


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_page_is_shown_under_a_policy_that_runs_nothing_foreign(client: Client, language: str) -> None:
    for address in addresses(client.state.content):
        got = client.get(f"/{language}/{address}.html")
        assert (got.status, got.type) == (200, "text/html"), address
        policy = got.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "set-cookie" not in got.headers


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_folder_of_a_language_is_its_first_page(client: Client, language: str) -> None:
    assert client.get(f"/{language}/").body == client.get(f"/{language}/index.html").body != b""


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_folder_of_a_language_without_its_slash_leads_to_it_for_good(client: Client, language: str) -> None:
    got = client.get(f"/{language}")
    assert (got.status, got.headers["location"]) == (308, f"/scs/{language}/")
    assert "etag" in got.headers
    assert client.get(f"/{language}s").status == 404


def test_what_is_live_asks_the_service(client: Client) -> None:
    assert b'data-endpoint="../sparql"' in client.get("/en/query.html").body


@pytest.mark.parametrize(
    ("path", "media_type", "begins"),
    [
        ("/static/explorer.css", "text/css", b"/*"),
        ("/static/names.js", "text/javascript", b"const NAMES"),
        ("/static/library.js", "text/javascript", b"const LIBRARY"),
        ("/static/vendor/yasqe.min.css", "text/css", b"."),
        ("/en/pictures/spectrum.svg", "image/svg+xml", b"<svg"),
        ("/en/proof/plain/alpha/kindness.svg", "image/svg+xml", b"<svg"),
        ("/matrix/plain.csv", "text/csv", b"guideline,"),
        ("/source/book-2001.bib", "application/x-bibtex", b"@"),
        ("/source/book-2001.csl.json", "application/vnd.citationstyles.csl+json", b"{"),
        ("/cell/plain/alpha/kindness.bib", "application/x-bibtex", b"@misc{scs-kg-plain-alpha-kindness"),
        ("/cell/plain/alpha/kindness.csl.json", "application/vnd.citationstyles.csl+json", b"{"),
        ("/cell/plain/alpha/kindness.trig", "application/trig", b"@prefix"),
        ("/cell/plain/alpha/kindness.ttl", "text/turtle", b"@prefix"),
    ],
)
def test_what_pages_load_and_what_is_behind_them_is_given(
    client: Client, path: str, media_type: str, begins: bytes
) -> None:
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
        "/en/proof/plain/alpha.svg",
        "/en/proof/plain/alpha/nothing.svg",
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
def test_what_is_not_there_is_told(client: Client, path: str) -> None:
    got = client.get(path)
    assert (got.status, got.type) == (404, "application/problem+json")
    assert json.loads(got.body)["detail"]


def test_a_date_chosen_leads_to_the_matrix_of_its_claims(client: Client) -> None:
    got = client.get("/en/matrix/plain.html", as_of="2002")
    assert (got.status, got.headers["location"]) == (303, "/scs/en/matrix/plain/as-of-2002.html")
    shown = client.get("/en/matrix/plain/as-of-2002.html")
    assert shown.status == 200
    assert b"claims up to 2002" in shown.body


def test_a_dataset_chosen_leads_to_the_matrix_of_its_claims(client: Client) -> None:
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
def test_pages_of_one_edition_go_to_one_worker(arguments: dict[str, str], affinity: str | None) -> None:
    assert edition_affinity(arguments) == affinity
