"""The parts that the nanopublications of claims and of cells have in common."""

from collections.abc import Iterable, Iterator
from typing import Final

from scs_kg import store
from scs_kg.model.namespaces import BASE, PREFIXES, RDF, SCS
from scs_kg.store import Dataset, Literal, NamedNode, Triple
from scs_kg.store.dataset import asserted_triples
from scs_kg.store.ontology_header import OntologyHeader

NP: Final = PREFIXES["np"]
PROV: Final = PREFIXES["prov"]
DCTERMS: Final = PREFIXES["dcterms"]
CONTRIBUTORS: Final = BASE + "contributors"
THIS: Final = "this"
"""The prefix of the names of the graphs of a nanopublication."""


def name(version: str) -> str:
    """Return the namespace of the nanopublications of a version."""
    return f"{BASE}nanopub/{version}/"


def sources(dataset: Dataset, claim: str) -> Iterator[Triple]:
    """Yield the records of the documents that a claim comes from."""
    for part in ("source", "primarySource"):
        for source in iris(store.objects(dataset, NamedNode(claim), SCS + part)):
            yield from asserted_triples(dataset, source.value)


def pubinfo(this: str, head: OntologyHeader, label: store.Term) -> Iterator[Triple]:
    """Yield information about a publication: its label, date, licence, creator and version."""
    day = Literal(head.modified, datatype=NamedNode(PREFIXES["xsd"] + "date"))
    for predicate, value in (
        (PREFIXES["rdfs"] + "label", label),
        (DCTERMS + "created", day),
        (DCTERMS + "license", NamedNode(head.licence)),
        (DCTERMS + "creator", NamedNode(CONTRIBUTORS)),
        (PREFIXES["dcat"] + "version", Literal(head.version)),
    ):
        yield Triple(NamedNode(this), NamedNode(predicate), value)
    yield Triple(NamedNode(CONTRIBUTORS), NamedNode(PREFIXES["foaf"] + "name"), Literal(head.creator))


def graphs(this: str, **parts: Iterable[Triple]) -> dict[str, Iterable[Triple]]:
    """Return the four graphs of a nanopublication, keyed by their names with the prefix ``THIS``."""
    kinds = {"assertion": "Assertion", "provenance": "Provenance", "pubinfo": "PublicationInfo"}
    head = [link(this, RDF + "type", NP + "Nanopublication")]
    head += [link(this, NP + "has" + kind, f"{this}#{part}") for part, kind in kinds.items()]
    return {f"{THIS}:{part}": triples for part, triples in {"head": head, **parts}.items()}


def link(subject: str, predicate: str, value: str) -> Triple:
    """Return a triple of IRIs."""
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(value))


def iris(terms: Iterable[store.Term]) -> Iterator[NamedNode]:
    """Return the terms that are IRIs."""
    return (term for term in terms if isinstance(term, NamedNode))
