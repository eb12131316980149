"""Proves a cell: which claims decide it, and which claims or sources it would take to lose for it to change.

What decides is read off the monotone formulas. What a loss changes is found by following guarantees: losses that
change a cell have to take a claim of each guarantee that the cell has without the others, so that every smallest set is
met, by size (a hitting-set tree; R. Reiter, A theory of diagnosis from first principles, Artificial Intelligence 32,
1987, section 4).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from scs_kg import store
from scs_kg.cells import Asked
from scs_kg.errors import EngineError
from scs_kg.grounds import Grounds, Names, decisive, establishing, grounds, guarantee, outcome_without
from scs_kg.incremental import Judged
from scs_kg.model import Fact, Formula, Outcome
from scs_kg.namespaces import SCS
from scs_kg.store import Dataset

TRIED: Final = 5_000
"""How many sets a search looks at, or keeps, before it stops and says so."""

NOTHING: Final[frozenset[str]] = frozenset()
Sets = frozenset[frozenset[str]]
NO_SETS: Final[Sets] = frozenset()


@dataclass(frozen=True, slots=True)
class Loss:
    """Claims or sources, by IRI and in order, and the outcome that the cell would have without them."""

    names: Names
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Losses:
    """What it takes to change a cell: the size of the smallest sets, 0 if nothing can, and the sets, smallest first.

    ``complete`` says that ``sets`` are all sets of which no part would do; else they are some of the smallest.
    """

    fewest: int
    sets: tuple[Loss, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Proof:
    """Why a cell is as it is, and how firmly.

    ``deciding`` are the smallest sets of claims that decide it by themselves: none if it is open, None if there are too
    many to list. ``witnesses`` are the independent sources, by IRI, that the claims able to decide it name.
    """

    deciding: tuple[Names, ...] | None
    witnesses: Names
    claims: Losses
    sources: Losses


def texts(dataset: Dataset) -> Mapping[str, str]:
    """Return for each source that repeats another's text the one that stands for it."""
    same = dict(sorted(store.pairs(dataset, SCS + "sameTextAs")))

    def stands(source: str, seen: frozenset[str] = NOTHING) -> str:
        following = same.get(source)
        return source if following is None or following in seen else stands(following, seen | {source})

    return {source: stands(source) for source in same}


def prove(state: Judged, asked: Asked, system: str, same: Mapping[str, str], tried: int = TRIED) -> Proof:
    """Prove the cell of a principle and a system, by IRI; ``same`` is what ``texts`` gives.

    A claim falls with each document that it names, read or cited; documents with one text are one source.

    Raises:
        EngineError: not even the size of the smallest losses is known after as many sets as may be tried.
    """
    found = grounds(state, asked, system)
    outcome = outcome_without(found, NOTHING)
    formula, by = decisive(found, outcome), establishing(found)
    sets = _combined(formula, by, tried) if formula else NO_SETS
    able = {c for chosen in sets for c in chosen} if sets is not None else {c for claims in by.values() for c in claims}
    named = sources_of(state, found, same)
    return Proof(
        deciding=None if sets is None else tuple(sorted((tuple(sorted(chosen)) for chosen in sets), key=_order)),
        witnesses=tuple(sorted({source for claim in able for source in named[claim]})),
        claims=losses(found, {claim: frozenset({claim}) for claim in named}, tried=tried),
        sources=losses(found, named, tried=tried),
    )


def sources_of(state: Judged, found: Grounds, same: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    """Return for each claim that a cell can hang on the independent sources that it names."""
    claims = (claim for iri in found.claims() if (claim := state.claim(iri)))
    return {claim.iri: frozenset(same.get(source, source) for source in claim.sources) for claim in claims}


def losses(
    found: Grounds, units: Mapping[str, frozenset[str]], *, smallest: bool = False, tried: int = TRIED
) -> Losses:
    """Find what it takes to change a cell, where a claim is lost with each of its units: itself, or its sources.

    With ``smallest``, only the sets of the smallest size are looked for.

    Raises:
        EngineError: none is found among as many sets as may be tried.
    """
    outcome, carried = outcome_without(found, NOTHING), _carried(units)
    hits: list[frozenset[str]] = []
    level, looked = {NOTHING}, 0
    while level and not (smallest and hits):
        fresh: set[frozenset[str]] = set()
        for chosen in (c for c in sorted(level, key=sorted) if not any(hit < c for hit in hits)):
            looked += 1
            if looked > tried:
                return _given_up(found, hits, carried, tried)
            kept_by = guarantee(found, outcome, _lost(chosen, carried))
            if kept_by is None:
                hits.append(chosen)
            else:
                fresh |= {chosen | {unit} for claim in kept_by for unit in units[claim] - chosen}
        level = fresh
    return _found(found, hits, carried, complete=True)


def _carried(units: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]]:
    carried: dict[str, set[str]] = defaultdict(set)
    for claim, names in units.items():
        for name in names:
            carried[name].add(claim)
    return {name: frozenset(claims) for name, claims in carried.items()}


def _lost(chosen: Iterable[str], carried: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return NOTHING.union(*(carried[name] for name in chosen))


def _given_up(found: Grounds, hits: list[frozenset[str]], carried: Mapping[str, frozenset[str]], tried: int) -> Losses:
    if not hits:
        raise EngineError(
            f"what it takes to change a cell is not known: none of {tried:,} sets of losses changes it; "
            "fewer claims, for example by --as-of or --min-confidence, can be told"
        )
    return _found(found, [hit for hit in hits if len(hit) == len(hits[0])], carried, complete=False)


def _found(
    found: Grounds, hits: list[frozenset[str]], carried: Mapping[str, frozenset[str]], *, complete: bool
) -> Losses:
    sets = (Loss(tuple(sorted(hit)), outcome_without(found, _lost(hit, carried))) for hit in hits)
    return Losses(len(hits[0]) if hits else 0, tuple(sorted(sets, key=lambda loss: _order(loss.names))), complete)


def _order(names: Names) -> tuple[int, Names]:
    return len(names), names


def _combined(formula: Formula, by: Mapping[Fact, Names], most: int) -> Sets | None:
    """Return every smallest set of claims that makes a formula true; None if more than ``most`` have to be weighed."""
    if isinstance(formula, Fact):
        return frozenset(frozenset({claim}) for claim in by.get(formula, ()))
    chosen: list[Sets] = [frozenset({NOTHING}), *(NO_SETS for _ in range(formula.count))]
    for part in formula.parts:
        own = _combined(part, by, most)
        if own is None:
            return None
        for count in range(formula.count, 0, -1):
            if len(chosen[count]) + len(chosen[count - 1]) * len(own) > most:
                return None
            joined = {one | other for one in chosen[count - 1] for other in own}
            chosen[count] = _least(chosen[count] | joined)
    return chosen[formula.count]


def _least(sets: Iterable[frozenset[str]]) -> Sets:
    """Return the sets without those that hold a smaller one."""
    by_size: dict[int, set[frozenset[str]]] = defaultdict(set)
    for chosen in sets:
        by_size[len(chosen)].add(chosen)
    kept: set[frozenset[str]] = set()
    for _, alike in sorted(by_size.items()):
        kept |= {chosen for chosen in alike if not any(other < chosen for other in kept)}
    return frozenset(kept)
