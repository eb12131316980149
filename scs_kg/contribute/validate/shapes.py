"""Checks the shapes themselves: engines ignore a misspelt SHACL term and a target that matches nothing."""

from collections.abc import Collection, Iterable
from typing import Final

from scs_kg import store
from scs_kg.contribute.validate.problem_at import problem_at
from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, SH, curie
from scs_kg.model.problem import Problem
from scs_kg.rules.criteria import criteria, read_criterion
from scs_kg.store import Dataset, NamedNode
from scs_kg.store.dataset import TYPE

OF_DRAFTS: Final = frozenset({SCS + "Draft", SCS + "proposes"})
"""Targets that only drafts match: the data has no draft."""
TARGETS: Final = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")


def undefined_shacl_terms(dataset: Dataset) -> Iterable[Problem]:
    """Yield uses of predicates and classes in the SHACL namespace that SHACL does not define."""
    from rdflib import SH as DEFINED
    from rdflib import URIRef

    for subject, term in sorted(set(_shacl_terms(dataset))):
        if URIRef(term) not in DEFINED:
            message = f"uses {curie(term)}, which SHACL does not define; check its spelling"
            yield problem_at(dataset, subject, term, message, "shacl-term")


def _shacl_terms(dataset: Dataset) -> Iterable[tuple[str, str]]:
    """Yield each subject (an IRI or ``_:label``) with each of its predicates and classes in the SHACL namespace."""
    for quad in dataset.quads:
        for term in (quad.predicate, quad.object) if quad.predicate == TYPE else (quad.predicate,):
            if isinstance(term, NamedNode) and term.value.startswith(SH):
                yield str(quad.subject).strip("<>"), term.value


def empty_targets(dataset: Dataset) -> Iterable[Problem]:
    """Yield the shapes with a target that matches no node and is not a term of the ontology.

    A term that the ontology defines may have no instance yet.
    """
    classes = _instantiated_classes(dataset)
    for kind in TARGETS:
        for shape, target in sorted(store.subject_objects(dataset, SH + kind)):
            if target in OF_DRAFTS:
                continue
            by_class = kind in {"targetClass", "targetNode"}
            matched = target in classes if by_class else store.has_triple(dataset, None, target, None)
            if not matched and not store.has_triple(dataset, target, PREFIXES["rdfs"] + "isDefinedBy", None):
                message = f"has the target {curie(target)}, which matches nothing; check its spelling"
                yield problem_at(dataset, shape, SH + kind, message, "empty-target")


def _instantiated_classes(dataset: Dataset) -> set[str]:
    """Return the classes that have a direct instance or an instance of a subclass."""
    superclasses = list(store.subject_objects(dataset, PREFIXES["rdfs"] + "subClassOf"))
    classes = {name for _, name in store.subject_objects(dataset, RDF + "type")}
    while more := {general for specific, general in superclasses if specific in classes} - classes:
        classes |= more
    return classes


def criterion_problems(dataset: Dataset, reported: Collection[str]) -> Iterable[Problem]:
    """Yield the criteria that cannot be evaluated, except for nodes with a problem that a rule has reported."""
    for iri in criteria(dataset):
        try:
            read_criterion(dataset, iri)
        except BadFileError as error:
            if curie(iri) not in reported:
                reason = error.reason.removeprefix(f"{curie(iri)}: ")
                yield Problem(error.file, error.line, curie(iri), reason, "criterion")
