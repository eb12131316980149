"""Computes which cells of every reading new or withdrawn claims would change, before anything is written."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from scs_kg import store
from scs_kg.analysis.impact import CellImpact, StateChange, affected_tests, cell_impact
from scs_kg.analysis.proof import canonical_sources
from scs_kg.analysis.proposal import Proposal, read_proposal
from scs_kg.analysis.workspace import Workspace
from scs_kg.judging.state import JudgedState
from scs_kg.judging.supersessions import Supersession
from scs_kg.model.claims import Claim
from scs_kg.model.entity import Entity
from scs_kg.model.namespaces import SCS, local_id
from scs_kg.model.verdicts import OpenReason, Outcome
from scs_kg.store import Dataset, NamedNode


@dataclass(frozen=True, slots=True)
class ClaimSummary:
    """A claim that is added or withdrawn; its label is its statement.

    A claim does not count if it is ``late`` (later than the selection allows), or if the selection does not allow its
    mode. ``superseded_by`` is the IRI of the new claim or act that supersedes or retracts a withdrawn claim, or empty.
    """

    claim: Entity
    system: str
    feature: str
    finding: str
    late: bool = False
    other_mode: bool = False
    superseded_by: str = ""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The result of a what-if analysis: the claims added, withdrawn and already known, and the affected cells.

    ``withdrawn`` includes claims that a new retraction or supersession excludes. ``restored`` are the claims that count
    again, because the claims that superseded them are withdrawn or retracted. ``of`` is the number of all cells.
    ``closed`` has the ids of the readings in which new claims do not count (see ``ReadingScope.takes_new``).
    """

    added: tuple[ClaimSummary, ...]
    withdrawn: tuple[ClaimSummary, ...]
    restored: tuple[ClaimSummary, ...]
    known: tuple[str, ...]
    cells: tuple[CellImpact, ...]
    of: int
    as_of: str | None
    closed: tuple[str, ...]

    @property
    def changed(self) -> tuple[CellImpact, ...]:
        """Cells whose mark changes."""
        return tuple(c for c in self.cells if c.before.mark is not c.after.mark)

    @property
    def contested(self) -> tuple[CellImpact, ...]:
        """Cells in which a criterion becomes contested."""
        return tuple(
            c for c in self.cells if any(one.after.open_reason is OpenReason.CONTESTED for one in c.verdict_changes)
        )

    @property
    def inner(self) -> tuple[CellImpact, ...]:
        """Cells that keep their mark while a verdict in them changes."""
        return tuple(c for c in self.cells if c.before.mark is c.after.mark and c.verdict_changes)

    @property
    def supported(self) -> tuple[CellImpact, ...]:
        """Cells that keep their mark, and that depend on one source before the change but not after it."""
        return tuple(c for c in self._kept() if c.sources[0] == 1 and (c.sources[1] or 0) > 1)

    @property
    def weakened(self) -> tuple[CellImpact, ...]:
        """Cells that keep their mark, and that depend on one source after the change but not before it."""
        return tuple(c for c in self._kept() if c.sources[1] == 1 and (c.sources[0] or 0) > 1)

    @property
    def open(self) -> tuple[CellImpact, ...]:
        """Cells that keep their mark and stay open."""
        return tuple(c for c in self._kept() if c.after.outcome is Outcome.CANT_TELL)

    def _kept(self) -> tuple[CellImpact, ...]:
        return tuple(c for c in self.cells if c.before.mark is c.after.mark)


def whatif(workspace: Workspace, ntriples: str = "", without: Iterable[str] = ()) -> WhatIf:
    """Return the effect of adding triples (N-Triples) and withdrawing claims.

    ``without`` names claims and sources by id or IRI, or a source by its title. Withdrawing a source withdraws all
    claims that have it as source or primary source. The triples must be valid (see ``contribute.check``).

    Raises:
        UnknownNameError: there is no such claim or source, or a new claim is about an unknown system.
        WrongUseError: a new claim lacks its system, feature or finding, or differs from a known claim with its IRI.
    """
    proposal = read_proposal(workspace, ntriples, without)
    draft, new, withdrawn, late = proposal.draft, proposal.new, proposal.withdrawn, proposal.late
    superseded, restored = _superseded_and_restored(workspace.whole, proposal)
    workspace = replace(workspace, canonical_sources=canonical_sources(workspace.dataset, draft))
    changes = {written_for: proposal.on(scope) for written_for, scope in workspace.scopes.items()}
    return WhatIf(
        added=tuple(
            _summary(workspace, draft, claim, late=claim.iri in late, other_mode=claim.iri in proposal.uncounted)
            for claim in new
            if claim.iri not in withdrawn
        ),
        withdrawn=tuple(
            replace(_summary(workspace, workspace.dataset, claim), superseded_by=superseded.get(iri, ""))
            for iri in sorted(withdrawn | superseded.keys())
            if (claim := workspace.whole.claim(iri))
        ),
        restored=tuple(
            _summary(workspace, workspace.dataset, claim)
            for iri in sorted(restored)
            if (claim := workspace.whole.claim(iri))
        ),
        known=proposal.known,
        cells=tuple(_impacts(workspace, changes)),
        of=sum(len(workspace.scope(principle).systems) for principle in workspace.principles),
        as_of=workspace.selection.as_of,
        closed=tuple(
            dict.fromkeys(a.choice.reading.id for a in workspace.principles if new and not workspace.scope(a).takes_new)
        ),
    )


def _superseded_and_restored(state: JudgedState, proposal: Proposal) -> tuple[dict[str, str], set[str]]:
    """Return the claims that a new claim or act excludes, with the IRIs of the causes, and the restored claims.

    A claim of any mode supersedes other claims.
    """
    own = [Supersession(claim.iri, earlier) for claim in proposal.claims for earlier in claim.supersedes]
    links, before = [*own, *proposal.acts], state.supersessions
    after = before.without(proposal.withdrawn).with_links(links)
    named = before.affected_by(proposal.withdrawn) | after.affected_by(link.later for link in links)
    touched = named - proposal.withdrawn
    excluded = {iri: min(by) for iri in touched if not before.excluding(iri) and (by := after.excluding(iri))}
    return excluded, {iri for iri in touched if before.excluding(iri) and not after.excluding(iri)}


def _impacts(workspace: Workspace, changes: Mapping[str | None, StateChange]) -> Iterator[CellImpact]:
    """Yield each cell that the changes affect; ``changes`` has the keys of ``workspace.scopes``."""
    affected = {
        (written_for, system): affected_tests(made, system)
        for written_for, made in changes.items()
        for system in made.after.touched
        if system in workspace.scopes[written_for].systems
    }
    for principle in workspace.principles:
        tests = principle.criteria.keys() | principle.conditions
        for key in ((principle.choice.written_for, system) for system in workspace.systems):
            if key in affected and not affected[key].keys().isdisjoint(tests):
                yield cell_impact(workspace, changes[key[0]], affected[key], principle, key[1])


def _summary(
    workspace: Workspace,
    dataset: Dataset,
    claim: Claim,
    *,
    late: bool = False,
    other_mode: bool = False,
) -> ClaimSummary:
    statement = [store.text(term) for term in store.objects(dataset, NamedNode(claim.iri), SCS + "statement")]
    system, feature = workspace.systems.get(claim.system), workspace.features.get(claim.feature)
    return ClaimSummary(
        Entity(local_id(claim.iri), claim.iri, statement[0] if statement else ""),
        system.label if system else local_id(claim.system),
        feature.label if feature else local_id(claim.feature),
        claim.finding,
        late,
        other_mode,
    )
