"""The JSON API: the same answers as the commands."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from scs_kg.cli import cli
from scs_kg.render.answer import library
from scs_kg.render.query_list import query_list_json
from scs_kg.server.advice import LISTS
from scs_kg.server.openapi import document, operations
from scs_kg.store import Dataset, query_library
from tests.support.asgi import Client, Got, request


@pytest.fixture(scope="module")
def client(judged_world: Dataset) -> Client:
    return Client(judged_world)


def printed(root: Path, *args: str) -> Any:
    """Return the JSON that a command prints."""
    found = CliRunner().invoke(cli, [*args, "--format", "json", "--root", str(root)])
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"guideline": "example-2001"},
        {"reading": "severe"},
        {"systems": "alpha,beta"},
        {"systems": "Alpha, 乙"},
        {"kind": "local", "dataset": "all"},
        {"as-of": "2001"},
        {"without": "book-2001", "dataset": "tales"},
        {"min-confidence": "high"},
    ],
    ids=str,
)
def test_compare_returns_the_json_of_the_command(client: Client, shared_world: Path, options: dict[str, str]) -> None:
    args = [part for name, value in options.items() for part in (f"--{name}", value)]
    got = client.get("/api/compare", **{name.replace("-", "_"): value for name, value in options.items()})
    assert (got.status, got.type) == (200, "application/json"), got.body
    assert got.json == printed(shared_world, "compare", *args)


@pytest.mark.parametrize(
    ("path", "command"),
    [("/api/compare", "compare"), ("/api/systems", "query systems"), ("/api/query/claims", "query claims")],
)
def test_a_client_that_prefers_csv_gets_the_csv_of_the_command(
    path: str, command: str, client: Client, shared_world: Path
) -> None:
    got = client.get(path, "text/csv, application/json;q=0.5")
    found = CliRunner().invoke(cli, [*command.split(), "--format", "csv", "--root", str(shared_world)])
    assert (got.status, got.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert got.body == found.stdout_bytes
    for accept in ("*/*", "text/html, application/json", "text/csv;q=0.5, application/json", "image/png"):
        assert client.get(path, accept).type == "application/json"


def test_a_comparison_does_not_change_later_answers(client: Client) -> None:
    first = client.get("/api/compare").json
    assert client.get("/api/compare", systems="alpha").json != first
    assert Client(client.state.dataset).get("/api/compare").json == first


def test_explain_returns_the_json_of_the_command(client: Client, shared_world: Path) -> None:
    got = client.get("/api/explain/alpha/kindness", reading="severe")
    assert got.json == printed(shared_world, "explain", "alpha", "kindness", "--reading", "severe")
    assert got.json == client.get("/api/explain/甲/Kindness", reading="severe").json


@pytest.mark.parametrize("name", LISTS)
def test_each_list_returns_the_result_of_its_query(client: Client, shared_world: Path, name: str) -> None:
    got = client.get(f"/api/{name}")
    assert got.json == client.get(f"/api/query/{name}").json
    assert got.json == printed(shared_world, "query", name)


def test_a_query_uses_its_parameters(client: Client, shared_world: Path) -> None:
    got = client.get("/api/query/claims", system="alpha")
    assert got.json == printed(shared_world, "query", "claims", "--param", "system=alpha")
    assert 0 < len(got.json["results"]["bindings"]) < len(client.get("/api/claims").json["results"]["bindings"])


def test_a_construct_query_returns_json_ld(client: Client) -> None:
    got = client.get("/api/query/known")
    assert got.type == "application/ld+json"
    assert got.json


def test_the_list_of_queries_is_that_of_the_command_without_federated_queries(
    client: Client, shared_world: Path
) -> None:
    listed = client.get("/api/query").json
    assert [record["name"] for record in listed] == list(query_library.read_all(shared_world))
    assert listed == [record for record in query_list_json(library(shared_world)) if not record["hosts"]]


@pytest.mark.parametrize(
    ("path", "params", "status", "said"),
    [
        ("/api/compare", {"guideline": "exampel-2000"}, 404, "? /api/guidelines lists all"),
        ("/api/compare", {"gideline": "x"}, 400, "no parameter is called 'gideline'; known: guideline, reading, as-of"),
        ("/api/explain/alpha/kindness", {"system": "beta"}, 400, "no parameter is called 'system'; known: guideline"),
        ("/api/query", {"name": "claims"}, 400, "no parameter is called 'name'; known: none"),
        ("/api/openapi.json", {"x": "", "a": ""}, 400, "no parameter is called 'a'; known: none"),
        ("/api", {"form": "html"}, 400, "no parameter is called 'form'; known: none"),
        ("/api/systems", {"kind": "local"}, 400, "no parameter is called 'kind'; known: none"),
        ("/api/compare", {"kind": "locl"}, 404, "did you mean local"),
        ("/api/compare", {"min_confidence": "x"}, 404, "no min-confidence is called 'x'"),
        ("/api/compare", {"as_of": "2019-13"}, 400, "'2019-13' is not a date; write 2019, 2019-06 or 2019-06-30"),
        ("/api/compare", {"as_of": ["2019", "2020"]}, 400, "as-of is given 2 times; give it once"),
        ("/api/compare", {"systems": ","}, 400, "'systems=,' has no value; give one, or several separated by commas"),
        ("/api/compare", {"without": "x"}, 404, "no source is called 'x'"),
        ("/api/explain/alfa/kindness", {}, 404, "did you mean alpha"),
        ("/api/explain/alpha/kind", {}, 404, "did you mean kindness"),
        ("/api/query/klaims", {}, 404, "did you mean claims? /api/query lists all"),
        ("/api/query/social credit", {}, 404, "did you mean systems"),
        ("/api/explain/alpha/tidiness", {}, 400, "choose the guideline with the parameter 'guideline'"),
        ("/api/query/claims", {"system": "alfa"}, 404, "did you mean alpha"),
        ("/api/query/claims", {"sistem": "alpha"}, 400, "no parameter is called 'sistem'; known: system"),
        ("/api/query/claims", {"system": "a b"}, 404, "no system is called 'a b'"),
        ("/api/clams", {}, 404, "the API has no 'clams'; it has compare"),
        ("/api/explain", {}, 404, "it has compare, explain/{system}/{principle}, query"),
        ("/api/systems/alpha", {}, 404, "no resource here"),
    ],
)
def test_an_invalid_request_returns_a_problem_with_the_correction(
    client: Client, path: str, params: dict[str, str], status: int, said: str
) -> None:
    got = client.get(path, **params)
    assert (got.status, got.type) == (status, "application/problem+json")
    assert said in got.json["detail"]
    assert "scs-kg" not in got.json["detail"]


def test_every_documented_operation_returns_an_answer(client: Client) -> None:
    promised = client.get("/api/openapi.json").json
    assert promised["openapi"] == "3.1.0"
    assert promised["servers"] == [{"url": "https://data.example.org/scs"}]
    assert len(promised["paths"]) > 50
    for path, methods in promised["paths"].items():
        params = {"without": "book-2001"} if path == "/api/what-if" else {}
        if "get" in methods:
            got = client.get(path.replace("{system}", "alpha").replace("{principle}", "kindness"), **params)
            assert got.status == 200, path
        for media_type in methods.get("post", {}).get("requestBody", {}).get("content", {}):
            headers = {"content-type": media_type}
            assert request(client.app, "POST", path, headers=headers, body=b"").status != 415, path


# Claims in the request body


CLAIM = """
@prefix claim: <https://w3id.org/scs-kg/claim/> .
@prefix scs: <https://w3id.org/scs-kg/ontology#> .
@prefix feat: <https://w3id.org/scs-kg/feature/> .
claim:beta-appeal-late-book-2001 a scs:Claim ;
  scs:about <https://w3id.org/scs-kg/system/beta> ;
  scs:feature feat:appeal ;
  scs:finding scs:Present ;
  scs:mode scs:DeFacto ;
  scs:statement "People in Beta can appeal."@en ;
  scs:source <https://w3id.org/scs-kg/source/book-2001> ;
  scs:locator "p. 9" ;
  scs:asOf "2001"^^<http://www.w3.org/2001/XMLSchema#gYear> ;
  scs:confidence scs:Medium .
"""


def send(client: Client, path: str, claims: str, query: str = "") -> Got:
    return request(client.app, "POST", path, query, headers={"content-type": "text/turtle"}, body=claims.encode())


def test_valid_claims_have_no_problems_and_what_if_returns_the_json_of_the_command(
    client: Client, shared_world: Path, tmp_path: Path
) -> None:
    assert {problem["severity"] for problem in send(client, "/api/check", CLAIM).json["problems"]} <= {"note"}
    path = tmp_path / "claims.ttl"
    path.write_text(CLAIM, "utf-8")
    got = send(client, "/api/what-if", CLAIM)
    assert got.headers["cache-control"] == "no-store"
    assert got.json == printed(shared_world, "whatif", str(path))


def test_invalid_claims_are_reported_and_not_judged(client: Client) -> None:
    broken = CLAIM.replace('  scs:locator "p. 9" ;\n', "")
    assert "locator" in json.dumps(send(client, "/api/check", broken).json["problems"])
    got = send(client, "/api/what-if", broken)
    assert got.status == 422
    assert "locator" in got.json["problems"][0]


def test_every_operation_refuses_undocumented_parameters(client: Client) -> None:
    for path, methods in client.get("/api/openapi.json").json["paths"].items():
        asked = path.replace("{system}", "alpha").replace("{principle}", "kindness")
        for method, operation in methods.items():
            known = [one["name"] for one in operation["parameters"] if one["in"] == "query"]
            got = request(client.app, method.upper(), asked, "x=1", headers={"content-type": "text/csv"}, body=b"id\n")
            assert (got.status, got.type) == (400, "application/problem+json"), path
            listed = got.json["detail"].removeprefix("no parameter is called 'x'; known: ")
            assert sorted(listed.split(", ")) == sorted(known or ["none"]), path


def test_what_if_without_a_source_returns_the_json_of_the_command(client: Client, shared_world: Path) -> None:
    got = client.get("/api/what-if", without="book-2001", reading="plain")
    assert got.json == printed(shared_world, "whatif", "--without", "book-2001", "--reading", "plain")


def test_what_if_does_not_change_later_answers(client: Client) -> None:
    before = client.get("/api/compare").json
    send(client, "/api/what-if", CLAIM)
    assert Client(client.state.dataset).get("/api/compare").json == before


def test_claims_in_an_unknown_format_are_refused(client: Client) -> None:
    got = request(client.app, "POST", "/api/check", headers={"content-type": "image/png"}, body=b"")
    assert (got.status, "text/turtle" in got.json["detail"]) == (415, True)
    assert client.get("/api/what-if").status == 400
    assert client.get("/api/what-if", wihtout="x").status == 400
    said = "no parameter is called 'dry-run'; known: none"
    got = request(client.app, "POST", "/api/check", "dry-run=1", headers={"content-type": "text/csv"}, body=b"id\n")
    assert (got.status, got.json["detail"]) == (400, said)


def test_every_operation_has_a_unique_id_and_a_summary(client: Client) -> None:
    found = document(operations(client.state.questions), client.state)
    described = [operation for methods in found["paths"].values() for operation in methods.values()]
    names = [operation["operationId"] for operation in described]
    assert len(set(names)) == len(names)
    assert all(operation["summary"] and operation["responses"]["200"] for operation in described)
    assert all(p["description"] and p["schema"] for operation in described for p in operation["parameters"])


def test_browsers_get_an_html_page_about_the_api(client: Client) -> None:
    page = client.get("/api", "text/html").body.decode()
    assert "GET /scs/api/explain/{system}/{principle}" in page
    assert client.get("/api").json == client.get("/api/openapi.json").json
    assert client.get("/api", "image/png").status == 406
