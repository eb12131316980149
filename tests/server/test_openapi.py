"""The OpenAPI document: it is valid, has a schema for each answer, and the schemas match real answers."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, TypedDict

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from scs_kg.server.advice import LISTS
from scs_kg.server.jobs import PROBLEM
from scs_kg.server.routes import ROUTES, TASKS
from scs_kg.server.type_schema import schema_of
from scs_kg.store import Dataset
from tests.server.test_api import CLAIM
from tests.support.asgi import Client, Got, request


@pytest.fixture(scope="module")
def client(judged_world: Dataset) -> Client:
    """Return a client of the service on the invented world."""
    return Client(judged_world, max_answer=32 << 20)


@pytest.fixture(scope="module")
def document(client: Client) -> dict[str, Any]:
    """Return the OpenAPI document that the service serves."""
    found: dict[str, Any] = client.get("/api/openapi.json").json
    return found


def described(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield path, method and description of each operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def strict(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Draft202012Validator:
    """Return a validator of a schema in the document; the validator also refuses fields without a description."""
    components = deepcopy(document["components"])
    for component in components["schemas"].values():
        component["additionalProperties"] = False
    return Draft202012Validator({**schema, "components": components})


def answer(client: Client, path: str, method: str) -> Got:
    """Send a request that the operation answers."""
    if method == "post":
        return request(client.app, "POST", path, headers={"content-type": "text/turtle"}, body=CLAIM.encode())
    params = {"without": "book-2001"} if path == "/api/what-if" else {}
    return client.get(path.replace("{system}", "alpha").replace("{principle}", "kindness"), **params)


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_each_answer_of_each_operation_has_the_schema_that_the_document_gives(
    client: Client, document: dict[str, Any]
) -> None:
    checked, tables = 0, list[str]()
    for path, method, operation in described(document):
        (media_type, content), *others = operation["responses"]["200"]["content"].items()
        assert content["schema"], path
        got = answer(client, path, method)
        assert (got.status, got.type) == (200, media_type), (path, got.body)
        strict(document, content["schema"]).validate(got.json)
        tables += [path for media_type, _ in others if media_type == "text/csv"]
        checked += 1
    assert checked > 50
    assert len(tables) > 40
    assert {client.get(path, "text/csv").type for path in tables} == {"text/csv"}


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/api/compare", {"reading": "severe", "as-of": "2001", "min-confidence": "low", "systems": "alpha"}),
        ("/api/explain/beta/kindness", {}),
        ("/api/explain/alpha/kindness", {"reading": "severe"}),
        ("/api/what-if", {"without": "book-2001", "reading": "plain", "as-of": "2002"}),
    ],
)
def test_answers_with_parameters_match_their_schemas(
    client: Client, document: dict[str, Any], path: str, params: dict[str, str]
) -> None:
    template = "/api/explain/{system}/{principle}" if "explain" in path else path
    schema = document["paths"][template]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    got = client.get(path, **params)
    assert got.status == 200, got.body
    strict(document, schema).validate(got.json)


def test_the_problems_of_claims_match_their_schema(client: Client, document: dict[str, Any]) -> None:
    broken = CLAIM.replace('  scs:locator "p. 9" ;\n', "").replace("system/beta", "system/betta")
    schema = document["paths"]["/api/check"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    got = request(client.app, "POST", "/api/check", headers={"content-type": "text/turtle"}, body=broken.encode())
    assert got.json["problems"]
    strict(document, schema).validate(got.json)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("GET /api/compare?gideline=x", 400),
        ("GET /api/compare?guideline=x", 404),
        ("GET /api/compare?as-of=1000", 404),
        ("GET /api/compare?x=" + "x" * 17_000, 414),
        ("POST /api/check?", 415),
        ("POST /api/what-if?", 422),
        ("GET /api/query/claims?system=nobody", 404),
    ],
)
def test_errors_are_described_by_status_and_match_the_schema_of_problems(
    client: Client, document: dict[str, Any], sent: str, status: int
) -> None:
    method, path, query = re.split("[ ?]", sent)
    broken = CLAIM.replace('  scs:locator "p. 9" ;\n', "").encode()
    headers = {"content-type": "image/png" if status == 415 else "text/turtle"}
    got = request(client.app, method, path, query, headers=headers, body=broken if method == "POST" else b"")
    assert (got.status, got.type) == (status, PROBLEM)
    responses = document["paths"][path][method.lower()]["responses"]
    reference = responses[str(got.status)]["$ref"].rpartition("/")[2]
    schema = document["components"]["responses"][reference]["content"][PROBLEM]["schema"]
    strict(document, schema).validate(got.json)


def test_a_selection_without_claims_is_the_error_of_the_client(client: Client) -> None:
    got = client.get("/api/compare", as_of="1000")
    assert got.status == 404
    assert got.json["detail"].startswith("these parameters leave no claims; choose")
    assert str(client.state.dataset.root) not in got.json["detail"]


def test_every_component_is_described_and_every_example_matches(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert {"Matrix", "Cell", "Selection", "Explanation", "Proof", "Check", "WhatIf", "Question", "Table"} <= set(
        schemas
    )
    examples = 0
    for name, component in schemas.items():
        assert component["description"], name
        for key, field in component["properties"].items():
            assert "description" in field or "$ref" in field, (name, key)
            for example in field.get("examples", ()):
                strict(document, field).validate(example)
                examples += 1
    assert examples > 30


def test_routes_and_tasks_come_from_one_table_without_two_tasks_of_one_name() -> None:
    assert all(TASKS[route.task] is route.run for route in ROUTES)
    paths = [route.path for route in ROUTES]
    assert len(set(paths)) == len(paths)


@pytest.mark.slow(seconds=20)
def test_answers_on_the_real_data_match_their_schemas(field_client: Client) -> None:
    client = field_client
    document = client.get("/api/openapi.json").json
    schemas = {
        path: strict(document, {"$ref": f"#/components/schemas/{name}"})
        for path, name in (("compare", "Matrix"), ("explain", "Explanation"), ("what-if", "WhatIf"))
    }
    matrix = client.get("/api/compare", reading="agrawal-2022").json
    schemas["compare"].validate(matrix)
    for cell in {cell["outcome"]: cell for cell in matrix["cells"]}.values():
        got = client.get(f"/api/explain/{cell['system']}/{cell['principle']}", reading="agrawal-2022")
        schemas["explain"].validate(got.json)
    schemas["what-if"].validate(client.get("/api/what-if", without="schmitz-2017", reading="agrawal-2022").json)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_described(document: dict[str, Any], name: str) -> None:
    assert f"/api/{name}" in document["paths"]


def test_a_type_without_a_schema_is_refused() -> None:
    class Unsupported(TypedDict):
        """A field with a type that JSON does not have."""

        field: set[str]

    with pytest.raises(TypeError, match="has no JSON Schema; use TypedDict, list"):
        schema_of(Unsupported, {})
