"""The dataset: all quads of a project folder, read by pattern or by SPARQL."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
)

from scs_kg.model.errors import EngineError
from scs_kg.model.namespaces import PREFIXES

__all__ = [
    "INFERRED",
    "BlankNode",
    "Dataset",
    "Graphs",
    "Literal",
    "NamedNode",
    "QueryBoolean",
    "QuerySolutions",
    "QueryTriples",
    "Result",
    "Sizes",
    "Term",
    "Triple",
    "add",
    "asserted_triples",
    "copy",
    "empty",
    "folders",
    "holds",
    "instances",
    "objects",
    "pairs",
    "predicates",
    "remove_subjects",
    "run",
    "sizes",
    "statements_of",
    "subjects",
    "text",
]

Term = NamedNode | BlankNode | Literal | Triple
Result = QuerySolutions | QueryTriples | QueryBoolean | tuple[Triple, ...]

INFERRED: Final = PREFIXES["graph"] + "inferred"
TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")


@dataclass(frozen=True, slots=True)
class Dataset:
    """All quads of a project folder, and the file behind each named graph."""

    root: Path
    quads: Store
    files: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many triples there are in the union of all graphs, instances of each class, and triples of each property."""

    triples: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]


def sizes(dataset: Dataset) -> Sizes:
    """Count what a dataset holds, by class and by property."""
    triples = {quad.triple for quad in dataset.quads}
    classes = Counter(text(triple.object) for triple in triples if triple.predicate == TYPE)
    return Sizes(len(triples), classes, Counter(triple.predicate.value for triple in triples))


def empty() -> Dataset:
    """Return a dataset without a quad."""
    return Dataset(Path(), Store(), {})


def copy(dataset: Dataset) -> Dataset:
    """Return a dataset of its own with the same quads, but for those inferred."""
    quads, inferred = Store(), NamedNode(INFERRED)
    quads.bulk_extend(quad for quad in dataset.quads if quad.graph_name != inferred)
    return Dataset(dataset.root, quads, dataset.files)


def add(dataset: Dataset, triples: Iterable[Triple], graph: str = INFERRED) -> None:
    """Add triples to a graph, by default to that of everything inferred."""
    name = NamedNode(graph)
    dataset.quads.extend(Quad(t.subject, t.predicate, t.object, name) for t in triples)


def remove_subjects(dataset: Dataset, subjects: Iterable[str]) -> None:
    """Take out everything that is said of the subjects, such as claims that do not count this time."""
    for subject in subjects:
        for quad in list(dataset.quads.quads_for_pattern(NamedNode(subject), None, None, None)):
            dataset.quads.remove(quad)


def subjects(dataset: Dataset, predicate: str, value: str) -> Iterator[Term]:
    """Yield each subject that has the IRI ``value`` as the predicate's value, in any graph."""
    for quad in dataset.quads.quads_for_pattern(None, NamedNode(predicate), NamedNode(value), None):
        yield quad.subject


def objects(dataset: Dataset, subject: Term, predicate: str) -> list[Term]:
    """Return the values of a subject's predicate, in any graph, in a stable order."""
    if not isinstance(subject, NamedNode | BlankNode):
        return []
    found = dataset.quads.quads_for_pattern(subject, NamedNode(predicate), None, None)
    return sorted({quad.object for quad in found}, key=str)


def predicates(dataset: Dataset, subject: Term) -> set[str]:
    """Return the predicates that a subject has, in any graph."""
    if not isinstance(subject, NamedNode | BlankNode):
        return set()
    return {quad.predicate.value for quad in dataset.quads.quads_for_pattern(subject, None, None, None)}


def asserted_triples(dataset: Dataset, subject: str | BlankNode) -> frozenset[Triple]:
    """Return all that files say of a subject, an IRI or a blank node; nothing that is inferred."""
    node = NamedNode(subject) if isinstance(subject, str) else subject
    found = dataset.quads.quads_for_pattern(node, None, None, None)
    return frozenset(quad.triple for quad in found if quad.graph_name != NamedNode(INFERRED))


def statements_of(dataset: Dataset, subject: str, *predicates: str) -> Iterator[Triple]:
    """Yield the triples of a subject, in any graph, those of some predicates or all."""
    wanted: list[NamedNode | None] = [NamedNode(name) for name in predicates]
    for predicate in wanted or [None]:
        for quad in dataset.quads.quads_for_pattern(NamedNode(subject), predicate, None, None):
            yield quad.triple


def pairs(dataset: Dataset, predicate: str) -> Iterator[tuple[str, str]]:
    """Yield subject and value of every triple with the predicate, as strings, in no particular order."""
    for quad in dataset.quads.quads_for_pattern(None, NamedNode(predicate), None, None):
        yield text(quad.subject), text(quad.object)


def instances(dataset: Dataset, kind: str, folder: str = "") -> Iterator[NamedNode]:
    """Yield the IRIs that have the class as type, in files under a folder (relative, POSIX, ending in a slash)."""
    for graph in sorted(dataset.files):
        if graph.startswith(PREFIXES["graph"] + folder):
            for quad in dataset.quads.quads_for_pattern(None, TYPE, NamedNode(kind), NamedNode(graph)):
                if isinstance(quad.subject, NamedNode):
                    yield quad.subject


def folders(dataset: Dataset, folder: str) -> list[str]:
    """Return the names of the folders directly below a folder that hold files of the dataset, sorted."""
    start = f"{PREFIXES['graph']}{folder}/"
    below = (graph.removeprefix(start) for graph in dataset.files if graph.startswith(start))
    return sorted({name.split("/", 1)[0] for name in below if "/" in name})


def holds(dataset: Dataset, subject: str | None, predicate: str | None, value: str | None) -> bool:
    """Tell whether a triple of this pattern, of IRIs or None for anything, is in any graph."""
    s, p, o = (NamedNode(part) if part else None for part in (subject, predicate, value))
    return next(iter(dataset.quads.quads_for_pattern(s, p, o, None)), None) is not None


def text(term: Term) -> str:
    """Return the IRI, the label or the lexical form of a term."""
    return str(term) if isinstance(term, Triple) else term.value


@dataclass(frozen=True, slots=True)
class Graphs:
    """The RDF dataset of a query (SPARQL 1.1 Protocol, section 2.1.4): IRIs of its default and its named graphs.

    Where both are None the query's own FROM counts, if ``stated`` says that it has one.
    """

    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None
    stated: bool = False


def run(dataset: Dataset, sparql: str, graphs: Graphs | None = None) -> Result:
    """Answer a SPARQL 1.1 query, by default over the union of all graphs.

    Raises:
        EngineError: the query is malformed or fails while it runs.
    """
    try:
        if graphs is None:
            return dataset.quads.query(sparql, use_default_graph_as_union=True)
        if graphs.default is None and graphs.named is None:
            return dataset.quads.query(sparql, use_default_graph_as_union=not graphs.stated)
        default: list[NamedNode | BlankNode | DefaultGraph] = [NamedNode(iri) for iri in graphs.default or ()]
        named: list[NamedNode | BlankNode] = [NamedNode(iri) for iri in graphs.named or ()]
        return dataset.quads.query(sparql, default_graph=default, named_graphs=named)
    except (SyntaxError, OSError, RuntimeError, ValueError) as error:
        raise EngineError(f"the query cannot be answered: {' '.join(str(error).split())}") from error
