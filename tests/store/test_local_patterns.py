"""A query has the same results on the triples that it can match as on all triples."""

import pytest
from rdflib.plugins.sparql import prepareQuery

from scs_kg.model.namespaces import PREFIXES
from scs_kg.store import Dataset, federation
from scs_kg.store.federation import parse_allowed_services, run_federated
from scs_kg.store.local_patterns import predicates_of
from scs_kg.store.serialize import serialize_dataset, serialize_result

NAMES = {prefix: PREFIXES[prefix] for prefix in ("scs", "skos")}
PROLOGUE = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in NAMES.items())


@pytest.mark.parametrize(
    ("query", "predicates"),
    [
        ("SELECT * { ?s scs:about ?o }", "about"),
        ("SELECT * { ?s scs:about|^scs:feature ?o OPTIONAL { ?s skos:broader+ ?b } }", "about feature broader"),
        ("SELECT * { ?s scs:about ?o FILTER NOT EXISTS { ?s scs:mode scs:Planned } }", "about mode"),
        (
            "SELECT * { ?s scs:about ?o { SELECT ?s (COUNT(*) AS ?n) { ?s scs:source ?x } GROUP BY ?s } }",
            "about source",
        ),
        ("SELECT * { { ?s scs:about ?o } UNION { ?s scs:mode ?o } MINUS { ?s scs:finding ?o } }", "about mode finding"),
        ("CONSTRUCT { ?s ?new ?o } { ?s scs:about ?o BIND (scs:x AS ?new) }", "about"),
        ("SELECT * { scs:x skos:broader*/scs:about ?o }", "broader about"),
        ("SELECT * { ?s ?p ?o }", None),
        ("SELECT * { ?s scs:about ?o FILTER EXISTS { ?s ?p scs:Planned } }", None),
        ("SELECT * { ?s !scs:about ?o }", None),
        ("SELECT * { ?s skos:broader* ?o }", None),
        ("SELECT * { ?s scs:about/skos:broader? ?o }", None),
        ("SELECT * { GRAPH ?g { ?s scs:about ?o } }", None),
        ("DESCRIBE ?s { ?s scs:about ?o }", None),
    ],
)
def test_the_predicates_are_those_of_all_patterns(query: str, predicates: str | None) -> None:
    found = predicates_of(prepareQuery(PROLOGUE + query).algebra)
    if predicates is None:
        assert found is None
    else:
        assert found is not None
        assert sorted(iri.rpartition("#")[2] for iri in found) == sorted(predicates.split())


@pytest.mark.parametrize(
    "query",
    [
        "SELECT DISTINCT ?label { ?s scs:about ?o ; scs:feature ?f . ?f skos:prefLabel ?label } ORDER BY ?label",
        "SELECT ?f ?b { ?f skos:broader+ ?b FILTER NOT EXISTS { ?b skos:broader ?top } } ORDER BY ?f ?b",
        "SELECT ?f { ?f skos:broader*/skos:prefLabel ?label } ORDER BY ?f",
    ],
)
def test_the_result_equals_the_result_on_the_whole_graph(
    query: str, judged_world: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = parse_allowed_services([], 1)
    narrow = serialize_result(run_federated(judged_world, PROLOGUE + query, none), "csv")
    whole = serialize_dataset(judged_world, "nquads", inferred=True)
    monkeypatch.setattr(federation, "matchable_nquads", lambda dataset, algebra: whole)
    assert narrow == serialize_result(run_federated(judged_world, PROLOGUE + query, none), "csv")
    assert narrow.count(b"\n") > 1
