"""Ranks provisions by the marks that depend on them, and finds the robust core.

The robust core has the marks that depend on no contestable provision.

A provision is contestable if it decides cells and its force is ``scs:Interpreted``, because the wording does not
plainly support it. Each variant of a reading lacks one contestable provision, and the last variant lacks all of them. A
mark is in the robust core if it is the same in all variants.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from scs_kg.analysis.workspace import Workspace, cell
from scs_kg.judging.principles import PrincipleCriteria, Provision
from scs_kg.model.entity import Entity
from scs_kg.model.matrix import Cell, Mark
from scs_kg.model.namespaces import local_id

DECIDED: Final = frozenset({Mark.MET, Mark.PARTLY_MET, Mark.NOT_MET, Mark.NOT_MET_INTERPRETED})
"""The marks that are decided."""


@dataclass(frozen=True, slots=True)
class MarkChange:
    """The mark of a cell under the reading and under a variant of it."""

    system: Entity
    before: Mark
    after: Mark


@dataclass(frozen=True, slots=True)
class ProvisionWeight:
    """A deciding provision, and the marks that change if it is dropped.

    A change between two marks that are not decided, such as from "not known" to "not asked", is left out.
    """

    principle_criteria: PrincipleCriteria
    provision: Entity
    criterion: Entity
    contestable: bool
    changes: tuple[MarkChange, ...]


@dataclass(frozen=True, slots=True)
class CoreCell:
    """A cell with a decided mark, and the contestable provisions on which the mark depends.

    ``depends_on`` has the ids of these provisions; dropping any one of them changes the mark. ``without_all`` is the
    mark if all contestable provisions are dropped. ``robust`` is true if no variant changes the mark.
    """

    principle_criteria: PrincipleCriteria
    system: Entity
    cell: Cell
    depends_on: tuple[str, ...]
    without_all: Mark

    @property
    def robust(self) -> bool:
        """Whether the mark is the same in all variants of the reading."""
        return not self.depends_on and self.without_all is self.cell.mark


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The deciding provisions, the most influential first, and the cells with a decided mark."""

    provisions: tuple[ProvisionWeight, ...]
    cells: tuple[CoreCell, ...]

    @property
    def core(self) -> tuple[CoreCell, ...]:
        """The cells whose mark is the same in all variants of their reading."""
        return tuple(one for one in self.cells if one.robust)

    def by_reading(self) -> dict[str, tuple[int, int]]:
        """Return the number of robust marks and of decided marks, keyed by the id of the reading."""
        decided = Counter(one.principle_criteria.choice.reading.id for one in self.cells)
        robust = Counter(one.principle_criteria.choice.reading.id for one in self.core)
        return {reading: (robust[reading], count) for reading, count in decided.items()}


def sensitivity(workspace: Workspace) -> Sensitivity:
    """Return how the marks of the readings of a workspace depend on single provisions."""
    weights: list[ProvisionWeight] = []
    cells: list[CoreCell] = []
    for principle in workspace.principles:
        before = _cells(workspace, principle)
        own = [_weight(workspace, principle, provision, before) for provision in principle.provisions]
        found = [weight for weight in own if weight]
        weights += found
        without = {system: one.mark for system, one in _cells(workspace, _plain(principle)).items()}
        cells += _core(principle, before, found, without, workspace)
    ranked = sorted(weights, key=lambda one: -len(one.changes))
    return Sensitivity(tuple(ranked), tuple(cells))


def _cells(workspace: Workspace, principle: PrincipleCriteria) -> dict[str, Cell]:
    """Return the cells of a principle, keyed by the IRI of the system."""
    scope = workspace.scope(principle)
    systems = (iri for iri in workspace.systems if iri in scope.systems)
    return {system: cell(scope.state, principle, system, workspace.selection.scope) for system in systems}


def is_contestable(provision: Provision) -> bool:
    """Return whether a provision decides cells although the wording does not plainly support it."""
    return provision.deciding and not provision.plain


def _plain(principle: PrincipleCriteria) -> PrincipleCriteria:
    """Return a principle without its contestable provisions."""
    return replace(principle, provisions=tuple(one for one in principle.provisions if not is_contestable(one)))


def _weight(
    workspace: Workspace, principle: PrincipleCriteria, provision: Provision, before: dict[str, Cell]
) -> ProvisionWeight | None:
    """Return the marks that change if a provision is dropped; None for a provision that decides nothing."""
    if not provision.deciding:
        return None
    rest = replace(principle, provisions=tuple(one for one in principle.provisions if one is not provision))
    changes = tuple(
        MarkChange(workspace.systems[system], before[system].mark, after.mark)
        for system, after in _cells(workspace, rest).items()
        if after.mark is not before[system].mark and {after.mark, before[system].mark} & DECIDED
    )
    label = principle.criteria[provision.criterion]
    return ProvisionWeight(
        principle,
        Entity(local_id(provision.iri), provision.iri, label),
        Entity(local_id(provision.criterion), provision.criterion, label),
        is_contestable(provision),
        changes,
    )


def _core(
    principle: PrincipleCriteria,
    before: dict[str, Cell],
    weights: list[ProvisionWeight],
    without: dict[str, Mark],
    workspace: Workspace,
) -> Iterator[CoreCell]:
    contestable = [weight for weight in weights if weight.contestable]
    for system, found in before.items():
        if found.mark in DECIDED:
            entity = workspace.systems[system]
            changing = (w for w in contestable if any(change.system is entity for change in w.changes))
            depends_on = tuple(weight.provision.id for weight in changing)
            yield CoreCell(principle, entity, found, depends_on, without[system])
