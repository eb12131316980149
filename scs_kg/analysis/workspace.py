"""Judges a dataset for each reading from the claims that count for it; what-if analyses and rankings use the result."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from scs_kg import store
from scs_kg.analysis.proof import canonical_sources
from scs_kg.judging.cells import decide_cell
from scs_kg.judging.judged import judge_dataset
from scs_kg.judging.principles import PrincipleCriteria
from scs_kg.judging.selection import read_systems, select
from scs_kg.judging.state import JudgedState, change, uncount
from scs_kg.model.entity import Entity
from scs_kg.model.errors import EmptyInputError
from scs_kg.model.matrix import Cell
from scs_kg.model.namespaces import RDF, SCS
from scs_kg.model.selection import Selection
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_entity, row_text


@dataclass(frozen=True, slots=True)
class ReadingScope:
    """The state judged from the claims that count for a reading, and the systems compared.

    ``takes_new`` is True if new claims count, which are not yet in a dataset. They count if the selection names
    datasets, or if the reading was not written for a dataset.
    """

    state: JudgedState
    systems: frozenset[str]
    takes_new: bool


@dataclass(frozen=True, slots=True)
class Workspace:
    """A dataset with its principles and judged states; systems and features are keyed by IRI.

    ``whole`` is the state if all claims count. ``scopes`` has a scope for each dataset that a reading was written for.
    The key None has the scope for all other readings. ``canonical_sources`` is the result of
    ``proof.canonical_sources``.
    """

    dataset: Dataset = field(repr=False)
    selection: Selection
    principles: tuple[PrincipleCriteria, ...] = field(repr=False)
    systems: Mapping[str, Entity] = field(repr=False)
    features: Mapping[str, Entity] = field(repr=False)
    canonical_sources: Mapping[str, str] = field(repr=False)
    sources: frozenset[str] = field(repr=False)
    whole: JudgedState = field(repr=False)
    scopes: Mapping[str | None, ReadingScope] = field(repr=False)

    def scope(self, principle: PrincipleCriteria) -> ReadingScope:
        """Return the scope of the reading of a principle."""
        return self.scopes[principle.choice.written_for]

    def cells(self) -> Iterator[tuple[PrincipleCriteria, Cell]]:
        """Yield each cell with the criteria of its principle, in the order of readings, principles and systems."""
        for principle in self.principles:
            scope = self.scope(principle)
            for system in (iri for iri in self.systems if iri in scope.systems):
                yield principle, cell(scope.state, principle, system, self.selection.scope)


def cell(state: JudgedState, principle: PrincipleCriteria, system: str, within: Collection[str] = ()) -> Cell:
    """Return the cell of a principle and a system (an IRI) in a state, as ``decide_cell`` does."""
    judged = state.system_states[system]
    return decide_cell(principle, system, judged.by_test, judged.claims, within)


def open_workspace(
    dataset: Dataset, principle: Iterable[PrincipleCriteria], selection: Selection | None = None
) -> Workspace:
    """Judge an opened dataset for some principles.

    For each principle, the claims of the selected datasets count; by default, the claims of the dataset that its
    reading was written for. If a reading was written for a dataset, its default cells are those of the selected systems
    with claims in this dataset.

    Raises:
        UnknownNameError: the selection names something that does not exist.
        EmptyInputError: there is no claim, no criterion or no system.
    """
    principles, chosen = tuple(principle), selection or Selection()
    whole = judge_dataset(dataset)
    scopes = {
        written_for: _scope(
            dataset, whole, _selection_for(chosen, written_for), takes_new=bool(chosen.datasets) or written_for is None
        )
        for written_for in {one.choice.written_for: None for one in principles}
    }
    if not any(scope.systems for scope in scopes.values()):
        raise _without_systems(chosen.datasets or scopes)
    features = {row_text(row, "feature"): row_entity(row, "feature") for row in query_library.rows(dataset, "features")}
    return Workspace(
        dataset=dataset,
        selection=chosen,
        principles=principles,
        systems=MappingProxyType({system.iri: system for system in read_systems(dataset)}),
        features=MappingProxyType(features),
        canonical_sources=canonical_sources(dataset),
        sources=frozenset(store.text(term) for term in store.subjects(dataset, RDF + "type", SCS + "Source")),
        whole=whole,
        scopes=MappingProxyType(scopes),
    )


def _without_systems(datasets: Collection[str | None]) -> EmptyInputError:
    """Return the error if no selected system has claims in the datasets; None or ``all`` means all datasets."""
    names = [name for name in datasets if name and name != "all"]
    if len(names) < len(list(datasets)):
        return EmptyInputError("no system has these names and kinds; choose other names or kinds")
    named = " and ".join(names)
    return EmptyInputError(f"no claim of {named} is about these systems; choose other systems or another reading")


def _selection_for(selection: Selection, written_for: str | None) -> Selection:
    """Return the selection for readings that were written for a dataset; ``all`` becomes an empty list of datasets."""
    if selection.datasets:
        return replace(selection, datasets=() if "all" in selection.datasets else selection.datasets)
    return replace(selection, datasets=(written_for,) if written_for else ())


def _scope(dataset: Dataset, whole: JudgedState, selection: Selection, *, takes_new: bool) -> ReadingScope:
    claims = tuple(claim for system in whole.system_states.values() for claim in system.claims.values())
    chosen = select(dataset, selection, claims, all_named=takes_new)
    state = uncount(change(whole, withdrawn=chosen.left_out - chosen.uncounted), chosen.uncounted)
    return ReadingScope(state, frozenset(whole.system_states) - chosen.excluded_systems, takes_new)
