"""Turtle files to one dataset with a named graph for each file, and back to text; the only door to the RDF store."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    serialize,
)
from pyoxigraph import Dataset as QuadSet

from scs_kg.errors import BadFileError, EmptyInputError, EngineError
from scs_kg.lines import positions
from scs_kg.namespaces import PREFIXES, SCS

__all__ = [
    "BlankNode",
    "Dataset",
    "Literal",
    "NamedNode",
    "QueryBoolean",
    "QuerySolutions",
    "QueryTriples",
    "Term",
    "Triple",
]

Term = NamedNode | BlankNode | Literal | Triple
Result = QuerySolutions | QueryTriples | QueryBoolean

FOLDERS: Final = ("ontology", "data")
INFERRED: Final = PREFIXES["graph"] + "inferred"
FORMATS: Final[Mapping[str, RdfFormat]] = {
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
    "turtle": RdfFormat.TURTLE,
    "jsonld": RdfFormat.JSON_LD,
}


@dataclass(frozen=True, slots=True)
class Dataset:
    """All quads of a project folder, and the file behind each named graph."""

    root: Path
    quads: Store
    files: Mapping[str, Path]


def default_root() -> Path:
    """Return the folder with ``ontology/``, ``data/`` and ``queries/``: the wheel's own copy, else the checkout."""
    package = Path(__file__).parent
    carried = package / "project"
    return carried if carried.is_dir() else package.parent


def load(root: Path) -> Dataset:
    """Load every Turtle file under ``ontology/`` and ``data/`` of a folder, each into a graph of its own.

    Raises:
        EmptyInputError: a folder is missing or holds no Turtle file.
        BadFileError: a file cannot be read, is not UTF-8, or is not Turtle (strict RDF 1.1).
    """
    store, files = Store(), {}
    for folder in FOLDERS:
        found = sorted((root / folder).rglob("*.ttl"))
        if not found:
            raise EmptyInputError(f"{root / folder}: no Turtle file in it; give the project's folder with --root")
        for path in found:
            graph = PREFIXES["graph"] + path.relative_to(root).with_suffix("").as_posix()
            _parse(store, path, graph)
            files[graph] = path
    return Dataset(root, store, files)


def _parse(store: Store, path: Path, graph: str) -> None:
    try:
        store.load(path=str(path), format=RdfFormat.TURTLE, to_graph=NamedNode(graph))
    except SyntaxError as error:
        raise BadFileError(path, error.lineno, f"not Turtle: {_detail(error)}") from error
    except OSError as error:
        raise BadFileError(path, None, f"cannot be read: {error.strerror or error}") from error


def _detail(error: SyntaxError) -> str:
    """Drop the engine's own position, which the message of ours already gives."""
    detail = str(error.msg or error)
    return detail.split(": ", 1)[1] if detail.startswith("Parser error at") and ": " in detail else detail


def add(dataset: Dataset, triples: Iterable[Triple], graph: str = INFERRED) -> None:
    """Add triples to a graph, by default to that of everything inferred."""
    name = NamedNode(graph)
    dataset.quads.extend(Quad(t.subject, t.predicate, t.object, name) for t in triples)


def withdraw(dataset: Dataset, subjects: Iterable[str]) -> None:
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


def pairs(dataset: Dataset, predicate: str) -> Iterator[tuple[str, str]]:
    """Yield subject and value of every triple with the predicate, as strings, in no particular order."""
    for quad in dataset.quads.quads_for_pattern(None, NamedNode(predicate), None, None):
        yield text(quad.subject), text(quad.object)


def text(term: Term) -> str:
    """Return the IRI, the label or the lexical form of a term."""
    return str(term) if isinstance(term, Triple) else term.value


def run(dataset: Dataset, sparql: str) -> Result:
    """Answer a SPARQL 1.1 query over the union of all graphs.

    Raises:
        EngineError: the query is malformed or fails while it runs.
    """
    try:
        return dataset.quads.query(sparql, use_default_graph_as_union=True)
    except (SyntaxError, OSError, RuntimeError, ValueError) as error:
        raise EngineError(f"the query cannot be answered: {error}") from error


def triples(dataset: Dataset, folders: Iterable[str] = ("",)) -> str:
    """Return the triples of the files under the folders (relative, POSIX) as sorted N-Triples, without inferred ones."""
    prefixes = tuple(PREFIXES["graph"] + folder for folder in folders)
    wanted = [graph for graph in dataset.files if graph.startswith(prefixes)]
    found = (q.triple for g in wanted for q in dataset.quads.quads_for_pattern(None, None, None, NamedNode(g)))
    return "".join(sorted({f"{triple} .\n" for triple in found}))


def locate(dataset: Dataset, node: str, predicate: str | None = None) -> tuple[Path | None, int | None]:
    """Return the file and the line, counted from 1, where something is said of a node, best with the predicate.

    Engines rename blank nodes, so that a blank node is taken for the first that stands as a subject of its own.
    """
    named = not node.startswith("_:")
    graphs = _graphs_of(dataset, NamedNode(node)) if named else set(dataset.files)
    for graph in sorted(graphs):
        path = dataset.files[graph]
        lines = [p for p in positions(path.read_text("utf-8")) if _is_subject(p.subject, node, named=named)]
        exact = [p.predicate_line for p in lines if p.predicate == predicate]
        if lines:
            return path, exact[0] if exact else lines[0].subject_line
    return None, None


def _is_subject(subject: str, node: str, *, named: bool) -> bool:
    return subject == node if named else not subject or subject.startswith("_:")


def _graphs_of(dataset: Dataset, node: NamedNode) -> set[str]:
    found = dataset.quads.quads_for_pattern(node, None, None, None)
    return {text(q.graph_name) for q in found if isinstance(q.graph_name, NamedNode)} & dataset.files.keys()


def export(dataset: Dataset, form: str, *, inferred: bool) -> bytes:
    """Return the whole dataset in one of ``FORMATS``, the same bytes for the same content.

    Blank nodes get the labels of RDFC-1.0; Turtle holds the union of the graphs.
    """
    quads = QuadSet(q for q in dataset.quads if inferred or text(q.graph_name) != INFERRED)
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    ordered = sorted(quads, key=lambda q: (str(q.graph_name), str(q.subject), str(q.predicate), str(q.object)))
    if form == "turtle":
        merged = sorted({q.triple for q in ordered}, key=lambda t: (str(t.subject), str(t.predicate), str(t.object)))
        return serialize(merged, format=FORMATS[form], prefixes=dict(PREFIXES))
    prefixes = None if form == "nquads" else dict(PREFIXES)
    return serialize(ordered, format=FORMATS[form], prefixes=prefixes)
