"""Reads the log of searches, a CSV table, as RDF, with one ``scs:Search`` per row.

``COLUMNS`` has the columns of the table. Spaces separate several values in a cell. The requirements on the values are
SHACL shapes (``ontology/integrity/searches.ttl``); this module refuses only files that are not such a table.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import PREFIXES, RDF, SCS
from scs_kg.store.csv_table import table_rows
from scs_kg.store.turtle_positions import Position

LOG: Final = "data/search-log.csv"
GRAPH: Final = PREFIXES["graph"] + "data/search-log"
XSD: Final = PREFIXES["xsd"]

_NAMES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "system": (SCS + "searchedSystem", PREFIXES["sys"]),
        "criteria": (SCS + "searchedCriterion", PREFIXES["crit"]),
        "where": (SCS + "searchPlace", SCS),
        "outcome": (SCS + "searchOutcome", SCS),
        "claims": (SCS + "searchYielded", PREFIXES["claim"]),
        "sources": (SCS + "searchRead", PREFIXES["src"]),
    }
)
"""The predicate and the namespace of the columns that name things."""

_LITERALS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "searched": (PREFIXES["dcterms"] + "date", XSD + "date"),
        "searcher": (PREFIXES["dcterms"] + "creator", XSD + "string"),
        "query": (SCS + "searchWords", XSD + "string"),
        "identified": (SCS + "identified", XSD + "integer"),
        "screened": (SCS + "screened", XSD + "integer"),
        "included": (SCS + "included", XSD + "integer"),
        "note": (PREFIXES["skos"] + "editorialNote", RDF + "langString"),
    }
)
"""The predicate and the datatype of the other columns."""

COLUMNS: Final = (
    "id",
    "system",
    "criteria",
    "searched",
    "searcher",
    "where",
    "query",
    "identified",
    "screened",
    "included",
    "outcome",
    "claims",
    "sources",
    "note",
)


def search_quads(path: Path) -> Iterator[Quad]:
    """Yield the quads of a log of searches, in the graph ``GRAPH``.

    Raises:
        BadFileError: the file is not a table with these columns, as ``table_rows`` says; two rows have the same id; or
            a name cannot be part of an IRI.
    """
    graph = NamedNode(GRAPH)
    lines: dict[str, int] = {}
    for line, row in table_rows(path, COLUMNS):
        if (first := lines.setdefault(row["id"], line)) != line:
            raise BadFileError(path, line, f"repeats the id {row['id']!r} of line {first}; give each search its own id")
        search = _name(path, line, PREFIXES["search"], row["id"])
        yield Quad(search, NamedNode(RDF + "type"), NamedNode(SCS + "Search"), graph)
        for column, (predicate, namespace) in _NAMES.items():
            for name in filter(None, row[column].split(" ")):
                yield Quad(search, NamedNode(predicate), _name(path, line, namespace, name), graph)
        for column, (predicate, datatype) in _LITERALS.items():
            if row[column]:
                yield Quad(search, NamedNode(predicate), _literal(row[column], datatype), graph)


def search_positions(path: Path) -> Iterator[Position]:
    """Yield the position of each search: the line on which its row begins, with the predicate rdf:type."""
    for line, row in table_rows(path, COLUMNS):
        yield Position(PREFIXES["search"] + row["id"], line, RDF + "type", line)


def _name(path: Path, line: int, namespace: str, name: str) -> NamedNode:
    try:
        return NamedNode(namespace + name)
    except ValueError as error:
        raise BadFileError(path, line, f"{name!r} is not a name: write letters, digits and hyphens") from error


def _literal(value: str, datatype: str) -> Literal:
    if datatype == RDF + "langString":
        return Literal(value, language="en")
    return Literal(value, datatype=NamedNode(datatype))


def content_of(log: Path) -> bytes:
    """Return the bytes of the log of searches; empty if there is no such file.

    Raise BadFileError if the file cannot be read.
    """
    try:
        return log.read_bytes() if log.is_file() else b""
    except OSError as error:
        raise BadFileError(log, None, f"cannot be read: {error.strerror}") from error
