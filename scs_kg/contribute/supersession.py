"""Finds claims that supersede others, and adds superseded claims again under a new name."""

from itertools import count

from scs_kg import store
from scs_kg.contribute.layout import Records
from scs_kg.model.namespaces import SCS
from scs_kg.store import Dataset, NamedNode, Triple
from scs_kg.store.dataset import asserted_triples


def new_superseding(dataset: Dataset, records: Records) -> list[str]:
    """Return the claims that supersede others and are not in the data."""
    return [
        subject
        for subject, triples in sorted(records.items())
        if SCS + "supersedes" in {triple.predicate.value for triple in triples}
        and asserted_triples(dataset, subject) != triples
    ]


def replaced_by(dataset: Dataset, claim: str) -> list[str]:
    """Return the IRIs of the claims that a claim supersedes, and that nothing else supersedes or retracts, sorted."""
    earlier = sorted(store.text(term) for term in store.objects(dataset, NamedNode(claim), SCS + "supersedes"))
    links = (SCS + "supersedes", SCS + "retracts")
    return [
        old
        for old in earlier
        if {store.text(later) for link in links for later in store.subjects(dataset, link, old)} == {claim}
    ]


def restored(dataset: Dataset, old: str, target: str) -> Records:
    """Return a superseded claim under a free name, as a claim that supersedes ``target`` instead of earlier claims."""
    names = (f"{old}-restored" if number == 1 else f"{old}-restored-{number}" for number in count(1))
    name = next(name for name in names if not asserted_triples(dataset, name))
    kept = (t for t in asserted_triples(dataset, old) if t.predicate.value != SCS + "supersedes")
    said = frozenset(Triple(NamedNode(name), triple.predicate, triple.object) for triple in kept)
    return {name: said | {Triple(NamedNode(name), NamedNode(SCS + "supersedes"), NamedNode(target))}}
