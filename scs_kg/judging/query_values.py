"""Resolves the values of the parameters of a query, which may be ids, IRIs, labels or numbers of principles."""

from collections.abc import Mapping
from typing import Final

from scs_kg import store
from scs_kg.judging.principle_numbers import resolve_any_principle
from scs_kg.model.entity import Entity
from scs_kg.model.errors import WrongUseError
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, expand, local_id
from scs_kg.store import Dataset, NamedNode
from scs_kg.store.labels import name_index, resolve
from scs_kg.store.query_library import Parameter, Query

_CLASSES: Final[Mapping[str, str]] = {
    "criterion": SCS + "Criterion",
    "guideline": SCS + "Guideline",
    "reading": SCS + "Reading",
    "region": SCS + "Region",
    "source": SCS + "Source",
    "system": SCS + "SocialCreditSystem",
}
"""The class of the values of each parameter, keyed by the name of the parameter."""


def resolve_values(dataset: Dataset, query: Query, given: Mapping[str, str]) -> Mapping[str, str]:
    """Return the values of parameters; a value that names a resource becomes its IRI, and a literal is unchanged.

    A name may be an id, an IRI, a label, or the number of a principle, as for the commands ``compare`` and ``explain``.
    If a reading is given too, the principle must belong to the guideline of this reading. Values of parameters that the
    query does not have are unchanged.

    Raises:
        UnknownNameError: the dataset describes no resource with this name; the message suggests names.
        WrongUseError: a name is ambiguous, or a value is not UTF-8.
    """
    params = {param.name: param for param in query.params}
    found = {name: _resolved(dataset, params[name], value) for name, value in given.items() if name in params}
    if "principle" in found and not _is_literal(params["principle"]):
        found["principle"] = _principle(dataset, params["principle"], found["principle"], found.get("reading"))
    return {**given, **found}


def names_resources(query: Query, given: Mapping[str, str]) -> bool:
    """Return whether a value of a parameter names a resource, so that it has to be resolved."""
    return any(param.name in given and not _is_literal(param) for param in query.params)


def _resolved(dataset: Dataset, param: Parameter, value: str) -> str:
    """Return the IRI for the value of a parameter. A principle is resolved later, because it depends on the reading."""
    if not _is_utf8(value):
        raise WrongUseError(f"{param.name}={value!a} cannot be used: it is not UTF-8")
    if _is_literal(param) or param.name == "principle":
        return value
    iri, kind = _iri(param, value), _CLASSES.get(param.name)
    if kind and iri.startswith(_space(param)) and store.has_triple(dataset, iri, RDF + "type", kind):
        return iri
    if not (known := _known(dataset, kind, _space(param))):
        return iri  # the dataset has no things of this kind, for example if it is a foreign store
    return resolve(dataset, value, param.name, [Entity(local_id(one), one, local_id(one)) for one in known]).iri


def _principle(dataset: Dataset, param: Parameter, value: str, reading: str | None) -> str:
    """Return the IRI of a principle; if a reading (an IRI) is named and described, search its guideline."""
    if not _known(dataset, SCS + "Principle", _space(param)):
        return _iri(param, value)
    guidelines = store.objects(dataset, NamedNode(reading), SCS + "readsGuideline") if reading else []
    return resolve_any_principle(dataset, value, store.text(guidelines[0]) if guidelines else None).iri


def _iri(param: Parameter, value: str) -> str:
    return expand(value) or _space(param) + value


def _space(param: Parameter) -> str:
    """Return the namespace of the values of a parameter."""
    return PREFIXES[param.type.rstrip(":")]


def _known(dataset: Dataset, kind: str | None, space: str) -> list[str]:
    """Return the instances of a class, or of any class, in a namespace, sorted."""
    typed = store.subject_objects(dataset, RDF + "type")
    found = name_index(dataset).iris(kind) if kind else {thing for thing, _ in typed}
    return sorted(thing for thing in found if thing.startswith(space))


def _is_literal(param: Parameter) -> bool:
    return param.type.startswith("xsd:")


def _is_utf8(value: str) -> bool:
    """Return whether a text can be encoded; a byte of an argument that is not UTF-8 is a lone surrogate in Python."""
    return not any("\ud800" <= character <= "\udfff" for character in value)
