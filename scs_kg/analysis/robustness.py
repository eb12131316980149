"""Ranks decided cells by the number of independent sources and claims whose removal would change them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scs_kg.analysis.dependencies import dependencies
from scs_kg.analysis.proof import minimal_retractions, sources_of
from scs_kg.analysis.workspace import Workspace
from scs_kg.judging.principles import PrincipleCriteria
from scs_kg.judging.state import JudgedState
from scs_kg.model.entity import Entity
from scs_kg.model.errors import EngineError
from scs_kg.model.matrix import Cell
from scs_kg.model.verdicts import Outcome


@dataclass(frozen=True, slots=True)
class CellRobustness:
    """The robustness of a decided cell.

    ``claims`` is the smallest number of claims whose removal changes the outcome. ``sources`` is the smallest number of
    independent sources; all claims of a source are removed with it. Both numbers are 0 if no removal changes the
    outcome, and None if too many claims affect the cell. ``only`` has the IRI of each source whose removal alone
    changes the outcome.
    """

    principle_criteria: PrincipleCriteria
    system: Entity
    cell: Cell
    claims: int | None
    sources: int | None
    only: tuple[str, ...]


Fewest = tuple[int | None, int | None, tuple[str, ...]]


def rank(workspace: Workspace) -> tuple[CellRobustness, ...]:
    """Return the robustness of every decided cell, the least robust first, then in the order of the comparison."""
    found = sorted(_decided_cells(workspace), key=lambda one: (one.sources or _LAST, one.claims or _LAST))
    return tuple(found)


_LAST = 10**9
"""The sort key of a cell whose number is unknown or 0 (no removal changes the cell); such cells come last."""


def _decided_cells(workspace: Workspace) -> Iterator[CellRobustness]:
    seen: dict[tuple[object, ...], Fewest] = {}
    for principle, cell in workspace.cells():
        if cell.outcome is not Outcome.CANT_TELL:
            key = principle.choice.written_for, cell.system, principle.provisions, principle.rule, principle.premises
            if key not in seen:
                state = workspace.scope(principle).state
                seen[key] = fewest_withdrawals(state, principle, cell.system, workspace.canonical_sources)
            yield CellRobustness(principle, workspace.systems[cell.system], cell, *seen[key])


def fewest_withdrawals(
    state: JudgedState, principle: PrincipleCriteria, system: str, canonical: Mapping[str, str]
) -> Fewest:
    """Return ``claims``, ``sources`` and ``only`` of ``CellRobustness`` for the cell of a principle and a system.

    The system is given by IRI; ``canonical`` is the result of ``canonical_sources``. The function is faster than a
    proof, because it computes only the smallest sets.
    """
    try:
        found = dependencies(state, principle, system)
        claims = minimal_retractions(found, {iri: frozenset({iri}) for iri in found.claims}, smallest_only=True)
        sources = minimal_retractions(found, sources_of(found, canonical), smallest_only=True)
    except EngineError:
        return None, None, ()
    only = tuple(retraction.names[0] for retraction in sources.sets) if sources.fewest == 1 else ()
    return claims.fewest, sources.fewest, only
