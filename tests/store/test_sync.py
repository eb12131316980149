"""After a publication, a real store contains the data that was sent, and gives the same answers and comparisons."""

import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import RdfFormat

from scs_kg import store
from scs_kg.model.errors import EmptyInputError, EngineError
from scs_kg.model.namespaces import PREFIXES
from scs_kg.render.answer import QueryRequest, answer
from scs_kg.store import Dataset, query_library, sparql_client, sync
from scs_kg.store.dataset import INFERRED, empty_dataset
from scs_kg.store.serialize import canonical_graph_lines, graph_names
from scs_kg.store.sparql_client import Endpoint
from scs_kg.store.sync import GraphChange, published_graphs
from tests.conftest import ROOT
from tests.support.commands import run
from tests.support.golden_files import NARROWED, with_periods
from tests.support.servers import ScriptedResponse, oxigraph, scripted, virtuoso
from tests.test_questions import LIBRARY, Row, Value, embedded_value, triple_values

STORES = ["oxigraph", pytest.param("virtuoso", marks=pytest.mark.slow)]


@pytest.fixture(autouse=True, scope="module")
def direct() -> Iterator[None]:
    """Disable proxies between a test and its servers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("no_proxy", "127.0.0.1")
        yield


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Endpoint]]:
    """Return a function that starts a store when it is first named."""
    running: dict[str, Endpoint] = {}
    with ExitStack() as stack:

        def start(name: str) -> Endpoint:
            if name not in running:
                server = oxigraph() if name == "oxigraph" else virtuoso(tmp_path_factory.mktemp("virtuoso"))
                running[name] = stack.enter_context(server)
            return running[name]

        yield start


@pytest.fixture
def whole(name: str, request: pytest.FixtureRequest) -> Dataset:
    """Return the data to publish, with the periods of all verdicts.

    Virtuoso, which is another engine, gets all real data. Oxigraph is the same engine as the embedded one, so only the
    transfer is tested, with the base paper's claims.
    """
    dataset: Dataset = request.getfixturevalue("dated_field" if name == "virtuoso" else "judged")
    return dataset if name == "virtuoso" else with_periods(dataset)


def held(endpoint: Endpoint, graph: str) -> tuple[store.Triple, ...]:
    """Return the triples of a graph in a store."""
    question = query_library.read(ROOT / "queries" / "remote" / "content.rq")
    found = sparql_client.send_query(endpoint, query_library.bind(question, {"graph": graph}))
    assert isinstance(found, tuple)
    return found


def there(endpoint: Endpoint, sparql: str) -> list[Row] | set[Row]:
    """Answer a query at a store: rows in order, or a set of triples."""
    found = sparql_client.send_query(endpoint, sparql)
    if isinstance(found, tuple):
        return triple_values(iter(found))
    assert isinstance(found, store.QuerySolutions)
    return [tuple(without_booleans(embedded_value(term)) for term in row) for row in found]


def without_booleans(value: Value) -> Value:
    """Return 1 and 0 for true and false, because Virtuoso has no booleans and computes numbers instead."""
    return ("number", Decimal(bool(value[1])), "") if value and value[0] == "boolean" else value


def here(dataset: Dataset, sparql: str) -> list[Row] | set[Row]:
    """Answer a query with the embedded engine, in the same form."""
    found = store.run_query(dataset, sparql)
    if isinstance(found, store.QueryTriples):
        return triple_values(found)
    assert isinstance(found, store.QuerySolutions)
    return [tuple(without_booleans(embedded_value(term)) for term in row) for row in found]


@pytest.mark.slow(seconds=50)
@pytest.mark.crosscheck
@pytest.mark.no_cover
@pytest.mark.parametrize("name", STORES)
def test_a_store_contains_and_answers_what_was_published(
    name: str, stores: Callable[[str], Endpoint], whole: Dataset, tmp_path: Path
) -> None:
    endpoint = stores(name)
    written = list(sync.publish(whole, endpoint))
    assert {change.graph for change in written} >= set(graph_names(whole))
    assert list(sync.publish(whole, endpoint)) == []
    opened = sync.with_published_graphs(ROOT, endpoint)
    assert list(opened.default_graphs) == ([] if name == "virtuoso" else graph_names(whole))
    for question in LIBRARY:
        sparql = query_library.bind(LIBRARY[question], NARROWED.get(question, {}))
        assert there(opened, sparql) == here(whole, sparql), question
    brought = store.load(sync.download(ROOT, endpoint, tmp_path))
    for graph in graph_names(brought):
        assert canonical_graph_lines(brought, graph) == canonical_graph_lines(whole, graph), graph
    assert set(graph_names(whole)) - set(graph_names(brought)) == {INFERRED}


@pytest.mark.crosscheck
@pytest.mark.parametrize("name", STORES)
def test_commands_give_the_same_answers_from_a_store(
    name: str, stores: Callable[[str], Endpoint], judged_world: Dataset, shared_world: Path
) -> None:
    endpoint, world = stores(name), ("--root", str(shared_world))
    list(sync.publish(with_periods(judged_world), endpoint))
    for command in (
        ("compare", "--format", "csv"),
        ("compare", "--published", "--as-of", "2002", "--format", "json"),
        ("explain", "gamma", "kindness"),
        ("query", "claims", "--param", "system=gamma"),
        ("query", "known", "--format", "turtle"),
        ("query", "flips", "--format", "csv"),
        ("query", "evidence", "--format", "csv"),
    ):
        embedded = run(*command, *world)
        asked = run(*command, *world, "--endpoint", endpoint.url)
        assert (asked.returncode, asked.stdout) == (embedded.returncode, embedded.stdout), asked.stderr
        assert embedded.stdout


@pytest.mark.crosscheck
@pytest.mark.parametrize("name", STORES)
def test_names_are_resolved_at_a_store_as_in_a_folder(
    name: str, stores: Callable[[str], Endpoint], judged_world: Dataset, shared_world: Path
) -> None:
    endpoint = stores(name)
    list(sync.publish(with_periods(judged_world), endpoint))
    asked = {
        "claims": ["system=GAMMA", "system=sys:gamma", "system=gama", "system=tidiness"],
        "principles": ["guideline=example-2001", "guideline=tidiness", "guideline=nothing-at-all"],
        "evidence": [
            "principle=整洁",
            "principle=example-2001/tidiness",
            "principle=I",
            "principle=99",
            "principle=tidi",
        ],
    }
    for question, value in ((question, value) for question, values in asked.items() for value in values):
        command = ("query", question, "--param", value, "--root", str(shared_world))
        embedded, there = run(*command), run(*command, "--endpoint", endpoint.url)
        assert (there.returncode, there.stdout, there.stderr) == (
            embedded.returncode,
            embedded.stdout,
            embedded.stderr,
        ), value


def test_a_name_at_a_store_without_names_is_sent_as_it_is(shared_world: Path) -> None:
    with oxigraph() as endpoint:
        for values in ({"system": "xiamen"}, {"principle": "harmony", "reading": "agrawal-2022"}):
            question = "claims" if "system" in values else "evidence"
            request = QueryRequest(question, values, "csv", endpoint=endpoint.url)
            assert answer(shared_world, request).count(b"\n") == 1


def invented(**graphs: str) -> Dataset:
    """Return a dataset with graphs under data/, each from Turtle."""
    dataset = Dataset(ROOT, empty_dataset().quads, {})
    for name, turtle in graphs.items():
        dataset.quads.load(turtle.encode(), format=RdfFormat.TURTLE, to_graph=store.NamedNode(graph(name)))
    return dataset


def graph(name: str) -> str:
    """Return the IRI of a graph under data/."""
    return f"{PREFIXES['graph']}data/{name}"


@pytest.mark.crosscheck
@pytest.mark.parametrize("name", STORES)
def test_only_changed_graphs_are_written_and_removed_ones_are_dropped(
    name: str, stores: Callable[[str], Endpoint]
) -> None:
    endpoint = stores(name)
    list(sync.publish(invented(kept="<a:> <b:> ( 1 2 ) .", changed="<a:> <b:> 1 .", old="<a:> <b:> 1 ."), endpoint))
    then = invented(kept="<a:> <b:> ( 1 2 ) .", changed="<a:> <b:> 1 , 2 .", new="<a:> <b:> 'x\\n_:y' .")
    assert list(sync.publish(then, endpoint)) == [
        GraphChange(graph("changed"), 1, 2),
        GraphChange(graph("new"), None, 1),
        GraphChange(graph("old"), 1, None),
    ]
    assert held(endpoint, graph("old")) == ()
    assert [str(triple.object) for triple in held(endpoint, graph("new"))] == ['"x\\n_:y"']
    assert sync.published_graphs(ROOT, endpoint).keys() == {graph("kept"), graph("changed"), graph("new")}


@pytest.mark.crosscheck
@pytest.mark.parametrize("name", STORES)
def test_a_graph_changed_by_others_is_written_again_and_not_loaded(
    name: str, stores: Callable[[str], Endpoint], tmp_path: Path
) -> None:
    endpoint, dataset = stores(name), invented(one="<a:> <b:> 1 .", two="<a:> <b:> 2 .")
    list(sync.publish(dataset, endpoint))
    sparql_client.send_update(
        endpoint, f"INSERT DATA {{ GRAPH <{graph('one')}> {{ <c:> <d:> <e:> }} }}", repeatable=True
    )
    with pytest.raises(EngineError, match=r"graph .*data/one differs from the published one"):
        sync.download(ROOT, endpoint, tmp_path)
    assert list(sync.publish(dataset, endpoint)) == [GraphChange(graph("one"), 1, 1)]


@pytest.mark.crosscheck
def test_virtuoso_with_a_low_limit_on_rows_loses_nothing_silently(tmp_path: Path) -> None:
    """Virtuoso sends the first rows of a longer answer with status 200; the limit of Debian's settings is 10,000."""
    (tmp_path / "store").mkdir()
    with virtuoso(tmp_path / "store", rows=100) as endpoint:
        list(sync.publish(invented(one=" ".join(f"<a:> <b:> {number} ." for number in range(120))), endpoint))
        with pytest.raises(EngineError, match=r"sends only a part of graph .*data/one; raise the limit of the store"):
            sync.download(ROOT, endpoint, tmp_path)
        everything = f"SELECT * {{ GRAPH <{graph('one')}> {{ ?s ?p ?o }} }}"
        with pytest.raises(EngineError, match="sends only the first 100 rows"):
            sparql_client.send_query(endpoint, everything)
        limited = sparql_client.send_query(endpoint, everything + " LIMIT 100")
        assert isinstance(limited, store.QuerySolutions)
        assert len(list(limited)) == 100


@pytest.mark.crosscheck
def test_a_store_without_our_graphs_is_an_error() -> None:
    with oxigraph() as endpoint:
        assert sync.with_published_graphs(ROOT, endpoint) == endpoint
        assert answer(ROOT, QueryRequest("claims", {}, "csv", endpoint=endpoint.url)).startswith(b"claim,system,")
        ran = run("compare", "--endpoint", endpoint.url)
        assert ran.returncode == 1
        assert b"has no published data" in ran.stderr
        with pytest.raises(EmptyInputError):
            sync.download(ROOT, endpoint, Path("nowhere"))


@pytest.mark.crosscheck
@pytest.mark.parametrize(
    ("columns", "value", "message"),
    [
        ('["graph", "triples"]', "1", "the column digest is missing"),
        ('["graph", "triples", "digest"]', "many", "'many' is not a number"),
        ('["graph", "triples", "digest"]', "-1", "'-1' is not a number"),
    ],
)
def test_a_store_that_sends_nonsense_is_named(columns: str, value: str, message: str) -> None:
    cell = '{"type": "literal", "value": "' + value + '"}'
    row = "{" + ", ".join(f'"{name}": {cell}' for name in json.loads(columns)) + "}"
    body = '{"head": {"vars": ' + columns + '}, "results": {"bindings": [' + row + "]}}"
    with scripted(ScriptedResponse(body=body.encode())) as script, pytest.raises(EngineError) as caught:
        published_graphs(ROOT, Endpoint(script.url))
    assert str(caught.value).startswith(f"{script.url}: sent an invalid response: {message}")


def test_the_command_reports_its_changes(shared_world: Path) -> None:
    with oxigraph() as endpoint:
        first = run("publish", "--endpoint", endpoint.url, "--root", str(shared_world))
        again = run("publish", "--endpoint", endpoint.url, "--root", str(shared_world))
    assert first.returncode == again.returncode == 0, first.stderr
    assert b"wrote https://w3id.org/scs-kg/graph/data/places: " in first.stdout
    assert (again.stdout, again.stderr) == (b"", b"0 graphs changed\n")
    assert str(GraphChange("g:1", 5, None)) == "dropped g:1: 5 triples"
    assert str(GraphChange("g:1", 5, 6)) == "wrote g:1: 6 triples, 5 before"


GRAPHS: Final = 6
SIZE: Final = 400


def large(version: int) -> Dataset:
    """Return a dataset in which every triple of every graph contains the version."""
    lines = "".join(f'<s:{number}> <p:> "{version}" .\n' for number in range(SIZE))
    return invented(**{f"large{number}": lines for number in range(GRAPHS)})


def writing(version: int, endpoint: Endpoint) -> int:
    """Publish a version of the large dataset in a fork of this process, and return the id of the fork."""
    pid = os.fork()
    if not pid:
        try:
            list(sync.publish(large(version), endpoint))
        finally:
            os._exit(0)
    return pid


def at_rest(endpoint: Endpoint, name: str) -> tuple[store.Triple, ...]:
    """Return a graph as soon as two reads are equal: a server completes a request even if the client has exited.

    While Virtuoso 7 replaces a graph, it returns parts of the old and the new graph.
    """
    before, found = held(endpoint, name), held(endpoint, name)
    for _ in range(50):
        if before == found:
            break
        time.sleep(0.2)
        before, found = found, held(endpoint, name)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", ["oxigraph", "virtuoso"])
def test_a_killed_writer_leaves_each_graph_old_or_new(name: str, stores: Callable[[str], Endpoint]) -> None:
    endpoint, chance, stopped = stores(name), random.Random(20261125), 0  # noqa: S311 - a random delay, not a secret
    started = time.monotonic()
    list(sync.publish(large(0), endpoint))
    whole = time.monotonic() - started
    for version in range(1, 13):
        writer = writing(version, endpoint)
        time.sleep(whole * chance.random())
        os.kill(writer, signal.SIGKILL)
        _, status = os.waitpid(writer, 0)
        stopped += os.waitstatus_to_exitcode(status) == -signal.SIGKILL
        for number in range(GRAPHS):
            found = at_rest(endpoint, graph(f"large{number}"))
            assert len(found) == SIZE
            assert len({str(triple.object) for triple in found}) == 1
    assert stopped
    list(sync.publish(large(99), endpoint))
    assert {str(triple.object) for triple in held(endpoint, graph("large0"))} == {'"99"'}
