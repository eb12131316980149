"""What the rules can see from a draft: the part of the data that its check needs."""

from collections.abc import Iterable
from typing import Final

from scs_kg import store
from scs_kg.model.namespaces import PREFIXES, RDF, SCS
from scs_kg.store import Dataset, NamedNode, Triple
from scs_kg.store.dataset import statements_of

_FRAME: Final = (PREFIXES["rdfs"] + "subClassOf", PREFIXES["skos"] + "broader")
_OF_CLAIMS: Final = tuple(SCS + name for name in ("about", "feature", "finding", "source", "supersedes"))
_FELLING: Final = (SCS + "supersedes", SCS + "retracts")
_FOLLOWED: Final = (SCS + "sameTextAs", SCS + "supersedes")
_DATES: Final = (PREFIXES["dcterms"] + "date", PREFIXES["dcterms"] + "issued")
_OF_NAMED: Final = (*_FOLLOWED, *_DATES, RDF + "type", SCS + "about", SCS + "feature")


def frame(dataset: Dataset) -> str:
    """Return the classes, their order and the hierarchy of features as sorted N-Triples."""
    lines = {
        f"<{s}> <{link}> <{o}> .\n" for link in _FRAME for s, o in store.subject_objects(dataset, link) if s[:2] != "_:"
    }
    classes = store.subjects(dataset, RDF + "type", PREFIXES["owl"] + "Class")
    lines |= {f"{thing} <{RDF}type> <{PREFIXES['owl']}Class> .\n" for thing in classes if isinstance(thing, NamedNode)}
    return "".join(sorted(lines))


def neighbourhood(dataset: Dataset, triples: Iterable[Triple]) -> str:
    """Return as N-Triples what the rules can see from triples, and the triples themselves.

    That is: what the things are that they name, and what these repeat or supersede; and the claims about the same
    systems, with what supersedes or retracts them.
    """
    found = set(triples)
    named = {triple.object.value for triple in found if isinstance(triple.object, NamedNode)}
    waiting, seen = list(named), set(named)
    while waiting:
        for triple in statements_of(dataset, waiting.pop(), *_OF_NAMED):
            found.add(triple)
            further = store.text(triple.object)
            if triple.predicate.value in _FOLLOWED and further not in seen:
                seen.add(further)
                waiting.append(further)
    systems = {store.text(triple.object) for triple in found if triple.predicate.value == SCS + "about"}
    for system in systems:
        for claim in store.subjects(dataset, SCS + "about", system):
            found.update(statements_of(dataset, store.text(claim), *_OF_CLAIMS))
            for link in _FELLING:
                later = store.subjects(dataset, link, store.text(claim))
                found.update(t for one in later for t in statements_of(dataset, store.text(one), link))
    return "".join(f"{triple} .\n" for triple in found)
