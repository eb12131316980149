"""Finds the triples that the patterns of a query can match, so that rdflib reads only these triples.

Source: SPARQL 1.1 Query Language, sections 9 (property paths) and 18.2 (the algebra, as rdflib prepares it).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Quad, RdfFormat, serialize

from scs_kg.store.dataset import Dataset
from scs_kg.store.language_tags import with_usual_tags
from scs_kg.store.serialize import serialize_dataset
from scs_kg.store.terms import NamedNode

if TYPE_CHECKING:
    from rdflib import URIRef

_OF_WHOLE_GRAPHS: Final = frozenset({"DescribeQuery", "Graph"})
"""Parts of the algebra whose result depends on more than the triples that match a pattern."""
_ZERO_LENGTH: Final = frozenset("*?")


class _AnyPredicateError(Exception):
    """The error for a part of a query that can match triples with any predicate."""


def matchable_nquads(dataset: Dataset, algebra: Any) -> bytes:
    """Return as N-Quads the quads that the patterns of a query can match: quads with certain predicates, or all quads.

    ``algebra`` is the algebra of a query that rdflib has prepared. All quads are needed for GRAPH and DESCRIBE, and if
    a predicate is a variable or is negated. They are also needed if a path can have the length zero and both ends are
    variables.
    """
    predicates = predicates_of(algebra)
    if predicates is None:
        return serialize_dataset(dataset, "nquads", inferred=True)
    found: Iterator[Quad] = (
        quad
        for predicate in sorted(predicates)
        for quad in dataset.quads.quads_for_pattern(None, NamedNode(predicate), None, None)
    )
    return with_usual_tags(serialize(found, format=RdfFormat.N_QUADS) or b"", turtle=True)


def predicates_of(algebra: Any) -> frozenset[str] | None:
    """Return the IRIs of the predicates in the patterns of a query; None if a pattern can match any predicate."""
    try:
        return frozenset(str(predicate) for predicate in _predicates(algebra))
    except _AnyPredicateError:
        return None


def _predicates(part: Any) -> "Iterator[URIRef]":
    """Yield the predicates in a part of the algebra, and in everything inside it."""
    from rdflib.plugins.sparql.parserutils import CompValue

    if isinstance(part, CompValue):
        if part.name in _OF_WHOLE_GRAPHS:
            raise _AnyPredicateError
        for name, value in part.items():
            if name == "triples":
                for subject, predicate, value_of in value:
                    yield from _of_pattern(subject, predicate, value_of)
            else:
                yield from _predicates(value)
    elif isinstance(part, list | tuple | set | frozenset):
        for item in part:
            yield from _predicates(item)


def _of_pattern(subject: Any, predicate: Any, value: Any) -> "Iterator[URIRef]":
    """Yield the predicates of one triple pattern."""
    from rdflib import Variable
    from rdflib.paths import Path

    if isinstance(predicate, Path) and isinstance(subject, Variable) and isinstance(value, Variable):
        yield from _of_path(predicate, zero_length=False)
    else:
        yield from _of_path(predicate, zero_length=True)


def _of_path(path: Any, *, zero_length: bool) -> "Iterator[URIRef]":
    """Yield the predicates of a property path; ``zero_length`` says whether the path may match a term with itself."""
    from rdflib import URIRef
    from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath

    if isinstance(path, URIRef):
        yield path
    elif isinstance(path, AlternativePath | SequencePath):
        for part in path.args:
            yield from _of_path(part, zero_length=zero_length)
    elif isinstance(path, InvPath):
        yield from _of_path(path.arg, zero_length=zero_length)
    elif isinstance(path, MulPath) and (zero_length or path.mod not in _ZERO_LENGTH):
        yield from _of_path(path.path, zero_length=zero_length)
    else:  # a variable, a negated path, or a path that matches every term with itself
        raise _AnyPredicateError
