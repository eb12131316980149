"""Linked data: every IRI resolves (things by 303, documents directly), and the rules of w3id.org agree."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import rdflib

from scs_kg import store
from scs_kg.contribute.read.fields import PAGE
from scs_kg.contribute.template.json_schema import SCHEMA_PAGE
from scs_kg.model.namespaces import BASE
from scs_kg.store import Dataset, describe
from scs_kg.store.dataset import graph_triples, subject_iris
from tests.conftest import ROOT
from tests.support.asgi import Client, request

FORMS = {"text/turtle": ".ttl", "application/ld+json": ".jsonld", "application/n-triples": ".nt", "text/html": ".html"}
"""The formats that the rules of w3id.org distinguish."""
RULES = ROOT / "ontology" / "w3id" / ".htaccess"


@pytest.fixture(scope="module")
def everything(field_client: Client) -> Client:
    return field_client


@pytest.fixture(scope="module")
def client(judged_world: Dataset) -> Client:
    return Client(judged_world)


def kind(iri: str) -> str:
    """Return the kind of an IRI: its first part, and how many parts follow."""
    rest = iri.removeprefix(BASE)
    first, *more = rest.split("/")
    return f"{first} and {len(more)} more" if first != "graph" else "graph"


def one_of_each_kind(dataset: Dataset) -> Iterator[str]:
    """Yield the first IRI of the project of each kind, without fragments, and of every kind of graph."""
    found: dict[str, str] = {}
    objects = {iri for _, iri in store.subject_objects(dataset, "http://www.w3.org/2002/07/owl#versionIRI")}
    software = {value for _, value in store.subject_objects(dataset, "http://www.w3.org/ns/earl#assertedBy")}
    for iri in sorted({*subject_iris(dataset, BASE), *describe.graph_iris(dataset), *objects, *software}):
        found.setdefault(kind(iri.partition("#")[0]), iri.partition("#")[0])
    yield from found.values()


@pytest.fixture(scope="session")
def kinds(field: Dataset) -> tuple[str, ...]:
    return tuple(one_of_each_kind(field))


@pytest.mark.slow
def test_every_kind_of_iri_is_tested(kinds: tuple[str, ...]) -> None:
    starts = {iri.removeprefix(BASE).split("/")[0] for iri in kinds}
    assert starts >= {"ontology", "features", "style", "integrity", "graph", "system", "claim", "source", "feature"}
    assert starts >= {
        "criterion",
        "guideline",
        "reading",
        "provision",
        "region",
        "group",
        "dataset",
        "verdict",
        "table",
    }


@pytest.mark.slow
@pytest.mark.parametrize("accept", FORMS)
def test_every_kind_of_iri_resolves_in_every_format_and_the_rules_redirect_to_its_document(
    everything: Client, kinds: tuple[str, ...], accept: str
) -> None:
    for iri in kinds:
        path = "/" + iri.removeprefix(BASE)
        got, document = everything.get(path, accept), describe.is_document(everything.state.dataset, iri)
        found = everything.get(path + FORMS[accept])
        if document:
            assert got.status == 200, iri
        else:
            assert got.status == 303, iri
            assert got.headers["location"] == f"/scs{path}{FORMS[accept]}"
        for one in (got, found) if document else (found,):
            assert (one.status, one.type) == (200, accept), iri
            assert one.headers["content-location"] == f"/scs{path}{FORMS[accept]}"
            assert one.headers["link"] == f'<{iri}>; rel="describes"'
        for asked in (accept, "*/*") if accept == "text/html" else (accept,):
            to_document = 302 if document else 303, f"https://scs-kg.example{path}{FORMS[accept]}"
            assert redirect(iri.removeprefix(BASE), asked) == to_document, iri


def test_all_formats_have_the_same_triples(client: Client) -> None:
    graphs = [
        rdflib.Graph().parse(data=client.get(f"/system/alpha{extension}").body, format=form)
        for extension, form in ((".ttl", "turtle"), (".jsonld", "json-ld"), (".nt", "nt"), (".rdf", "xml"))
    ]
    assert len(graphs[0]) > 10
    assert all(set(graph) == set(graphs[0]) for graph in graphs)
    quads = rdflib.Dataset().parse(data=client.get("/system/alpha.trig").body, format="trig")
    assert {(s, p, o) for s, p, o, _ in quads.quads()} == set(graphs[0])
    accepted = [client.get("/system/alpha", media_type) for media_type in ("application/rdf+xml", "application/trig")]
    assert [got.headers["location"] for got in accepted] == ["/scs/system/alpha.rdf", "/scs/system/alpha.trig"]
    alpha = rdflib.URIRef(BASE + "system/alpha")
    assert all(alpha in {s, o} for s, _, o in graphs[0])
    assert set(graphs[0].subjects(rdflib.URIRef(BASE + "ontology#about"), alpha))


def test_a_document_has_all_terms_that_it_defines(client: Client) -> None:
    found = rdflib.Graph().parse(data=client.get("/ontology", "text/turtle").body, format="turtle")
    assert (rdflib.URIRef(BASE + "ontology#Claim"), None, None) in found
    page = client.get("/ontology", "text/html").body.decode()
    assert '<section id="Claim">' in page
    version = client.get("/ontology/0.1.0", "text/turtle")
    assert version.status == 200
    assert b"scs:Claim" in version.body


def test_a_graph_has_its_triples(client: Client) -> None:
    found = rdflib.Graph().parse(data=client.get("/graph/data/places", "text/turtle").body, format="turtle")
    assert len(found) == len(list(graph_triples(client.state.dataset, BASE + "graph/data/places")))


def test_a_page_names_its_thing_and_links_to_other_things(client: Client) -> None:
    class Links(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            targets.extend(value or "" for name, value in attrs if tag == "a" and name == "href")

    targets: list[str] = []
    page = client.get("/system/alpha.html").body.decode()
    Links().feed(page)
    assert "<h1>Alpha</h1>" in page
    ours = {target.removeprefix("/scs") for target in targets if target.startswith("/scs/")}
    assert {"/region/town", "/ontology#SocialCreditSystem"} <= ours
    for target in sorted(ours):
        assert client.get(target.partition("#")[0]).status in {200, 303}, target


@pytest.mark.parametrize(
    ("path", "offered"),
    [
        ("/system/alfa", "did you mean system/alpha"),
        ("/guideline/example-2000/kindnes", "did you mean guideline/example-2000/kindness"),
        ("/sistem", "did you mean system"),
        ("/system/alfa.ttl", "did you mean system/alpha"),
        ("/graph/data/placs", "did you mean graph/data/places"),
    ],
)
def test_an_unknown_iri_returns_similar_ones(client: Client, path: str, offered: str) -> None:
    got = client.get(path, "application/json" if "." not in path else None)
    assert (got.status, got.type) == (404, "application/problem+json")
    assert offered in got.json["detail"]
    assert f"'{path[1:].removesuffix('.ttl')}'" in got.json["detail"]


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("path", ["/system/alfa", "/nothing.html", "/en/nothing.html", "/<b>"])
def test_a_browser_gets_a_page_about_an_error(client: Client, path: str) -> None:
    got = client.get(path, BROWSER)
    assert (got.status, got.type) == (404, "text/html")
    assert got.headers["cache-control"] == "no-store"
    assert b"<h1>Not found</h1>" in got.body
    assert b'href="/scs/en/"' in got.body
    assert b"<b>" not in got.body
    assert client.get(path, "application/json, text/html;q=0.9").type == "application/problem+json"
    assert client.get(path, "*/*").type == "application/problem+json"


@pytest.mark.parametrize("path", ["/system/alpha", "/en/matrix/plain", "/static/style.css", "/guideline/example-2000"])
def test_a_slash_at_the_end_redirects_to_the_address_without_it(client: Client, path: str) -> None:
    got = request(client.app, "GET", path + "/", "a=b%20c&d=%0D%0A")
    assert (got.status, got.headers["location"]) == (308, f"/scs{path}?a=b%20c&d=%0D%0A")


@pytest.mark.parametrize("path", ["/sparql", "/api", "/api/compare", "/api/systems", "/reconcile", "/health"])
def test_an_address_of_the_service_may_have_a_slash_at_its_end(client: Client, path: str) -> None:
    assert client.get(path + "/").body == client.get(path).body
    assert client.get(path + "/").status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "//example.org/x/",
        "/./example.org/",
        "/system/../../etc/passwd",
        "/system/\r\nset-cookie: a=b",
        "/system/\x00",
        "/" + "x" * 5000,
        "/system/<script>",
        "/file:///etc/passwd",
        "/system/alpha\u202e",
        "/system/'",
        "//example.org/",
    ],
)
def test_malicious_paths_return_a_problem(client: Client, path: str) -> None:
    got = client.get(path)
    assert got.status == 404
    assert "set-cookie" not in got.headers
    assert "location" not in got.headers
    assert got.type == "application/problem+json"


def test_an_unavailable_format_is_refused(client: Client) -> None:
    assert client.get("/system/alpha", "image/png").status == 406
    assert request(client.app, "POST", "/system/alpha").status == 405


# The rules of w3id.org


def redirect(path: str, accept: str) -> tuple[int, str]:
    """Return the status and the target of the rules (Apache mod_rewrite: RewriteCond, RewriteRule, [E], [R], [L])."""
    home, met = "", True
    for line in RULES.read_text("utf-8").splitlines():
        match line.split():
            case ["RewriteCond", "%{HTTP_ACCEPT}", pattern]:
                met = met and re.search(pattern, accept) is not None
            case ["RewriteRule", "^", "-", flags]:
                home = flags.strip("[]").removeprefix("E=SCS:")
            case ["RewriteRule", pattern, target, flags]:
                found = re.search(pattern, path)
                if met and found:
                    status = re.search(r"R=(\d+)", flags)
                    assert status
                    assert flags.endswith("L]")
                    return int(status[1]), target.replace("%{ENV:SCS}", home).replace("$1", (*found.groups(), "")[0])
                met = True
    raise AssertionError(f"no rule for {path}")


def test_the_rules_redirect_every_iri_of_the_project(field: Dataset) -> None:
    for iri in {name.partition("#")[0] for name in subject_iris(field, BASE)}:
        assert (
            redirect(iri.removeprefix(BASE), "text/turtle")[1] == f"https://scs-kg.example/{iri.removeprefix(BASE)}.ttl"
        )


@pytest.mark.parametrize(
    ("iri", "media_type"), [(PAGE, "application/ld+json"), (SCHEMA_PAGE, "application/schema+json")]
)
@pytest.mark.parametrize("accept", [*FORMS, "*/*"])
def test_the_rules_redirect_the_context_and_the_schema(
    iri: str, media_type: str, accept: str, everything: Client
) -> None:
    status, target = redirect(iri.removeprefix(BASE), accept)
    assert (status, target) == (302, f"https://scs-kg.example/{iri.removeprefix(BASE)}")
    got = everything.get(target.removeprefix("https://scs-kg.example"), accept)
    assert (got.status, got.type) == (200, media_type)


@pytest.mark.parametrize("path", ["sparql", "reconcile", "api", "api/compare", ".well-known/void"])
def test_the_rules_redirect_to_the_service(path: str, everything: Client) -> None:
    status, target = redirect(path, "*/*")
    assert (status, target) == (307, f"https://scs-kg.example/{path}")
    assert everything.get(f"/{path}").status == 200


def test_the_rules_redirect_to_the_home_page() -> None:
    assert redirect("", "*/*") == (302, "https://scs-kg.example/ontology")
    assert Path(ROOT / "ontology" / "w3id" / "README.md").read_text("utf-8").startswith("# w3id.org/scs-kg")
