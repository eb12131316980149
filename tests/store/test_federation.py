"""Tests federated queries: allowed hosts, the requests sent, and the same answers from another engine."""

import csv
import io
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from scs_kg import store
from scs_kg.judging.project import open_judged
from scs_kg.model.errors import EngineError, WrongUseError
from scs_kg.model.namespaces import PREFIXES
from scs_kg.store import Dataset, QueryResult, QuerySolutions, query_library, sparql_client
from scs_kg.store.federation import BATCH_SIZE, AllowedServices, parse_allowed_services, run_federated, service_hosts
from scs_kg.store.serialize import serialize_dataset
from scs_kg.store.sparql_client import Endpoint
from scs_kg.store.terms import QueryBoolean
from tests.conftest import ROOT, TESTS, build_world
from tests.support.commands import run
from tests.support.servers import ScriptedResponse, ScriptedServer, oxigraph, scripted

FOLDER = TESTS / "federated"
LIBRARY = query_library.read_all(ROOT, federated=True)
ADDRESSES = {
    "https://query.wikidata.org/sparql": "wikidata",
    "https://sws.geonames.org/": "geonames",
    "https://w3id.org/dpv/rights/eu": "dpv",
    "https://w3id.org/dpv/legal/eu/gdpr": "dpv",
    "https://w3id.org/ai-atlas-nexus/": "ai-atlas-nexus",
    "https://publications.europa.eu/webapi/rdf/sparql": "cellar",
    "https://incidentdatabase.ai/": "ai-incident-database",
}
"""The addresses that the library queries, each with the file of its excerpt."""
PREFIXED = "".join(
    f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"
    for prefix in ("crit", "dcterms", "dpvgdpr", "dpvrights", "gl", "nexus", "scs", "skos", "sys")
)
EXTRA = """
region:isle skos:exactMatch <https://sws.geonames.org/900000001/> .

region:town skos:exactMatch <http://www.wikidata.org/entity/Q900000002> , <https://sws.geonames.org/900000003/> .
"""
CROSSING = """
crit:no-stocks skos:relatedMatch dpvrights:A1-HumanDignity , nexus:atlas-decision-bias .

crit:no-ledger skos:relatedMatch dpvrights:A7-RespectPrivateFamilyLife , dpvgdpr:TransparencyPrinciple .

crit:explained skos:relatedMatch nexus:atlas-unexplainable-output ; skos:closeMatch dpvgdpr:A22-3-c .

crit:way-out skos:relatedMatch nexus:atlas-data-privacy-rights , dpvrights:A47-RightToEffectiveRemedyFairTrial .

gl:example-2000 skos:exactMatch <http://data.europa.eu/eli/reg/2016/679/oj> .

gl:example-2001 skos:exactMatch <http://data.europa.eu/eli/reg/2024/1689/oj> .

sys:alpha skos:relatedMatch <https://incidentdatabase.ai/cite/36/> , <https://incidentdatabase.ai/cite/8/> .

<https://incidentdatabase.ai/cite/36/> a scs:Incident ; dcterms:title "One"@en ; dcterms:publisher "Invented" .

<https://incidentdatabase.ai/cite/8/> a scs:Incident ; dcterms:title "Two"@en ; dcterms:publisher "Invented" .
"""
NONE = ScriptedResponse(body=b'{"head": {"vars": []}, "results": {"bindings": []}}')
ONE = ScriptedResponse(
    body=b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "one"}}]}}'
)
ISLE, TOWN = (f"<{PREFIXES['region']}{name}>" for name in ("isle", "town"))
REGIONS = "?region a <https://w3id.org/scs-kg/ontology#Region>"


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """Disable proxies, which would otherwise get requests to this machine."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the invented world with more links."""
    root = build_world(tmp_path_factory.mktemp("linked"))
    links = root / "data" / "links.ttl"
    links.write_text(links.read_text("utf-8") + EXTRA, "utf-8")
    (root / "data" / "crossing.ttl").write_text(PREFIXED + CROSSING, "utf-8")
    return root


@pytest.fixture(scope="module")
def world(linked: Path) -> Dataset:
    """Return the invented world with links, judged."""
    return open_judged(linked)


@pytest.fixture(scope="module")
def places() -> Iterator[dict[str, Endpoint]]:
    """Serve the excerpts from real stores, one for each host."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as running:
        patch.setenv("no_proxy", "127.0.0.1")
        stores = {host: running.enter_context(oxigraph()) for host in excerpts()}
        for host, names in excerpts().items():
            for name in sorted(names):
                triples = store.canonical_ntriples((FOLDER / f"{name}.ttl").read_text("utf-8"))
                sparql_client.send_update(stores[host], f"INSERT DATA {{ {triples} }}", repeatable=False)
        yield stores


def excerpts() -> dict[str, set[str]]:
    """Return the names of the excerpts of each host."""
    found: dict[str, set[str]] = {}
    for address, name in ADDRESSES.items():
        (host,) = service_hosts(f"SELECT * {{ SERVICE <{address}> {{}} }}")
        found.setdefault(host, set()).add(name)
    return found


def answered(found: QueryResult) -> str:
    """Write rows as CSV."""
    assert isinstance(found, QuerySolutions)
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(variable.value for variable in found.variables)
    writer.writerows([store.text(term) if term else "" for term in row] for row in found)
    return written.getvalue()


def ask(dataset: Dataset, script: ScriptedServer, sparql: str, seconds: float = 5) -> list[list[str]]:
    """Answer a query whose host is a scripted server; return the rows without their header."""
    found = run_federated(dataset, sparql, AllowedServices({"there.example": script.url}, seconds))
    return list(csv.reader(io.StringIO(answered(found))))[1:]


# The library


def test_the_library_queries_only_tested_hosts() -> None:
    assert LIBRARY
    assert {host for found in LIBRARY.values() for host in service_hosts(found.sparql)} == excerpts().keys()
    assert {path.stem for path in FOLDER.glob("*.csv")} == {name.removeprefix("federated/") for name in LIBRARY}


@pytest.mark.parametrize("name", LIBRARY)
def test_a_federated_question_has_its_golden_answer(name: str, world: Dataset, places: dict[str, Endpoint]) -> None:
    services = AllowedServices({host: there.url for host, there in places.items()}, 30)
    golden = FOLDER / f"{name.removeprefix('federated/')}.csv"
    assert answered(run_federated(world, LIBRARY[name].sparql, services)) == golden.read_text("utf-8")


@pytest.fixture(scope="module")
def federating(world: Dataset) -> Iterator[Endpoint]:
    """Run an engine that federates by itself, with the invented world, and return its address."""
    triples = store.canonical_ntriples(serialize_dataset(world, "turtle", inferred=True).decode())
    with pytest.MonkeyPatch.context() as patch, oxigraph() as here:
        patch.setenv("no_proxy", "127.0.0.1")
        sparql_client.send_update(here, f"INSERT DATA {{ {triples} }}", repeatable=False)
        yield sparql_client.Endpoint(here.url, timeout=30)


@pytest.mark.crosscheck
@pytest.mark.parametrize("name", LIBRARY)
def test_a_federating_engine_gives_the_same_answer(
    name: str, federating: Endpoint, places: dict[str, Endpoint]
) -> None:
    """The test changes only the addresses in the file, which become addresses of this machine."""
    sparql = LIBRARY[name].sparql
    for address in ADDRESSES:
        (host,) = service_hosts(f"SELECT * {{ SERVICE <{address}> {{}} }}")
        sparql = sparql.replace(f"SERVICE <{address}>", f"SERVICE <{places[host].url}>")
    golden = FOLDER / f"{name.removeprefix('federated/')}.csv"
    assert _unguarded(federating, sparql) == golden.read_text("utf-8")


def _unguarded(there: Endpoint, sparql: str) -> str:
    """Send a store a query with SERVICE, which ``remote.ask`` would refuse."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sparql_client, "refuse_service", lambda _: None)
        return answered(sparql_client.send_query(there, sparql))


def test_the_command_queries_allowed_hosts(linked: Path, places: dict[str, Endpoint]) -> None:
    url = places["query.wikidata.org"].url
    asked = ("query", "federated/populations", "--root", str(linked), "--format", "csv")
    done = run(*asked, "--allow-service", f"query.wikidata.org={url}")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Point(1.5 2.5)" in done.stdout
    refused = run(*asked)
    assert refused.returncode == 1
    assert refused.stderr.startswith(
        b"scs-kg: the query calls query.wikidata.org with SERVICE; allow it with --allow-service"
    )
    assert refused.stderr.count(b"\n") == 1
    both = run(*asked, "--allow-service", "query.wikidata.org", "--endpoint", url)
    assert both.returncode == 2
    listed = run("query", "--list", "--root", str(linked)).stdout.decode()
    assert all(name in listed for name in LIBRARY)


# Requests that are sent


def test_all_rows_are_sent_in_one_request(world: Dataset) -> None:
    with scripted(NONE) as script:
        assert ask(world, script, f"SELECT * {{ {REGIONS} SERVICE <http://there.example/> {{ ?region ?p ?o }} }}") == []
    (requests,) = script.requests
    (sent,) = requests.form["query"]
    assert sent == f"SELECT * WHERE {{ ?region ?p ?o }} VALUES (?region) {{ ({ISLE}) ({TOWN}) }}"


def test_many_rows_are_sent_in_several_requests(world: Dataset) -> None:
    many = " ".join(str(number) for number in range(BATCH_SIZE + 1))
    with scripted(ONE) as script:
        found = ask(
            world, script, f"SELECT * {{ VALUES ?n {{ {many} }} SERVICE <http://there.example/> {{ ?n ?p ?x }} }}"
        )
    assert len(script.requests) == 2
    assert len(found) == 2 * (BATCH_SIZE + 1)


def test_no_request_is_sent_without_rows(world: Dataset) -> None:
    with scripted(ONE) as script:
        assert ask(world, script, "SELECT * { ?s <urn:no> ?o SERVICE <http://there.example/> { ?s ?p ?x } }") == []
    assert not script.requests


def test_prefixes_and_escapes_are_resolved_before_sending(world: Dataset) -> None:
    sparql = "PREFIX e: <urn:e:> SELECT ?x { SERV\\u0049CE <http://there.example/> { e:a e:b ?x } # }\n }"
    with scripted(ONE) as script:
        assert ask(world, script, sparql) == [["one"]]
    assert script.requests[0].form["query"] == ["PREFIX e: <urn:e:> SELECT * WHERE { e:a e:b ?x }"]


def test_optional_keeps_the_rows_without_an_answer(world: Dataset) -> None:
    part = "OPTIONAL { SERVICE <http://there.example/> { ?region ?p ?x } }"
    sparql = f"SELECT * {{ {REGIONS} {part} }} ORDER BY ?region"
    isle = f'{{"region": {{"type": "uri", "value": "{ISLE[1:-1]}"}}, "x": {{"type": "literal", "value": "one"}}}}'
    body = f'{{"head": {{"vars": ["region", "x"]}}, "results": {{"bindings": [{isle}]}}}}'.encode()
    with scripted(ScriptedResponse(body=body)) as script:
        found = ask(world, script, sparql)
    assert [row.count("one") for row in found] == [1, 0]
    assert len(script.requests) == 1


def test_a_service_silent_clause_can_fail(world: Dataset) -> None:
    silent = "SELECT ?region { " + REGIONS + " SERVICE SILENT <http://there.example/> { ?region ?p ?x } }"
    with scripted(ScriptedResponse(500)) as script:
        assert len(ask(world, script, silent)) == 2
        with pytest.raises(EngineError, match=rf"{script.url}: the server replied 500"):
            ask(world, script, silent.replace("SILENT", ""))


def test_ask_and_construct_queries_are_answered_too(world: Dataset) -> None:
    part = "{ SERVICE <http://there.example/> { ?s ?p ?x } }"
    with scripted(ONE) as script:
        services = AllowedServices({"there.example": script.url}, 5)
        truth = run_federated(world, f"ASK {part}", services)
        assert isinstance(truth, QueryBoolean)
        assert truth
        graph = run_federated(world, f"CONSTRUCT {{ <urn:a> <urn:b> ?x }} {part}", services)
        assert isinstance(graph, tuple)
        assert [str(triple) for triple in graph] == ['<urn:a> <urn:b> "one"']


def test_the_credentials_of_a_store_are_sent_to_no_service(world: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCS_KG_TOKEN", "secret")
    monkeypatch.setenv("SCS_KG_USER", "me")
    with scripted(ONE) as script:
        assert ask(world, script, "SELECT * { SERVICE <http://there.example/> { ?s ?p ?x } }")
    assert not any("secret" in value or name == "Authorization" for name, value in script.requests[0].headers.items())


# Queries that are rejected


REFUSED = {
    "another host": (
        "SELECT * { SERVICE <http://other.example/> { ?s ?p ?o } }",
        "uses the host other.example; allow it",
    ),
    "a host within another": (
        "SELECT * { SERVICE <http://there.example/> { SERVICE <http://other.example/> { ?s ?p ?o } } }",
        "contains SERVICE",
    ),
    "a file": ("SELECT * { SERVICE <file:///etc/passwd> { ?s ?p ?o } }", "SERVICE without a constant address"),
    "a variable": ("SELECT * { SERVICE ?there { ?s ?p ?o } }", "SERVICE without a constant address"),
    "a graph to load": ("SELECT * FROM <file:///etc/passwd> { SERVICE <http://there.example/> {} }", "has FROM"),
    "a graph to load, hidden": (
        "SELECT (1<'>#' AS ?y) ?s FROM <file:///etc/passwd>\n{ SERVICE <http://there.example/> { ?s ?p ?o } }",
        "has FROM",
    ),
    "a host that is hidden": (
        "SELECT * { BIND (1<'>#' AS ?y) SERVICE <http://other.example/> { ?s ?p ?o }\n"
        "SERVICE <http://there.example/> { ?s ?p ?o } }",
        "cannot be answered",
    ),
    "no end": ("SELECT * { SERVICE <http://there.example/> { ?s ?p ?o", "without a closing brace"),
    "another port": (
        "SELECT * { SERVICE <http://there.example:22/> { ?s ?p ?o } }",
        "uses the host there.example:22; allow it",
    ),
    "no address": ("SELECT * { SERVICE <http://[/> { ?s ?p ?o } }", "SERVICE without a constant address"),
    "two hosts": (
        "SELECT * { SERVICE <http://there.example/> { ?s ?p ?o } SERVICE <http://other.example/> { ?s ?p ?o } }",
        "uses the host other.example",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_query_that_is_not_allowed_is_refused_and_nothing_is_sent(case: str, world: Dataset) -> None:
    sparql, message = REFUSED[case]
    with scripted(ONE) as script, pytest.raises(EngineError, match=message):
        ask(world, script, sparql)
    assert not script.requests


def test_a_malformed_query_is_an_error(world: Dataset) -> None:
    with scripted(ONE) as script, pytest.raises(EngineError, match="the query cannot be answered"):
        ask(world, script, "SELECT { SERVICE <http://there.example/> { ?s ?p ?o } }")
    assert not script.requests


def test_a_host_that_times_out_is_named(world: Dataset) -> None:
    with (
        scripted(ScriptedResponse(wait=3)) as script,
        pytest.raises(EngineError, match=rf"{script.url}: did not respond completely"),
    ):
        ask(world, script, "SELECT * { SERVICE <http://there.example/> { ?s ?p ?o } }", 0.3)


@pytest.mark.parametrize("given", ["", "a b", "http://x/", "=http://x/", "a/b"])
def test_an_invalid_host_is_refused(given: str) -> None:
    with pytest.raises(WrongUseError, match="is not a host"):
        parse_allowed_services([given], 1)


def test_a_host_can_have_another_address() -> None:
    assert parse_allowed_services(
        ["A.example", "b.example=http://127.0.0.1:1/x=y", "[::1]", "c.example:81"], 2
    ) == AllowedServices(
        {"a.example": None, "b.example": "http://127.0.0.1:1/x=y", "[::1]": None, "c.example:81": None}, 2
    )
