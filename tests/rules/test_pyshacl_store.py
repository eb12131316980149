"""The store for pySHACL answers each pattern as rdflib's own store does, also after triples are added and removed."""

from collections import Counter
from itertools import product
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from scs_kg import store
from scs_kg.model.namespaces import PREFIXES
from scs_kg.rules.pyshacl_graph import PatternCachingGraph, read_data, shapes_graph
from scs_kg.rules.pyshacl_store import OneGraphStore
from scs_kg.store.serialize import asserted_ntriples

SUBJECTS: tuple[Node, ...] = (URIRef("urn:a"), URIRef("urn:b"), BNode("a"))
LINKS = (URIRef("urn:a"), URIRef("urn:p"))
VALUES: tuple[Node, ...] = (*SUBJECTS, Literal("urn:a"), Literal("1"), Literal(1), Literal("a", lang="en"))
TRIPLES = st.tuples(*map(st.sampled_from, (SUBJECTS, LINKS, VALUES)))
CHANGES = st.lists(st.tuples(st.booleans(), TRIPLES), max_size=12)


@given(CHANGES)
def test_each_pattern_has_the_same_triples_as_in_the_store_of_rdflib(
    changes: list[tuple[bool, tuple[Node, ...]]],
) -> None:
    theirs = Graph()
    ours = [Graph(store=OneGraphStore()), PatternCachingGraph(store=OneGraphStore())]
    for added, (s, p, o) in changes:
        for graph in (theirs, *ours):
            (graph.add if added else graph.remove)((s, p, o))
        for graph in ours:
            assert len(graph) == len(theirs)
            assert bool(graph) == bool(theirs)
            for pattern in product((None, *SUBJECTS), (None, *LINKS), (None, *VALUES)):
                found = list(graph.triples(pattern))
                assert len(found) == len(set(found))
                assert set(found) == set(theirs.triples(pattern)), pattern
            for subject, link in product((None, *SUBJECTS), (None, *LINKS)):
                assert Counter(graph.objects(subject, link)) == Counter(theirs.objects(subject, link))


def test_a_term_is_kept_once() -> None:
    graph = Graph(store=OneGraphStore())
    graph.parse(data="<urn:a> <urn:p> <urn:b> . <urn:b> <urn:p> <urn:a> .", format="turtle")
    (first,) = graph.objects(URIRef("urn:b"))
    assert {id(s) for s in graph.subjects() if s == first} == {id(first)}


def canonical(graph: Graph) -> str:
    """Return the triples of a graph; RDFC-1.0 determines the labels of blank nodes, much faster than rdflib does."""
    return store.canonical_ntriples(graph.serialize(format="nt"))


def test_data_has_the_same_triples_as_by_the_reader_of_rdflib(shared_world: Path) -> None:
    odd = """
    _:a <urn:p> _:a , _:b , "a" , "a"@en , "A"@EN-gb , "1"^^xsd:integer , "01"^^xsd:integer , "x"^^xsd:integer , "" .
    _:b <urn:p> "\\u0041\\n\\t\\"\\\\" , "2019"^^xsd:gYear , "2019-02-30"^^xsd:date , "true"^^xsd:boolean .
    _:b <urn:p> "a"^^<urn:t> .
    """
    for text in (
        store.canonical_ntriples(f"@prefix xsd: <{PREFIXES['xsd']}> .{odd}"),
        asserted_ntriples(store.load(shared_world)),
    ):
        theirs = Graph().parse(data=text, format="nt")
        expected = canonical(theirs)
        for read in (read_data, shapes_graph):
            found = read(text)
            assert canonical(found) == expected
            assert len(found) == len(theirs) > 10


def test_the_graph_of_a_triple_is_the_only_graph() -> None:
    quads = OneGraphStore()
    assert list(quads.contexts()) == []
    graph = Graph(quads, URIRef("urn:graph"))
    graph.add((SUBJECTS[0], LINKS[0], VALUES[0]))
    assert [list(found) for _, found in quads.triples((None, None, None))] == [[graph]]
    assert list(quads.contexts()) == [graph]
