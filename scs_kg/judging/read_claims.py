"""Reads claims, and the claims and acts that supersede or retract them, from a dataset."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from scs_kg import store
from scs_kg.judging.supersessions import Supersession, SupersessionGraph, Supersessions
from scs_kg.model.claims import Claim, Finding, Mode
from scs_kg.model.errors import WrongUseError
from scs_kg.model.namespaces import SCS, curie
from scs_kg.store import Dataset
from scs_kg.store.dataset import statements_of

RETRACTS: Final = SCS + "retracts"
PROPERTIES: Final = ("about", "feature", "finding", "source", "primarySource", "asOf", "mode", "supersedes")
_FINDINGS: Final[Mapping[str, Finding]] = MappingProxyType({SCS + known: known for known in Finding})
_MODES: Final[Mapping[str, Mode]] = MappingProxyType({SCS + known: known for known in Mode})
Values = Mapping[str, Sequence[str]]
"""The values of a property, keyed by the IRI of the claim."""
SUPERSEDING: Final = (SCS + "supersedes", RETRACTS)
"""The predicates by which a claim, or an act such as a retraction, excludes an earlier claim from judging."""


def read_claims(dataset: Dataset, left_out: Collection[str] = ()) -> tuple[Claim, ...]:
    """Return the claims, sorted by IRI, without the claims in ``left_out``, which are not read.

    Raise WrongUseError if a claim lacks system, feature or finding.
    """
    values = _values_without(dataset, left_out) if left_out else _values(dataset)
    return tuple(_claim(iri, values) for iri in sorted(values["feature"].keys() | values["finding"].keys()))


def _values(dataset: Dataset) -> Mapping[str, Values]:
    """Return the values of each property of all claims."""
    found: dict[str, dict[str, list[str]]] = {name: {} for name in PROPERTIES}
    for name, of_claim in found.items():
        for claim, value in store.subject_objects(dataset, SCS + name):
            of_claim.setdefault(claim, []).append(value)
    return found


def _values_without(dataset: Dataset, left_out: Collection[str]) -> Mapping[str, Values]:
    """Return the values of each property of the claims that are not left out, which takes less time if few remain."""
    found: dict[str, dict[str, list[str]]] = {SCS + name: {} for name in PROPERTIES}
    claims = {claim for name in ("feature", "finding") for claim, _ in store.subject_objects(dataset, SCS + name)}
    for claim in claims.difference(left_out):
        for triple in statements_of(dataset, claim):
            if (predicate := triple.predicate.value) in found:
                found[predicate].setdefault(claim, []).append(store.text(triple.object))
    return {name: found[SCS + name] for name in PROPERTIES}


def _claim(iri: str, values: Mapping[str, Values]) -> Claim:
    system, feature = _only(iri, "about", values["about"]), _only(iri, "feature", values["feature"])
    finding = _only(iri, "finding", values["finding"])
    if finding not in _FINDINGS:
        raise WrongUseError(f"{curie(iri)}: {curie(finding)} is not a finding; use one of {', '.join(Finding)}")
    modes = {*values["mode"].get(iri, ())} or {SCS + Mode.DE_FACTO}
    mode = _MODES.get(modes.pop()) if len(modes) == 1 else None
    if mode is None:
        raise WrongUseError(f"{curie(iri)}: needs one scs:mode, one of {', '.join(Mode)}")
    return Claim(
        iri,
        system,
        feature,
        _FINDINGS[finding],
        frozenset(values["supersedes"].get(iri, ())),
        frozenset((*values["source"].get(iri, ()), *values["primarySource"].get(iri, ()))),
        min(values["asOf"].get(iri, ()), default=""),
        mode,
    )


def _only(iri: str, name: str, values: Values) -> str:
    """Return the only value of a property of a claim."""
    found = values.get(iri, [])
    if len(found) != 1 and len(set(found)) != 1:
        raise WrongUseError(f"{curie(iri)}: a claim needs one scs:{name} and has {len(set(found)) or 'none'}")
    return found[0]


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
