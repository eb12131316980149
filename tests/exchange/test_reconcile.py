"""Reconciliation: the candidates for a name, their certainty, and the protocol of OpenRefine."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scs_kg.exchange.reconcile import EntityIndex, ReconCandidate, ReconQuery, entity_index, find, normal, suggest
from scs_kg.model.namespaces import BASE
from scs_kg.store import Dataset
from tests.support.asgi import Client, request


@pytest.fixture(scope="session")
def known(field: Dataset) -> EntityIndex:
    return entity_index(field)


@pytest.fixture(scope="module")
def client(field_client: Client) -> Client:
    return field_client


def best(known: EntityIndex, name: str, *types: str, **properties: str) -> ReconCandidate:
    return find(known, ReconQuery(name, types, properties=tuple(properties.items())))[0]


@pytest.mark.parametrize(
    ("name", "types", "iri"),
    [
        ("厦门", ("Region",), "region/xiamen"),
        ("厦门", ("SocialCreditSystem",), "system/xiamen"),
        ("region/xiamen", (), "region/xiamen"),
        ("region:xiamen", (), "region/xiamen"),
        (BASE + "region/xiamen", (), "region/xiamen"),
        ("350200", (), "region/xiamen"),
        ("CN-FJ", (), "region/fujian"),
        (" cn-fj ", ("Region",), "region/fujian"),
        ("厦门市", (), "region/xiamen"),
        ("福建省", ("Region",), "region/fujian"),
        ("新疆维吾尔自治区", ("Region",), "region/xinjiang"),
        ("厦门县人", (), None),
        ("zhima-credit", ("SocialCreditSystem",), "system/zhima-credit"),
        ("No public shaming of people", ("Feature",), None),
        ("RESPECT FOR PRIVACY", ("Principle",), "guideline/china-2019/respect-for-privacy"),
        ("public shaming", ("Feature",), "feature/public-shaming"),
    ],
)
def test_a_code_or_a_unique_name_is_certain(
    known: EntityIndex, name: str, types: tuple[str, ...], iri: str | None
) -> None:
    found = find(known, ReconQuery(name, types))
    assert [c.entity.id for c in found if c.match] == ([iri] if iri else [])


@pytest.mark.parametrize("types", [(), ("Region",), ("SocialCreditSystem",)])
@pytest.mark.parametrize("name", ["Fuzhou", "fuzhou", "Shanghai", " XIAMEN "])
def test_an_english_place_name_alone_is_never_certain(known: EntityIndex, name: str, types: tuple[str, ...]) -> None:
    found = find(known, ReconQuery(name, types))
    assert found[0].score == 100
    assert not any(candidate.match for candidate in found)


def test_no_english_name_of_any_place_is_certain_alone(known: EntityIndex) -> None:
    assert len(known.places) > 30
    assert not any(c.match for name in known.places for c in find(known, ReconQuery(name)))


def test_only_a_matching_property_makes_a_candidate_certain(known: EntityIndex) -> None:
    for value in ("Fujian", "福建", "region/fujian", BASE + "region/fujian"):
        assert best(known, "Fuzhou", "Region", partOf=value).match
    assert not best(known, "Fuzhou", "Region", partOf="Jiangxi").match
    assert best(known, "Xiamen", "SocialCreditSystem", operatesIn="厦门").match
    assert not best(known, "厦门", "Region", partOf="Jiangxi").match
    assert not best(known, "厦门", "Region", unheard="Jiangxi").match


def test_a_chinese_name_of_two_things_is_not_certain(known: EntityIndex) -> None:
    assert not any(candidate.match for candidate in find(known, ReconQuery("厦门")))


def test_a_similar_name_is_never_certain(known: EntityIndex) -> None:
    found = find(known, ReconQuery("Xiamenn", ("Region",)))
    assert found[0].entity.id == "region/xiamen"
    assert 80 < found[0].score <= 95
    assert not any(candidate.match for candidate in found)


@given(st.text(max_size=30), st.integers(-1, 5))
def test_scores_are_in_order_and_in_range_and_at_most_one_is_certain(known: EntityIndex, name: str, limit: int) -> None:
    found = find(known, ReconQuery(name, limit=limit))
    assert len(found) <= max(limit, 0)
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)
    assert all(50 <= candidate.score <= 100 for candidate in found)
    assert sum(candidate.match for candidate in found) <= 1


def test_a_code_is_a_property_value(known: EntityIndex) -> None:
    for code in ("350000", "CN-FJ", "福建", "region/fujian"):
        assert best(known, "Xiamen", "Region", partOf=code).match
    assert not best(known, "Xiamen", "Region", partOf="CN-GD").match


def test_property_values_alone_find_entities(known: EntityIndex) -> None:
    inside = find(known, ReconQuery("", ("Region",), 100, (("partOf", "CN-FJ"),)))
    assert {"region/xiamen", "region/fuzhou"} <= {candidate.entity.id for candidate in inside}
    assert not any(candidate.match for candidate in inside)
    (only,) = find(known, ReconQuery("", ("SocialCreditSystem",), 10, (("operatesIn", "350200"),)))
    assert (only.entity.id, only.score, only.match) == ("system/xiamen", 100, True)
    assert find(known, ReconQuery("")) == []


def test_the_normal_form_omits_differences_that_do_not_distinguish_names() -> None:
    assert normal("  Ürümqi\u3000(乌鲁木齐)! ") == "urumqi 乌鲁木齐"
    assert normal("\uff38\uff29\uff21\uff2d\uff25\uff2e") == "xiamen"  # written in full width


def test_suggestions_begin_with_the_typed_prefix(known: EntityIndex) -> None:
    assert [e.id for e in suggest(known, "xia")][:2] == ["region/xiamen", "system/xiamen"]
    assert suggest(known, "厦")
    assert suggest(known, "region/xiamen")[0].id == "region/xiamen"
    assert suggest(known, "zzzz") == []


# The exchange


def exchange(client: Client, queries: Any) -> Any:
    headers = {"content-type": "application/x-www-form-urlencoded", "origin": "http://127.0.0.1:3333"}
    body = urlencode({"queries": json.dumps(queries)}).encode()
    got = request(client.app, "POST", "/reconcile", headers=headers, body=body)
    assert got.status == 200, got.body
    assert got.headers["access-control-allow-origin"] == "*"
    return got.json


@pytest.mark.slow
def test_the_manifest_lists_the_types_and_addresses(client: Client) -> None:
    found = client.get("/reconcile").json
    assert found["versions"] == ["0.2"]
    assert {"name", "identifierSpace", "schemaSpace", "view"} <= found.keys()
    assert [kind["id"] for kind in found["defaultTypes"]] == ["SocialCreditSystem", "Region", "Feature", "Principle"]
    assert found["view"]["url"] == "https://data.example.org/scs/{{id}}"
    view = found["view"]["url"].removeprefix("https://data.example.org/scs")
    assert client.get(view.replace("{{id}}", "system/xiamen")).status == 303
    preview = found["preview"]["url"].removeprefix("https://data.example.org/scs")
    assert client.get(preview.replace("{{id}}", "system/xiamen")).type == "text/html"


def test_a_batch_is_answered_under_its_own_keys(client: Client) -> None:
    found = exchange(
        client,
        {
            "q0": {"query": "Xiamen", "type": "Region", "limit": 2},
            "q1": {"query": "Xiamen", "type": ["Region"], "properties": [{"pid": "partOf", "v": "福建"}]},
            "q2": {
                "query": "Xiamen",
                "type": "Region",
                "properties": [{"pid": "partOf", "v": {"id": "region/fujian"}}],
            },
            "q3": {"query": "nothing of the kind whatsoever, not even alike"},
        },
    )
    assert list(found) == ["q0", "q1", "q2", "q3"]
    first = found["q0"]["result"][0]
    assert {key: first[key] for key in ("id", "name", "score", "match")} == {
        "id": "region/xiamen",
        "name": "Xiamen",
        "score": 100.0,
        "match": False,
    }
    assert first["type"] == [{"id": "Region", "name": "region"}]
    assert "have the same name" in first["description"]
    assert found["q1"]["result"][0]["match"]
    assert found["q2"]["result"][0]["match"]
    assert found["q3"] == {"result": []}
    assert len(found["q0"]["result"]) <= 2


@pytest.mark.parametrize(
    "queries",
    [
        "",
        "{",
        "[]",
        "3",
        '{"a": 1}',
        '{"a": {}}',
        '{"a": {"query": "x", "limit": "y"}}',
        '{"a": {"query": "x", "limit": 1e999}}',
        '{"a": {"query": "x", "limit": NaN}}',
        '{"a": {"query": "x", "limit": -1}}',
        '{"a": {"query": null}}',
        '{"a": {"query": "x", "properties": 5}}',
        "[" * 50_000,
        '{"a": {"query": "x", "properties": [{"pid": "partOf"}]}}',
    ],
)
def test_an_invalid_batch_is_refused(client: Client, queries: str) -> None:
    got = request(
        client.app,
        "POST",
        "/reconcile",
        headers={"content-type": "application/x-www-form-urlencoded"},
        body=urlencode({"queries": queries}).encode(),
    )
    assert got.status == 400
    assert "queries is not a batch; write" in got.json["detail"]


def test_a_batch_has_its_limits(client: Client) -> None:
    many = json.dumps({f"q{n}": {"query": "x"} for n in range(101)})
    got = client.get("/reconcile", queries=many)
    assert (got.status, "at most 100" in got.json["detail"]) == (400, True)
    assert (
        request(client.app, "POST", "/reconcile", headers={"content-type": "application/json"}, body=b"{}").status
        == 415
    )


@pytest.mark.parametrize(
    ("what", "prefix", "first"),
    [("entity", "Xiam", "region/xiamen"), ("type", "reg", "Region"), ("property", "part", "partOf")],
)
def test_a_typed_prefix_is_completed(client: Client, what: str, prefix: str, first: str) -> None:
    assert client.get(f"/reconcile/suggest/{what}", prefix=prefix).json["result"][0]["id"] == first


def test_an_unknown_suggestion_service_is_refused(client: Client) -> None:
    assert client.get("/reconcile/suggest/nothing", prefix="x").status == 400


def test_properties_alone_are_a_query(client: Client) -> None:
    found = exchange(
        client, {"q0": {"type": "SocialCreditSystem", "properties": [{"pid": "operatesIn", "v": "350200"}]}}
    )
    assert [(each["id"], each["match"]) for each in found["q0"]["result"]] == [("system/xiamen", True)]


@pytest.mark.parametrize(
    ("params", "detail"),
    [
        ({"query": "Xiamen"}, "no 'query'"),
        ({"callback": "f"}, "no 'callback'"),
        ({"queries": "{}", "extend": "{}"}, "several requests"),
        ({"queries": ["{}", "{}"]}, "several requests"),
        ({"extend": "{}"}, "extend is not a request"),
        ({"extend": '{"ids": 5, "properties": []}'}, "extend is not a request"),
    ],
)
def test_an_unknown_request_is_an_error(client: Client, params: dict[str, str | list[str]], detail: str) -> None:
    got = request(client.app, "GET", "/reconcile", urlencode(params, doseq=True))
    assert got.status == 400
    assert detail in got.json["detail"]


@pytest.mark.parametrize(
    "query",
    [
        {"query": "x", "type": "Regoin"},
        {"query": "x", "properties": [{"pid": "partof", "v": "x"}]},
        {"query": "x", "type": ["Region", "nothing"]},
    ],
)
def test_an_unknown_type_or_property_is_an_error(client: Client, query: dict[str, Any]) -> None:
    got = client.get("/reconcile", queries=json.dumps({"q0": query}))
    assert got.status == 404
    assert "is called" in got.json["detail"]


# Requests of OpenRefine 3.8, as its source sends them: a form with one parameter


OPENREFINE_QUERIES = (
    '{"q0":{"query":"Xiamen","type":"Region","type_strict":"should","properties":[{"pid":"partOf","v":"Fujian"}]},'
    '"q1":{"query":"福州","type":"Region","type_strict":"should","limit":3}}'
)
OPENREFINE_EXTEND = (
    '{"ids":["region/xiamen","region/fujian","region/nowhere"],"properties":[{"id":"partOf","settings":{}},'
    '{"id":"code"},{"id":"nameZh"}]}'
)


def openrefine(client: Client, parameter: str, value: str) -> Any:
    headers = {
        "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
        "accept": "*/*",
        "user-agent": "OpenRefine/3.8.7",
    }
    got = request(client.app, "POST", "/reconcile", headers=headers, body=urlencode({parameter: value}).encode())
    assert got.status == 200, got.body
    return got.json


def test_openrefine_reconciles_a_column_with_another_column_as_property(client: Client) -> None:
    found = openrefine(client, "queries", OPENREFINE_QUERIES)
    assert [found[key]["result"][0]["id"] for key in ("q0", "q1")] == ["region/xiamen", "region/fuzhou"]
    assert all(found[key]["result"][0]["match"] for key in ("q0", "q1"))


@pytest.mark.parametrize(
    "value", ['{"id":"region/fujian","name":"Fujian"}', '{"name":"Fujian","id":"region/fujian"}', '"福建"']
)
def test_openrefine_sends_a_reconciled_cell_as_a_property_with_id_and_name(client: Client, value: str) -> None:
    query = f'{{"q0":{{"query":"Xiamen","properties":[{{"pid":"partOf","v":{value}}}]}}}}'
    (first, *_) = openrefine(client, "queries", query)["q0"]["result"]
    assert (first["id"], first["match"]) == ("region/xiamen", True)


@pytest.mark.parametrize(
    ("value", "match"),
    [("350200", True), ("350200.0", True), ('"350200"', True), ('"CN-FJ"', False), ("350100", False), ("true", False)],
)
def test_openrefine_sends_a_column_of_codes_as_a_property(client: Client, value: str, match: bool) -> None:
    query = f'{{"q0":{{"query":"Xiamen","type":"Region","properties":[{{"pid":"code","v":{value}}}]}}}}'
    (first, *_) = openrefine(client, "queries", query)["q0"]["result"]
    assert (first["id"], first["match"]) == ("region/xiamen", match)


def test_a_property_without_a_value_is_ignored(client: Client) -> None:
    query = '{"q0":{"query":"福州","type":"Region","properties":[{"pid":"partOf","v":null}]}}'
    assert openrefine(client, "queries", query)["q0"]["result"][0]["match"]


def test_openrefine_adds_columns_from_reconciled_values(client: Client) -> None:
    service = client.get("/reconcile").json["extend"]["propose_properties"]
    path = (service["service_url"] + service["service_path"]).removeprefix("https://data.example.org/scs")
    proposed = client.get(path, type="Region", limit="20").json
    assert (proposed["type"], proposed["limit"]) == ("Region", 20)
    assert {"partOf", "code", "nameZh"} <= {each["id"] for each in proposed["properties"]}
    assert "operatesIn" not in {each["id"] for each in proposed["properties"]}
    found = openrefine(client, "extend", OPENREFINE_EXTEND)
    assert [column["id"] for column in found["meta"]] == ["partOf", "code", "nameZh"]
    assert found["rows"] == {
        "region/xiamen": {
            "partOf": [{"id": "region/fujian", "name": "Fujian"}],
            "code": [{"str": "350200"}],
            "nameZh": [{"str": "厦门"}],
        },
        "region/fujian": {
            "partOf": [{"id": "region/china", "name": "China"}],
            "code": [{"str": "350000"}, {"str": "CN-FJ"}],
            "nameZh": [{"str": "福建"}],
        },
        "region/nowhere": {"partOf": [], "code": [], "nameZh": []},
    }
    unknown = client.get("/reconcile", extend='{"ids": [], "properties": [{"id": "mayor"}]}')
    assert (unknown.status, "no property is called 'mayor'" in unknown.json["detail"]) == (404, True)


@pytest.mark.parametrize(("query", "status"), [("type=nothing", 404), ("limit=x", 400), ("limit=0", 200), ("", 200)])
def test_proposals_are_read_strictly(client: Client, query: str, status: int) -> None:
    assert request(client.app, "GET", "/reconcile/extend/propose", query).status == status
