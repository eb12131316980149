"""The rulebook of bulk judging: the criteria, the conditions, the features, and the hierarchy of features."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from scs_kg.judging.hierarchy import broader_features
from scs_kg.judging.principles import PrincipleCriteria, read_principle_criteria
from scs_kg.judging.project import open_guarded
from scs_kg.model.entity import Entity
from scs_kg.model.namespaces import local_id
from scs_kg.model.verdicts import Criterion
from scs_kg.rules.criteria import read_conditions, read_criteria
from scs_kg.store import Dataset, query_library
from scs_kg.store.labels import resolve
from scs_kg.store.query_library import row_text


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The input of judging besides claims.

    Criteria, conditions and feature IRIs are sorted by IRI. ``broader`` has, for each feature, its own position and the
    positions of its broader features.
    """

    criteria: tuple[Criterion, ...]
    features: tuple[str, ...]
    broader: tuple[tuple[int, ...], ...]
    conditions: tuple[Criterion, ...] = ()

    @property
    def tests(self) -> tuple[Criterion, ...]:
        """Return the tests in the order of the verdicts on every system: first the criteria, then the conditions."""
        return (*self.criteria, *self.conditions)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the rulebook in hexadecimal."""
        return sha256(repr(self).encode()).hexdigest()


def rulebook(
    criteria: Collection[Criterion],
    features: Collection[str],
    broader: Mapping[str, Collection[str]],
    conditions: Collection[Criterion] = (),
) -> Rulebook:
    """Build a rulebook; ``broader`` maps each feature to itself and its broader features (default: itself only)."""
    ordered = tuple(sorted(features))
    position = {feature: number for number, feature in enumerate(ordered)}
    positions = tuple(tuple(sorted(position[other] for other in broader.get(f, (f,)))) for f in ordered)
    return Rulebook(_by_iri(criteria), ordered, positions, _by_iri(conditions))


def _by_iri(tests: Collection[Criterion]) -> tuple[Criterion, ...]:
    return tuple(sorted(tests, key=lambda test: test.iri))


def read_rulebook(root: Path, criteria: Collection[str] = (), reading: str | None = None) -> Rulebook:
    """Read the rulebook of a project folder: with all criteria, the named criteria, or the criteria of a reading.

    The rulebook also has the conditions on which cells with these criteria depend. These are the conditions of the
    named reading, or of all readings if no reading is named. If no criteria and no reading are named, it has all
    conditions.

    Raises:
        UnknownNameError: no criterion or no reading has the given name.
        BadFileError: the ontology or the data break a rule.
    """
    return rulebook_of(open_guarded(root, searches=False), criteria, reading)


def rulebook_of(dataset: Dataset, criteria: Collection[str] = (), reading: str | None = None) -> Rulebook:
    """Return the rulebook of an opened dataset, as ``read_rulebook`` does."""
    known = {local_id(criterion.iri): criterion for criterion in read_criteria(dataset)}
    entities = [Entity(name, criterion.iri, name) for name, criterion in known.items()]
    criteria = [resolve(dataset, name, "criterion", entities).id for name in criteria]
    chosen, conditions = list(known.values()), read_conditions(dataset)
    if criteria or reading is not None:
        principles = read_principle_criteria(dataset, reading=reading)
        of_reading = {iri for principle in principles for iri in principle.criteria}
        chosen = [c for name, c in known.items() if name in (criteria or known)]
        chosen = [c for c in chosen if reading is None or c.iri in of_reading]
        needed = _needed_conditions(principles, {c.iri for c in chosen}, every_principle=not criteria)
        conditions = tuple(condition for condition in conditions if condition.iri in needed)
    features = {row_text(row, "feature") for row in query_library.rows(dataset, "features")}
    return rulebook(chosen, features, broader_features(dataset), conditions)


def _needed_conditions(
    principles: Iterable[PrincipleCriteria], criteria: Collection[str], *, every_principle: bool
) -> set[str]:
    """Return the conditions of provisions with a chosen criterion, and the premises of their (or all) principles."""
    needed: set[str] = set()
    for principle in principles:
        provisions = [provision for provision in principle.provisions if provision.criterion in criteria]
        if every_principle or provisions:
            needed |= principle.premises.union(*(provision.conditions for provision in provisions))
    return needed
