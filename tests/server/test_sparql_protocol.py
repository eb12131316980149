"""The SPARQL endpoint: the operations of the protocol, rejected requests, and caching of answers.

The tests of query operations in the W3C suite for SPARQL 1.1 Protocol are reimplemented here under their names.
"""

import json
from collections.abc import Mapping
from io import BytesIO
from urllib.parse import urlencode
from xml.etree.ElementTree import fromstring

import pytest
import rdflib
from rdflib.query import Result

from scs_kg.model.namespaces import PREFIXES
from scs_kg.server.worker_state import WorkerState
from scs_kg.store import Dataset
from scs_kg.store.dataset import add_triples, copy_asserted, graph_triples
from tests.support.asgi import Client, Got, request, worker_state

FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
SYSTEMS, BOOK = PREFIXES["graph"] + "data/places", PREFIXES["graph"] + "data/sources"
RESULTS = "http://www.w3.org/2005/sparql-results#"
GRAPHS = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
ANY = "SELECT ?s { ?s a <https://w3id.org/scs-kg/ontology#SocialCreditSystem> }"


@pytest.fixture(scope="module")
def state(judged_world: Dataset) -> WorkerState:
    """Return the state of a worker on the invented world."""
    return worker_state(judged_world, 1 << 20)


@pytest.fixture
def client(judged_world: Dataset, state: WorkerState) -> Client:
    """Return a client of the service on the invented world, with an empty cache."""
    return Client(judged_world, state=state)


def post(client: Client, body: str | bytes, media_type: str | None = FORM, query: str = "") -> Got:
    headers = {"content-type": media_type} if media_type else {}
    return request(
        client.app, "POST", "/sparql", query, headers=headers, body=body.encode() if isinstance(body, str) else body
    )


def values(got: Got) -> list[str]:
    """Return the values of the only column of an answer in JSON."""
    assert got.status == 200, got.body
    (name,) = got.json["head"]["vars"]
    return [row[name]["value"] for row in got.json["results"]["bindings"]]


# The three ways to send a query (query_get, query_post_form, query_post_direct)


def test_query_get(client: Client) -> None:
    got = client.sparql("ASK {}")
    assert got.json == {"head": {}, "boolean": True}
    assert got.type == "application/sparql-results+json"


def test_query_post_form(client: Client) -> None:
    assert post(client, urlencode({"query": "ASK {}"})).json["boolean"] is True


@pytest.mark.parametrize("media_type", [QUERY, "application/sparql-query; charset=UTF-8", "Application/SPARQL-Query"])
def test_query_post_direct(client: Client, media_type: str) -> None:
    assert post(client, "ASK { FILTER ('é' = 'é') }", media_type).json["boolean"] is True


def test_a_head_request_has_the_head_of_a_get(client: Client) -> None:
    got = request(client.app, "HEAD", "/sparql", urlencode({"query": "ASK {}"}))
    assert (got.status, got.headers["content-length"]) == (200, "26")


# The dataset of a query (query_dataset_*)


def test_query_dataset_default_graph(client: Client) -> None:
    everywhere, there = values(client.sparql(ANY)), values(client.sparql(ANY, default_graph_uri=SYSTEMS))
    assert len(everywhere) == len(there) == 3
    assert values(client.sparql(ANY, default_graph_uri=BOOK)) == []


def test_query_dataset_default_graphs_get(client: Client) -> None:
    assert len(values(client.sparql(ANY, default_graph_uri=[BOOK, SYSTEMS]))) == 3


def test_query_dataset_default_graphs_post(client: Client) -> None:
    form = urlencode({"query": ANY, "default-graph-uri": [BOOK, SYSTEMS]}, doseq=True)
    assert len(values(post(client, form))) == 3
    direct = post(client, ANY, QUERY, urlencode({"default-graph-uri": [BOOK, SYSTEMS]}, doseq=True))
    assert len(values(direct)) == 3


def test_query_dataset_named_graphs_get(client: Client) -> None:
    assert values(client.sparql(GRAPHS, named_graph_uri=[SYSTEMS, BOOK])) == [SYSTEMS, BOOK]
    assert len(values(client.sparql(GRAPHS))) > 5


def test_query_dataset_named_graphs_leave_the_default_graph_empty(client: Client) -> None:
    assert values(client.sparql(ANY, named_graph_uri=SYSTEMS)) == []


def test_query_dataset_full(client: Client) -> None:
    both = {"default_graph_uri": BOOK, "named_graph_uri": SYSTEMS}
    assert values(client.sparql(GRAPHS, **both)) == [SYSTEMS]
    assert values(client.sparql(ANY, **both)) == []


def test_query_multiple_dataset_the_protocol_overrides_the_query(client: Client) -> None:
    inside = ANY.replace("{", f"FROM <{BOOK}> {{", 1)
    assert values(client.sparql(inside)) == []
    assert len(values(client.sparql(inside, default_graph_uri=SYSTEMS))) == 3


def test_graphs_in_the_url_of_a_form_count(client: Client) -> None:
    form = urlencode({"query": ANY})
    assert values(post(client, form, query=urlencode({"default-graph-uri": BOOK}))) == []
    assert len(values(post(client, form, query=urlencode({"default-graph-uri": SYSTEMS})))) == 3
    both = urlencode({"query": ANY, "default-graph-uri": SYSTEMS})
    assert len(values(post(client, both, query=urlencode({"default-graph-uri": BOOK})))) == 3
    assert post(client, form, query=urlencode({"default-graph-uri": "http://127.0.0.1/"})).status == 403


def test_a_triple_of_two_graphs_counts_once(judged_world: Dataset) -> None:
    dataset = copy_asserted(judged_world)
    repeated = next(graph_triples(dataset, SYSTEMS))
    add_triples(dataset, [repeated], BOOK)
    client = Client(dataset)
    chosen = "SELECT ?o"
    pattern = f"{{ {repeated.subject} {repeated.predicate} ?o FILTER (?o = {repeated.object}) }}"
    assert len(values(client.sparql(f"{chosen} {pattern}"))) == 1
    assert len(values(client.sparql(f"SELECT ?g {{ GRAPH ?g {pattern} }}"))) == 2
    assert len(values(client.sparql(f"{chosen} {pattern}", default_graph_uri=[SYSTEMS, BOOK]))) == 1
    assert len(values(client.sparql(f"{chosen} FROM <{SYSTEMS}> FROM <{BOOK}> {pattern}"))) == 1


def test_a_graph_with_an_escaped_name_is_found(client: Client) -> None:
    query = "PREFIX graph: <https://w3id.org/scs-kg/graph/> SELECT ?s FROM graph:data\\/places { ?s a ?type }"
    assert values(client.sparql(query))


def test_relative_iris_are_resolved_against_the_address_of_the_endpoint(client: Client) -> None:
    got = client.sparql("CONSTRUCT { <s> <p> 1 } WHERE {}", "application/n-triples")
    assert got.body.startswith(b"<https://data.example.org/scs/s> <https://data.example.org/scs/p>")


def test_an_unknown_function_is_an_error_of_the_client(client: Client) -> None:
    got = client.sparql("SELECT (<http://f/g>(1) AS ?x) {}")
    assert (got.status, "function <http://f/g> is not supported" in got.json["detail"]) == (400, True)


def test_from_named_in_the_query_counts(client: Client) -> None:
    assert values(client.sparql(GRAPHS.replace("{", f"FROM NAMED <{SYSTEMS}> {{", 1))) == [SYSTEMS]


@pytest.mark.parametrize("graph", ["file:///etc/passwd", "http://127.0.0.1/", "graph/data/systems", SYSTEMS + "x", ""])
def test_a_foreign_graph_is_refused_in_the_protocol_and_in_the_query(client: Client, graph: str) -> None:
    asked = [
        client.sparql(ANY, default_graph_uri=graph),
        client.sparql(ANY, named_graph_uri=graph),
        client.sparql(ANY.replace("{", f"FROM <{graph}> {{", 1)),
        client.sparql(ANY.replace("{", f"FROM NAMED <{graph}> {{", 1)),
    ]
    for got in asked:
        assert got.status == 403
        assert "no graph here is called" in got.json["detail"]
        assert "graphs are not fetched from other hosts" in got.json["detail"]


# Invalid queries (bad_*)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_bad_query_method(client: Client, method: str) -> None:
    got = request(client.app, method, "/sparql", urlencode({"query": "ASK {}"}))
    assert got.status == 405
    assert {"GET", "HEAD", "POST"} == set(got.headers["allow"].split(", "))


def test_bad_multiple_queries(client: Client) -> None:
    twice = urlencode({"query": ["ASK {}", "SELECT * {}"]}, doseq=True)
    for got in (request(client.app, "GET", "/sparql", twice), post(client, twice)):
        assert (got.status, got.json["detail"]) == (400, "there are 2 parameters called query; send one")
    assert post(client, "ASK {}", QUERY, "query=ASK%7B%7D").status == 400
    assert post(client, "query=ASK%7B%7D", FORM, "query=ASK%7B%7D").status == 400


@pytest.mark.parametrize("media_type", ["text/plain", "application/json", "multipart/form-data", None])
def test_bad_query_wrong_media_type(client: Client, media_type: str | None) -> None:
    assert post(client, "ASK {}", media_type).status == 415


@pytest.mark.parametrize("media_type", [FORM, QUERY])
def test_bad_query_missing_form_type_the_body_must_match_its_media_type(client: Client, media_type: str) -> None:
    wrong = {FORM: "ASK {}", QUERY: "query=ASK%7B%7D"}
    assert post(client, wrong[media_type], media_type).status == 400


def test_bad_query_non_utf8(client: Client) -> None:
    assert post(client, "ASK { FILTER ('é' = 'é') }".encode("utf-16"), QUERY).status == 400
    assert request(client.app, "GET", "/sparql", "query=ASK%20%7B%7D%20%23%FF").status == 400


def test_bad_query_syntax_has_line_and_column(client: Client) -> None:
    got = client.sparql("SELECT *\n{ ?s ?p }")
    assert got.status == 400
    assert got.type == "application/problem+json"
    assert (got.json["line"], got.json["column"]) == (2, 10)
    assert "Traceback" not in got.json["detail"]


@pytest.mark.parametrize(
    "update",
    ["CLEAR ALL", "PREFIX a: <b> INSERT DATA { a:b a:c 1 }", "# SELECT\nDROP ALL", "LOAD <file:///etc/passwd>"],
)
def test_updates_are_refused_in_every_operation(client: Client, update: str) -> None:
    asked = [
        client.get("/sparql", update=update),
        client.sparql(update),
        post(client, urlencode({"update": update})),
        post(client, update, "application/sparql-update"),
        post(client, update, QUERY),
    ]
    for got in asked:
        assert got.status == 403
        assert "read-only" in got.json["detail"]


def test_service_is_refused(client: Client) -> None:
    got = client.sparql("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }")
    assert got.status == 403
    assert "cannot call other hosts" in got.json["detail"]


@pytest.mark.parametrize("query", ["", " \n "])
def test_an_empty_query_is_refused(client: Client, query: str) -> None:
    assert client.sparql(query).status == 400


def test_large_requests_and_answers_are_refused(client: Client, judged_world: Dataset) -> None:
    assert client.sparql("ASK {} #" + "x" * 16_000).status == 414
    assert post(client, b"x" * ((1 << 20) + 1), QUERY).status == 413
    headers = {"content-type": QUERY, "content-length": "99999999"}
    assert request(client.app, "POST", "/sparql", headers=headers, body=b"x").status == 413
    assert post(client, "ASK {} #" + "x" * 64_000, QUERY).status == 403
    small = Client(judged_world, max_answer=500).sparql("SELECT * { ?s ?p ?o }")
    assert (small.status, small.type) == (400, "application/problem+json")
    assert "page it with LIMIT and OFFSET" in small.json["detail"]


# The formats of answers


ROWS: Mapping[str, bytes] = {
    "application/sparql-results+json": b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":',
    "application/sparql-results+xml": b'<?xml version="1.0"?><sparql ',
    "text/csv": b"x\r\n1\r\n",
    "text/tab-separated-values": b"?x\n1\n",
}


@pytest.mark.parametrize("media_type", ROWS)
def test_rows_are_returned_in_the_accepted_format(client: Client, media_type: str) -> None:
    got = client.sparql("SELECT (1 AS ?x) {}", media_type)
    assert got.type == media_type
    assert got.body.startswith(ROWS[media_type])
    assert got.headers["vary"].startswith("Accept")


@pytest.mark.parametrize(
    ("media_type", "parser"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/trig", "trig"),
        ("application/ld+json", "json-ld"),
        ("application/rdf+xml", "xml"),
    ],
)
def test_a_graph_is_returned_in_the_accepted_format(client: Client, media_type: str, parser: str) -> None:
    got = client.sparql("CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }", media_type)
    assert got.type == media_type
    read = rdflib.Dataset() if parser == "trig" else rdflib.Graph()
    read.parse(data=got.body, format=parser)
    plain = rdflib.Graph().parse(data=client.sparql("CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }").body, format="turtle")
    assert len(read) == len(plain) > 100


def test_describe_is_answered(client: Client) -> None:
    got = client.sparql("DESCRIBE <https://w3id.org/scs-kg/system/alpha>")
    assert got.type == "text/turtle"
    assert b"scs:operatesIn region:town" in got.body


def test_an_unavailable_format_is_refused_by_kind_of_result(client: Client) -> None:
    assert client.sparql("ASK {}", "text/turtle").status == 406
    assert client.sparql("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv").status == 406
    assert client.sparql("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv, text/turtle;q=0.1").type == "text/turtle"


def test_xml_is_well_formed_and_json_is_json(client: Client) -> None:
    query = "SELECT ?s ?o { ?s ?p ?o FILTER (isLiteral(?o)) }"
    assert Result.parse(BytesIO(client.sparql(query, "application/sparql-results+xml").body), format="xml").bindings
    assert json.loads(client.sparql(query, "application/json").body)["results"]["bindings"]


@pytest.mark.parametrize(
    ("query", "media_type"),
    [
        ('SELECT ("a\\u0001" AS ?x) {}', "application/sparql-results+xml"),
        ('SELECT ("\\uFFFE" AS ?x) {}', "application/sparql-results+xml"),
        ('SELECT ("a" AS ?x) ("\\u0008" AS ?y) {}', "application/sparql-results+xml"),
        ('CONSTRUCT { <urn:a> <http://example.org/1> "x" } {}', "application/rdf+xml"),
        ('CONSTRUCT { <urn:a> <http://example.org/> "x" } {}', "application/rdf+xml"),
        ('CONSTRUCT { <urn:a> <http://example.org/a%20> "x" } {}', "application/rdf+xml"),
        ('CONSTRUCT { <urn:a> <http://example.org/p> "\\u0000" } {}', "application/rdf+xml"),
    ],
)
def test_a_result_that_xml_cannot_represent_is_an_error_with_advice(
    client: Client, query: str, media_type: str
) -> None:
    got = client.sparql(query, media_type)
    assert (got.status, got.type) == (406, "application/problem+json")
    assert "use another format" in got.json["detail"]
    assert client.sparql(query).status == 200


@pytest.mark.parametrize("text", ["a\rb", "a\r\nb", "\t\n<&>'", "é\u2028\x85"])
def test_xml_keeps_every_character_of_a_text(client: Client, text: str) -> None:
    literal = text.replace("\r", "\\r").replace("\n", "\\n")
    rows = client.sparql(f'SELECT ("{literal}" AS ?x) {{}}', "application/sparql-results+xml")
    assert [found.text for found in fromstring(rows.body).iter(f"{{{RESULTS}}}literal")] == [text]  # noqa: S314 - our own output
    graph = client.sparql(f'CONSTRUCT {{ <urn:a> <urn:p> "{literal}" }} {{}}', "application/rdf+xml")
    assert [str(value) for value in rdflib.Graph().parse(data=graph.body, format="xml").objects()] == [text]


# The description of the service


@pytest.mark.parametrize("path", ["/sparql", "/.well-known/void"])
def test_the_service_describes_itself_and_its_data(client: Client, path: str) -> None:
    found = rdflib.Graph().parse(data=client.get(path, "text/turtle").body, format="turtle")
    sd, void = (
        rdflib.Namespace(iri)
        for iri in ("http://www.w3.org/ns/sparql-service-description#", "http://rdfs.org/ns/void#")
    )
    endpoint = rdflib.URIRef("https://data.example.org/scs/sparql")
    assert list(found.subjects(sd.endpoint, endpoint)) == [endpoint]
    assert {str(name) for name in found.objects(None, sd.name)} == set(values(client.sparql(GRAPHS)))
    data = found.value(endpoint, sd.defaultDataset)
    count = client.sparql("SELECT (COUNT(*) AS ?n) { SELECT DISTINCT * { ?s ?p ?o } }")
    assert str(found.value(data, void.triples)) == values(count)[0]


def test_browsers_get_an_html_form(client: Client) -> None:
    got = client.get("/sparql", "text/html,*/*;q=0.8")
    assert got.type == "text/html"
    assert b'action="/scs/sparql"' in got.body


def test_a_description_in_an_unavailable_format_is_refused(client: Client) -> None:
    assert client.get("/.well-known/void", "text/html").status == 406


# Caching and CORS


def test_a_client_with_the_current_answer_gets_304(client: Client) -> None:
    first = client.sparql("ASK {}")
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "public, max-age=60"
    for given in (tag, f'"other", {tag}', tag.removeprefix("W/")):
        again = request(client.app, "GET", "/sparql", "query=ASK+%7B%7D", headers={"if-none-match": given})
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert request(client.app, "GET", "/sparql", "query=ASK+%7B%7D", headers={"if-none-match": '"x"'}).status == 200


def test_a_repeated_query_is_answered_from_the_cache_unless_no_cache_is_sent(client: Client) -> None:
    for expected in (1, 1):
        client.sparql("ASK {}")
        assert client.jobs == expected
    request(client.app, "GET", "/sparql", "query=ASK+%7B%7D", headers={"cache-control": "no-cache"})
    assert client.jobs == 2


def test_the_entity_tag_depends_on_format_graphs_and_query(client: Client) -> None:
    asked = [client.sparql("ASK {}"), client.sparql("ASK { }"), client.sparql("ASK {}", "text/csv")]
    asked.append(client.sparql("ASK {}", default_graph_uri=SYSTEMS))
    assert len({got.headers["etag"] for got in asked}) == 4


@pytest.mark.parametrize(
    "query", ["SELECT (NOW() AS ?x) {}", "SELECT (rand() AS ?x) {}", "SELECT (STRUUID() AS ?x) {}"]
)
def test_nondeterministic_answers_are_not_cached(client: Client, query: str) -> None:
    assert client.sparql(query).headers["cache-control"] == "no-store"
    client.sparql(query)
    assert client.jobs == 2


def test_problems_are_not_cached(client: Client) -> None:
    for _ in range(2):
        assert client.sparql("nonsense").headers["cache-control"] == "no-store"
    assert client.jobs == 2


def test_any_origin_can_read(client: Client) -> None:
    headers = {"origin": "https://example.org", "access-control-request-method": "POST"}
    asked = request(client.app, "OPTIONS", "/sparql", headers=headers)
    assert (asked.status, asked.headers["access-control-allow-origin"]) == (200, "*")
    got = request(client.app, "GET", "/sparql", "query=ASK+%7B%7D", headers={"origin": "https://example.org"})
    assert got.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in got.headers
