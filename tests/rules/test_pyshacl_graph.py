"""A graph that caches parsed queries gives the same results as a plain graph, also after the data changes."""

from collections.abc import Mapping

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDFS, SH, NamespaceManager

from scs_kg.rules import pyshacl_graph
from scs_kg.rules.pyshacl_graph import CachingNamespaces, QueryCachingGraph

CAKE, DOOR = URIRef("urn:cake"), URIRef("urn:door")
QUERY = "SELECT ?this ?label WHERE { ?this rdfs:label ?label } ORDER BY ?label"


def labels(graph: Graph, this: URIRef | None = None) -> list[Mapping[str, object]]:
    """Return the labels in a graph, or the labels of one resource."""
    found = graph.query(QUERY, initBindings={"this": this} if this else None)
    return [{str(name): row[name] for name in row} for row in found.bindings]


def test_a_query_is_parsed_once_and_run_for_each_node_and_state_of_the_data() -> None:
    plain = Graph()
    graph = QueryCachingGraph(plain.store, plain.identifier)
    pyshacl_graph._parse.cache_clear()
    assert labels(graph) == labels(plain) == []
    for resource, label in ((CAKE, "cake"), (DOOR, "door")):
        plain.add((resource, RDFS.label, Literal(label)))
        assert labels(graph) == labels(plain) != []
        assert labels(graph, resource) == labels(plain, resource)
        assert [row["label"] for row in labels(graph, resource)] == [Literal(label)]
    assert labels(graph, DOOR) != labels(graph, CAKE)
    assert pyshacl_graph._parse.cache_info().misses == 1


def test_a_query_can_use_the_prefixes_of_the_graph_without_declarations() -> None:
    for namespace in ("urn:one:", "urn:two:"):
        graph = QueryCachingGraph()
        graph.bind("x", namespace)
        graph.add((CAKE, URIRef(f"{namespace}is"), DOOR))
        (row,) = graph.query("SELECT ?what WHERE { ?this x:is ?what }").bindings
        assert set(row.values()) == {DOOR}


def test_a_malformed_query_is_an_error_each_time() -> None:
    for _ in range(2):
        with pytest.raises(Exception, match="Expected"):
            QueryCachingGraph().query("SELECT WHERE")


def test_iris_are_shortened_as_by_rdflib_also_after_a_prefix_is_bound_again() -> None:
    ours, plain = CachingNamespaces(Graph()), NamespaceManager(Graph())
    iris = [RDFS.label, SH.path, URIRef("urn:one:a"), URIRef("urn:two:a"), URIRef("urn:three"), URIRef("a b"), CAKE]
    bound = [("sh", SH), ("x", "urn:one:"), ("x", "urn:one:"), ("x", "urn:two:"), ("sh", "urn:two:"), (None, "urn:")]
    for prefix, namespace in bound:
        for override, replace in ((False, False), (True, False), (True, True), (True, True)):
            for names in (ours, plain):
                names.bind(prefix, namespace, override, replace)
            assert [ours.normalizeUri(iri) for iri in iris] == [plain.normalizeUri(iri) for iri in iris]
            assert list(ours.namespaces()) == list(plain.namespaces())
