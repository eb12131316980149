"""In queries on merges of graphs, a triple counts once, even if several graphs contain it."""

from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import Quad, Store

from scs_kg.model.errors import EngineError, WrongUseError
from scs_kg.store import Dataset, Literal, NamedNode, QuerySolutions
from scs_kg.store.merge import ENDPOINT, MergedGraphs, merge_graphs, query_merged
from scs_kg.store.sparql_text import GraphSelection
from scs_kg.store.terms import BlankNode

A, B, C = (f"https://example.org/{name}" for name in "abc")
P: Final = NamedNode("https://example.org/p")
COUNT: Final = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def graphs_of(**objects: list[str]) -> MergedGraphs:
    """Return a dataset whose graphs are named by letters and have a triple for each object."""
    quads = Store()
    for graph, values in objects.items():
        quads.extend(Quad(P, P, Literal(value), NamedNode(f"https://example.org/{graph}")) for value in values)
    return merge_graphs(Dataset(Path(), quads, {}))


def count(merged: MergedGraphs, sparql: str = COUNT, graphs: GraphSelection | None = None) -> int:
    """Return the only number in the answer to a query."""
    answer = query_merged(merged, sparql, graphs)
    assert isinstance(answer, QuerySolutions)
    ((term,),) = answer
    assert isinstance(term, Literal)
    return int(term.value)


@pytest.mark.parametrize(
    ("graphs", "expected"),
    [
        (None, 3),
        (GraphSelection((A, B)), 3),
        (GraphSelection((A, A)), 2),
        (GraphSelection((A, C)), 2),
        (GraphSelection((B,)), 2),
        (GraphSelection((), (A, B)), 0),
        (GraphSelection((A, B), (C,)), 3),
    ],
)
def test_a_triple_of_several_graphs_counts_once_in_the_default_graph(
    graphs: GraphSelection | None, expected: int
) -> None:
    assert count(graphs_of(a=["1", "2"], b=["2", "3"], c=["1"]), graphs=graphs) == expected


def test_each_named_graph_keeps_its_own_copy_of_a_triple() -> None:
    merged = graphs_of(a=["1", "2"], b=["2", "3"])
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert count(merged, named) == 4
    assert count(merged, named, GraphSelection((A, B), (A, B))) == 4
    assert count(merged, named, GraphSelection((A, B), (A,))) == 2


def test_no_second_store_is_built_if_no_triple_is_repeated() -> None:
    merged = graphs_of(a=["1", "2"], b=["3"])
    assert merged.union is None
    assert count(merged) == 3


def test_blank_nodes_are_the_same_in_the_merge_and_in_the_named_graph() -> None:
    node, quads = BlankNode(), Store()
    for graph in (A, B):
        quads.add(Quad(P, P, node, NamedNode(graph)))
        quads.add(Quad(node, P, Literal(graph), NamedNode(graph)))
    merged = merge_graphs(Dataset(Path(), quads, {}))
    joined = f"SELECT (COUNT(*) AS ?n) {{ <{P.value}> ?p ?b GRAPH <{B}> {{ ?b ?q ?o }} }}"
    assert count(merged, joined) == 1
    assert count(merged, joined, GraphSelection((A, B), (B,))) == 1


def test_relative_iris_are_resolved_against_the_address_of_the_query() -> None:
    merged = graphs_of(a=["1"])
    for base, expected in (
        (ENDPOINT, "https://w3id.org/scs-kg/s"),
        ("http://localhost:1/sparql", "http://localhost:1/s"),
    ):
        answer = query_merged(merged, "SELECT (<s> AS ?x) {}", base=base)
        assert isinstance(answer, QuerySolutions)
        assert [row["x"] for row in answer] == [NamedNode(expected)]


def test_a_query_that_cannot_be_run_raises_an_error_for_its_author() -> None:
    merged = graphs_of(a=["1"])
    with pytest.raises(WrongUseError, match="function <http://f/g> is not supported"):
        query_merged(merged, "SELECT (<http://f/g>(1) AS ?x) {}")
    with pytest.raises(EngineError, match="error at 1:"):
        query_merged(merged, "SELECT * { ?s }")
