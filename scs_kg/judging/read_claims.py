"""Reads claims, and the claims and acts that supersede or retract them, from a dataset."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from scs_kg import store
from scs_kg.judging.supersessions import Supersession, SupersessionGraph, Supersessions
from scs_kg.model.claims import Claim, Finding, Mode
from scs_kg.model.errors import WrongUseError
from scs_kg.model.namespaces import SCS, curie, local_id
from scs_kg.store import Dataset

RETRACTS: Final = SCS + "retracts"
SUPERSEDING: Final = (SCS + "supersedes", RETRACTS)
"""The predicates by which a claim, or an act such as a retraction, excludes an earlier claim from judging."""


def read_claims(dataset: Dataset) -> tuple[Claim, ...]:
    """Return all claims of a dataset, sorted by IRI; raise WrongUseError if one lacks system, feature or finding."""
    values: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for name in ("about", "feature", "finding", "source", "primarySource", "asOf", "mode", "supersedes"):
        for claim, value in store.subject_objects(dataset, SCS + name):
            values[claim][name].add(value)
    return tuple(_claim(iri, found) for iri, found in sorted(values.items()) if found["feature"] or found["finding"])


def _claim(iri: str, values: Mapping[str, set[str]]) -> Claim:
    for name in ("about", "feature", "finding"):
        if len(values[name]) != 1:
            raise WrongUseError(f"{curie(iri)}: a claim needs one scs:{name} and has {len(values[name]) or 'none'}")
    ((system,), (feature,), (finding,)) = (values[name] for name in ("about", "feature", "finding"))
    if finding not in {SCS + known for known in Finding}:
        raise WrongUseError(f"{curie(iri)}: {curie(finding)} is not a finding; use one of {', '.join(Finding)}")
    modes = values["mode"] or {SCS + Mode.DE_FACTO}
    if len(modes) > 1 or modes - {SCS + known for known in Mode}:
        raise WrongUseError(f"{curie(iri)}: needs one scs:mode, one of {', '.join(Mode)}")
    (mode,) = modes
    sources = frozenset(values["source"] | values["primarySource"])
    supersedes, as_of = frozenset(values["supersedes"]), min(values["asOf"], default="")
    return Claim(iri, system, feature, Finding(local_id(finding)), supersedes, sources, as_of, Mode(local_id(mode)))


def read_supersessions(dataset: Dataset) -> Supersessions:
    """Yield every supersession and retraction of a dataset."""
    return (
        Supersession(later, earlier, retracts=link == RETRACTS)
        for link in SUPERSEDING
        for later, earlier in store.subject_objects(dataset, link)
    )


def read_supersession_graph(dataset: Dataset) -> SupersessionGraph:
    """Return every supersession and retraction of a dataset as a graph."""
    return SupersessionGraph().with_links(read_supersessions(dataset))
