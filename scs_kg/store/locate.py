"""Finds the file and the line on which a node is described."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from scs_kg.model.namespaces import RDF
from scs_kg.store.dataset import Dataset
from scs_kg.store.search_log import search_positions
from scs_kg.store.terms import BlankNode, NamedNode, text
from scs_kg.store.turtle_positions import Position, positions

Location = tuple[Path | None, int | None]
"""A file and a line, counted from 1; None if unknown."""
BLANK: Final = ""
"""The subject under which the positions of all blank nodes are found."""


def locate(dataset: Dataset, node: str, predicate: str | None = None) -> Location:
    """Return the file and the line at which a node (an IRI or ``_:label``) is the subject of the predicate.

    If no file gives the node this predicate, the result is the place at which a file gives its rdf:type. If there is no
    such place, the result is the place at which the node is first a subject. Engines rename blank nodes, so the
    position is that of the first blank node that is a subject. A node that is never a subject is located where it is an
    object.
    """
    named = not node.startswith("_:")
    graphs = _graphs_of(dataset, NamedNode(node) if named else BlankNode(node[2:]))
    graphs = graphs or (set() if named else set(dataset.files))
    if not graphs:
        return _first_reference(dataset, node)
    paths = [dataset.files[graph] for graph in sorted(graphs)]
    found = [(path, p) for path in paths for p in _positions_of(path, node if named else BLANK)]
    exact = [(path, p.predicate_line) for path, p in found if p.predicate == predicate]
    typed = [(path, p.subject_line) for path, p in found if p.predicate == RDF + "type"]
    fallback: Location = (paths[0] if len(paths) == 1 else None, None)
    return next(iter([*exact, *typed, *((path, p.subject_line) for path, p in found)]), fallback)


def definition_lines(dataset: Dataset) -> dict[str, str]:
    """Return ``file:line``, relative to the project folder, of the first rdf:type statement of each subject."""
    found: dict[str, str] = {}
    for path in (dataset.files[graph] for graph in sorted(dataset.files)):
        name = dataset.name_of(path)
        for position in _positions(path):
            if position.predicate == RDF + "type":
                found.setdefault(position.subject, f"{name}:{position.subject_line}")
    return found


def _first_reference(dataset: Dataset, node: str) -> Location:
    """Return the position at which a node is first the object of a triple in a file."""
    quads = dataset.quads.quads_for_pattern(None, None, NamedNode(node), None)
    in_files = [(quad.subject, quad.predicate.value) for quad in quads if str(quad.graph_name)[1:-1] in dataset.files]
    references = [(text(s) if isinstance(s, NamedNode) else str(s), predicate) for s, predicate in in_files]
    return locate(dataset, *min(references)) if references else (None, None)


def _positions(path: Path) -> Iterable[Position]:
    return positions(path.read_text("utf-8")) if path.suffix == ".ttl" else search_positions(path)


def _positions_of(path: Path, subject: str) -> tuple[Position, ...]:
    """Return the positions of a subject, or of all blank nodes (``BLANK``), in a file."""
    now = path.stat()
    return _by_subject(path, now.st_mtime_ns, now.st_size).get(subject, ())


@lru_cache(maxsize=8)
def _by_subject(path: Path, changed: int, size: int) -> Mapping[str, tuple[Position, ...]]:
    """Return the positions in a file by subject.

    The positions are cached, because a caller often locates many nodes of a file.
    """
    found: dict[str, list[Position]] = defaultdict(list)
    for position in _positions(path):
        blank = not position.subject or position.subject.startswith("_:")
        found[BLANK if blank else position.subject].append(position)
    return MappingProxyType({subject: tuple(some) for subject, some in found.items()})


def _graphs_of(dataset: Dataset, node: NamedNode | BlankNode) -> set[str]:
    found = dataset.quads.quads_for_pattern(node, None, None, None)
    return {q.graph_name.value for q in found if isinstance(q.graph_name, NamedNode)} & dataset.files.keys()
