"""Where the project's files are, how they are loaded, and on which line of which file something stands."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store

from scs_kg.errors import BadFileError, EmptyInputError
from scs_kg.lines import positions
from scs_kg.namespaces import PREFIXES
from scs_kg.store.dataset import Dataset
from scs_kg.store.parse import detail

FOLDERS: Final = ("ontology", "data")


def default_root() -> Path:
    """Return the folder with ``ontology/``, ``data/`` and ``queries/``: the wheel's own copy, else the checkout."""
    package = Path(__file__).parent.parent
    carried = package / "project"
    return carried if carried.is_dir() else package.parent


def load(root: Path) -> Dataset:
    """Load every Turtle file under ``ontology/`` and ``data/`` of a folder, each into a graph of its own.

    Raises:
        EmptyInputError: a folder is missing or holds no Turtle file.
        BadFileError: a file cannot be read, is not UTF-8, or is not Turtle (strict RDF 1.1).
    """
    store, files = Store(), {}
    for path in _turtle_files(root):
        graph = PREFIXES["graph"] + path.relative_to(root).with_suffix("").as_posix()
        error = _parse(store, path, graph)
        if error:
            raise error
        files[graph] = path
    return Dataset(root, store, files)


def syntax_errors(root: Path) -> Iterator[BadFileError]:
    """Yield what keeps each file from being loaded; raise EmptyInputError if there is no file."""
    for path in _turtle_files(root):
        error = _parse(Store(), path, PREFIXES["graph"])
        if error:
            yield error


def _turtle_files(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        found = sorted((root / folder).rglob("*.ttl"))
        if not found:
            raise EmptyInputError(f"{root / folder}: no Turtle file in it; give the project's folder with --root")
        yield from found


def _parse(store: Store, path: Path, graph: str) -> BadFileError | None:
    try:
        content = path.read_bytes()
        content.decode("utf-8")
        if content.startswith(BOM_UTF8):
            return BadFileError(path, 1, "begins with a byte order mark; save it as UTF-8 without one")
        store.load(content, format=RdfFormat.TURTLE, to_graph=NamedNode(graph))
    except UnicodeDecodeError as error:
        return BadFileError(path, error.object.count(b"\n", 0, error.start) + 1, "is not UTF-8; save it as UTF-8")
    except SyntaxError as error:
        return BadFileError(path, error.lineno, f"is not Turtle: {detail(error)}")
    except OSError as error:
        return BadFileError(path, None, f"cannot be read: {error.strerror or error}")
    except ValueError as error:
        return BadFileError(path, None, f"cannot be read: {error}")
    return None


def locate(dataset: Dataset, node: str, predicate: str | None = None) -> tuple[Path | None, int | None]:
    """Return the file and the line, counted from 1, where something is said of a node, best with the predicate.

    Engines rename blank nodes, so that a blank node is taken for the first that stands as a subject of its own.
    """
    named = not node.startswith("_:")
    graphs = _graphs_of(dataset, NamedNode(node) if named else BlankNode(node[2:])) or (
        set() if named else set(dataset.files)
    )
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


def _is_subject(subject: str, node: str, *, named: bool) -> bool:
    return subject == node if named else not subject or subject.startswith("_:")


def _graphs_of(dataset: Dataset, node: NamedNode | BlankNode) -> set[str]:
    found = dataset.quads.quads_for_pattern(node, None, None, None)
    return {q.graph_name.value for q in found if isinstance(q.graph_name, NamedNode)} & dataset.files.keys()
