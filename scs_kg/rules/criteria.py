"""Reads criteria from their SHACL node shapes.

A criterion uses a monotone part of SHACL Core (W3C Recommendation 2017-07-20, sections 2 and 4). A criterion can use
``sh:property`` on ``scs:hasFeature`` or ``scs:lacksFeature`` with ``sh:hasValue``, or with ``sh:qualifiedMinCount``
over a list of features. A criterion can also use ``sh:and``, ``sh:or`` and ``sh:node``. All other terms of the SHACL
namespace are errors.
"""

from dataclasses import dataclass
from typing import Final, NoReturn

from scs_kg import store
from scs_kg.model.errors import BadFileError, EmptyInputError
from scs_kg.model.formula import AtLeast, Fact, Formula
from scs_kg.model.namespaces import RDF, SCS, SH, curie
from scs_kg.model.verdicts import Criterion
from scs_kg.store import Dataset, NamedNode, Term
from scs_kg.store.dataset import predicates
from scs_kg.store.locate import locate

_NODE: Final = frozenset(SH + name for name in ("property", "and", "or", "node"))
_PROPERTY: Final = frozenset(SH + name for name in ("path", "hasValue", "qualifiedValueShape", "qualifiedMinCount"))
MAX_DEPTH: Final = 100
"""The maximum nesting depth of shapes."""
_PRESENT_BY_PATH: Final = {SCS + "hasFeature": True, SCS + "lacksFeature": False}


@dataclass(frozen=True, slots=True)
class _Reader:
    """The context of a shape: the criterion (for error messages) and the enclosing shapes (to detect cycles)."""

    dataset: Dataset
    criterion: str
    path: tuple[Term, ...] = ()

    def refuse(self, reason: str) -> NoReturn:
        """Raise BadFileError with the file and line of the criterion."""
        file, line = locate(self.dataset, self.criterion)
        message = f"{curie(self.criterion)}: is not a monotone criterion: {reason}"
        raise BadFileError(file or self.dataset.root, line, message)


def read_criteria(dataset: Dataset) -> tuple[Criterion, ...]:
    """Return every criterion of the dataset, sorted by IRI.

    Raises:
        EmptyInputError: there is no criterion.
        BadFileError: a shape is not monotone, is empty, or refers to itself.
    """
    return tuple(read_criterion(dataset, iri) for iri in criteria(dataset))


def criteria(dataset: Dataset) -> list[str]:
    """Return the IRIs of all criteria, sorted; raise EmptyInputError if there are no criteria."""
    found = sorted(store.text(term) for term in set(store.subjects(dataset, RDF + "type", SCS + "Criterion")))
    if not found:
        raise EmptyInputError(f"{dataset.root}: no criterion in ontology/; a comparison needs at least one")
    return found


def read_conditions(dataset: Dataset) -> tuple[Criterion, ...]:
    """Return every condition of the dataset, sorted by IRI, as a criterion that a match upholds.

    The verdict of a condition is ``passed`` if the condition is true, and ``failed`` if it is false.

    Raises:
        BadFileError: a shape is not monotone, is empty, or refers to itself.
    """
    iris = sorted(store.text(term) for term in set(store.subjects(dataset, RDF + "type", SCS + "Condition")))
    return tuple(Criterion(iri, True, _shape(_Reader(dataset, iri), NamedNode(iri))) for iri in iris)


def elements(dataset: Dataset, criterion: str) -> tuple[tuple[str, Formula], ...]:
    """Return the parts of a criterion that must all be true, each as a pair: the IRI of its shape, and its formula.

    The IRI is empty if the shape has no name. The parts are the members of the criterion's ``sh:and``, in order; a
    criterion without ``sh:and`` has no parts.
    """
    reader, nil = _Reader(dataset, criterion), NamedNode(RDF + "nil")
    members = [
        member
        for start in store.objects(dataset, NamedNode(criterion), SH + "and")
        if start != nil
        for member in _members(reader, start)
    ]
    return tuple((m.value if isinstance(m, NamedNode) else "", _shape(reader, m)) for m in members)


def read_criterion(dataset: Dataset, iri: str) -> Criterion:
    """Return one criterion; raise BadFileError if its shape is not monotone, is empty, or refers to itself."""
    reader, node = _Reader(dataset, iri), NamedNode(iri)
    polarities = [store.text(term) for term in store.objects(dataset, node, SCS + "polarity")]
    if polarities not in ([SCS + "Upholds"], [SCS + "Violates"]):
        reader.refuse("it needs one scs:polarity, scs:Upholds or scs:Violates")
    applicability = store.objects(dataset, node, SCS + "appliesIf")
    applies_if = _joined([_shape(reader, shape) for shape in applicability]) if applicability else None
    return Criterion(iri, polarities == [SCS + "Upholds"], _shape(reader, node), applies_if)


def _shape(reader: _Reader, node: Term) -> Formula:
    """Read a node shape or a property shape."""
    if node in reader.path:
        reader.refuse(f"{_name(node)} refers to itself")
    if len(reader.path) > MAX_DEPTH:
        reader.refuse(f"its shapes are nested deeper than {MAX_DEPTH} levels")
    inner = _Reader(reader.dataset, reader.criterion, (*reader.path, node))
    used = {predicate for predicate in predicates(reader.dataset, node) if predicate.startswith(SH)}
    if SH + "path" in used:
        return _property(inner, node, used)
    _only(inner, used, _NODE)
    parts = [_shape(inner, value) for value in store.objects(reader.dataset, node, SH + "property")]
    parts += [_shape(inner, value) for value in store.objects(reader.dataset, node, SH + "node")]
    for connective, any_of in ((SH + "and", False), (SH + "or", True)):
        for start in store.objects(reader.dataset, node, connective):
            members = tuple(_shape(inner, member) for member in _members(inner, start))
            parts.append(AtLeast(1 if any_of else len(members), members))
    if not parts:
        inner.refuse(f"{_name(node)} tests nothing")
    return _joined(parts)


def _property(reader: _Reader, node: Term, used: set[str]) -> Formula:
    _only(reader, used, _PROPERTY)
    paths = [store.text(path) for path in store.objects(reader.dataset, node, SH + "path")]
    if len(paths) != 1 or paths[0] not in _PRESENT_BY_PATH:
        reader.refuse("sh:path must be scs:hasFeature or scs:lacksFeature")
    present = _PRESENT_BY_PATH[paths[0]]
    parts: list[Formula] = [
        Fact(_feature(reader, value), present) for value in store.objects(reader.dataset, node, SH + "hasValue")
    ]
    if used & {SH + "qualifiedValueShape", SH + "qualifiedMinCount"}:
        parts.append(_min_count(reader, node, present=present))
    if not parts:
        reader.refuse("a sh:property tests no feature; add sh:hasValue")
    return _joined(parts)


def _min_count(reader: _Reader, node: Term, *, present: bool) -> Formula:
    """Read ``sh:qualifiedMinCount`` with the list of features to count."""
    counts = [store.text(count) for count in store.objects(reader.dataset, node, SH + "qualifiedMinCount")]
    shapes = store.objects(reader.dataset, node, SH + "qualifiedValueShape")
    if len(counts) != 1 or len(shapes) != 1 or not counts[0].isdecimal():
        reader.refuse("it needs one sh:qualifiedMinCount together with one sh:qualifiedValueShape")
    used = {predicate for predicate in predicates(reader.dataset, shapes[0]) if predicate.startswith(SH)}
    _only(reader, used, frozenset({SH + "in"}))
    lists = store.objects(reader.dataset, shapes[0], SH + "in")
    if len(lists) != 1:
        reader.refuse("sh:qualifiedValueShape needs one sh:in with the features to count")
    features = sorted({_feature(reader, member) for member in _members(reader, lists[0])})
    if not 1 <= int(counts[0]) <= len(features):
        reader.refuse(f"it requires {counts[0]} of {len(features)} features")
    return AtLeast(int(counts[0]), tuple(Fact(feature, present) for feature in features))


def _members(reader: _Reader, start: Term) -> list[Term]:
    """Return the members of an RDF list, which must be well-formed and not empty."""
    members: list[Term] = []
    node, nil = start, NamedNode(RDF + "nil")
    seen = set()
    while node != nil:
        first = store.objects(reader.dataset, node, RDF + "first")
        rest = store.objects(reader.dataset, node, RDF + "rest")
        if len(first) != 1 or len(rest) != 1 or node in seen:
            reader.refuse("it contains a malformed list")
        seen.add(node)
        members.append(first[0])
        node = rest[0]
    if not members:
        reader.refuse("it contains an empty list")
    return members


def _feature(reader: _Reader, term: Term) -> str:
    if not isinstance(term, NamedNode):
        reader.refuse(f"{_name(term)} is not the IRI of a feature")
    return term.value


def _only(reader: _Reader, used: set[str], allowed: frozenset[str]) -> None:
    """Raise BadFileError if a shape uses a predicate that is not allowed in it."""
    for predicate in sorted(used - allowed):
        reader.refuse(f"{curie(predicate)} cannot be used in this place")


def _joined(parts: list[Formula]) -> Formula:
    return parts[0] if len(parts) == 1 else AtLeast(len(parts), tuple(parts))


def _name(term: Term) -> str:
    return curie(term.value) if isinstance(term, NamedNode) else "a nested shape"
