"""New and withdrawn claims that are proposed, and the judged states after them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from types import MappingProxyType

from scs_kg import store
from scs_kg.analysis.impact import StateChange
from scs_kg.analysis.workspace import ReadingScope, Workspace
from scs_kg.judging.read_claims import read_claims, read_supersessions
from scs_kg.judging.selection import MODE_OF
from scs_kg.judging.state import JudgedState, change, uncount
from scs_kg.judging.supersessions import Supersession, Supersessions
from scs_kg.model.claims import Claim
from scs_kg.model.entity import Entity
from scs_kg.model.namespaces import RDF, SCS, local_id
from scs_kg.model.selection import last_day
from scs_kg.store import Dataset, Triple
from scs_kg.store.dataset import add_triples, empty_dataset, statements_of
from scs_kg.store.labels import resolve


@dataclass(frozen=True, slots=True)
class Proposal:
    """New claims, new supersession and retraction acts, and the IRIs of claims to withdraw.

    ``draft`` has the triples of the new records, and ``new`` has all claims in ``draft``. ``known`` has the IRIs of
    claims that the data has already. ``claims`` are the new claims that the selection by date allows; ``late`` are the
    new claims that it excludes. ``uncounted`` are claims that do not count because of their mode, but still supersede
    other claims.
    """

    draft: Dataset
    known: tuple[str, ...]
    new: tuple[Claim, ...]
    claims: tuple[Claim, ...]
    late: frozenset[str]
    acts: tuple[Supersession, ...]
    withdrawn: frozenset[str]
    uncounted: frozenset[str]

    def on(self, scope: ReadingScope) -> StateChange:
        """Apply the proposal to a scope. New claims count only if ``takes_new`` is set; acts apply to every scope."""
        state, claims = scope.state, self.claims if scope.takes_new else ()

        def change_only(part: frozenset[str]) -> JudgedState:
            added, acts = [c for c in claims if c.iri in part], [act for act in self.acts if act.later in part]
            return self._changed(state, added, self.withdrawn & part, acts)

        withdrawn = frozenset(iri for iri in self.withdrawn if state.claim(iri))
        added = frozenset(claim.iri for claim in claims) | {act.later for act in self.acts}
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


def read_proposal(workspace: Workspace, ntriples: str = "", without: Iterable[str] = ()) -> Proposal:
    """Return the proposal to add triples (N-Triples) and to withdraw claims and sources, given by name.

    Raises:
        UnknownNameError: there is no such claim or source, or a new claim is about an unknown system.
        WrongUseError: a new claim lacks its system, feature or finding, or differs from a known claim with its IRI.
    """
    draft, known = _new(workspace.dataset, ntriples)
    new = tuple(read_claims(draft))
    withdrawn = _withdrawn(workspace, draft, new, tuple(without))
    late = _late(new, workspace.selection.as_of)
    counted = tuple(claim for claim in new if claim.iri not in withdrawn | late)
    fresh = {claim.iri for claim in new}
    mode = workspace.selection.mode
    return Proposal(
        draft=draft,
        known=known,
        new=new,
        claims=counted,
        late=late,
        acts=tuple(link for link in read_supersessions(draft) if link.later not in fresh),
        withdrawn=withdrawn,
        uncounted=frozenset(claim.iri for claim in counted if mode and claim.mode is not MODE_OF[mode]),
    )


def with_claims(workspace: Workspace, ntriples: str = "", without: Iterable[str] = ()) -> Workspace:
    """Return a workspace judged with new triples and without some claims; errors are those of ``read_proposal``."""
    proposal = read_proposal(workspace, ntriples, without)
    scopes = {key: replace(scope, state=proposal.on(scope).after) for key, scope in workspace.scopes.items()}
    return replace(workspace, scopes=MappingProxyType(scopes))


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


def _late(claims: Iterable[Claim], as_of: str | None) -> frozenset[str]:
    """Return the IRIs of the claims that a selection by this date excludes: later and undated ones."""
    if as_of is None:
        return frozenset()
    return frozenset(claim.iri for claim in claims if not claim.as_of or last_day(claim.as_of) > last_day(as_of))
