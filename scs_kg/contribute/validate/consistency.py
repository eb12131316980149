"""Finds contradictions between claims with the library queries, or with owlrl (OWL 2 RL), which is the reference."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

from scs_kg import store
from scs_kg.contribute.validate.problem_at import problem_at
from scs_kg.judging.read_claims import read_supersession_graph
from scs_kg.model.errors import EngineError
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, curie
from scs_kg.model.problem import Problem
from scs_kg.store import Dataset
from scs_kg.store.line_split import split_lines
from scs_kg.store.serialize import asserted_ntriples

HAS: Final = SCS + "hasFeature"
LACKS: Final = SCS + "lacksFeature"
MODES: Final = (SCS + "DeJure", SCS + "DeFacto")
"""The modes that establish facts."""

AXIOMS: Final = tuple(
    f"<{name}"
    for name in (
        PREFIXES["rdfs"] + "sub",
        PREFIXES["owl"],
        PREFIXES["skos"] + "broader",
        RDF + "first",
        RDF + "rest",
        RDF + "type",
    )
)
"""The predicates of axioms and of the hierarchy begin with these texts in N-Triples."""

Facts = set[tuple[str, str, str]]
"""Triples of system, ``scs:hasFeature`` or ``scs:lacksFeature``, and feature."""


def contradictions(dataset: Dataset) -> list[Problem]:
    """Query for the features on which claims about a system contradict each other, and return them as information.

    The dataset has the inferred triples of ``evidence.derive``.
    """
    return [_contested(dataset, system, feature) for system, feature in sorted(set(contested_pairs(dataset)))]


def inconsistencies(dataset: Dataset) -> list[Problem]:
    """Close the stated facts under OWL 2 RL and return the contradictions.

    All valid claims state facts, including contested claims (OWL 2 RL/RDF rules prp-spo2 and prp-pdw). Each mode is
    checked separately, because claims about rules and claims about practice may differ. Plans establish nothing. A
    contradiction between contested claims is information; any other contradiction is a violation.

    Raises:
        EngineError: owlrl derived nothing.
    """
    closures = [close(dataset, facts) for mode in MODES if (facts := stated(dataset, mode))]
    if not any(closed for closed, _ in closures):
        raise EngineError("owlrl derived no fact, so the consistency of the data is not known; check the claims")
    contested = set(contested_pairs(dataset))
    both = {
        (system, f)
        for closed, _ in closures
        for system, link, f in closed
        if {(system, HAS, f), (system, LACKS, f)} <= closed
    }
    found = [_contradiction(dataset, system, feature, contested) for system, feature in sorted(both)]
    others = sorted({message for _, messages in closures for message in messages if HAS not in message})
    return found + [Problem(str(dataset.root), None, "ontology", message, "owlrl") for message in others]


def _contradiction(dataset: Dataset, system: str, feature: str, contested: Collection[tuple[str, str]]) -> Problem:
    if (system, feature) in contested:
        return _contested(dataset, system, feature)
    message = f"both has and lacks {curie(feature)}, but no claims contest it; check the queries"
    return problem_at(dataset, system, None, message, "owlrl")


def _contested(dataset: Dataset, system: str, feature: str) -> Problem:
    message = f"both has and lacks {curie(feature)}: claims contradict each other"
    return replace(problem_at(dataset, system, None, message, "contradiction"), severity="Info")


def stated(dataset: Dataset, *modes: str) -> Facts:
    """Return the facts that valid claims state about their own features (default: in all modes)."""
    mode = dict(store.subject_objects(dataset, SCS + "mode"))
    about, feature = (dict(store.subject_objects(dataset, SCS + name)) for name in ("about", "feature"))
    excluding = read_supersession_graph(dataset).excluding
    links = {SCS + "Present": HAS, SCS + "Absent": LACKS}
    return {
        (about[claim], links[finding], feature[claim])
        for claim, finding in store.subject_objects(dataset, SCS + "finding")
        if finding in links and not excluding(claim) and (not modes or mode.get(claim) in modes)
    }


def contested_pairs(dataset: Dataset) -> Iterable[tuple[str, str]]:
    """Yield each pair of system and feature on which valid claims contradict each other."""
    about = dict(store.subject_objects(dataset, SCS + "about"))
    affects = defaultdict(set)
    for claim, feature in store.subject_objects(dataset, SCS + "bearsOn"):
        affects[claim].add(feature)
    for claim, other in store.subject_objects(dataset, SCS + "contradicts"):
        for feature in affects[claim] & affects[other]:
            yield about[claim], feature


def close(dataset: Dataset, facts: Facts) -> tuple[Facts, list[str]]:
    """Return the facts that owlrl derives from facts and the ontology, and its error messages."""
    from owlrl import OWLRL_Semantics
    from rdflib import URIRef

    from scs_kg.rules.pyshacl_graph import read_data

    graph = read_data(_axioms(dataset))
    for subject, predicate, value in sorted(facts):
        graph.add((URIRef(subject), URIRef(predicate), URIRef(value)))
    semantics = OWLRL_Semantics(graph, axioms=False, daxioms=False, rdfs=False)
    semantics.closure()
    closed = {(str(s), link, str(o)) for link in (HAS, LACKS) for s, o in graph.subject_objects(URIRef(link))}
    return closed, sorted(semantics.error_messages)


def _axioms(dataset: Dataset) -> str:
    """Return the axioms and the hierarchy as N-Triples; labels and shapes are left out, because they entail nothing."""
    lines = split_lines(asserted_ntriples(dataset, ("ontology",)))
    return "".join(line for line in lines if line.split(" ", 2)[1].startswith(AXIOMS))
