"""Proves a cell: which claims decide it, and which claims or sources it would take to lose for it to change.

All is read off formulas over claims that are kept or lost. When the cell changes is the dual of when it stays, as sets
of losses beside sets of what has to be kept; the smallest losses among them are all that there are. Where these sets
are too many, the smallest size is still found, by losses that take a claim of each guarantee that is left (a
hitting-set tree; R. Reiter, A theory of diagnosis from first principles, Artificial Intelligence 32, 1987, section 4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scs_kg import store
from scs_kg.analysis.dependencies import Dependencies, dependencies
from scs_kg.judging.principles import PrincipleCriteria
from scs_kg.judging.state import JudgedState
from scs_kg.model.errors import EngineError
from scs_kg.model.formula import (
    Fact,
    Formula,
    conjunction,
    disjunction,
    dual,
    minimal_sets,
    prime_implicants,
    substitute,
)
from scs_kg.model.namespaces import SCS
from scs_kg.model.verdicts import Outcome
from scs_kg.store import Dataset

MOST: Final = 10_000
"""How many sets are weighed before a search stops and says so."""

NOTHING: Final[frozenset[str]] = frozenset()
NO_SETS: Final[frozenset[frozenset[str]]] = frozenset()
Names = tuple[str, ...]
Sets = frozenset[frozenset[str]]
Units = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class MinimalRetraction:
    """Claims or sources, by IRI and in order, and the outcome that the cell would have without them."""

    names: Names
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class MinimalRetractions:
    """What it takes to change a cell: the size of the smallest sets, 0 if nothing can, and the sets, smallest first.

    ``complete`` says that ``sets`` are all of which no part would do; else there are too many, and these are all of
    the smallest size.
    """

    fewest: int
    sets: tuple[MinimalRetraction, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Proof:
    """Why a cell is as it is, and how firmly.

    ``deciding`` are the smallest sets of claims that decide it by themselves: none if it is open, None if there are too
    many to list. ``witnesses`` are the independent sources, by IRI, that the claims able to decide it name.
    """

    deciding: tuple[Names, ...] | None
    witnesses: Names
    claims: MinimalRetractions
    sources: MinimalRetractions


def canonical_sources(*datasets: Dataset) -> Mapping[str, str]:
    """Return for each source of the datasets that repeats another's text the one that stands for it."""
    repeats = dict(sorted(pair for dataset in datasets for pair in store.subject_objects(dataset, SCS + "sameTextAs")))

    def canonical(source: str, seen: frozenset[str] = NOTHING) -> str:
        following = repeats.get(source)
        return source if following is None or following in seen else canonical(following, seen | {source})

    return {source: canonical(source) for source in repeats}


def prove(
    state: JudgedState, principle: PrincipleCriteria, system: str, canonical: Mapping[str, str], most: int = MOST
) -> Proof:
    """Prove the cell of a principle and a system, by IRI; ``canonical`` is the result of ``canonical_sources``.

    A claim falls with each document that it names, read or cited; documents with one text are one source.

    Raises:
        EngineError: too many claims bear on the cell, or not even the size of the smallest losses can be had within
            ``most`` sets.
    """
    found = dependencies(state, principle, system)
    named = sources_of(found, canonical)
    sets = prime_implicants(found.alone, most) if found.alone else frozenset()
    able = {fact.feature for chosen in sets for fact in chosen} if sets is not None else found.claims
    return Proof(
        deciding=None if sets is None else tuple(sorted((_names(chosen) for chosen in sets), key=_order)),
        witnesses=tuple(sorted({source for claim in able for source in named[claim]})),
        claims=minimal_retractions(found, {claim: frozenset({claim}) for claim in found.claims}, most=most),
        sources=minimal_retractions(found, named, most=most),
    )


def sources_of(found: Dependencies, canonical: Mapping[str, str]) -> Units:
    """Return for each claim that a cell can hang on the independent sources that it names."""
    return {iri: frozenset(canonical.get(s, s) for s in claim.sources) for iri, claim in found.claims.items()}


def minimal_retractions(
    found: Dependencies, units: Units, *, smallest_only: bool = False, most: int = MOST
) -> MinimalRetractions:
    """Find what it takes to change a cell, where a claim is lost with each of its units: itself, or its sources.

    Raises:
        EngineError: not even one is found within ``most`` sets.
    """
    outcome = found.without(NOTHING)
    stays = substitute(found.outcomes[outcome], lambda fact: _by_units(fact, units))
    terms = None if smallest_only else prime_implicants(dual(stays), most)
    if terms is None:
        retractions = _fewest(stays, most)
    else:
        retractions = minimal_sets(frozenset(fact.feature for fact in term if not fact.present) for term in terms)
    lost = {
        retraction: frozenset(claim for claim, names in units.items() if not retraction.isdisjoint(names))
        for retraction in retractions
    }
    sets = sorted(
        (MinimalRetraction(tuple(sorted(retraction)), found.without(claims)) for retraction, claims in lost.items()),
        key=_by_size,
    )
    return MinimalRetractions(len(sets[0].names) if sets else 0, tuple(sets), complete=terms is not None)


def _by_units(fact: Fact, units: Units) -> Formula:
    """Return that a claim is kept, or lost, as a formula over its units."""
    parts = (Fact(unit, fact.present) for unit in sorted(units[fact.feature]))
    return conjunction(*parts) if fact.present else disjunction(*parts)


def _fewest(stays: Formula, most: int) -> Sets:
    """Return the sets of the smallest size whose loss makes the formula untrue, none if there is no such set.

    Level by level: losses that make it untrue have to take one of its guarantees, without the others or with them.
    """
    level, tried = {NOTHING}, 0
    while level:
        retractions: set[frozenset[str]] = set()
        fresh: set[frozenset[str]] = set()
        for lost in sorted(level, key=sorted):
            tried += 1
            if tried > most:
                raise EngineError(
                    f"the smallest loss that changes the cell is not known: {most:,} sets of losses were tried; "
                    "select fewer claims, for example with --as-of"
                )
            kept_by = _guarantee(stays, lost)
            if kept_by is None:
                retractions.add(lost)
            else:
                fresh |= {lost | {unit} for unit in kept_by}
        if retractions:
            return frozenset(retractions)
        level = fresh
    return NO_SETS


def _guarantee(stays: Formula, lost: frozenset[str]) -> frozenset[str] | None:
    """Return units that keep the formula true while they are kept, whatever else is lost; None if it is not true."""
    if isinstance(stays, Fact):
        is_lost = stays.feature in lost
        if stays.present:
            return None if is_lost else frozenset({stays.feature})
        return NOTHING if is_lost else None
    parts = sorted((p for part in stays.parts if (p := _guarantee(part, lost)) is not None), key=len)
    return NOTHING.union(*parts[: stays.count]) if len(parts) >= stays.count else None


def _names(chosen: frozenset[Fact]) -> Names:
    return tuple(sorted(fact.feature for fact in chosen))


def _order(names: Names) -> tuple[int, Names]:
    return len(names), names


def _by_size(retraction: MinimalRetraction) -> tuple[int, Names]:
    return _order(retraction.names)
