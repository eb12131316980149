"""Finds and loads the files of a project folder, or a single file that ``export`` wrote."""

import os
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pyoxigraph import Quad, RdfFormat, Store, parse
from pyoxigraph import __version__ as pyoxigraph_version

from scs_kg.model.advice import PROJECT_FOLDER, WITHOUT_VERDICTS
from scs_kg.model.errors import BadFileError, EmptyInputError
from scs_kg.model.namespaces import EARL, PREFIXES
from scs_kg.store import search_log
from scs_kg.store.dataset import INFERRED, Dataset
from scs_kg.store.parse import is_rdf12, may_be_rdf12, parser_message
from scs_kg.store.serialize import DATASET_FORMATS
from scs_kg.store.terms import NamedNode
from scs_kg.store.transaction import recovered
from scs_kg.store.utf8_file import read_utf8

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

FOLDERS: Final = ("ontology", "data")
VOCABULARY: Final = "ontology/scs.ttl"
SITE_SETTINGS: Final = "site.toml"
"""The file with the settings of the operator of a site."""
OVERLAY: Final = "overlay-"
"""The beginning of the names of graphs that have the files of an overlay."""
BUNDLED: Final = Path(__file__).parent.parent / "project"
UNSUPPORTED: Final = frozenset({".n3", ".nq", ".nt", ".owl", ".rdf", ".trig"})
"""Suffixes of RDF files that are rejected, because users could think that their data was loaded."""
EXPORT_SUFFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {".trig": "trig", ".nq": "nquads", ".ttl": "turtle", ".jsonld": "jsonld"}
)


def default_root() -> Path:
    """Return the folder with ``ontology/``, ``data/`` and ``queries/``: the copy in the wheel, or else the checkout."""
    return BUNDLED if is_bundled() else BUNDLED.parent.parent


def is_bundled() -> bool:
    """Return whether the installed package contains a copy of the project folder."""
    return BUNDLED.is_dir()


def is_overlay(root: Path) -> bool:
    """Return whether a folder only adds to the data of the package: it has no vocabulary and no query.

    An overlay has Turtle files, or the settings of a site. A folder that cannot be read is not an overlay, so the error
    of loading names the folder.
    """
    try:
        if (root / VOCABULARY).exists() or (root / "queries").exists():
            return False
        return (root / SITE_SETTINGS).is_file() or any(
            path.suffix == ".ttl" for folder in FOLDERS for path in (root / folder).rglob("*")
        )
    except PermissionError:
        return False


def is_new(root: Path) -> bool:
    """Return whether a folder has none of the folders of a project: ``ontology/``, ``data/`` and ``queries/``."""
    return os.access(root, os.X_OK) and not any((root / folder).exists() for folder in (*FOLDERS, "queries"))


def library_folder(root: Path) -> Path:
    """Return the folder with the queries for a project folder: itself, or the data of the package for an overlay."""
    return default_root() if is_overlay(root) else root


def load(root: Path, *, overlay: bool = False, searches: bool = True) -> Dataset:
    """Load every Turtle file under ``ontology/`` and ``data/`` of a folder into a separate named graph.

    The log of searches, a CSV table, is loaded as RDF (``search_log``), unless ``searches`` is false. The log is a
    quarter of all quads, and a comparison does not use it. An overlay (``is_overlay``, or a new folder if ``overlay``
    is given) is loaded into separate graphs, together with the data of the package.

    Raises:
        EmptyInputError: a folder is missing or contains no Turtle file.
        BadFileError: a file cannot be read, is not UTF-8, is not Turtle (RDF 1.1), or contains no triples. A folder
        cannot be read or is a symbolic link. An interrupted change of several files cannot be completed.
    """
    if overlay or is_overlay(root):
        return _load_overlay(root, searches=searches)
    store, digest = Store(), sha256(pyoxigraph_version.encode())
    with recovered(root):
        files = _load_files(store, root, _turtle_files(root), "", digest)
        if os.path.lexists(log := root / search_log.LOG):
            if search_log.GRAPH in files:
                raise BadFileError(log, None, f"repeats {files[search_log.GRAPH].name}; keep one of them")
            digest.update(f"{search_log.GRAPH}\n".encode() + search_log.content_of(log))
            if searches:
                store.extend(search_log.search_quads(log))
            files[search_log.GRAPH] = log
    return Dataset(root, store, files, digest=digest.hexdigest())


def load_ontology(root: Path) -> Dataset:
    """Load only the Turtle files under ``ontology/`` of a project folder, in a tenth of the time of ``load``.

    Raises:
        BadFileError: as ``load``.
    """
    store, digest = Store(), sha256(pyoxigraph_version.encode())
    files = _load_files(store, root, sorted(_below(root / FOLDERS[0])), "", digest)
    return Dataset(root, store, files, digest=digest.hexdigest())


def _load_overlay(root: Path, *, searches: bool) -> Dataset:
    base = load(default_root(), searches=searches)
    with recovered(root):
        found = (path for folder in FOLDERS for path in sorted(_below(root / folder)))
        digest = sha256(base.digest.encode())
        files = _load_files(base.quads, root, found, OVERLAY, digest)
    return Dataset(root, base.quads, {**base.files, **files}, base.root, digest.hexdigest())


def _load_files(store: Store, root: Path, paths: Iterable[Path], part: str, digest: "Hash") -> dict[str, Path]:
    """Load files into graphs that are named after them; ``part`` comes before the name of each file.

    The function updates ``digest`` with the names and the contents of the files.
    """
    files = {}
    for path in paths:
        name = path.relative_to(root).with_suffix("")
        graph = PREFIXES["graph"] + name.with_name(part + name.name).as_posix()
        content = _parse(store, path, graph)
        digest.update(f"{graph} {len(content)}\n".encode())
        digest.update(content)
        files[graph] = path
    return files


def syntax_errors(root: Path) -> Iterator[BadFileError]:
    """Yield an error for each file that cannot be loaded.

    Raises:
        EmptyInputError: a folder is missing or contains no Turtle file.
        BadFileError: a folder cannot be read or is a symbolic link.
    """
    own = (path for folder in FOLDERS for path in sorted(_below(root / folder)))
    for path in own if is_overlay(root) else _turtle_files(root):
        try:
            _parse(Store(), path, PREFIXES["graph"])
        except BadFileError as error:
            yield error
    try:
        if os.path.lexists(log := root / search_log.LOG):
            list(search_log.search_quads(log))
    except BadFileError as error:
        yield error


def _turtle_files(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        found = sorted(_below(root / folder))
        if not found:
            raise EmptyInputError(f"{root / folder}: contains no Turtle file", PROJECT_FOLDER)
        yield from found


def _below(folder: Path) -> Iterator[Path]:
    """Yield the Turtle files below a folder; raise BadFileError for every file that would otherwise be skipped."""
    for where, folders, names in os.walk(folder, onerror=_raise_unreadable):
        if links := [path for path in (Path(where, name) for name in folders) if path.is_symlink()]:
            raise BadFileError(min(links), None, "is a symbolic link to a folder; replace it with the folder")
        for path in (Path(where, name) for name in names + folders):
            if path.suffix != ".ttl" == path.suffix.lower():
                raise BadFileError(path, None, "must have the suffix .ttl in lower case; rename it")
            if path.suffix.lower() in UNSUPPORTED:
                raise BadFileError(
                    path, None, "is RDF in a format that is not loaded; convert it to Turtle, or remove it"
                )
            if path.suffix == ".ttl":
                yield path


def _raise_unreadable(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise BadFileError(error.filename, None, f"cannot be read: {error.strerror}") from error


def _parse(store: Store, path: Path, graph: str) -> bytes:
    """Load a file into a graph of the store, and return its content.

    Raises: BadFileError: the file cannot be loaded, or contains no triples.
    """
    content = read_utf8(path)
    if content.startswith(BOM_UTF8):
        raise BadFileError(path, 1, "starts with a byte order mark; save it as UTF-8 without a byte order mark")
    try:
        name = NamedNode(graph)
        store.load(content, format=RdfFormat.TURTLE, to_graph=name)
    except SyntaxError as error:
        raise BadFileError(path, error.lineno, f"is not Turtle: {parser_message(error)}") from error
    except ValueError as error:
        raise BadFileError(path, None, f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if may_be_rdf12(content) and any(map(is_rdf12, store.quads_for_pattern(None, None, None, name))):
        raise BadFileError(
            path, None, "is not Turtle 1.1: it uses triple terms or base directions of RDF 1.2; rewrite it in RDF 1.1"
        )
    if next(iter(store.quads_for_pattern(None, None, None, name)), None) is None:
        raise BadFileError(path, None, "contains no triples; restore or remove it")
    return content


def load_export(path: Path) -> Dataset:
    """Load a file that ``export`` wrote, without its inferred graph; the suffix determines the format.

    Raises:
        BadFileError: the suffix is not one of ``EXPORT_SUFFIXES``; the file cannot be read or parsed; or it is Turtle
            with verdicts, which Turtle does not separate from the data.
    """
    form = EXPORT_SUFFIXES.get(path.suffix)
    if form is None:
        raise BadFileError(path, None, f"must have one of the suffixes of an export: {', '.join(EXPORT_SUFFIXES)}")
    try:
        quads = list(parse(path.read_bytes(), format=DATASET_FORMATS[form]))
    except SyntaxError as error:
        raise BadFileError(path, error.lineno, f"is not {form}: {parser_message(error)}") from error
    except (OSError, ValueError) as error:
        raise BadFileError(path, None, f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if form == "turtle" and any(quad.object == NamedNode(EARL + "Assertion") for quad in quads):
        raise BadFileError(path, None, "contains verdicts", advice=[WITHOUT_VERDICTS])
    store, files = Store(), {}
    for quad in quads:
        graph = quad.graph_name if isinstance(quad.graph_name, NamedNode) else _graph_for_turtle(quad)
        if graph.value != INFERRED:
            store.add(Quad(quad.subject, quad.predicate, quad.object, graph))
            files[graph.value] = path
    return Dataset(path, store, files)


def _graph_for_turtle(quad: Quad) -> NamedNode:
    """Return a graph for a triple of a Turtle export: the export has no graphs, but rules are found by graph."""
    of_style = isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(PREFIXES["style"])
    return NamedNode(PREFIXES["graph"] + ("ontology/style" if of_style else "ontology/integrity/export"))
