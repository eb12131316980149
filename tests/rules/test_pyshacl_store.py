"""The store for pySHACL answers each pattern as rdflib's own store does, also after triples are added and removed."""

from collections import Counter
from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from scs_kg.rules.pyshacl_graph import PatternCachingGraph
from scs_kg.rules.pyshacl_store import OneGraphStore

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


def test_the_graph_of_a_triple_is_the_only_graph() -> None:
    store = OneGraphStore()
    assert list(store.contexts()) == []
    graph = Graph(store, URIRef("urn:graph"))
    graph.add((SUBJECTS[0], LINKS[0], VALUES[0]))
    assert [list(found) for _, found in store.triples((None, None, None))] == [[graph]]
    assert list(store.contexts()) == [graph]
