"""Inspection of query texts without a parser: limits, graphs, form and determinism."""

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from SPARQLWrapper import ASK, CONSTRUCT, SELECT, SPARQLWrapper

from scs_kg import store
from scs_kg.model.errors import RefusedError
from scs_kg.store import QuerySolutions, QueryTriples, query_library
from scs_kg.store.dataset import empty_dataset
from scs_kg.store.query_library import FEDERATED
from scs_kg.store.sparql_text import (
    GraphSelection,
    QueryLimits,
    enforce_limits,
    from_graphs,
    is_nondeterministic,
    is_update,
    query_form,
    refuse_service,
)
from scs_kg.store.terms import QueryBoolean
from tests.conftest import ROOT
from tests.support.every import every

FORMS: Final = {QuerySolutions: SELECT, QueryBoolean: ASK, QueryTriples: CONSTRUCT}

EXCESS = {
    "parentheses": "SELECT (" + "(" * 40 + "1" + ")" * 40 + " AS ?x) {}",
    "groups": "SELECT * " + "{" * 40 + "}" * 40,
    "brackets": "SELECT * { ?s ?p " + "[ ?p " * 40 + "1" + " ]" * 40 + " }",
    "negations": "SELECT * { FILTER(" + "!" * 20 + "true) }",
    "negations apart": "SELECT * { FILTER(" + "! " * 20 + "true) }",
    "inversions": "SELECT * { ?s " + "^" * 20 + "<p> ?o }",
    "groups in escapes": "SELECT * " + "\\u007B" * 40 + "}" * 40,
    "patterns": "SELECT * { " + "?s ?p ?o . " * 3000 + "}",
    "paths": "SELECT * { ?s " + "/".join(["<p>"] * 3000) + " ?o }",
    "alternatives": "ASK { FILTER(" + "||".join(["true"] * 3000) + ") }",
    "sums": "ASK { FILTER(1 = " + "+1" * 3000 + ") }",
    "characters": "ASK {} #" + "x" * 70_000,
}


@pytest.mark.parametrize("name", EXCESS)
def test_a_query_that_is_too_deep_too_wide_or_too_long_is_refused(name: str) -> None:
    with pytest.raises(RefusedError, match=r"nested deeper than 32|more than 2000 operators|limit is 64000"):
        enforce_limits(EXCESS[name], QueryLimits())


@every("name", query_library.read_all(ROOT))
def test_every_query_of_the_library_is_far_below_the_limits(name: str) -> None:
    text = query_library.find(ROOT, name).sparql
    enforce_limits(text, QueryLimits(length=6_400, depth=10, unary=2, operators=300))
    assert not is_update(text)
    assert from_graphs(text) is None
    assert not is_nondeterministic(text)


def test_brackets_in_strings_iris_and_comments_are_not_counted() -> None:
    enforce_limits(f'ASK {{ ?s <x{"(" * 90}> \'{"{" * 90}\', """{"(" * 90}""" }} # {"[" * 90}', QueryLimits())


def test_a_query_can_have_many_values() -> None:
    enforce_limits(
        "SELECT * { VALUES ?s { " + "<https://w3id.org/scs-kg/system/xiamen> " * 1_000 + "} }", QueryLimits()
    )


@pytest.mark.parametrize(
    ("sparql", "update"),
    [
        ("INSERT DATA { <a> <b> <c> }", True),
        ("PREFIX insert: <x> SELECT * {}", False),
        ("BASE <x> PREFIX a: <insert> delete where { ?s ?p ?o }", True),
        ("# INSERT\nASK {}", False),
        ("load <x>", True),
        ("WITH <g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", True),
        ("SELECT * { ?s ?p 'INSERT' }", False),
        ("\\u0049NSERT DATA {}", True),
        ("", False),
        ("nonsense", False),
    ],
)
def test_an_update_is_recognised_by_its_first_keyword(sparql: str, update: bool) -> None:
    assert is_update(sparql) is update


@pytest.mark.parametrize(
    ("sparql", "default", "named"),
    [
        ("SELECT * FROM <http://a/> { ?s ?p ?o }", ["http://a/"], []),
        ("SELECT * from named <http://a/> FROM<http://b/> {}", ["http://b/"], ["http://a/"]),
        ("PREFIX g: <http://a/> SELECT * FROM g:b FROM NAMED g: {}", ["http://a/b"], ["http://a/"]),
        ("BASE <http://a/b/> SELECT * FROM <c> {}", ["http://a/b/c"], []),
        ("SELECT * FROM <c> {}", ["http://base/c"], []),
        ("PREFIX g: <d/> SELECT * FROM g:c {}", ["http://base/d/c"], []),
        ("PREFIX g: <http://a/> SELECT * FROM g:b\\/c\\-d%20 {}", ["http://a/b/c-d%20"], []),
        ("SELECT * FROM x:y {}", ["x:y"], []),
        ("SELECT * FROM <file:///etc/passwd> {}", ["file:///etc/passwd"], []),
        ("SELECT * FROM # <no>\n <http://a/> {}", ["http://a/"], []),
        ("SELECT * FR\\u004FM <http://a/> {}", ["http://a/"], []),
    ],
)
def test_graphs_are_recognised_by_the_keyword_before_them(sparql: str, default: list[str], named: list[str]) -> None:
    assert from_graphs(sparql, "http://base/sparql") == GraphSelection(tuple(default), tuple(named))


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { ?s <from> <http://a/> }",
        "SELECT * { ?from ?named 'FROM <x>' }",
        "SELECT * { GRAPH <http://a/> { ?s ?p ?o } }",
    ],
)
def test_a_query_without_from_selects_no_graphs(sparql: str) -> None:
    assert from_graphs(sparql) is None


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { VALUES ?x { " + "-1 " * 5000 + "} }",
        "SELECT (1" + " - -1" * 500 + " AS ?x) {}",
        "SELECT * { ?a ?b ?c FILTER(" + " - ".join(["?a"] * 900) + " > -1) }",
        "SELECT (" + "+".join(["1"] * 1900) + " AS ?x) {}",
        "SELECT * { FILTER(" + " && ".join(["!?a"] * 600) + ") }",
        "SELECT * { FILTER(" + " && ".join(["! 'x'"] * 600) + ") }",
        "SELECT * { ?s ^<a>/^<b>/^<c>/^<d>/^<e>/^<f>/^<g>/^<h>/^<i>/^<j> ?o }",
        "SELECT * { VALUES (?x ?y) { " + "(-1.5e-3 +2) " * 1500 + "} }",
    ],
)
def test_arithmetic_and_negative_numbers_are_not_nesting(sparql: str) -> None:
    enforce_limits(sparql, QueryLimits())


@pytest.mark.parametrize(
    "sparql",
    [
        "PREFIX services: <http://a/> SELECT * { ?s services:p ?o }",
        "PREFIX service: <http://a/> SELECT * { service:x service:p ?o . ?s ?p service:y }",
        "PREFIX my-service: <http://a/> SELECT * FROM my-service:g { GRAPH my-service:g { ?s ?p ?o } }",
        "PREFIX services: <http://a/> SELECT * FROM NAMED services:g { ?s ?p ?o }",
        "PREFIX a: <http://a/> SELECT * { ?service a:service 'SERVICE' }",
        "PREFIX a: <http://a/> SELECT * { a:b.service a:service-x <http://SERVICE/> } # SERVICE",
    ],
)
def test_a_name_that_contains_service_is_not_a_call(sparql: str) -> None:
    refuse_service(sparql)
    store.run_query(empty_dataset(), sparql)


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://127.0.0.1/> { ?s ?p ?o } }",
        "SELECT * { SERVICE<http://127.0.0.1/>{ ?s ?p ?o } }",
        "SELECT * { SERVICESILENT<http://127.0.0.1/>{ ?s ?p ?o } }",
        "PREFIX a: <http://127.0.0.1/> SELECT * { SERVICEa:b { ?s ?p ?o } }",
        "PREFIX : <http://127.0.0.1/> SELECT * { SERVICE:b { ?s ?p ?o } }",
        "PREFIX a: <http://127.0.0.1/> SELECT * { SERVICESILENTa:b { ?s ?p ?o } }",
        "SELECT * { SERVICE?x { ?s ?p ?o } }",
        "SELECT * { FILTER(true)SERVICE<http://127.0.0.1/>{} }",
        "SELECT * { S\\u0045RVICE <http://127.0.0.1/> {} }",
        "SELECT * { ?s ?p 1SERVICE <http://127.0.0.1/> {} }",
    ],
)
def test_a_service_call_is_refused_however_it_is_written(sparql: str) -> None:
    with pytest.raises(RefusedError, match="contains SERVICE"):
        refuse_service(sparql)


@pytest.mark.parametrize(
    ("sparql", "different"),
    [
        ("SELECT (NOW() AS ?x) {}", True),
        ("SELECT (now ( ) AS ?x) {}", True),
        ("SELECT * { ?s ?p ?now }", False),
        ("SELECT * { ?s ?p 'NOW()' }", False),
        ("SELECT (uuid() AS ?u) {}", True),
        ("SELECT (STRLEN('x') AS ?u) {}", False),
    ],
)
def test_nondeterministic_queries_are_recognised_by_their_functions(sparql: str, different: bool) -> None:
    assert is_nondeterministic(sparql) is different


@given(st.text(max_size=300))
def test_any_text_is_scanned_without_an_error(text: str) -> None:
    enforce_limits(text.replace("(", "").replace("{", "").replace("[", "").replace("\\", "")[:8], QueryLimits())
    assert isinstance(is_update(text), bool)
    assert isinstance(is_nondeterministic(text), bool)
    assert len(getattr(from_graphs(text), "all", ())) <= text.upper().count("FROM") + text.count("\\")


@every("path", sorted((ROOT / "queries").rglob("*.rq")))
def test_the_form_of_every_query_file_is_that_of_sparqlwrapper_and_of_the_store(path: Path) -> None:
    sparql = path.read_text("utf-8")
    wrapper = SPARQLWrapper("http://127.0.0.1/")
    wrapper.setQuery(sparql)
    assert query_form(sparql) == wrapper.queryType
    if path.parent.name != FEDERATED:  # the store would send a SERVICE pattern to its host
        assert FORMS[type(store.run_query(empty_dataset(), sparql))] == wrapper.queryType
