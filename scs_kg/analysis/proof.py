"""Proves a cell: the minimal sets of claims that decide it, and the minimal sets whose removal changes it.

The sets are computed from the formulas of ``dependencies``, in which each claim is kept or removed. The outcome of a
cell changes exactly if the dual of its formula is true. For an open cell, the formula also says whether the cell is
partly met, because withdrawals can change the mark of an open cell while the outcome stays open. Each prime implicant
of the dual gives a set of removed claims. The minimal sets among them are the minimal retractions. If there are too
many implicants, only the retractions of the smallest size are computed, with a hitting-set tree (R. Reiter, A theory of
diagnosis from first principles, Artificial Intelligence 32, 1987, section 4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scs_kg import store
from scs_kg.analysis.dependencies import Dependencies, dependencies
from scs_kg.judging.principles import PrincipleCriteria
from scs_kg.judging.state import JudgedState
from scs_kg.model.advice import Advice
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
"""The maximum number of sets that a search considers before it stops."""

NOTHING: Final[frozenset[str]] = frozenset()
NO_SETS: Final[frozenset[frozenset[str]]] = frozenset()
Names = tuple[str, ...]
Sets = frozenset[frozenset[str]]
Units = Mapping[str, frozenset[str]]
"""The units (claims or sources) of each claim. Removing any one unit removes the claim."""


@dataclass(frozen=True, slots=True)
class MinimalRetraction:
    """A set of claims or sources, as sorted IRIs, and the outcome that the cell would have without them.

    ``partly_met`` says whether the cell would be partly met; its outcome is then open.
    """

    names: Names
    outcome: Outcome
    partly_met: bool = False


@dataclass(frozen=True, slots=True)
class MinimalRetractions:
    """The minimal sets of claims or sources whose removal changes a cell, the smallest first.

    A removal changes a cell if it changes the outcome, or if the cell is open before and after it and the mark changes.
    ``fewest`` is the size of the smallest sets, 0 if no removal changes the cell. If ``complete`` is false, there are
    too many minimal sets, and ``sets`` has only the sets of the smallest size.
    """

    fewest: int
    sets: tuple[MinimalRetraction, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Proof:
    """Why a cell has its outcome, and how robust the outcome is.

    ``deciding`` has the minimal sets of claims that decide the cell by themselves. It is empty if the cell is open, and
    None if there are too many sets. ``witnesses`` has the IRIs of the independent sources of the claims in
    ``deciding``. ``claims`` and ``sources`` are the minimal retractions of claims and of independent sources.
    """

    deciding: tuple[Names, ...] | None
    witnesses: Names
    claims: MinimalRetractions
    sources: MinimalRetractions


def canonical_sources(*datasets: Dataset) -> Mapping[str, str]:
    """Map each source that repeats the text of another (``scs:sameTextAs``) to its canonical source."""
    repeats = dict(sorted(pair for dataset in datasets for pair in store.subject_objects(dataset, SCS + "sameTextAs")))

    def canonical(source: str, seen: frozenset[str] = NOTHING) -> str:
        following = repeats.get(source)
        return source if following is None or following in seen else canonical(following, seen | {source})

    return {source: canonical(source) for source in repeats}


def prove(
    state: JudgedState, principle: PrincipleCriteria, system: str, canonical: Mapping[str, str], most: int = MOST
) -> Proof:
    """Prove the cell of a principle and a system (an IRI); ``canonical`` is the result of ``canonical_sources``.

    Removing a source removes every claim that has it as source or primary source. Documents with the same text count as
    one source.

    Raises:
        EngineError: too many claims affect the cell, or even the smallest retractions need more than ``most`` sets.
    """
    found = dependencies(state, principle, system)
    named = sources_of(found, canonical)
    sets = prime_implicants(found.alone, most) if found.alone else frozenset()
    deciding = {fact.feature for chosen in sets for fact in chosen} if sets is not None else found.claims
    return Proof(
        deciding=None if sets is None else tuple(sorted((_names(chosen) for chosen in sets), key=_order)),
        witnesses=tuple(sorted({source for claim in deciding for source in named[claim]})),
        claims=minimal_retractions(found, {claim: frozenset({claim}) for claim in found.claims}, most=most),
        sources=minimal_retractions(found, named, most=most),
    )


def sources_of(found: Dependencies, canonical: Mapping[str, str]) -> Units:
    """Return the independent sources of each claim on which a cell can depend."""
    return {iri: frozenset(canonical.get(s, s) for s in claim.sources) for iri, claim in found.claims.items()}


def minimal_retractions(
    found: Dependencies, units: Units, *, smallest_only: bool = False, most: int = MOST
) -> MinimalRetractions:
    """Return the minimal sets of units whose removal changes a cell; removing any unit of a claim removes the claim.

    Raises:
        EngineError: even the smallest retractions need more than ``most`` sets.
    """
    unchanged = substitute(found.unchanged(), lambda fact: _by_units(fact, units))
    terms = None if smallest_only else prime_implicants(dual(unchanged), most)
    if terms is None:
        retractions = _smallest(unchanged, most)
    else:
        retractions = minimal_sets(frozenset(fact.feature for fact in term if not fact.present) for term in terms)
    removed = {
        retraction: frozenset(claim for claim, names in units.items() if not retraction.isdisjoint(names))
        for retraction in retractions
    }
    sets = sorted(
        (
            MinimalRetraction(tuple(sorted(retraction)), *found.without(claims))
            for retraction, claims in removed.items()
        ),
        key=_by_size,
    )
    return MinimalRetractions(len(sets[0].names) if sets else 0, tuple(sets), complete=terms is not None)


def _by_units(fact: Fact, units: Units) -> Formula:
    """Return a fact about a claim, which is kept or removed, as a formula over its units."""
    parts = (Fact(unit, fact.present) for unit in sorted(units[fact.feature]))
    return conjunction(*parts) if fact.present else disjunction(*parts)


def _smallest(unchanged: Formula, most: int) -> Sets:
    """Return the smallest sets of units whose removal makes the formula false; the result can be empty.

    The function is a breadth-first search over removals. If a removal leaves the formula true, some of the remaining
    units are enough to keep it true (``_sufficient_units``). Every larger removal that makes the formula false
    includes at least one of these units. Therefore, the search extends the removal by each of them in turn.
    """
    level, tried = {NOTHING}, 0
    while level:
        retractions: set[frozenset[str]] = set()
        next_level: set[frozenset[str]] = set()
        for removed in sorted(level, key=sorted):
            tried += 1
            if tried > most:
                raise EngineError(
                    f"the smallest set of claims whose removal changes the cell was not found among {most:,} sets; "
                    "select fewer claims",
                    Advice(", for example with {option}", "as-of"),
                )
            kept_by = _sufficient_units(unchanged, removed)
            if kept_by is None:
                retractions.add(removed)
            else:
                next_level |= {removed | {unit} for unit in kept_by}
        if retractions:
            return frozenset(retractions)
        level = next_level
    return NO_SETS


def _sufficient_units(formula: Formula, removed: frozenset[str]) -> frozenset[str] | None:
    """Return a set of units that suffices to keep the formula true; None if the removal makes the formula false."""
    if isinstance(formula, Fact):
        is_removed = formula.feature in removed
        if formula.present:
            return None if is_removed else frozenset({formula.feature})
        return NOTHING if is_removed else None
    parts = sorted((p for part in formula.parts if (p := _sufficient_units(part, removed)) is not None), key=len)
    return NOTHING.union(*parts[: formula.count]) if len(parts) >= formula.count else None


def _names(chosen: frozenset[Fact]) -> Names:
    return tuple(sorted(fact.feature for fact in chosen))


def _order(names: Names) -> tuple[int, Names]:
    return len(names), names


def _by_size(retraction: MinimalRetraction) -> tuple[int, Names]:
    return _order(retraction.names)
