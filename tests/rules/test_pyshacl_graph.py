"""A graph that keeps what it was asked answers as one that does not, on data that change too."""

from collections.abc import Mapping

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDFS

from scs_kg.rules import pyshacl_graph
from scs_kg.rules.pyshacl_graph import QueryCachingGraph

CAKE, DOOR = URIRef("urn:cake"), URIRef("urn:door")
QUESTION = "SELECT ?this ?label WHERE { ?this rdfs:label ?label } ORDER BY ?label"


def answered(graph: Graph, this: URIRef | None = None) -> list[Mapping[str, object]]:
    """Ask for the labels in a graph, or for those of one thing."""
    found = graph.query(QUESTION, initBindings={"this": this} if this else None)
    return [{str(name): row[name] for name in row} for row in found.bindings]


def test_a_query_is_read_once_and_answered_anew_for_each_node_and_state_of_the_data() -> None:
    plain = Graph()
    graph = QueryCachingGraph(plain.store, plain.identifier)
    pyshacl_graph._read.cache_clear()
    assert answered(graph) == answered(plain) == []
    for thing, label in ((CAKE, "cake"), (DOOR, "door")):
        plain.add((thing, RDFS.label, Literal(label)))
        assert answered(graph) == answered(plain) != []
        assert answered(graph, thing) == answered(plain, thing)
        assert [row["label"] for row in answered(graph, thing)] == [Literal(label)]
    assert answered(graph, DOOR) != answered(graph, CAKE)
    assert pyshacl_graph._read.cache_info().misses == 1


def test_a_prefix_is_that_of_the_graph_that_is_asked() -> None:
    for place in ("urn:one:", "urn:two:"):
        graph = QueryCachingGraph()
        graph.bind("x", place)
        graph.add((CAKE, URIRef(f"{place}is"), DOOR))
        (row,) = graph.query("SELECT ?what WHERE { ?this x:is ?what }").bindings
        assert set(row.values()) == {DOOR}


def test_what_is_no_query_is_refused_each_time() -> None:
    for _ in range(2):
        with pytest.raises(Exception, match="Expected"):
            QueryCachingGraph().query("SELECT WHERE")
