"""Serializes datasets and query results deterministically: the same content gives the same bytes."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeVar
from xml.parsers.expat import ExpatError, ParserCreate

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Literal,
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

from scs_kg.model.advice import Advice
from scs_kg.model.errors import FormatError, WrongUseError
from scs_kg.model.namespaces import PREFIXES
from scs_kg.store.answer_limit import LimitedBuffer, check_length, limit_triples
from scs_kg.store.compaction import compacted
from scs_kg.store.csv_result import write_csv
from scs_kg.store.dataset import INFERRED, Dataset
from scs_kg.store.language_tags import with_usual_tags
from scs_kg.store.line_split import split_lines
from scs_kg.store.prefix_declarations import sort_prefixes, used_prefixes
from scs_kg.store.terms import QueryResult, QuerySolutions

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
    """Return the asserted triples of the files under the folders (relative, POSIX) as sorted N-Triples."""
    prefixes = tuple(PREFIXES["graph"] + folder for folder in folders)
    wanted = (NamedNode(graph) for graph in dataset.files if graph.startswith(prefixes))
    found = (dataset.quads.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b"" for graph in wanted)
    return "".join(sorted({line for text in found for line in split_lines(text.decode())}))


def graph_names(dataset: Dataset) -> list[str]:
    """Return the sorted names of all non-empty graphs, including the inferred graph."""
    return sorted(graph.value for graph in dataset.quads.named_graphs() if isinstance(graph, NamedNode))


def canonical_graph_lines(dataset: Dataset, graph: str) -> list[str]:
    """Return a graph as sorted lines of N-Triples; RDFC-1.0 determines the labels of blank nodes."""
    found = dataset.quads.quads_for_pattern(None, None, None, NamedNode(graph))
    return sorted(f"{triple} .\n" for triple in canonical_triples(quad.triple for quad in found))


def serialize_dataset(dataset: Dataset, form: str, *, inferred: bool) -> bytes:
    """Return the whole dataset in one of ``DATASET_FORMATS``.

    RDFC-1.0 determines the labels of blank nodes. Turtle contains the union of the graphs. JSON-LD is compacted with
    the published context, and contains it.
    """
    return serialize_in_formats(dataset, [form], inferred=inferred)[form]


def serialize_in_formats(dataset: Dataset, forms: Iterable[str], *, inferred: bool) -> dict[str, bytes]:
    """Return the whole dataset in each of some formats, as ``serialize_dataset`` does; the quads are sorted once."""
    left_out = None if inferred else NamedNode(INFERRED)
    named, others = _canonical(quad for quad in dataset.quads if quad.graph_name != left_out)
    quads: list[Quad] = sorted(named.union(others), key=_order)

    def written(form: str) -> bytes:
        if form == "turtle":
            return _serialized({quad.triple for quad in quads}, DATASET_FORMATS[form])
        found = _in_order(quads, DATASET_FORMATS[form])
        return compacted(found, dataset) if form == "jsonld" else found

    return {form: written(form) for form in forms}


def _serialized(found: Iterable[Item], form: RdfFormat) -> bytes:
    """Serialize quads or triples and the prefixes in sorted order."""
    return _in_order(sorted(found, key=_order), form)


def _in_order(found: Iterable[Quad] | Iterable[Triple], form: RdfFormat) -> bytes:
    """Serialize quads or triples in their order, and the prefixes in sorted order."""
    prefixes = dict(PREFIXES) if form in {RdfFormat.TRIG, RdfFormat.TURTLE} else None
    written = serialize(found, format=form, prefixes=prefixes) or b""
    return sort_prefixes(with_usual_tags(written, turtle=form not in {RdfFormat.JSON_LD, RdfFormat.RDF_XML}))


def _order(item: Quad | Triple) -> tuple[str, ...]:
    """Return the sort key: the graph, then the N-Triples text, which sorts by subject, predicate and object."""
    return (str(item.graph_name), str(item.triple)) if isinstance(item, Quad) else (str(item),)


def triples_to_turtle(found: Iterable[Triple]) -> str:
    """Return triples as Turtle with only the prefixes in use; RDFC-1.0 determines the labels of blank nodes."""
    return used_prefixes(_serialized(canonical_triples(found), RdfFormat.TURTLE).decode(), "_-")


def canonical_triples(found: Iterable[Triple]) -> set[Triple]:
    """Return triples with the labels of blank nodes that RDFC-1.0 determines."""
    named, others = _canonical(found)
    return named.union(quad.triple for quad in others)


def canonical_ntriples(turtle: str) -> str:
    """Return a Turtle text as sorted N-Triples; RDFC-1.0 determines the labels of blank nodes."""
    parsed = parse(turtle.encode(), format=RdfFormat.TURTLE)
    return "".join(sorted(f"{triple} .\n" for triple in canonical_triples(quad.triple for quad in parsed)))


def _canonical(found: Iterable[Item]) -> tuple[set[Item], QuadSet]:
    """Return items without blank nodes unchanged, and other items with the labels that RDFC-1.0 determines."""
    named, others = set[Item](), QuadSet()
    for item in found:
        if isinstance(item.subject, NamedNode) and isinstance(item.object, NamedNode | Literal):
            named.add(item)
        else:
            others.add(item if isinstance(item, Quad) else Quad(*item))
    others.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return named, others


def ntriples_to_turtle(ntriples: str) -> str:
    """Convert N-Triples to Turtle with the prefixes of the project."""
    parsed = parse(ntriples.encode(), format=RdfFormat.N_TRIPLES)
    return _serialized({quad.triple for quad in parsed}, RdfFormat.TURTLE).decode()


def serialize_result(answer: QueryResult, form: str, limit: int | None = None) -> bytes:
    """Serialize a query result, as one of ``RESULT_FORMATS`` (rows, boolean) or ``GRAPH_FORMATS`` (graph).

    Raises:
        FormatError: XML cannot represent the result.
        WrongUseError: the format does not fit the kind of result, the result exceeds ``limit`` bytes, or the query
            fails during evaluation.
    """
    try:
        if isinstance(answer, QueryTriples | tuple):
            if form not in GRAPH_FORMATS:
                advice = Advice("; use {option}", "format", "turtle")
                raise WrongUseError(f"the result is a graph, which cannot be written as {form}", advice)
            return check_length(serialize_triples(limit_triples(answer, limit), form), limit)
        if form not in RESULT_FORMATS:
            raise WrongUseError(
                f"the result is a table, which cannot be written as {form}; use one of {', '.join(RESULT_FORMATS)}"
            )
        written = LimitedBuffer(limit)
        if form == "csv" and isinstance(answer, QuerySolutions):
            write_csv(answer, written)
        else:
            answer.serialize(output=written, format=RESULT_FORMATS[form])
        plain = check_xml(written.getvalue()) if form == "xml" else written.getvalue()
        return plain if form == "csv" else with_usual_tags(plain, turtle=form == "tsv")
    except (RuntimeError, ValueError) as error:
        raise WrongUseError(f"the query cannot be answered: {' '.join(str(error).split())}") from error


def serialize_triples(found: Iterable[Triple], form: str) -> bytes:
    """Serialize triples as one of ``GRAPH_FORMATS``, sorted and without duplicates.

    Raises:
        FormatError: RDF/XML cannot represent the triples.
    """
    written = _serialized(set(found), GRAPH_FORMATS[form])
    return check_xml(written) if form == "rdfxml" else written


def check_xml(written: bytes) -> bytes:
    """Return XML with references in place of carriage returns, because parsers would replace the characters.

    Raises: FormatError: the text is not well-formed (XML 1.0, Namespaces in XML 1.0). For control characters,
    and for predicates without a local name, the serializer writes text that is not well-formed.
    """
    try:
        ParserCreate(namespace_separator=" ").Parse(written, True)
    except ExpatError as error:
        raise FormatError(
            "XML cannot represent this result: a text has a control character, or a predicate does not end in a name; "
            "use another format"
        ) from error
    return written.replace(b"\r", b"&#13;")
