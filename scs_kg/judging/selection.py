"""Applies a selection: which claims count and which systems are compared. The dataset is not changed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from scs_kg import store
from scs_kg.judging.read_claims import read_claims
from scs_kg.model.advice import Advice
from scs_kg.model.claims import Claim, Mode
from scs_kg.model.entity import Entity
from scs_kg.model.errors import EmptyInputError, UnknownNameError
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, local_id
from scs_kg.model.selection import CONFIDENCES, MODES, SCOPES, Selection, last_day
from scs_kg.store import Dataset, query_library
from scs_kg.store.dataset import subfolders
from scs_kg.store.labels import resolve
from scs_kg.store.query_library import Row, row_entity, row_text

OTHER_READING: Final = "; another reading may use every claim"
"""The advice of a front end that has no option for datasets."""
MODE_OF: Final[Mapping[str, Mode]] = MappingProxyType({"de-jure": Mode.DE_JURE, "de-facto": Mode.DE_FACTO})
"""Maps each mode of a selection to the mode of the claims that it selects."""


@dataclass(frozen=True, slots=True)
class SelectedClaims:
    """The result of a selection.

    ``kept`` is the number of claims that count. ``uncounted`` are the claims that are left out only because of their
    mode or confidence, and that still supersede other claims. ``systems`` are the compared systems, in the order of
    ``read_systems``; ``excluded_systems`` are the IRIs of all other systems. ``claims`` are the claims of the chosen
    datasets, sorted by IRI, whether they count or not.
    """

    selection: Selection
    left_out: frozenset[str]
    uncounted: frozenset[str]
    kept: int
    systems: tuple[Entity, ...]
    excluded_systems: frozenset[str]
    claims: tuple[Claim, ...] = field(repr=False)


def read_systems(dataset: Dataset) -> tuple[Entity, ...]:
    """Return all systems: first those of a published table, in its order, then the others, sorted by kind and name."""
    return tuple(dict.fromkeys(row_entity(row, "system") for row in query_library.rows(dataset, "systems")))


@dataclass(frozen=True, slots=True)
class _Names:
    """The entities that a selection names."""

    datasets: tuple[Entity, ...]
    sources: tuple[Entity, ...]
    systems: tuple[Entity, ...]


def select(
    dataset: Dataset, selection: Selection, claims: Sequence[Claim] | None = None, *, all_named: bool = True
) -> SelectedClaims:
    """Apply a selection to an opened dataset.

    The name ``all`` among the datasets selects every dataset. ``claims`` are all claims of the dataset, if they were
    read already; otherwise, only the claims of the chosen datasets are read. Without ``all_named``, named systems
    without a claim in the chosen datasets are left out.

    Raises:
        UnknownNameError: the selection names a source, a dataset, a system, a mode or a scope that does not exist.
        EmptyInputError: the chosen datasets have no claim about a named system, and ``all_named`` is true.
    """
    _check_values(selection)
    rows = query_library.rows(dataset, "systems")
    names = _resolve(dataset, selection, rows)
    outside = _outside(dataset, names.datasets)
    inside = read_claims(dataset, outside) if claims is None else tuple(_kept(claims, outside))
    with_claims = {claim.system for claim in inside}
    chosen = _chosen(selection, names, rows)
    if all_named:
        _check_named(names, chosen - with_claims)
    compared = chosen & with_claims if names.datasets else chosen
    left_out = outside | {claim.iri for claim in inside if claim.system not in compared}
    left_out |= _dated_later(inside, selection.as_of) | _citing(inside, names.sources)
    uncounted = (
        _less_confident(dataset, inside, selection.min_confidence) | _other_mode(inside, selection.mode)
    ) - left_out
    left_out |= uncounted
    entities = tuple(dict.fromkeys(row_entity(row, "system") for row in rows))
    resolved = _resolved(selection, names)
    systems = tuple(system for system in entities if system.iri in compared)
    kept = len(_kept(inside, left_out))
    excluded = frozenset(system.iri for system in entities) - compared
    return SelectedClaims(resolved, frozenset(left_out), frozenset(uncounted), kept, systems, excluded, inside)


def _resolved(selection: Selection, names: _Names) -> Selection:
    """Return a selection with ids in place of other names, and each value once."""
    return replace(
        selection,
        datasets=_ids(names.datasets),
        without=_ids(names.sources),
        systems=_ids(names.systems),
        kinds=tuple(dict.fromkeys(selection.kinds)),
        scope=tuple(scope for scope in SCOPES if scope in selection.scope),
    )


def _check_values(selection: Selection) -> None:
    """Raise UnknownNameError if the mode or a scope does not exist."""
    for kind, given, known in (("mode", [selection.mode], MODES), ("scope", selection.scope, SCOPES)):
        for name in given:
            if name and name not in known:
                raise UnknownNameError(kind, name, known)


def select_some(dataset: Dataset, selection: Selection) -> SelectedClaims:
    """Apply a selection as ``select`` does, and also check that claims are left.

    Raises:
        EmptyInputError: no claim of the selected datasets is left, although other datasets have claims.
    """
    selected = select(dataset, selection)
    if selected.selection.datasets and not selected.kept:
        _suggest_all(dataset, selected.selection)
    return selected


def _suggest_all(dataset: Dataset, selection: Selection) -> None:
    """Raise EmptyInputError if the selection would keep claims of other datasets; the message suggests ``all``."""
    found = select(dataset, replace(selection, datasets=()))
    others = _kept(found.claims, found.left_out)
    if others:
        systems = len({claim.system for claim in others})
        available = f"{len(others)} claim{'s' * (len(others) > 1)} on {systems} system{'s' * (systems > 1)}"
        chosen = " and ".join(selection.datasets)
        raise EmptyInputError(
            f"no claims of {chosen} are left to judge",
            Advice(f"; {{option}} would leave {available}", "dataset", "all", otherwise=OTHER_READING),
        )


def _kept(claims: Iterable[Claim], left_out: Collection[str]) -> list[Claim]:
    return [claim for claim in claims if claim.iri not in left_out]


def _resolve(dataset: Dataset, selection: Selection, systems: Iterable[Row]) -> _Names:
    named = () if "all" in selection.datasets else selection.datasets
    return _Names(
        _entities(dataset, named, "dataset", _datasets(dataset) if named else ()),
        _entities(dataset, selection.without, "source", _sources(dataset) if selection.without else ()),
        _entities(dataset, selection.systems, "system", [row_entity(row, "system") for row in systems]),
    )


def _entities(dataset: Dataset, names: Iterable[str], kind: str, known: Collection[Entity]) -> tuple[Entity, ...]:
    return tuple(dict.fromkeys(resolve(dataset, name, kind, known) for name in names))


def _ids(entities: Iterable[Entity]) -> tuple[str, ...]:
    return tuple(entity.id for entity in entities)


def _datasets(dataset: Dataset) -> list[Entity]:
    """Return the datasets of claims; other folders, for example of links, have no description."""
    entities = (Entity(name, PREFIXES["dataset"] + name, name) for name in subfolders(dataset, "data"))
    return [entity for entity in entities if store.has_triple(dataset, entity.iri, RDF + "type", None)]


def _sources(dataset: Dataset) -> list[Entity]:
    return [row_entity(row, "source", "source") for row in query_library.rows(dataset, "sources")]


def _outside(dataset: Dataset, datasets: Collection[Entity]) -> set[str]:
    """Return the claims that are not in the chosen datasets; empty if no dataset was chosen."""
    if not datasets:
        return set()
    wanted = {entity.iri for entity in datasets}
    return {claim for claim, whole in store.subject_objects(dataset, SCS + "inDataset") if whole not in wanted}


def _chosen(selection: Selection, names: _Names, rows: Collection[Row]) -> set[str]:
    """Return the IRIs of the systems with the chosen names and kinds."""
    chosen = {entity.iri for entity in names.systems} if names.systems else {row_text(row, "system") for row in rows}
    if selection.kinds:
        chosen &= {
            row_text(row, "system") for row in rows if local_id(row_text(row, "kind")).lower() in selection.kinds
        }
    return chosen


def _check_named(names: _Names, without_claims: Collection[str]) -> None:
    """Raise EmptyInputError if the chosen datasets have no claim about a system that was chosen by name."""
    missing = sorted(system.id for system in names.systems if system.iri in without_claims)
    if names.datasets and missing:
        where = " and ".join(_ids(names.datasets))
        raise EmptyInputError(
            f"no claim of {where} is about {', '.join(missing)}",
            Advice("; {option} uses every claim", "dataset", "all", otherwise=OTHER_READING),
        )


def _dated_later(claims: Iterable[Claim], as_of: str | None) -> set[str]:
    if as_of is None:
        return set()
    limit = last_day(as_of)
    return {claim.iri for claim in claims if not claim.as_of or last_day(claim.as_of) > limit}


def _citing(claims: Iterable[Claim], sources: Iterable[Entity]) -> set[str]:
    """Return the claims with one of the sources as source or as primary source."""
    iris = {source.iri for source in sources}
    return {claim.iri for claim in claims if not iris.isdisjoint(claim.sources)} if iris else set()


def _less_confident(dataset: Dataset, claims: Iterable[Claim], minimum: str | None) -> set[str]:
    if minimum is None:
        return set()
    enough = CONFIDENCES[CONFIDENCES.index(minimum) :]
    given = store.subject_objects(dataset, SCS + "confidence")
    return {claim.iri for claim in claims} - {claim for claim, value in given if local_id(value).lower() in enough}


def _other_mode(claims: Iterable[Claim], mode: str | None) -> set[str]:
    return set() if mode is None else {claim.iri for claim in claims if claim.mode is not MODE_OF[mode]}
