"""Computes which cells of every reading new or withdrawn claims would change, before anything is written."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from scs_kg import store
from scs_kg.analysis.impact import CellImpact, StateChange, affected_tests, cell_impact
from scs_kg.analysis.proof import canonical_sources
from scs_kg.analysis.workspace import ReadingScope, Workspace
from scs_kg.judging.read_claims import Supersessions, read_claims, read_supersessions
from scs_kg.judging.selection import MODE_OF
from scs_kg.judging.state import JudgedState, change, uncount
from scs_kg.model.claims import Claim
from scs_kg.model.entity import Entity
from scs_kg.model.namespaces import RDF, SCS, local_id
from scs_kg.model.selection import last_day
from scs_kg.model.verdicts import OpenReason, Outcome
from scs_kg.store import Dataset, NamedNode, Triple
from scs_kg.store.dataset import add_triples, empty_dataset, statements_of
from scs_kg.store.labels import resolve


@dataclass(frozen=True, slots=True)
class ClaimSummary:
    """A claim added or withdrawn, labelled by its statement.

    It does not count if it is ``late``, later than the selection allows, or if it has another mode than it allows.
    ``superseded_by`` is the IRI of the new claim or act that supersedes or retracts a withdrawn claim; empty if none.
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

    ``withdrawn`` includes claims that a new retraction or supersession excludes. ``of`` is the number of all cells.
    ``closed`` are the readings, by id, in which new claims do not count (see ``ReadingScope.takes_new``).
    """

    added: tuple[ClaimSummary, ...]
    withdrawn: tuple[ClaimSummary, ...]
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


@dataclass(frozen=True, slots=True)
class _Proposal:
    """New claims, new supersession and retraction acts, and the IRIs of claims to withdraw.

    ``uncounted`` are new claims that do not count because of their mode, but still supersede other claims.
    """

    claims: tuple[Claim, ...]
    acts: tuple[tuple[str, str], ...]
    withdrawn: frozenset[str]
    uncounted: frozenset[str]

    def on(self, scope: ReadingScope) -> StateChange:
        """Apply the proposal to a scope. New claims count only if ``takes_new`` is set; acts apply to every scope."""
        state, claims = scope.state, self.claims if scope.takes_new else ()

        def change_only(part: frozenset[str]) -> JudgedState:
            added, acts = [c for c in claims if c.iri in part], [pair for pair in self.acts if pair[0] in part]
            return self._changed(state, added, self.withdrawn & part, acts)

        withdrawn = frozenset(iri for iri in self.withdrawn if state.claim(iri))
        added = frozenset(claim.iri for claim in claims) | {later for later, _ in self.acts}
        after = self._changed(state, claims, self.withdrawn, self.acts)
        return StateChange(state, after, withdrawn | added, change_only)

    def _changed(
        self, state: JudgedState, claims: Collection[Claim], withdrawn: frozenset[str], acts: Supersessions
    ) -> JudgedState:
        """Return the state after a change; ``touched`` has the systems that any step judged again."""
        after = change(state, claims, withdrawn, acts)
        if not (uncounted := self.uncounted & {claim.iri for claim in claims}):
            return after
        counted = uncount(after, uncounted)
        return replace(counted, touched=tuple(sorted({*after.touched, *counted.touched})))


def whatif(workspace: Workspace, ntriples: str = "", without: Iterable[str] = ()) -> WhatIf:
    """Return the effect of adding triples (N-Triples) and withdrawing claims.

    ``without`` names claims and sources by id or IRI, or a source by its title. Withdrawing a source withdraws all
    claims that have it as source or primary source. The triples must be valid (see ``contribute.check``).

    Raises:
        UnknownNameError: there is no such claim or source, or a new claim is about an unknown system.
        WrongUseError: a new claim lacks its system, feature or finding, or differs from a known claim with its IRI.
    """
    draft, known = _new(workspace.dataset, ntriples)
    new = read_claims(draft)
    withdrawn = _withdrawn(workspace, draft, new, tuple(without))
    late = _late(new, workspace.selection.as_of)
    counted = tuple(claim for claim in new if claim.iri not in withdrawn | late)
    fresh = {claim.iri for claim in new}
    mode = workspace.selection.mode
    other_mode = frozenset(claim.iri for claim in counted if mode and claim.mode is not MODE_OF[mode])
    acts = tuple(pair for pair in read_supersessions(draft) if pair[0] not in fresh)
    proposal = _Proposal(counted, acts, withdrawn, other_mode)
    superseded = _superseded(workspace, proposal)
    workspace = replace(workspace, canonical_sources=canonical_sources(workspace.dataset, draft))
    changes = {written_for: proposal.on(scope) for written_for, scope in workspace.scopes.items()}
    return WhatIf(
        added=tuple(
            _summary(workspace, draft, claim, late=claim.iri in late, other_mode=claim.iri in other_mode)
            for claim in new
            if claim.iri not in withdrawn
        ),
        withdrawn=tuple(
            replace(_summary(workspace, workspace.dataset, claim), superseded_by=superseded.get(iri, ""))
            for iri in sorted(withdrawn | superseded.keys())
            if (claim := workspace.whole.claim(iri))
        ),
        known=known,
        cells=tuple(_impacts(workspace, changes)),
        of=sum(len(workspace.scope(principle).systems) for principle in workspace.principles),
        as_of=workspace.selection.as_of,
        closed=tuple(
            dict.fromkeys(a.choice.reading.id for a in workspace.principles if new and not workspace.scope(a).takes_new)
        ),
    )


def _superseded(workspace: Workspace, proposal: _Proposal) -> dict[str, str]:
    """Return the claims that a new claim or act is the first to supersede or retract, and the IRI of that claim or act.

    A claim supersedes other claims whatever its mode is.
    """
    pairs = [*((claim.iri, earlier) for claim in proposal.claims for earlier in claim.supersedes), *proposal.acts]
    return {earlier: later for later, earlier in pairs if not workspace.whole.superseded_by.get(earlier)}


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


def _new(dataset: Dataset, ntriples: str) -> tuple[Dataset, tuple[str, ...]]:
    """Return a dataset with all triples of the new or changed subjects, and the sorted IRIs of unchanged claims."""
    statements: dict[str, list[Triple]] = {}
    for triple in store.parse_triples(ntriples.encode(), "ntriples"):
        statements.setdefault(store.text(triple.subject), []).append(triple)
    new = {iri for iri, triples in statements.items() if not set(triples) <= set(statements_of(dataset, iri))}
    draft = empty_dataset()
    add_triples(draft, (triple for iri in new for triple in statements[iri]))
    return draft, tuple(
        sorted(iri for iri in statements.keys() - new if store.has_triple(dataset, iri, SCS + "finding", None))
    )


def _withdrawn(workspace: Workspace, draft: Dataset, new: Iterable[Claim], without: tuple[str, ...]) -> frozenset[str]:
    if not without:
        return frozenset()
    claims = [*new, *(claim for judged in workspace.whole.system_states.values() for claim in judged.claims.values())]
    sources = {store.text(term) for term in store.subjects(draft, RDF + "type", SCS + "Source")} | workspace.sources
    known = [Entity(local_id(iri), iri, "") for iri in [*(claim.iri for claim in claims), *sorted(sources)]]
    chosen = {resolve(workspace.dataset, name, "claim or source", known).iri for name in without}
    return frozenset(claim.iri for claim in claims if claim.iri in chosen or not claim.sources.isdisjoint(chosen))


def _late(claims: Iterable[Claim], as_of: str | None) -> set[str]:
    """Return the IRIs of the claims that a selection by this date excludes: later and undated ones."""
    if as_of is None:
        return set()
    return {claim.iri for claim in claims if not claim.as_of or last_day(claim.as_of) > last_day(as_of)}


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
