"""The cells that a change of claims bears on, before and after it, with what turns in them and by which claims."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from scs_kg.basis import Basis, cell
from scs_kg.cells import Asked
from scs_kg.errors import EngineError
from scs_kg.explain import Missing
from scs_kg.formula import facts
from scs_kg.grounds import contradict, grounds
from scs_kg.incremental import Judged
from scs_kg.model import Cell, Criterion, Fact, Outcome, Thing, Verdict
from scs_kg.namespaces import local_id
from scs_kg.proof import losses, sources_of
from scs_kg.settle import settling

MANY = 20
"""How many claims are tried one by one for whether a verdict turns without them; of more, all are named."""

Remake = Callable[[frozenset[str]], Judged]
Reach = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Turn:
    """A criterion whose verdict changes, and claims, by IRI, that are enough for it and none of them too many."""

    criterion: Thing
    before: Verdict
    after: Verdict
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consequence:
    """A cell that claims bear on, before and after.

    ``sources`` are how many independent sources have to fall before the outcome is another, before and after: None if
    it is open, or if too many claims bear on the cell to tell. ``missing`` are single findings that would settle a
    criterion that stays open.
    """

    asked: Asked
    system: Thing
    before: Cell
    after: Cell
    turns: tuple[Turn, ...]
    sources: tuple[int | None, int | None]
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Two states of the same systems, the IRIs of the claims that are in one of them only, and a way to go partway.

    ``remake`` gives the state in which only some of those claims are changed.
    """

    before: Judged
    after: Judged
    changed: frozenset[str]
    remake: Remake


def reach(change: Change, system: str) -> Reach:
    """Return for each criterion, by IRI, the changed claims that can touch its verdict on a system, if there are any.

    A claim touches what it bears on, and what those bear on that it sets aside or that either of them contradicts.
    """
    touched: dict[str, set[str]] = {}
    for state in (change.before, change.after):
        claims = state.cases[system].claims
        for iri in change.changed:
            own = [claims[iri]] if iri in claims else []
            own += [claim for claim in claims.values() if iri in state.replaced.get(claim.iri, ())]
            near = [*own, *(other for other in claims.values() for claim in own if contradict(state, claim, other))]
            touched.setdefault(iri, set()).update(f for claim in near for f in state.rules.borne(claim))
    found: dict[str, frozenset[str]] = {}
    for criterion in change.after.rules.criteria:
        tested = {fact.feature for fact in _tested(criterion)}
        by = frozenset(iri for iri, features in touched.items() if not tested.isdisjoint(features))
        found |= {criterion.iri: by} if by else {}
    return found


def _tested(criterion: Criterion) -> Iterator[Fact]:
    yield from facts(criterion.formula)
    yield from facts(criterion.applies_if) if criterion.applies_if else ()


def consequence(basis: Basis, change: Change, reached: Reach, asked: Asked, system: str) -> Consequence:
    """Return what a change does to the cell of a principle and a system, by IRI."""
    before, after = cell(change.before, asked, system), cell(change.after, asked, system)
    return Consequence(
        asked,
        basis.systems[system],
        before,
        after,
        tuple(_turns(change, reached, asked, before, after)),
        (_sources(basis, change.before, asked, before), _sources(basis, change.after, asked, after)),
        tuple(_missing(basis, change.after, after)),
    )


def _turns(change: Change, reached: Reach, asked: Asked, before: Cell, after: Cell) -> Iterator[Turn]:
    for was, then in zip(before.verdicts, after.verdicts, strict=True):
        if (was.outcome, was.why) != (then.outcome, then.why):
            criterion = Thing(local_id(then.criterion), then.criterion, asked.criteria[then.criterion])
            yield Turn(criterion, was, then, _enough(change, reached[then.criterion], then))


def _enough(change: Change, bearing: frozenset[str], then: Verdict) -> tuple[str, ...]:
    """Take away one claim after the other as long as the verdict still turns as it does."""
    kept = sorted(bearing)
    for claim in kept[:] if 1 < len(kept) <= MANY else ():
        fewer = frozenset(kept) - {claim}
        found = next(v for v in change.remake(fewer).cases[then.system].verdicts if v.criterion == then.criterion)
        if (found.outcome, found.why) == (then.outcome, then.why):
            kept.remove(claim)
    return tuple(kept)


def _sources(basis: Basis, state: Judged, asked: Asked, found: Cell) -> int | None:
    if found.outcome is Outcome.CANT_TELL:
        return None
    try:
        cause = grounds(state, asked, found.system)
        return losses(cause, sources_of(cause, basis.same), smallest_only=True).fewest
    except EngineError:
        return None


def _missing(basis: Basis, state: Judged, found: Cell) -> Iterator[Missing]:
    """Yield each finding that would settle a criterion which the cell leaves open, if the cell itself is open."""
    if found.outcome is Outcome.CANT_TELL:
        still = {verdict.criterion for verdict in found.verdicts if verdict.outcome is Outcome.CANT_TELL}
        evidence = state.cases[found.system].evidence
        for criterion in (c for c in state.rules.criteria if c.iri in still):
            for one in settling(criterion, found.system, evidence, state.rules.above):
                yield Missing(basis.features[one.feature], one.finding, one.outcome)
