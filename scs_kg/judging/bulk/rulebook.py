"""What judging needs to know: the criteria, the features, and which of them are more general than which."""

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
    """Criteria sorted by IRI; feature IRIs sorted; for each feature those above it and itself, as positions."""

    criteria: tuple[Criterion, ...]
    features: tuple[str, ...]
    above: tuple[tuple[int, ...], ...]

    @property
    def digest(self) -> str:
        """Return a name for this meaning that another meaning does not have."""
        return sha256(repr(self).encode()).hexdigest()


def rulebook(
    criteria: Collection[Criterion], features: Collection[str], above: Mapping[str, Collection[str]]
) -> Rulebook:
    """Return the meaning of criteria over features; ``above`` gives the more general ones of each, and itself."""
    ordered = tuple(sorted(features))
    position = {feature: number for number, feature in enumerate(ordered)}
    up = tuple(tuple(sorted(position[general] for general in above.get(f, (f,)))) for f in ordered)
    return Rulebook(tuple(sorted(criteria, key=lambda criterion: criterion.iri)), ordered, up)


def read_rulebook(root: Path, criteria: Collection[str] = (), reading: str | None = None) -> Rulebook:
    """Return the meaning of the criteria of a project folder: those named, those of a reading, or all.

    Raises:
        UnknownNameError: no criterion or no reading is called so.
        BadFileError: the folder breaks a rule.
    """
    dataset = open_guarded(root)
    known = {local_id(criterion.iri): criterion for criterion in read_criteria(dataset)}
    wanted = set(criteria) or set(known)
    if reading is not None:
        chosen = choose_reading(dataset, None, reading).reading.iri
        asked = query_library.rows(dataset, "provisions", reading=chosen)
        wanted = {local_id(row_text(row, "criterion")) for row in asked} & wanted
    for name in sorted(wanted - known.keys()):
        raise UnknownNameError("criterion", name, known)
    features = {row_text(row, "feature") for row in query_library.rows(dataset, "features")}
    return rulebook([known[name] for name in wanted], features, broader_features(dataset))
