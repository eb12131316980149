"""Runs queries on RDF merges of graphs: a triple that is in several graphs counts once (SPARQL 1.1, section 13.2).

If a default graph consists of several graphs, the engine gives one solution for each copy of a triple. Therefore graphs
that share triples are copied into the default graph of another store.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store

from scs_kg.model.errors import EngineError, WrongUseError
from scs_kg.model.namespaces import BASE
from scs_kg.store.dataset import Dataset
from scs_kg.store.sparql_text import GraphSelection
from scs_kg.store.terms import BlankNode, NamedNode, QueryResult

ENDPOINT: Final = BASE + "sparql"
"""The IRI against which relative IRIs in a query are resolved, unless the query was sent to another address."""


@dataclass(frozen=True, slots=True)
class MergedGraphs:
    """A dataset and the merge of all its graphs.

    ``union`` is a store with the named graphs of the dataset and their merge as its default graph. ``union`` is None if
    no triple is in several graphs. ``repeated`` has the graphs of each triple that is in several graphs.
    """

    dataset: Dataset
    repeated: frozenset[frozenset[str]]
    union: Store | None


def merge_graphs(dataset: Dataset) -> MergedGraphs:
    """Return the merge of all graphs of a dataset, for ``query_merged``."""
    lines = {graph: _lines(dataset, graph) for graph in dataset.quads.named_graphs()}
    seen: set[bytes] = set()
    several: set[bytes] = set()
    for found in lines.values():
        several |= seen & found
        seen |= found
    graphs: dict[bytes, set[str]] = defaultdict(set)
    for graph, found in lines.items():
        for line in several & found:
            graphs[line].add(graph.value)
    names = [graph.value for graph in lines]
    union = _selected(dataset, GraphSelection(tuple(names), tuple(names))) if several else None
    return MergedGraphs(dataset, frozenset(map(frozenset, graphs.values())), union)


def _lines(dataset: Dataset, graph: NamedNode | BlankNode | DefaultGraph) -> set[bytes]:
    """Return the triples of a graph as lines of N-Triples, because lines are compared faster than triples."""
    found = dataset.quads.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b""
    return set(found.split(b"\n")) - {b""}


def query_merged(
    merged: MergedGraphs, sparql: str, graphs: GraphSelection | None = None, base: str = ENDPOINT
) -> QueryResult:
    """Run a query over the merge of all graphs, or over the selected graphs.

    Relative IRIs in the query are resolved against ``base``.

    Raises:
        EngineError: the query is malformed. The message has the position of the error.
        WrongUseError: the query cannot be evaluated, for example because it calls an unknown function.
    """
    quads = merged.dataset.quads
    try:
        if graphs is None:
            store = quads if merged.union is None else merged.union
            return store.query(sparql, base_iri=base, use_default_graph_as_union=merged.union is None)
        if any(len(several.intersection(graphs.default)) > 1 for several in merged.repeated):
            quads = _selected(merged.dataset, graphs)
            default: list[NamedNode | BlankNode | DefaultGraph] = [DefaultGraph()]
        else:
            default = [NamedNode(iri) for iri in dict.fromkeys(graphs.default)]
        named: list[NamedNode | BlankNode] = [NamedNode(iri) for iri in graphs.named]
        return quads.query(sparql, base_iri=base, default_graph=default, named_graphs=named)
    except SyntaxError as error:
        raise EngineError(f"the query cannot be answered: {' '.join(str(error).split())}") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise WrongUseError(f"the query cannot be answered: {' '.join(str(error).split())}") from error


def _selected(dataset: Dataset, graphs: GraphSelection) -> Store:
    """Return a store with the selected named graphs and the merge of the selected default graphs.

    Quads are copied and not serialized, because parsers rename blank nodes.
    """
    store = Store()
    store.bulk_extend(quad for graph in graphs.named for quad in _quads(dataset, graph))
    store.bulk_extend(Quad(*quad.triple) for graph in graphs.default for quad in _quads(dataset, graph))
    return store


def _quads(dataset: Dataset, graph: str) -> Iterator[Quad]:
    return dataset.quads.quads_for_pattern(None, None, None, NamedNode(graph))
