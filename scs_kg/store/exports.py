"""Loads what ``export`` wrote, which is one file for all."""

from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, Store, parse

from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import EARL, PREFIXES
from scs_kg.store.dataset import INFERRED, Dataset
from scs_kg.store.parse import detail
from scs_kg.store.serialize import FORMATS

ENDINGS: Final = {".trig": "trig", ".nq": "nquads", ".ttl": "turtle", ".jsonld": "jsonld"}


def load_export(path: Path) -> Dataset:
    """Load a file that ``export`` wrote, told by its ending (.trig, .nq, .ttl or .jsonld), without what is inferred.

    Raises:
        BadFileError: it cannot be read, or is Turtle with verdicts, which cannot be told from the data there.
    """
    form = ENDINGS.get(path.suffix)
    if form is None:
        raise BadFileError(path, None, f"is no export that can be told by its ending: {', '.join(ENDINGS)}")
    try:
        quads = list(parse(path.read_bytes(), format=FORMATS[form]))
    except SyntaxError as error:
        raise BadFileError(path, error.lineno, f"is not {form}: {detail(error)}") from error
    except (OSError, ValueError) as error:
        raise BadFileError(path, None, f"cannot be read: {error}") from error
    if form == "turtle" and any(quad.object == NamedNode(EARL + "Assertion") for quad in quads):
        raise BadFileError(path, None, "holds verdicts; export it without --inferred, or as trig or nquads")
    store, files = Store(), {}
    for quad in quads:
        graph = quad.graph_name if isinstance(quad.graph_name, NamedNode) else _graph_in_turtle(quad)
        if graph.value != INFERRED:
            store.add(Quad(quad.subject, quad.predicate, quad.object, graph))
            files[graph.value] = path
    return Dataset(path, store, files)


def _graph_in_turtle(quad: Quad) -> NamedNode:
    """Return the graph for a triple of Turtle, which has none: rules are looked for in two, and read from both."""
    of_style = isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(PREFIXES["style"])
    return NamedNode(PREFIXES["graph"] + ("ontology/style" if of_style else "ontology/integrity/export"))
