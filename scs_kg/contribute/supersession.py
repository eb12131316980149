"""Finds new claims that supersede other claims, and the claims that count again if a claim is retracted."""

from scs_kg.contribute.layout import Records
from scs_kg.judging.read_claims import read_supersession_graph
from scs_kg.model.namespaces import SCS
from scs_kg.store import Dataset
from scs_kg.store.dataset import asserted_triples


def new_superseding(dataset: Dataset, records: Records) -> list[str]:
    """Return the claims that supersede other claims and that are not in the data."""
    return [
        subject
        for subject, triples in sorted(records.items())
        if SCS + "supersedes" in {triple.predicate.value for triple in triples}
        and asserted_triples(dataset, subject) != triples
    ]


def superseded_only_by(dataset: Dataset, claim: str) -> list[str]:
    """Return the IRIs of the claims that count again if a claim is retracted, sorted.

    The retracted claim supersedes these claims, directly or through other claims; nothing else supersedes or retracts
    them.
    """
    graph = read_supersession_graph(dataset)
    return sorted(old for old in graph.affected_by([claim]) if graph.excluding(old) == {claim})
