"""The part of the data that the rules can reach from a draft."""

from collections.abc import Collection, Iterator
from typing import Final

from scs_kg import store
from scs_kg.model.namespaces import PREFIXES, RDF, SCS
from scs_kg.store import Dataset, NamedNode, Triple
from scs_kg.store.dataset import statements_of

_SCHEMA: Final = (PREFIXES["rdfs"] + "subClassOf", PREFIXES["skos"] + "broader", SCS + "text")
_OF_CLAIMS: Final = tuple(SCS + name for name in ("about", "feature", "finding", "mode", "source", "supersedes"))
_REPLACING: Final = (SCS + "supersedes", SCS + "retracts")
_FOLLOWED: Final = (SCS + "sameTextAs", SCS + "supersedes")
_DATES: Final = (PREFIXES["dcterms"] + "date", PREFIXES["dcterms"] + "issued")
_ADDRESSES: Final = (PREFIXES["foaf"] + "page", PREFIXES["bibo"] + "doi")
_OF_NAMED: Final = (*_FOLLOWED, *_DATES, RDF + "type", *(SCS + name for name in ("about", "feature", "kind")))


def schema(dataset: Dataset) -> str:
    """Return the classes, their order, the hierarchy of features and the texts of guidelines as sorted N-Triples."""
    links = ((s, link, o) for link in _SCHEMA for s, o in store.subject_objects(dataset, link) if s[:2] != "_:")
    lines = {f"<{s}> <{link}> <{o}> .\n" for s, link, o in links}
    classes = store.subjects(dataset, RDF + "type", PREFIXES["owl"] + "Class")
    lines |= {f"{thing} <{RDF}type> <{PREFIXES['owl']}Class> .\n" for thing in classes if isinstance(thing, NamedNode)}
    return "".join(sorted(lines))


def neighbourhood(dataset: Dataset, triples: Collection[Triple]) -> str:
    """Return triples with their neighbourhood in the data as N-Triples.

    The neighbourhood describes the entities that the triples name. The neighbourhood also describes all entities that
    the named entities repeat or supersede, directly or indirectly. The neighbourhood also has all claims about the same
    systems, and the claims and acts that supersede or retract these. If the triples give an address or a DOI, the
    neighbourhood has the addresses of all sources.
    """
    found = set(triples)
    named = {triple.object.value for triple in found if isinstance(triple.object, NamedNode)}
    waiting, seen = list(named), set(named)
    while waiting:
        for triple in statements_of(dataset, waiting.pop(), *_OF_NAMED):
            found.add(triple)
            value = store.text(triple.object)
            if triple.predicate.value in _FOLLOWED and value not in seen:
                seen.add(value)
                waiting.append(value)
    systems = {store.text(triple.object) for triple in found if triple.predicate.value == SCS + "about"}
    for system in systems:
        for claim in store.subjects(dataset, SCS + "about", system):
            found.update(statements_of(dataset, store.text(claim), *_OF_CLAIMS))
            for link in _REPLACING:
                later = store.subjects(dataset, link, store.text(claim))
                found.update(t for one in later for t in statements_of(dataset, store.text(one), link))
    if any(triple.predicate.value in _ADDRESSES for triple in triples):
        found.update(_addresses(dataset))
    return "".join(f"{triple} .\n" for triple in found)


def _addresses(dataset: Dataset) -> Iterator[Triple]:
    """Yield the addresses, the DOIs and the repeated texts of all sources."""
    for predicate in (*_ADDRESSES, SCS + "sameTextAs"):
        for subject, _ in store.subject_objects(dataset, predicate):
            yield from statements_of(dataset, subject, predicate)
