"""Tests every query of the library: its header, its golden results, and equal results on other SPARQL engines."""

import csv
import hashlib
import http.client
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import BlankNode, Quad, RdfFormat, Store, Triple, parse
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from scs_kg import store
from scs_kg.contribute.validate import validate
from scs_kg.judging.project import open_judged
from scs_kg.model.namespaces import PREFIXES, curie, local_id
from scs_kg.store import Dataset, Literal, NamedNode, QuerySolutions, QueryTriples, Term, query_library
from tests.conftest import FIXTURE_FOLDER, ROOT, TESTS, build_world
from tests.support.every import every
from tests.support.golden_files import (
    NARROWED,
    REMEDY,
    answer,
    file_name,
    is_graph,
    library,
    table_text,
    with_periods,
)
from tests.support.rdflib_terms import rdflib_graph

GOLDEN = {"world": FIXTURE_FOLDER / "questions", "real": TESTS / "golden" / "questions"}
PROMISED = ["real", "world"]
PLACES = ["paper", "world", "crowd"]
NARROWED_FOR_RDFLIB = {  # tests/store/test_sync.py sends Virtuoso the query for all of these cells
    **NARROWED,
    "press-cells": {"reading": "china-2019-full-text"},
    "single-source-cells": {"reading": "china-2019-full-text"},
}
TOO_SLOW_FOR_RDFLIB = {
    "contradictions",
    "coverage",
    "criteria-record",
    "differences",
    "evidence",
    "evidence-figures",
    "flips",
    "guideline-coverage",
    "inputs",
    "known",
    "matrix",
    "reading-disagreements",
    "research-agenda",
    "rule-and-practice",
    "scope",
    "single-source",
    "unknown",
}
"""Queries that take rdflib from three seconds to minutes on the real data.

rdflib runs them on the paper's data and on the invented worlds; Virtuoso and the embedded engine run them on all data.
"""
NARROWED_ON_PAPER = {
    **NARROWED,
    "scope": {"reading": "china-2019-full-text"},
    "unknown": {"system": "shenzhen"},
}
LIBRARY = library()
GRAPHS = sorted(filter(is_graph, LIBRARY))
TABLES = sorted(LIBRARY.keys() - set(GRAPHS))
PARAMS = [
    (name, param.name) for name, found in LIBRARY.items() for param in found.params if not param.type.startswith("xsd:")
]
LABEL = PREFIXES["skos"] + "prefLabel"
NUMBERS = {PREFIXES["xsd"] + name for name in ("integer", "decimal", "double", "float", "int", "long")}

Value = tuple[str, object, str] | None
Row = tuple[Value, ...]


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the invented world with two values wherever the rules allow more than one."""
    folder = build_world(tmp_path_factory.mktemp("crowd"))
    shutil.copytree(GOLDEN["world"] / "crowd", folder, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def datasets(judged: Dataset, judged_world: Dataset, crowd: Path) -> Mapping[str, Dataset]:
    """Return the base paper's data and two invented worlds, with the periods of all verdicts."""
    found = {"paper": judged, "world": judged_world, "crowd": open_judged(crowd)}
    return {place: with_periods(dataset) for place, dataset in found.items()}


@pytest.fixture(scope="session")
def real(dated_field: Dataset) -> Dataset:
    """Return all real data with the periods of all verdicts."""
    return dated_field


def solutions(dataset: Dataset, sparql: str) -> QuerySolutions:
    """Return the rows of a SELECT query."""
    found = store.run_query(dataset, sparql)
    assert isinstance(found, QuerySolutions)
    return found


def shown(term: Term | None) -> str:
    """Return a term as in golden files: a prefixed name, a bare literal, or an empty text if it is unbound."""
    if term is None:
        return ""
    return curie(term.value) if isinstance(term, NamedNode) else store.text(term)


# Headers and texts of the queries


@pytest.mark.parametrize("place", PROMISED)
def test_every_query_has_a_golden_result_and_every_golden_result_a_query(place: str) -> None:
    answers = {path.name for path in GOLDEN[place].iterdir() if path.is_file()}
    assert answers == set(map(file_name, LIBRARY))


def test_no_golden_result_of_the_world_is_empty() -> None:
    for path in GOLDEN["world"].glob("*.*"):
        rows = path.read_text("utf-8").splitlines()[path.suffix == ".csv" :]
        assert rows, path


def test_headers_are_complete() -> None:
    for name, found in LIBRARY.items():
        assert found.title, name
        assert found.question.endswith("?"), name
        assert all(param.meaning for param in found.params), name
        assert found.sparql.startswith("# title: "), name


def test_titles_are_unique() -> None:
    titles = [found.title for found in LIBRARY.values()]
    assert sorted(titles) == sorted(set(titles))


def test_every_open_block_of_values_is_a_declared_parameter() -> None:
    for name, found in LIBRARY.items():
        blocks = re.findall(r"VALUES \?(\w+) \{ UNDEF \}", found.sparql)
        assert set(blocks) <= {param.name for param in found.params}, name
        filled = re.findall(r"VALUES \?(\w+) \{", found.sparql)
        assert {param.name for param in found.params} <= set(filled), name


def test_prefixes_are_those_of_the_project() -> None:
    for name, found in LIBRARY.items():
        declared = re.findall(r"^PREFIX ([\w-]*): <([^>]*)>$", found.sparql, re.MULTILINE)
        assert declared, name
        assert len(declared) == found.sparql.upper().count("PREFIX "), name
        assert dict(declared).items() <= PREFIXES.items(), name


def test_no_query_names_a_system(datasets: Mapping[str, Dataset]) -> None:
    iris = {
        store.text(row["system"])
        for d in datasets.values()
        for row in query_library.rows(d, "systems")
        if row["system"]
    }
    labels = {store.text(t) for d in datasets.values() for i in iris for t in store.objects(d, NamedNode(i), LABEL)}
    assert len(iris) > 5
    assert len(labels) > 10
    named = {word.casefold() for word in {local_id(iri) for iri in iris} | labels}
    for name, found in LIBRARY.items():
        assert not named & set(re.findall(r"\w+", found.sparql.casefold())), name
        body = "".join(line for line in found.sparql.splitlines() if not line.startswith("#"))
        assert "sys:" not in body, name
        assert PREFIXES["sys"] not in body, name


# Results


@every("name", LIBRARY)
def test_results_equal_the_golden_files(name: str, datasets: Mapping[str, Dataset]) -> None:
    golden = (GOLDEN["world"] / file_name(name)).read_text("utf-8")
    assert answer(datasets["world"], name).splitlines() == golden.splitlines()


@pytest.mark.no_cover
@pytest.mark.parametrize("name", LIBRARY)
def test_results_on_the_real_data_equal_the_golden_files(name: str, real: Dataset) -> None:
    golden = (GOLDEN["real"] / file_name(name)).read_text("utf-8")
    assert answer(real, name, NARROWED.get(name)).splitlines() == golden.splitlines(), REMEDY


def test_only_questions_on_the_history_of_claims_name_claims_that_do_not_count() -> None:
    folder = GOLDEN["real"]
    with (folder / "claims.csv").open(encoding="utf-8", newline="") as file:
        status = {row["claim"]: row["status"] for row in csv.DictReader(file)}
    named = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            words = {word for row in csv.reader(file) for cell in row for word in cell.split()}
        named[path.stem] = {status[word] for word in words & status.keys()}
    assert {"valid"} < set(status.values())
    assert {name for name, found in named.items() if found - {"valid"}} == {"claims", "qualifiers", "retracted"}
    assert {"beside-base-paper", "contested", "evidence"} <= {name for name, found in named.items() if found}


@pytest.mark.no_cover
def test_a_publisher_has_a_row_for_each_name_also_without_a_source(
    world: Path, replace: Callable[[str, str, str], Path]
) -> None:
    name = 'foaf:name "Court of the Isle"'
    path = replace("data/publishers.ttl", name, f'{name} , "Court"')
    text = (
        path.read_text("utf-8")
        + """
publisher:village-herald a scs:Publisher ;
  skos:prefLabel "Village Herald"@en , "乡村先驱报"@zh-Hans ;
  foaf:name "Village Herald" ;
  scs:kind scs:Newspaper .
"""
    )
    path.write_text(text, "utf-8")
    assert table_text(store.load(world), LIBRARY["publishers"].sparql).splitlines()[1:] == [
        "publisher:court-of-the-isle,Court of the Isle,Court,scs:GovernmentBody,0",
        "publisher:court-of-the-isle,Court of the Isle,Court of the Isle,scs:GovernmentBody,1",
        "publisher:village-herald,Village Herald,Village Herald,scs:Newspaper,0",
    ]


def test_the_crowded_world_is_valid(crowd: Path) -> None:
    assert validate(crowd).of("Violation", "Warning") == ()


def reloaded(dataset: Dataset, quads: Iterable[Quad]) -> Dataset:
    """Return a dataset with the same quads, loaded in another order."""
    other = Dataset(dataset.root, Store(), dataset.files)
    for quad in quads:
        other.quads.add(quad)
    assert len(other.quads) == len(dataset.quads) > 0
    return other


@pytest.fixture(scope="session")
def loads(datasets: Mapping[str, Dataset]) -> Mapping[str, tuple[Dataset, ...]]:
    """Return each dataset loaded in three orders; the second is the reverse of the first."""
    found = {}
    for place, dataset in datasets.items():
        quads = sorted(dataset.quads, key=str)
        mixed = sorted(quads, key=lambda quad: hashlib.sha256(str(quad).encode()).digest())
        found[place] = tuple(reloaded(dataset, order) for order in (quads, quads[::-1], mixed))
    return found


@pytest.mark.no_cover
@pytest.mark.parametrize("name", TABLES)
@every("place", PLACES)
def test_rows_are_distinct_and_their_order_does_not_depend_on_the_order_of_loading(
    name: str, place: str, loads: Mapping[str, tuple[Dataset, ...]]
) -> None:
    assert re.search(r"^ORDER BY [^\n]+\n\Z", LIBRARY[name].sparql, re.MULTILINE)
    first, *others = (table_text(dataset, LIBRARY[name].sparql) for dataset in loads[place])
    rows = first.splitlines()
    assert len(rows) == len(set(rows))
    for other in others:
        assert other.splitlines() == rows


@every(("name", "param", "place"), [(*asked, place) for asked in PARAMS for place in ("world", "crowd")])
def test_a_parameter_selects_the_matching_rows(
    name: str, param: str, place: str, datasets: Mapping[str, Dataset]
) -> None:
    dataset = datasets[place]
    every = query_library.rows(dataset, name)
    values = {store.text(term) for row in every if (term := row[param])}
    assert values
    for value in values:
        assert query_library.rows(dataset, name, **{param: value}) == [
            row for row in every if row[param] == NamedNode(value)
        ]
    assert not query_library.rows(dataset, name, **{param: "nobody-and-nothing"})


@pytest.mark.parametrize("name", sorted({name for name, _ in PARAMS if sum(name == other for other, _ in PARAMS) > 1}))
def test_several_parameters_select_the_rows_that_match_all(name: str, datasets: Mapping[str, Dataset]) -> None:
    every = query_library.rows(datasets["crowd"], name)
    names = [param.name for param in LIBRARY[name].params if not param.type.startswith("xsd:")]
    asked = {tuple(row[param] for param in names) for row in every}
    assert len(asked) > 1
    for terms in asked:
        given = {param: store.text(term) for param, term in zip(names, terms, strict=True) if term}
        assert query_library.rows(datasets["crowd"], name, **given) == [
            r for r in every if tuple(r[n] for n in names) == terms
        ]


# Equal results on other engines


def value(lexical: str, datatype: str, language: str) -> Value:
    """Return a literal as a value, so that literals with equal values are equal."""
    if language:
        return "text", lexical, language.casefold()
    if datatype in NUMBERS:
        return "number", Decimal(lexical), ""
    if datatype == PREFIXES["xsd"] + "boolean":
        return "boolean", lexical in {"true", "1"}, ""
    return "text", lexical, datatype.removeprefix(PREFIXES["xsd"] + "string")


def embedded_value(term: Term | None) -> Value:
    """Return the value of a term of the embedded engine."""
    if isinstance(term, Literal):
        return value(term.value, term.datatype.value, term.language or "")
    assert not isinstance(term, BlankNode | Triple), "engines name blank nodes as they like"
    return ("iri", term.value, "") if term else None


def rdflib_value(term: rdflib.term.Node | None) -> Value:
    """Return the value of an rdflib term."""
    if isinstance(term, rdflib.Literal):
        return value(str(term), str(term.datatype or ""), term.language or "")
    assert not isinstance(term, rdflib.BNode)
    return ("iri", str(term), "") if term is not None else None


def wrapper_value(term: Mapping[str, str] | None) -> Value:
    """Return the value of a term in SPARQL 1.1 Query Results JSON."""
    if term is None:
        return None
    if term["type"] == "uri":
        return "iri", term["value"], ""
    assert term["type"] in {"literal", "typed-literal"}
    return value(term["value"], term.get("datatype", ""), term.get("xml:lang", ""))


def triple_values(triples: Iterator[Triple]) -> set[Row]:
    """Return the values of triples."""
    return {tuple(embedded_value(term) for term in triple) for triple in triples}


def by_embedded(dataset: Dataset, sparql: str) -> list[Row] | set[Row]:
    """Return the result of the embedded engine: rows in order, or a set of triples."""
    found = store.run_query(dataset, sparql)
    if isinstance(found, QueryTriples):
        return triple_values(found)
    assert isinstance(found, QuerySolutions)
    return [tuple(embedded_value(term) for term in row) for row in found]


@cache
def as_read(sparql: str) -> Query:
    """Parse a query with rdflib, once for all datasets: parsing takes longer than most evaluations."""
    return prepareQuery(sparql)


def by_rdflib(graphs: rdflib.Graph, sparql: str) -> list[Row] | set[Row]:
    """Return the result of rdflib."""
    found = graphs.query(as_read(sparql))
    if found.graph is not None:
        return {tuple(rdflib_value(term) for term in triple) for triple in found.graph}
    assert found.vars is not None
    return [tuple(rdflib_value(row.get(name)) for name in found.vars) for row in found.bindings]


def by_http(address: str, sparql: str) -> list[Row] | set[Row]:
    """Return the result of an endpoint, requested with SPARQLWrapper."""
    wrapper = SPARQLWrapper(address)
    wrapper.setMethod(POST)
    wrapper.setQuery(sparql)
    wrapper.setTimeout(20)
    wrapper.setReturnFormat(TURTLE if wrapper.queryType == "CONSTRUCT" else JSON)
    found: Any = wrapper.query().convert()
    if wrapper.queryType == "CONSTRUCT":
        return triple_values(quad.triple for quad in parse(found, format=RdfFormat.TURTLE))
    return [
        tuple(wrapper_value(row.get(name)) for name in found["head"]["vars"]) for row in found["results"]["bindings"]
    ]


@pytest.fixture(scope="session")
def nquads(datasets: Mapping[str, Dataset]) -> Mapping[str, bytes]:
    """Return the data with the verdicts as exported N-Quads."""
    return {place: store.serialize_dataset(dataset, "nquads", inferred=True) for place, dataset in datasets.items()}


@pytest.fixture(scope="session")
def graphs(nquads: Mapping[str, bytes]) -> Mapping[str, rdflib.Dataset]:
    """Return the datasets as rdflib graphs."""
    found = {}
    for place, quads in nquads.items():
        found[place] = rdflib.Dataset(default_union=True)
        found[place].parse(data=quads.decode(), format="nquads")
    return found


@contextmanager
def listening() -> Iterator[str]:
    """Run a SPARQL server on a free port of this machine, and yield its address."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    assert program, "the test extra brings the server oxigraph"
    for _ in range(5):
        with socket.create_server(("127.0.0.1", 0)) as free:
            place = f"127.0.0.1:{free.getsockname()[1]}"
        command = [program, "serve", "--bind", place, "--union-default-graph"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
            try:
                if server.stderr and "Listening" in server.stderr.readline():
                    yield place
                    return
            finally:
                server.kill()
    pytest.fail("no free port")


@contextmanager
def serving(quads: bytes) -> Iterator[str]:
    """Serve a dataset over HTTP, and yield the address for queries."""
    with listening() as place:
        connection = http.client.HTTPConnection(place, timeout=20)
        connection.request("POST", "/store", quads, {"Content-Type": "application/n-quads"})
        assert connection.getresponse().status == 204
        connection.close()
        yield f"http://{place}/query"


@pytest.fixture(scope="session")
def endpoints(nquads: Mapping[str, bytes]) -> Iterator[Mapping[str, str]]:
    """Serve the datasets over HTTP during the tests, and return their addresses."""
    with ExitStack() as stack:
        stack.enter_context(pytest.MonkeyPatch.context()).setenv("no_proxy", "127.0.0.1")
        yield {place: stack.enter_context(serving(quads)) for place, quads in nquads.items()}


@pytest.mark.crosscheck
@pytest.mark.no_cover
def test_every_engine_has_the_same_data(
    datasets: Mapping[str, Dataset], graphs: Mapping[str, rdflib.Dataset], endpoints: Mapping[str, str]
) -> None:
    counting = "SELECT (COUNT(*) AS ?n) { { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } } }"
    for place in PLACES:
        counted = by_embedded(datasets[place], counting)
        assert counted == by_rdflib(graphs[place], counting) == by_http(endpoints[place], counting)
        assert counted != [(("number", Decimal(0), ""),)]


@pytest.mark.crosscheck
@pytest.mark.no_cover
def test_copied_triples_are_those_that_rdflib_parses(
    datasets: Mapping[str, Dataset], graphs: Mapping[str, rdflib.Dataset]
) -> None:
    copied = rdflib_graph(quad.triple for quad in datasets["crowd"].quads)
    assert len(copied) == len(graphs["crowd"])
    named, parsed = (
        {triple for triple in found.triples((None, None, None)) if not any(isinstance(t, rdflib.BNode) for t in triple)}
        for found in (copied, graphs["crowd"])
    )
    assert named == parsed != set()


@pytest.mark.crosscheck
@pytest.mark.no_cover
@pytest.mark.parametrize("name", LIBRARY)
@pytest.mark.parametrize("place", PLACES)
def test_rdflib_gives_the_same_results(
    name: str, place: str, datasets: Mapping[str, Dataset], graphs: Mapping[str, rdflib.Dataset]
) -> None:
    sparql = (ROOT / "queries" / f"{name}.rq").read_text("utf-8")
    if place == "paper" and name in NARROWED_ON_PAPER:  # all queries run on the invented worlds
        sparql = query_library.bind(LIBRARY[name], NARROWED_ON_PAPER[name])
        assert by_embedded(datasets[place], sparql)
    assert by_rdflib(graphs[place], sparql) == by_embedded(datasets[place], sparql)


@pytest.mark.crosscheck
@pytest.mark.no_cover
@pytest.mark.parametrize("name", LIBRARY)
@every("place", PLACES)
def test_an_endpoint_gives_the_same_results(
    name: str, place: str, datasets: Mapping[str, Dataset], endpoints: Mapping[str, str]
) -> None:
    sparql = (ROOT / "queries" / f"{name}.rq").read_text("utf-8")
    assert by_http(endpoints[place], sparql) == by_embedded(datasets[place], sparql)


@pytest.fixture(scope="session")
def real_endpoint(real: Dataset) -> Iterator[str]:
    """Serve all real data over HTTP, and return the address."""
    with (
        pytest.MonkeyPatch.context() as patch,
        serving(store.serialize_dataset(real, "nquads", inferred=True)) as address,
    ):
        patch.setenv("no_proxy", "127.0.0.1")
        yield address


@pytest.mark.crosscheck
@pytest.mark.no_cover
@pytest.mark.parametrize("name", LIBRARY)
def test_an_endpoint_gives_the_same_results_on_all_real_data(name: str, real: Dataset, real_endpoint: str) -> None:
    sparql = LIBRARY[name].sparql
    assert by_http(real_endpoint, sparql) == by_embedded(real, sparql)


@pytest.fixture(scope="session")
def real_graph(real: Dataset) -> rdflib.Graph:
    """Return all real data as one rdflib graph."""
    triples = {quad.triple for quad in real.quads}
    graph = rdflib_graph(triples)
    assert len(graph) == len(triples) > 0
    return graph


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(LIBRARY.keys() - TOO_SLOW_FOR_RDFLIB))
def test_rdflib_gives_the_same_results_on_all_real_data(name: str, real: Dataset, real_graph: rdflib.Graph) -> None:
    sparql = query_library.bind(LIBRARY[name], NARROWED_FOR_RDFLIB.get(name, {}))
    assert by_rdflib(real_graph, sparql) == by_embedded(real, sparql)
