"""Publishes the graphs of a dataset to a remote store by SPARQL 1.1 Update, and downloads them again.

Each graph is replaced atomically. Its triples are loaded in batches into a staging graph and counted; one MOVE then
replaces the target graph. An interruption leaves either the old or the new graph. A manifest graph records the size and
the digest of each published graph. Blank nodes are replaced by Skolem IRIs (RDF 1.1 Concepts, section 3.5), because the
batches of a graph must share them.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NoReturn

from scs_kg.model.advice import Advice
from scs_kg.model.errors import BadFileError, EmptyInputError, EngineError
from scs_kg.model.namespaces import BASE, PREFIXES
from scs_kg.store import query_library, sparql_client, terms
from scs_kg.store.atomic_write import write_atomically
from scs_kg.store.dataset import Dataset, add_triples, empty_dataset
from scs_kg.store.loading import library_folder
from scs_kg.store.query_library import row_text
from scs_kg.store.serialize import canonical_graph_lines, graph_names
from scs_kg.store.sparql_client import Endpoint
from scs_kg.store.terms import QuerySolutions

FOLDER: Final = "remote"
PUBLISHED: Final = PREFIXES["graph"] + "published"
STAGING: Final = PREFIXES["graph"] + "staging"
TARGET: Final = PREFIXES["graph"] + "target"
BATCH_SIZE: Final = 500
_TRIPLES_MARK: Final = "# triples"
_SKOLEM: Final = BASE + ".well-known/genid/"
_BLANK_NODE: Final = re.compile(r'("(?:[^"\\]|\\.)*")|_:(\w+)')
_SKOLEM_IRI: Final = re.compile(rf'("(?:[^"\\]|\\.)*")|<{re.escape(_SKOLEM)}(\w+)>')
_FILE_GRAPH: Final = re.compile(rf"{re.escape(PREFIXES['graph'])}(?:ontology|data)(?:/[a-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class GraphDigest:
    """The number of triples of a graph, and the SHA-256 of its sorted N-Triples."""

    triples: int
    digest: str


@dataclass(frozen=True, slots=True)
class GraphChange:
    """A change to a published graph: the number of triples before and after, or None if the graph does not exist."""

    graph: str
    before: int | None
    after: int | None

    def __str__(self) -> str:
        """Return the change as one line."""
        if self.after is None:
            return f"dropped {self.graph}: {self.before} triples"
        before = "" if self.before is None else f", {self.before} before"
        return f"wrote {self.graph}: {self.after} triples{before}"


def publish(dataset: Dataset, endpoint: Endpoint) -> Iterator[GraphChange]:
    """Write every changed graph to a store, drop published graphs that the dataset lacks, and yield each change.

    Raises:
        EngineError: the store cannot be reached, rejects a request, or does not contain what was sent.
    """
    remote, sizes = published_graphs(dataset.library, endpoint), _remote_sizes(dataset.library, endpoint)
    local = {graph: _lines(dataset, graph) for graph in graph_names(dataset)}
    digests = {graph: GraphDigest(len(lines), _digest(lines)) for graph, lines in local.items()}
    for graph, lines in local.items():
        if remote.get(graph) != digests[graph] or sizes.get(graph) != len(lines):
            _replace_graph(dataset.library, endpoint, graph, lines)
            yield GraphChange(graph, remote[graph].triples if graph in remote else None, len(lines))
    for graph in sorted(remote.keys() - local.keys()):
        _update(dataset.library, endpoint, "drop", {TARGET: graph})
        yield GraphChange(graph, remote[graph].triples, None)
    if remote != digests:
        _replace_graph(dataset.library, endpoint, PUBLISHED, _manifest(digests))
    for graph, size in _remote_sizes(dataset.library, endpoint).items():
        _check_size(endpoint, graph, size, digests[graph].triples)


def published_graphs(root: Path, endpoint: Endpoint) -> dict[str, GraphDigest]:
    """Return the digests in the store's manifest graph, keyed by graph IRI; empty if the store has no manifest."""
    rows = _rows(root, endpoint, "published", {}, ("graph", "triples", "digest"))
    return {graph: GraphDigest(_integer(endpoint, triples), digest) for graph, triples, digest in rows}


def with_published_graphs(root: Path, endpoint: Endpoint) -> Endpoint:
    """Return the endpoint with a default graph that contains all published graphs.

    If the default graph of the store is the union of its graphs, this default graph is used instead. Merging many
    graphs may be slow, and Virtuoso 7 repeats each graph IRI in a response header.
    """
    graphs = tuple(published_graphs(root, endpoint))
    return (
        endpoint if not graphs or _number(root, endpoint, "visible", {}) else replace(endpoint, default_graphs=graphs)
    )


def download(root: Path, endpoint: Endpoint, folder: Path) -> Path:
    """Download the published files of a project into a folder, link the queries of ``root`` there, and return it.

    Raises:
        EmptyInputError: the store has no published files.
        EngineError: the store cannot be reached, or a graph differs from the published one.
    """
    digests = {
        graph: digest for graph, digest in published_graphs(root, endpoint).items() if _FILE_GRAPH.fullmatch(graph)
    }
    if not digests:
        advice = Advice("; see {command}", command="publish --help")
        raise EmptyInputError(f"{endpoint.url}: has no published data", advice)
    for graph, digest in digests.items():
        answer = sparql_client.send_query(_without_graphs(endpoint), _question(root, "content", {"graph": graph}))
        if not isinstance(answer, tuple) or len(answer) != digest.triples:
            _reject_graph(root, endpoint, graph, digest)
        texts = (f"{triple} .\n" for triple in answer)
        lines = "".join(_SKOLEM_IRI.sub(_blank_node, text) if _SKOLEM in text else text for text in texts)
        write_atomically(folder / f"{graph.removeprefix(PREFIXES['graph'])}.ttl", lines)
    (folder / "queries").symlink_to((library_folder(root) / "queries").resolve())
    return folder


def _reject_graph(root: Path, endpoint: Endpoint, graph: str, digest: GraphDigest) -> NoReturn:
    """Raise EngineError for a graph that was not received as published; say whether the store has all of it."""
    if _remote_sizes(root, endpoint).get(graph) != digest.triples:
        raise EngineError(f"{endpoint.url}: graph {graph} differs from the published one; publish it again")
    raise EngineError(
        f"{endpoint.url}: sends only a part of graph {graph}; "
        "raise the limit of the store (ResultSetMaxRows of Virtuoso)"
    )


def _blank_node(found: re.Match[str]) -> str:
    return found[1] or f"_:{found[2]}"


def _lines(dataset: Dataset, graph: str) -> list[str]:
    """Return a graph as sorted N-Triples in which a Skolem IRI replaces each blank node."""
    graph_id = hashlib.sha256(graph.encode()).hexdigest()[:12]
    named = (
        _BLANK_NODE.sub(lambda m: m[1] or f"<{_SKOLEM}{graph_id}{m[2]}>", line) if "_:" in line else line
        for line in canonical_graph_lines(dataset, graph)
    )
    return sorted(named)


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _manifest(digests: Mapping[str, GraphDigest]) -> list[str]:
    """Return N-Triples with the size (VoID) and the digest (Dublin Core) of each graph."""
    triples, digest = "<http://rdfs.org/ns/void#triples>", f"<{PREFIXES['dcterms']}identifier>"
    lines = [f'<{g}> {triples} "{s.triples}"^^<{PREFIXES["xsd"]}integer> .\n' for g, s in digests.items()]
    return sorted(lines + [f'<{g}> {digest} "{s.digest}" .\n' for g, s in digests.items()])


def _replace_graph(root: Path, endpoint: Endpoint, graph: str, lines: list[str]) -> None:
    """Load a graph into a staging graph, check the number of its triples, then MOVE it to the target graph."""
    staging = f"{STAGING}/{hashlib.sha256(graph.encode()).hexdigest()[:12]}"
    _update(root, endpoint, "drop", {TARGET: staging})
    for start in range(0, len(lines), BATCH_SIZE):
        _update(root, endpoint, "stage", {STAGING: staging, _TRIPLES_MARK: "".join(lines[start : start + BATCH_SIZE])})
    _check_size(endpoint, graph, _number(root, endpoint, "count", {"graph": staging}), len(lines))
    _update(root, endpoint, "replace", {STAGING: staging, TARGET: graph}, repeatable=False)


def _check_size(endpoint: Endpoint, graph: str, found: int, size: int) -> None:
    if found != size:
        raise EngineError(f"{endpoint.url}: contains {found} of {size} triples of {graph}; publish again")


def _number(root: Path, endpoint: Endpoint, name: str, given: Mapping[str, str]) -> int:
    answer = sparql_client.send_query(_without_graphs(endpoint), _question(root, name, given))
    cells = [term for row in answer for term in row] if isinstance(answer, QuerySolutions) else []
    if len(cells) != 1:
        raise EngineError(f"{endpoint.url}: sent an invalid response: expected one number")
    return _integer(endpoint, terms.text(cells[0])) if cells[0] else 0


def _remote_sizes(root: Path, endpoint: Endpoint) -> dict[str, int]:
    rows = _rows(root, endpoint, "held", {}, ("graph", "triples"))
    return {graph: _integer(endpoint, triples) for graph, triples in rows}


def download_names(root: Path, endpoint: Endpoint) -> Dataset:
    """Return a dataset with the classes, names, numbers and definitions of the resources in a store.

    The endpoint must have a default graph with the data, as the result of ``with_published_graphs`` has.
    """
    answer = sparql_client.send_query(endpoint, _question(root, "names", {}))
    dataset = replace(empty_dataset(), root=library_folder(root))
    if isinstance(answer, tuple):
        add_triples(dataset, answer)
    return dataset


def _rows(
    root: Path, endpoint: Endpoint, name: str, given: Mapping[str, str], columns: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    """Yield the columns of an answer as texts; a missing column is an error of the store."""
    answer = sparql_client.send_query(_without_graphs(endpoint), _question(root, name, given))
    selected = {variable.value for variable in answer.variables} if isinstance(answer, QuerySolutions) else set()
    if missing := sorted(set(columns) - selected):
        raise EngineError(f"{endpoint.url}: sent an invalid response: the column {missing[0]} is missing")
    for row in query_library.as_rows(answer, f"{FOLDER}/{name}"):
        yield tuple(row_text(row, column) for column in columns)


def _integer(endpoint: Endpoint, text: str) -> int:
    if not re.fullmatch(r"\d{1,18}", text, re.ASCII):
        raise EngineError(f"{endpoint.url}: sent an invalid response: '{text[:40]}' is not a number")
    return int(text)


def _without_graphs(endpoint: Endpoint) -> Endpoint:
    """Return the endpoint without default graphs, because the queries of this module name their graphs."""
    return replace(endpoint, default_graphs=())


def _question(root: Path, name: str, given: Mapping[str, str]) -> str:
    return query_library.bind(query_library.read(library_folder(root) / "queries" / FOLDER / f"{name}.rq"), given)


def _update(root: Path, endpoint: Endpoint, name: str, given: Mapping[str, str], *, repeatable: bool = True) -> None:
    """Send an update of the library; given graphs replace its placeholder IRIs, and triples replace its marker."""
    path = library_folder(root) / "queries" / FOLDER / f"{name}.ru"
    try:
        sparql = path.read_text("utf-8")
    except OSError as error:
        raise BadFileError(path, None, f"cannot be read: {error.strerror}") from error
    for placeholder, value in given.items():
        is_mark = placeholder == _TRIPLES_MARK
        sparql = sparql.replace(placeholder if is_mark else f"<{placeholder}>", value if is_mark else f"<{value}>")
    sparql_client.send_update(endpoint, sparql, repeatable=repeatable)
