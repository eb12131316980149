"""Where the project's files are, how they are loaded, and on which line of which file something stands."""

import os
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple

from scs_kg.model.errors import BadFileError, EmptyInputError
from scs_kg.model.namespaces import PREFIXES, RDF
from scs_kg.store.dataset import Dataset, text
from scs_kg.store.parse import detail
from scs_kg.store.transaction import recovered
from scs_kg.store.turtle_positions import positions

FOLDERS: Final = ("ontology", "data")
CARRIED: Final = Path(__file__).parent.parent / "project"
UNREAD: Final = frozenset({".n3", ".nq", ".nt", ".owl", ".rdf", ".trig"})
"""What files of RDF in other syntaxes end in; beside Turtle they would look like data and be none."""
_LATER: Final = re.compile(rb"<<|@[A-Za-z0-9-]+--")


def default_root() -> Path:
    """Return the folder with ``ontology/``, ``data/`` and ``queries/``: the wheel's own copy, else the checkout."""
    return CARRIED if is_carried() else CARRIED.parent.parent


def is_carried() -> bool:
    """Tell whether the package is installed with a copy of the project of its own."""
    return CARRIED.is_dir()


def load(root: Path) -> Dataset:
    """Load every Turtle file under ``ontology/`` and ``data/`` of a folder, each into a graph of its own.

    Raises:
        EmptyInputError: a folder is missing or holds no Turtle file.
        BadFileError: a file cannot be read, is not UTF-8, is not Turtle (strict RDF 1.1), or says nothing; a folder
            cannot be read or is a link; or an interrupted change of several files cannot be finished.
    """
    store, files = Store(), {}
    with recovered(root):
        for path in _turtle_files(root):
            graph = PREFIXES["graph"] + path.relative_to(root).with_suffix("").as_posix()
            _parse(store, path, graph)
            files[graph] = path
    return Dataset(root, store, files)


def syntax_errors(root: Path) -> Iterator[BadFileError]:
    """Yield what keeps each file from being loaded.

    Raises:
        EmptyInputError: there is no file.
        BadFileError: a folder cannot be read or is a link.
    """
    for path in _turtle_files(root):
        try:
            _parse(Store(), path, PREFIXES["graph"])
        except BadFileError as error:
            yield error


def _turtle_files(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        found = sorted(_below(root / folder))
        if not found:
            raise EmptyInputError(f"{root / folder}: no Turtle file in it; give the project's folder with --root")
        yield from found


def _below(folder: Path) -> Iterator[Path]:
    """Yield the Turtle files below a folder; what cannot be looked into is refused, never passed over in silence."""
    for where, folders, names in os.walk(folder, onerror=_refuse):
        if links := [path for path in (Path(where, name) for name in folders) if path.is_symlink()]:
            raise BadFileError(min(links), None, "is a link to a folder; put the folder itself in its place")
        for path in (Path(where, name) for name in names + folders):
            if path.suffix != ".ttl" == path.suffix.lower():
                raise BadFileError(path, None, "does not end in .ttl; rename it")
            if path.suffix.lower() in UNREAD:
                raise BadFileError(path, None, "is RDF that is not read here; make it Turtle, or take it away")
            if path.suffix == ".ttl":
                yield path


def _refuse(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise BadFileError(error.filename, None, f"cannot be read: {error.strerror}") from error


def _parse(store: Store, path: Path, graph: str) -> None:
    """Load a file into a graph of the store; raise BadFileError if it cannot be, or if nothing comes of it."""
    try:
        name = NamedNode(graph)
        content = _content(path)
        store.load(content, format=RdfFormat.TURTLE, to_graph=name)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BadFileError(path, line, "is not UTF-8; save it as UTF-8") from error
    except SyntaxError as error:
        raise BadFileError(path, error.lineno, f"is not Turtle: {detail(error)}") from error
    except OSError as error:
        raise BadFileError(path, None, f"cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise BadFileError(path, None, f"cannot be read: {error}") from error
    if _LATER.search(content) and any(map(_is_later, store.quads_for_pattern(None, None, None, name))):
        raise BadFileError(path, None, "is not Turtle: it has triple terms or directions of RDF 1.2; say it in RDF 1.1")
    if next(iter(store.quads_for_pattern(None, None, None, name)), None) is None:
        raise BadFileError(path, None, "says nothing; was it cut off? Restore it, or remove it")


def _is_later(quad: Quad) -> bool:
    """Tell whether a quad has what RDF 1.1 has not, so that other engines could not read it."""
    return isinstance(quad.object, Triple) or (isinstance(quad.object, Literal) and quad.object.direction is not None)


def _content(path: Path) -> bytes:
    if path.is_fifo() or path.is_char_device() or path.is_block_device():
        raise BadFileError(path, None, "is no regular file; put a copy of what it yields in its place")
    content = path.read_bytes()
    content.decode("utf-8")
    if content.startswith(BOM_UTF8):
        raise BadFileError(path, 1, "begins with a byte order mark; save it as UTF-8 without one")
    return content


def locate(dataset: Dataset, node: str, predicate: str | None = None) -> tuple[Path | None, int | None]:
    """Return the file and the line, counted from 1, where something is said of a node, best with the predicate.

    Engines rename blank nodes, so that a blank node is taken for the first that stands as a subject of its own. A node
    of which nothing is said stands where it is named.
    """
    named = not node.startswith("_:")
    graphs = _graphs_of(dataset, NamedNode(node) if named else BlankNode(node[2:])) or (
        set() if named else set(dataset.files)
    )
    if not graphs:
        return _first_named(dataset, node)
    fallback: tuple[Path | None, int | None] = (None, None)
    for graph in sorted(graphs):
        path = dataset.files[graph]
        lines = [p for p in positions(path.read_text("utf-8")) if _is_subject(p.subject, node, named=named)]
        exact = [p.predicate_line for p in lines if p.predicate == predicate]
        if exact:
            return path, exact[0]
        if lines and fallback[0] is None:
            fallback = path, lines[0].subject_line
    if fallback[0] is None and len(graphs) == 1:
        return dataset.files[graphs.pop()], None
    return fallback


def places(dataset: Dataset) -> dict[str, str]:
    """Return ``file:line``, relative to the project, of each thing: where it is said what it is."""
    found: dict[str, str] = {}
    for path in (dataset.files[graph] for graph in sorted(dataset.files)):
        name = path.relative_to(dataset.root).as_posix()
        for position in positions(path.read_text("utf-8")):
            if position.predicate == RDF + "type":
                found.setdefault(position.subject, f"{name}:{position.subject_line}")
    return found


def _first_named(dataset: Dataset, node: str) -> tuple[Path | None, int | None]:
    found = dataset.quads.quads_for_pattern(None, None, NamedNode(node), None)
    naming = [(quad.subject, quad.predicate.value) for quad in found if str(quad.graph_name)[1:-1] in dataset.files]
    places = [(text(s) if isinstance(s, NamedNode) else str(s), predicate) for s, predicate in naming]
    return locate(dataset, *min(places)) if places else (None, None)


def _is_subject(subject: str, node: str, *, named: bool) -> bool:
    return subject == node if named else not subject or subject.startswith("_:")


def _graphs_of(dataset: Dataset, node: NamedNode | BlankNode) -> set[str]:
    found = dataset.quads.quads_for_pattern(node, None, None, None)
    return {q.graph_name.value for q in found if isinstance(q.graph_name, NamedNode)} & dataset.files.keys()
