"""Resolves the values of the parameters of a query, which may be ids, IRIs, labels or numbers of principles."""

from collections.abc import Mapping
from typing import Final

from scs_kg import store
from scs_kg.judging.principle_numbers import principles_with_number
from scs_kg.model.errors import UnknownNameError, WrongUseError
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, expand, local_id
from scs_kg.store import Dataset
from scs_kg.store.labels import NameIndex, name_index
from scs_kg.store.name_search import QUESTIONS, short_names, unknown_name
from scs_kg.store.query_library import Parameter, Query

_CLASSES: Final[Mapping[str, str]] = {
    "criterion": SCS + "Criterion",
    "guideline": SCS + "Guideline",
    "principle": SCS + "Principle",
    "reading": SCS + "Reading",
    "region": SCS + "Region",
    "source": SCS + "Source",
    "system": SCS + "SocialCreditSystem",
}
"""The class of the values of a parameter, by its name."""


def resolve_values(dataset: Dataset, query: Query, given: Mapping[str, str]) -> Mapping[str, str]:
    """Return the values of parameters, with the IRI for a label or for the number of a principle.

    Values that name a resource by id or IRI are returned as they are, also literals, and values of parameters that the
    query does not have.

    Raises:
        UnknownNameError: the dataset describes no resource with this name, or several; the message suggests names.
        WrongUseError: a value is not UTF-8.
    """
    params = {param.name: param for param in query.params}
    return {name: _resolved(dataset, params[name], value) if name in params else value for name, value in given.items()}


def _resolved(dataset: Dataset, param: Parameter, value: str) -> str:
    if not _is_utf8(value):
        raise WrongUseError(f"{param.name}={value!a} cannot be used: it is not UTF-8")
    if param.type.startswith("xsd:"):
        return value
    space = PREFIXES[param.type.rstrip(":")]
    if _is_described(dataset, expand(value) or space + value):
        return value
    names = name_index(dataset)
    known = _known(dataset, names, param, space)
    found = known & names.find_any(value)
    if param.name == "principle":
        found = found or known & principles_with_number(dataset, value)
    if len(found) == 1:
        return min(found)
    if found:
        short = short_names(known)
        near = sorted(short[iri] for iri in found)
        raise UnknownNameError(param.name, value, short.values(), near=near, listing=QUESTIONS.get(param.name, ""))
    raise unknown_name(dataset, param.name, local_id(value.strip("<>").replace(":", "/")), known)


def _known(dataset: Dataset, names: NameIndex, param: Parameter, space: str) -> frozenset[str]:
    """Return the resources in a namespace that a parameter may name; of any class if its name is not that of one."""
    if kind := _CLASSES.get(param.name):
        return frozenset(iri for iri in names.iris(kind) if iri.startswith(space))
    typed = store.subject_objects(dataset, RDF + "type")
    return frozenset(thing for thing, _ in typed if thing.startswith(space))


def _is_described(dataset: Dataset, iri: str) -> bool:
    """Return whether a resource has a class; False for a malformed IRI."""
    try:
        return store.has_triple(dataset, iri, RDF + "type", None)
    except ValueError:
        return False


def _is_utf8(value: str) -> bool:
    """Return whether a text can be encoded; a byte of an argument that is not UTF-8 is a lone surrogate in Python."""
    return not any("\ud800" <= character <= "\udfff" for character in value)
