"""Triples of the description of a release, with prefixed names for terms."""

from scs_kg.model.namespaces import PREFIXES
from scs_kg.store import Literal, NamedNode, Term, Triple


def triple(subject: str, predicate: str, value: Term) -> Triple:
    """Return a triple; the predicate is a prefixed name."""
    return Triple(NamedNode(subject), iri(predicate), value)


def iri(name: str) -> NamedNode:
    """Return the IRI of a prefixed name."""
    prefix, _, rest = name.partition(":")
    return NamedNode(PREFIXES[prefix] + rest)


def typed(value: str, datatype: str) -> Literal:
    """Return a literal with a datatype of XML Schema."""
    return Literal(value, datatype=NamedNode(PREFIXES["xsd"] + datatype))
