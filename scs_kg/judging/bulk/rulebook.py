"""The rulebook of bulk judging: the criteria, the features, and the hierarchy of features."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from scs_kg.judging.hierarchy import broader_features
from scs_kg.judging.project import open_guarded
from scs_kg.judging.readings import choose_reading
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.namespaces import local_id
from scs_kg.model.verdicts import Criterion
from scs_kg.rules.criteria import read_criteria
from scs_kg.store import query_library
from scs_kg.store.query_library import row_text


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Criteria sorted by IRI; feature IRIs sorted; for each feature the positions of it and its broader features."""

    criteria: tuple[Criterion, ...]
    features: tuple[str, ...]
    broader: tuple[tuple[int, ...], ...]

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the rulebook in hexadecimal."""
        return sha256(repr(self).encode()).hexdigest()


def rulebook(
    criteria: Collection[Criterion], features: Collection[str], broader: Mapping[str, Collection[str]]
) -> Rulebook:
    """Build a rulebook; ``broader`` maps each feature to itself and its broader features (default: itself only)."""
    ordered = tuple(sorted(features))
    position = {feature: number for number, feature in enumerate(ordered)}
    positions = tuple(tuple(sorted(position[other] for other in broader.get(f, (f,)))) for f in ordered)
    return Rulebook(tuple(sorted(criteria, key=lambda criterion: criterion.iri)), ordered, positions)


def read_rulebook(root: Path, criteria: Collection[str] = (), reading: str | None = None) -> Rulebook:
    """Read the rulebook of a project folder: with all criteria, the named ones, or those of a reading.

    Raises:
        UnknownNameError: no criterion or no reading has the given name.
        BadFileError: the ontology or the data break a rule.
    """
    dataset = open_guarded(root)
    known = {local_id(criterion.iri): criterion for criterion in read_criteria(dataset)}
    wanted = set(criteria) or set(known)
    if reading is not None:
        chosen = choose_reading(dataset, None, reading).reading.iri
        provisions = query_library.rows(dataset, "provisions", reading=chosen)
        wanted = {local_id(row_text(row, "criterion")) for row in provisions} & wanted
    for name in sorted(wanted - known.keys()):
        raise UnknownNameError("criterion", name, known)
    features = {row_text(row, "feature") for row in query_library.rows(dataset, "features")}
    return rulebook([known[name] for name in wanted], features, broader_features(dataset))
