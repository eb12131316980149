"""The dataset, or an answer from it, as text: the same bytes for the same content."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar

from pyoxigraph import (
    CanonicalizationAlgorithm,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    Triple,
    parse,
    serialize,
)
from pyoxigraph import Dataset as QuadSet

from scs_kg.model.errors import EngineError, WrongUseError
from scs_kg.model.namespaces import PREFIXES
from scs_kg.store.dataset import INFERRED, Dataset
from scs_kg.store.terms import QueryResult

Item = TypeVar("Item", Quad, Triple)

DATASET_FORMATS: Final[Mapping[str, RdfFormat]] = MappingProxyType(
    {
        "trig": RdfFormat.TRIG,
        "nquads": RdfFormat.N_QUADS,
        "turtle": RdfFormat.TURTLE,
        "jsonld": RdfFormat.JSON_LD,
    }
)
RESULT_FORMATS: Final[Mapping[str, QueryResultsFormat]] = MappingProxyType(
    {
        "csv": QueryResultsFormat.CSV,
        "json": QueryResultsFormat.JSON,
        "tsv": QueryResultsFormat.TSV,
        "xml": QueryResultsFormat.XML,
    }
)
GRAPH_FORMATS: Final[Mapping[str, RdfFormat]] = MappingProxyType(
    {
        "turtle": RdfFormat.TURTLE,
        "ntriples": RdfFormat.N_TRIPLES,
        "jsonld": RdfFormat.JSON_LD,
        "rdfxml": RdfFormat.RDF_XML,
        "trig": RdfFormat.TRIG,
    }
)


def asserted_ntriples(dataset: Dataset, folders: Iterable[str] = ("",)) -> str:
    """Return the triples of the files under the folders (relative, POSIX) as sorted N-Triples, not the inferred."""
    prefixes = tuple(PREFIXES["graph"] + folder for folder in folders)
    wanted = (NamedNode(graph) for graph in dataset.files if graph.startswith(prefixes))
    found = (dataset.quads.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b"" for graph in wanted)
    return b"".join(sorted({line for text in found for line in text.splitlines(keepends=True)})).decode()


def graph_names(dataset: Dataset) -> list[str]:
    """Return the names of all graphs that hold something, the inferred too, sorted."""
    return sorted(graph.value for graph in dataset.quads.named_graphs() if isinstance(graph, NamedNode))


def canonical_graph_lines(dataset: Dataset, graph: str) -> list[str]:
    """Return a graph as sorted lines of N-Triples, its blank nodes with the labels of RDFC-1.0."""
    quads = QuadSet(Quad(*quad.triple) for quad in dataset.quads.quads_for_pattern(None, None, None, NamedNode(graph)))
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(f"{quad.triple} .\n" for quad in quads)


def serialize_dataset(dataset: Dataset, form: str, *, inferred: bool) -> bytes:
    """Return the whole dataset in one of ``FORMATS``.

    Blank nodes get the labels of RDFC-1.0; Turtle holds the union of the graphs.
    """
    left_out = None if inferred else NamedNode(INFERRED)
    quads = QuadSet(quad for quad in dataset.quads if quad.graph_name != left_out)
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    if form == "turtle":
        return _serialized({quad.triple for quad in quads}, DATASET_FORMATS[form])
    return _serialized(quads, DATASET_FORMATS[form])


def _serialized(found: Iterable[Item], form: RdfFormat) -> bytes:
    """Write quads or triples in the order of their text, with the prefixes in order too."""
    prefixes = dict(PREFIXES) if form in {RdfFormat.TRIG, RdfFormat.TURTLE} else None
    return _ordered_head(serialize(sorted(found, key=_order), format=form, prefixes=prefixes) or b"")


def _used_prefixes(turtle: str) -> str:
    """Leave out the prefixes that a Turtle text declares and does not use."""
    lines = turtle.splitlines(keepends=True)
    body = "".join(line for line in lines if not line.startswith("@prefix "))
    return "".join(
        line for line in lines if not line.startswith("@prefix ") or re.search(rf"(?<![\w-]){line.split()[1]}", body)
    )


def _ordered_head(written: bytes) -> bytes:
    lines = written.splitlines(keepends=True)
    head = [line for line in lines if line.startswith(b"@prefix ")]
    return b"".join([*sorted(head), *lines[len(head) :]])


def _order(item: Quad | Triple) -> tuple[str, ...]:
    graph = str(item.graph_name) if isinstance(item, Quad) else ""
    return graph, str(item.subject), str(item.predicate), str(item.object)


def triples_to_turtle(found: Iterable[Triple]) -> str:
    """Return triples as Turtle with the prefixes that they use; blank nodes have the labels of RDFC-1.0."""
    quads = QuadSet(Quad(t.subject, t.predicate, t.object) for t in found)
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return _used_prefixes(_serialized({quad.triple for quad in quads}, RdfFormat.TURTLE).decode())


def canonical_ntriples(turtle: str) -> str:
    """Return a Turtle text as sorted N-Triples whose blank nodes have the labels of RDFC-1.0."""
    quads = QuadSet(parse(turtle.encode(), format=RdfFormat.TURTLE))
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad.triple} .\n" for quad in quads))


def ntriples_to_turtle(ntriples: str) -> str:
    """Return N-Triples as Turtle with our prefixes."""
    parsed = parse(ntriples.encode(), format=RdfFormat.N_TRIPLES)
    return _serialized({quad.triple for quad in parsed}, RdfFormat.TURTLE).decode()


def graphs_to_trig(graphs: Mapping[str, Iterable[Triple]], names: Mapping[str, str]) -> str:
    """Return graphs by IRI as TriG in their order, with those prefixes of ours, and of those given, that are used."""
    quads = [
        Quad(t.subject, t.predicate, t.object, NamedNode(graph))
        for graph, said in graphs.items()
        for t in sorted(set(said), key=_order)
    ]
    written = _ordered_head(serialize(quads, format=RdfFormat.TRIG, prefixes={**PREFIXES, **names}) or b"").decode()
    head, body = re.split(r"\n(?!@prefix)", written, maxsplit=1)
    used = [line for line in head.splitlines() if re.search(rf"(?<![\w/]){line.split()[1]}", body)]
    return "\n".join([*used, body])


def serialize_result(answer: QueryResult, form: str, limit: int | None = None) -> bytes:
    """Return the answer of a query in a standard format: one of ``RESULTS`` for rows, of ``GRAPHS`` for a graph.

    Raises:
        WrongUseError: the answer is rows and the format one for graphs, or the other way round; or it has more bytes
            than the limit.
        EngineError: the query fails while its answer is read.
    """
    try:
        if isinstance(answer, QueryTriples | tuple):
            if form not in GRAPH_FORMATS:
                raise WrongUseError(f"the answer is a graph and cannot be written as {form}; use --format turtle")
            return _within(serialize_triples(_bounded(answer, limit), form), limit)
        if form not in RESULT_FORMATS:
            raise WrongUseError(
                f"the answer is rows and cannot be written as {form}; use one of {', '.join(RESULT_FORMATS)}"
            )
        written = _Bounded(limit)
        answer.serialize(output=written, format=RESULT_FORMATS[form])
        return written.getvalue()
    except (RuntimeError, ValueError) as error:
        raise EngineError(f"the query cannot be answered: {' '.join(str(error).split())}") from error


def serialize_triples(found: Iterable[Triple], form: str) -> bytes:
    """Return triples in one of ``GRAPHS``, sorted and each once."""
    return _serialized(set(found), GRAPH_FORMATS[form])


class _Bounded(io.BytesIO):
    """Collects what is written to it, and refuses more than so many bytes."""

    def __init__(self, limit: int | None) -> None:
        super().__init__()
        self.limit = limit

    def write(self, part: Any) -> int:
        if self.limit is not None and self.tell() + len(part) > self.limit:
            raise _too_large()
        return super().write(part)


def _bounded(found: Iterable[Triple], limit: int | None) -> Iterator[Triple]:
    left = limit
    for triple in found:
        if left is not None:
            left -= len(str(triple))
            if left < 0:
                raise _too_large()
        yield triple


def _within(written: bytes, limit: int | None) -> bytes:
    if limit is not None and len(written) > limit:
        raise _too_large()
    return written


def _too_large() -> WrongUseError:
    return WrongUseError(
        "the answer is larger than this service gives at once; narrow it, or page it with LIMIT and OFFSET"
    )
