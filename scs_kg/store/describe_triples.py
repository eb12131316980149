"""What the dataset says of single IRIs, and how much of what there is."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode, Triple

from scs_kg.store.dataset import TYPE, Dataset, text


def concise_bounded_description(dataset: Dataset, iris: Iterable[str]) -> Iterator[Triple]:
    """Yield what is said of IRIs in any graph: their triples and those of their blank nodes."""
    seen: set[NamedNode | BlankNode] = set()
    waiting: list[NamedNode | BlankNode] = [NamedNode(iri) for iri in iris]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        for quad in dataset.quads.quads_for_pattern(node, None, None, None):
            yield quad.triple
            if isinstance(quad.object, BlankNode):
                waiting.append(quad.object)


def pointing(dataset: Dataset, iri: str) -> Iterator[Triple]:
    """Yield the triples, in any graph, that have an IRI as their value."""
    yield from (quad.triple for quad in dataset.quads.quads_for_pattern(None, None, NamedNode(iri), None))


def names(dataset: Dataset, start: str) -> set[str]:
    """Return the IRIs that are subjects in any graph and begin with a text."""
    found = {quad.subject for quad in dataset.quads if isinstance(quad.subject, NamedNode)}
    return {node.value for node in found if node.value.startswith(start)}


def graph_triples(dataset: Dataset, graph: str) -> Iterator[Triple]:
    """Yield the triples of one named graph."""
    yield from (quad.triple for quad in dataset.quads.quads_for_pattern(None, None, None, NamedNode(graph)))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many triples and subjects there are; by IRI the triples of graphs and properties, the members of classes."""

    triples: int
    subjects: int
    graphs: Mapping[str, int]
    properties: Mapping[str, int]
    classes: Mapping[str, int]


def counts(dataset: Dataset) -> Counts:
    """Count the union of all graphs, in which a triple counts once; a graph counts its own."""
    graphs: Counter[str] = Counter()
    union: set[Triple] = set()
    for quad in dataset.quads:
        graphs[text(quad.graph_name) if isinstance(quad.graph_name, NamedNode) else ""] += 1
        union.add(quad.triple)
    properties = Counter(triple.predicate.value for triple in union)
    classes = Counter(text(triple.object) for triple in union if triple.predicate == TYPE)
    return Counts(len(union), len({triple.subject for triple in union}), graphs, properties, classes)
