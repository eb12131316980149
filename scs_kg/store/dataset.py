"""The dataset: all quads of a project folder, read by triple pattern or by SPARQL query."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pyoxigraph import Quad, Store

from scs_kg.model.errors import EngineError
from scs_kg.model.namespaces import PREFIXES
from scs_kg.store.terms import BlankNode, NamedNode, QueryResult, Term, Triple, text

INFERRED: Final = PREFIXES["graph"] + "inferred"
TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")


@dataclass(frozen=True, slots=True)
class Dataset:
    """The quads of a project folder, and the file behind each named graph (graph IRI to path).

    ``base`` is the project folder that an overlay adds to; it is None for a complete project folder. ``digest``
    identifies the names and contents of the loaded files and the version of the parser. It is empty for datasets that
    were not loaded from files. ``quads`` is a mutable store: ``add_triples`` and ``remove_subjects`` change it in
    place. Use ``copy_asserted`` to get a dataset that can be changed without an effect on the original.
    """

    root: Path
    quads: Store
    files: Mapping[str, Path]
    base: Path | None = None
    digest: str = ""

    def __post_init__(self) -> None:
        """Make the mapping of files read-only."""
        object.__setattr__(self, "files", MappingProxyType(dict(self.files)))

    @property
    def library(self) -> Path:
        """The folder with the queries and the published context; for an overlay, that of the project it adds to."""
        return self.base or self.root

    @property
    def overlay(self) -> bool:
        """Whether the folder only adds to another project folder."""
        return self.base is not None

    @property
    def additions(self) -> tuple[str, ...]:
        """The names of the folder of an overlay, and of files that do not belong to a project folder."""
        outside = (path for path in self.files.values() if not _is_of_project(path, self.library))
        own = self.root if self.overlay else None
        return tuple(dict.fromkeys(own.name if own and path.is_relative_to(own) else path.name for path in outside))

    def name_of(self, path: Path) -> str:
        """Return the name of a file relative to its project folder (POSIX)."""
        own = path.is_relative_to(self.root)
        return path.relative_to(self.root if own else self.library).as_posix()


def _is_of_project(path: Path, project: Path) -> bool:
    return path.is_relative_to(project) and path.relative_to(project).parts[0] in {"ontology", "data"}


def empty_dataset() -> Dataset:
    """Return a dataset without quads."""
    return Dataset(Path(), Store(), {})


def copy_asserted(dataset: Dataset) -> Dataset:
    """Return an independent copy of a dataset, without the inferred graph."""
    quads, inferred = Store(), NamedNode(INFERRED)
    quads.bulk_extend(quad for quad in dataset.quads if quad.graph_name != inferred)
    return Dataset(dataset.root, quads, dataset.files, dataset.base)


def add_triples(dataset: Dataset, triples: Iterable[Triple], graph: str = INFERRED) -> None:
    """Add triples to a named graph, by default to the inferred graph."""
    name = NamedNode(graph)
    dataset.quads.extend(Quad(t.subject, t.predicate, t.object, name) for t in triples)


def remove_subjects(dataset: Dataset, subjects: Iterable[str]) -> None:
    """Remove every triple of the subjects from all graphs, for example of claims that a selection excludes."""
    for subject in subjects:
        for quad in list(dataset.quads.quads_for_pattern(NamedNode(subject), None, None, None)):
            dataset.quads.remove(quad)


def subjects(dataset: Dataset, predicate: str, value: str) -> Iterator[Term]:
    """Yield each subject with the IRI ``value`` as an object of the predicate, in any graph."""
    for quad in dataset.quads.quads_for_pattern(None, NamedNode(predicate), NamedNode(value), None):
        yield quad.subject


def objects(dataset: Dataset, subject: Term, predicate: str) -> list[Term]:
    """Return the objects of a subject and predicate in any graph, without duplicates, in a stable order."""
    if not isinstance(subject, NamedNode | BlankNode):
        return []
    found = dataset.quads.quads_for_pattern(subject, NamedNode(predicate), None, None)
    return sorted({quad.object for quad in found}, key=str)


def predicates(dataset: Dataset, subject: Term) -> set[str]:
    """Return the predicates of a subject in any graph."""
    if not isinstance(subject, NamedNode | BlankNode):
        return set()
    return {quad.predicate.value for quad in dataset.quads.quads_for_pattern(subject, None, None, None)}


def subject_objects(dataset: Dataset, predicate: str) -> Iterator[tuple[str, str]]:
    """Yield subject and object of every triple with the predicate, as strings, in no particular order."""
    for quad in dataset.quads.quads_for_pattern(None, NamedNode(predicate), None, None):
        yield text(quad.subject), text(quad.object)


def asserted_triples(dataset: Dataset, subject: str | BlankNode) -> frozenset[Triple]:
    """Return the triples of a subject (an IRI or a blank node) in all graphs but the inferred one."""
    node = NamedNode(subject) if isinstance(subject, str) else subject
    found = dataset.quads.quads_for_pattern(node, None, None, None)
    return frozenset(quad.triple for quad in found if quad.graph_name != NamedNode(INFERRED))


def statements_of(dataset: Dataset, subject: str, *predicates: str) -> Iterator[Triple]:
    """Yield the triples of a subject in any graph; with ``predicates``, only the triples with one of them."""
    wanted: list[NamedNode | None] = [NamedNode(name) for name in predicates]
    for predicate in wanted or [None]:
        for quad in dataset.quads.quads_for_pattern(NamedNode(subject), predicate, None, None):
            yield quad.triple


def incoming_triples(dataset: Dataset, iri: str) -> Iterator[Triple]:
    """Yield the triples in any graph that have the IRI as object."""
    yield from (quad.triple for quad in dataset.quads.quads_for_pattern(None, None, NamedNode(iri), None))


def graph_triples(dataset: Dataset, graph: str) -> Iterator[Triple]:
    """Yield the triples of one named graph."""
    yield from (quad.triple for quad in dataset.quads.quads_for_pattern(None, None, None, NamedNode(graph)))


def concise_bounded_description(dataset: Dataset, iris: Iterable[str]) -> Iterator[Triple]:
    """Yield the triples of the IRIs in any graph and, recursively, of the blank nodes among their objects.

    The result is the Concise Bounded Description (W3C Member Submission, 2005-06-03) without reified statements.
    """
    seen: set[NamedNode | BlankNode] = set()
    queue: list[NamedNode | BlankNode] = [NamedNode(iri) for iri in iris]
    while queue:
        node = queue.pop()
        if node in seen:
            continue
        seen.add(node)
        for quad in dataset.quads.quads_for_pattern(node, None, None, None):
            yield quad.triple
            if isinstance(quad.object, BlankNode):
                queue.append(quad.object)


def subject_iris(dataset: Dataset, prefix: str) -> set[str]:
    """Return the IRIs that start with ``prefix`` and are the subject of a triple in any graph."""
    found = {quad.subject for quad in dataset.quads if isinstance(quad.subject, NamedNode)}
    return {node.value for node in found if node.value.startswith(prefix)}


def instances(dataset: Dataset, kind: str, folder: str = "") -> Iterator[NamedNode]:
    """Yield the IRIs with the class as type, in files under a folder (relative, POSIX, with a final slash)."""
    for graph in sorted(dataset.files):
        if graph.startswith(PREFIXES["graph"] + folder):
            for quad in dataset.quads.quads_for_pattern(None, TYPE, NamedNode(kind), NamedNode(graph)):
                if isinstance(quad.subject, NamedNode):
                    yield quad.subject


def subfolders(dataset: Dataset, folder: str) -> list[str]:
    """Return the names of the direct subfolders of a folder that contain files of the dataset, sorted."""
    start = f"{PREFIXES['graph']}{folder}/"
    below = (graph.removeprefix(start) for graph in dataset.files if graph.startswith(start))
    return sorted({name.split("/", 1)[0] for name in below if "/" in name})


def has_triple(dataset: Dataset, subject: str | None, predicate: str | None, value: str | None) -> bool:
    """Return whether any graph has a triple with these IRIs; None matches every term.

    The answer is False for a text that cannot be an IRI.
    """
    try:
        s, p, o = (NamedNode(part) if part else None for part in (subject, predicate, value))
    except ValueError:
        return False
    return next(iter(dataset.quads.quads_for_pattern(s, p, o, None)), None) is not None


@dataclass(frozen=True, slots=True)
class DatasetStatistics:
    """Numbers of triples and subjects in the union of all graphs, and counts keyed by IRI.

    ``graphs`` and ``properties`` give numbers of triples, ``classes`` numbers of instances. The graph with the empty
    name is the default graph.
    """

    triples: int
    subjects: int
    graphs: Mapping[str, int]
    properties: Mapping[str, int]
    classes: Mapping[str, int]


def dataset_statistics(dataset: Dataset) -> DatasetStatistics:
    """Count the union of all graphs, in which a triple counts once; ``graphs`` counts each graph separately."""
    graphs: Counter[str] = Counter()
    union: set[Triple] = set()
    for quad in dataset.quads:
        graphs[text(quad.graph_name) if isinstance(quad.graph_name, NamedNode) else ""] += 1
        union.add(quad.triple)
    properties = Counter(triple.predicate.value for triple in union)
    classes = Counter(text(triple.object) for triple in union if triple.predicate == TYPE)
    subjects = len({triple.subject for triple in union})
    counts = (MappingProxyType(dict(found)) for found in (graphs, properties, classes))
    return DatasetStatistics(len(union), subjects, *counts)


def run_query(dataset: Dataset, sparql: str) -> QueryResult:
    """Run a SPARQL 1.1 query over the union of all graphs; a triple that is in several graphs matches several times.

    The queries of the library do not depend on the number of matches. Use ``query_merged`` for queries of users.

    Raises:
        EngineError: the query is malformed or fails during evaluation.
    """
    try:
        return dataset.quads.query(sparql, use_default_graph_as_union=True)
    except (SyntaxError, OSError, RuntimeError, ValueError) as error:
        raise EngineError(f"the query cannot be answered: {' '.join(str(error).split())}") from error
