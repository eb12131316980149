"""Writes our graphs to a store elsewhere by SPARQL 1.1 Update, each whole or not at all, and brings them back.

A graph is loaded aside in parts, counted there, and put in its place by one MOVE, so that whoever is killed on the way
leaves the graph old or new. What was published, with its size and a digest of its content, stands in a graph of its
own. Blank nodes travel as the IRIs of RDF 1.1 Concepts, section 3.5, because parts of a graph must agree on them.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from scs_kg.model.errors import BadFileError, EmptyInputError, EngineError
from scs_kg.model.namespaces import BASE, PREFIXES
from scs_kg.store import query_library, sparql_client, terms
from scs_kg.store.atomic_write import write_atomically
from scs_kg.store.dataset import Dataset
from scs_kg.store.query_library import row_text
from scs_kg.store.serialize import canonical_graph_lines, graph_names
from scs_kg.store.sparql_client import Endpoint

FOLDER: Final = "remote"
PUBLISHED: Final = PREFIXES["graph"] + "published"
STAGING: Final = PREFIXES["graph"] + "staging"
TARGET: Final = PREFIXES["graph"] + "target"
PART: Final = 500
_PLACE: Final = "# triples"
_SKOLEM: Final = BASE + ".well-known/genid/"
_BLANK: Final = re.compile(r'("(?:[^"\\]|\\.)*")|_:(\w+)')
_NAMED: Final = re.compile(rf'("(?:[^"\\]|\\.)*")|<{re.escape(_SKOLEM)}(\w+)>')
_GRAPH: Final = re.compile(rf"{re.escape(PREFIXES['graph'])}(?:ontology|data)(?:/[a-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class GraphDigest:
    """What a graph holds: how many triples, and the SHA-256 of its sorted N-Triples."""

    triples: int
    digest: str


@dataclass(frozen=True, slots=True)
class GraphChange:
    """What publishing did to a graph: the number of triples before and after; None if there was or is no graph."""

    graph: str
    before: int | None
    after: int | None

    def __str__(self) -> str:
        """Give the change as one line."""
        if self.after is None:
            return f"dropped {self.graph}: {self.before} triples"
        before = "" if self.before is None else f", {self.before} before"
        return f"wrote {self.graph}: {self.after} triples{before}"


def publish(dataset: Dataset, endpoint: Endpoint) -> Iterator[GraphChange]:
    """Write every graph of a dataset to a store, drop what was published and is no more, and yield each change.

    Raises:
        EngineError: the store cannot be reached, refuses, or holds something else than it was given.
    """
    there, held = published_graphs(dataset.root, endpoint), _held(dataset.root, endpoint)
    here = {graph: _lines(dataset, graph) for graph in graph_names(dataset)}
    states = {graph: GraphDigest(len(lines), _digest(lines)) for graph, lines in here.items()}
    for graph, lines in here.items():
        if there.get(graph) != states[graph] or held.get(graph) != len(lines):
            _put(dataset.root, endpoint, graph, lines)
            yield GraphChange(graph, there[graph].triples if graph in there else None, len(lines))
    for graph in sorted(there.keys() - here.keys()):
        _update(dataset.root, endpoint, "drop", {TARGET: graph})
        yield GraphChange(graph, there[graph].triples, None)
    if there != states:
        _put(dataset.root, endpoint, PUBLISHED, _manifest(states))
    for graph, triples in _held(dataset.root, endpoint).items():
        _expect(endpoint, graph, triples, states[graph].triples)


def published_graphs(root: Path, endpoint: Endpoint) -> dict[str, GraphDigest]:
    """Return what was published to a store, by graph; nothing if the store does not say."""
    answer = sparql_client.send_query(replace(endpoint, graphs=()), _question(root, "published", {}))
    rows = query_library.as_rows(answer, f"{FOLDER}/published")
    return {row_text(row, "graph"): GraphDigest(int(row_text(row, "triples")), row_text(row, "digest")) for row in rows}


def with_published_graphs(root: Path, endpoint: Endpoint) -> Endpoint:
    """Return the endpoint with a default graph that holds all graphs published to it.

    That is the store's own where it is the union of its graphs: a store may take long to put one together from many,
    and Virtuoso 7 repeats each of them in a header of its answer.
    """
    graphs = tuple(published_graphs(root, endpoint))
    return endpoint if not graphs or _number(root, endpoint, "visible", {}) else replace(endpoint, graphs=graphs)


def download(root: Path, endpoint: Endpoint, folder: Path) -> Path:
    """Bring the files of a project back from a store into a folder, with the questions of ``root``, and return it.

    Raises:
        EmptyInputError: nothing was published there.
        EngineError: the store cannot be reached, or answers something else than was published.
    """
    stated = {graph: state for graph, state in published_graphs(root, endpoint).items() if _GRAPH.fullmatch(graph)}
    if not stated:
        raise EmptyInputError(f"{endpoint.url}: nothing was published there; see 'scs-kg publish --help'")
    for graph, state in stated.items():
        answer = sparql_client.send_query(replace(endpoint, graphs=()), _question(root, "content", {"graph": graph}))
        if not isinstance(answer, tuple) or len(answer) != state.triples:
            raise EngineError(f"{endpoint.url}: does not hold {graph} as it was published; publish it again")
        lines = "".join(_NAMED.sub(_as_blank, f"{triple} .\n") for triple in answer)
        write_atomically(folder / f"{graph.removeprefix(PREFIXES['graph'])}.ttl", lines)
    (folder / "queries").symlink_to((root / "queries").resolve())
    return folder


def _as_blank(found: re.Match[str]) -> str:
    return found[1] or f"_:{found[2]}"


def _lines(dataset: Dataset, graph: str) -> list[str]:
    """Return a graph as sorted N-Triples in which each blank node has an IRI of its own."""
    mark = hashlib.sha256(graph.encode()).hexdigest()[:12]
    named = (
        _BLANK.sub(lambda m: m[1] or f"<{_SKOLEM}{mark}{m[2]}>", line) for line in canonical_graph_lines(dataset, graph)
    )
    return sorted(named)


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _manifest(states: Mapping[str, GraphDigest]) -> list[str]:
    """Say of each graph how large it is, and which content it has, in the words of VoID and Dublin Core."""
    triples, digest = "<http://rdfs.org/ns/void#triples>", f"<{PREFIXES['dcterms']}identifier>"
    lines = [f'<{g}> {triples} "{s.triples}"^^<{PREFIXES["xsd"]}integer> .\n' for g, s in states.items()]
    return sorted(lines + [f'<{g}> {digest} "{s.digest}" .\n' for g, s in states.items()])


def _put(root: Path, endpoint: Endpoint, graph: str, lines: list[str]) -> None:
    """Load a graph aside, check that all of it is there, and put it in its place."""
    aside = f"{STAGING}/{hashlib.sha256(graph.encode()).hexdigest()[:12]}"
    _update(root, endpoint, "drop", {TARGET: aside})
    for start in range(0, len(lines), PART):
        _update(root, endpoint, "stage", {STAGING: aside, _PLACE: "".join(lines[start : start + PART])})
    _expect(endpoint, graph, _number(root, endpoint, "count", {"graph": aside}), len(lines))
    _update(root, endpoint, "replace", {STAGING: aside, TARGET: graph}, repeatable=False)


def _expect(endpoint: Endpoint, graph: str, found: int, size: int) -> None:
    if found != size:
        raise EngineError(f"{endpoint.url}: holds {found} of {size} triples of {graph}; publish again")


def _number(root: Path, endpoint: Endpoint, name: str, given: Mapping[str, str]) -> int:
    answer = sparql_client.send_query(replace(endpoint, graphs=()), _question(root, name, given))
    ((term,),) = (row.values() for row in query_library.as_rows(answer, f"{FOLDER}/{name}"))
    return int(terms.text(term)) if term else 0


def _held(root: Path, endpoint: Endpoint) -> dict[str, int]:
    answer = sparql_client.send_query(replace(endpoint, graphs=()), _question(root, "held", {}))
    return {
        row_text(row, "graph"): int(row_text(row, "triples")) for row in query_library.as_rows(answer, f"{FOLDER}/held")
    }


def _question(root: Path, name: str, given: Mapping[str, str]) -> str:
    return query_library.bind(query_library.read(root / "queries" / FOLDER / f"{name}.rq"), given)


def _update(root: Path, endpoint: Endpoint, name: str, given: Mapping[str, str], *, repeatable: bool = True) -> None:
    """Send an update of the library with the graphs and the triples that it is about."""
    path = root / "queries" / FOLDER / f"{name}.ru"
    try:
        sparql = path.read_text("utf-8")
    except OSError as error:
        raise BadFileError(path, None, f"cannot be read: {error.strerror}") from error
    for place, value in given.items():
        sparql = sparql.replace(place if place == _PLACE else f"<{place}>", value if place == _PLACE else f"<{value}>")
    sparql_client.send_update(endpoint, sparql, repeatable=repeatable)
