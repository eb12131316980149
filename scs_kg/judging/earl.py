"""Writes verdicts as assertions of the Evaluation and Report Language (EARL 1.0)."""

from collections.abc import Iterable
from typing import Final

from scs_kg.model.namespaces import BASE, EARL, PREFIXES, RDF, SCS, local_id
from scs_kg.model.verdicts import Verdict
from scs_kg.store import Dataset, NamedNode, Triple
from scs_kg.store.dataset import add_triples

SOFTWARE: Final = BASE + "software"


def verdict_iri(verdict: Verdict) -> str:
    """Return the IRI of a verdict; a condition and a criterion may have the same id."""
    kind = "condition-" if verdict.criterion.startswith(PREFIXES["cond"]) else ""
    return f"{PREFIXES['verdict']}{local_id(verdict.system)}-{kind}{local_id(verdict.criterion)}"


def assertion(verdict: Verdict) -> list[tuple[str, str, str]]:
    """Return a verdict as triples of IRIs: an assertion (EARL 1.0, section 2) with the claims that support it."""
    name = verdict_iri(verdict)
    stated = [
        (name, RDF + "type", EARL + "Assertion"),
        (name, EARL + "assertedBy", SOFTWARE),
        (name, EARL + "subject", verdict.system),
        (name, EARL + "test", verdict.criterion),
        (name, EARL + "mode", EARL + "automatic"),
        (name, EARL + "result", name + "-result"),
        (name + "-result", RDF + "type", EARL + "TestResult"),
        (name + "-result", EARL + "outcome", EARL + verdict.outcome),
        *((name, SCS + "restsOn", claim) for claim in verdict.claims),
        *((name, SCS + "hangsOn", feature) for feature in verdict.open),
    ]
    if verdict.open_reason:
        stated.append((name, SCS + "openBecause", SCS + verdict.open_reason[0].upper() + verdict.open_reason[1:]))
    return stated


def publish(dataset: Dataset, verdicts: Iterable[Verdict]) -> None:
    """Add verdicts to the dataset as assertions."""
    for verdict in verdicts:
        stated = assertion(verdict)
        add_triples(dataset, (Triple(NamedNode(s), NamedNode(p), NamedNode(o)) for s, p, o in stated))
