"""Monotone formulas over features, evaluated with three values.

A formula is true if the known facts make it true. It is false if they make its dual true; the dual swaps having and
lacking, and "at least k of n" and "at least n - k + 1 of n". Otherwise its value is unknown. Both tests are monotone
in the known facts, so more facts never change a decided value (Kleene's strong three-valued logic, Introduction to
Metamathematics, section 64).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar


@dataclass(frozen=True, order=True, slots=True)
class Fact:
    """A feature that a system has (``present``) or lacks."""

    feature: str
    present: bool


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least ``count`` of the parts are true: all of them for a conjunction, one for a disjunction."""

    count: int
    parts: "tuple[Formula, ...]"


Formula = Fact | AtLeast

Model = frozenset[Fact]
Item = TypeVar("Item")


def opposite(fact: Fact) -> Fact:
    """Return the fact that contradicts this one."""
    return Fact(fact.feature, not fact.present)


def dual(formula: Formula) -> Formula:
    """Return the formula that the known facts make true exactly when they make the given one false."""
    if isinstance(formula, Fact):
        return opposite(formula)
    return AtLeast(len(formula.parts) - formula.count + 1, tuple(dual(part) for part in formula.parts))


def holds(formula: Formula, known: Collection[Fact]) -> bool:
    """Return whether the known facts make the formula true."""
    if isinstance(formula, Fact):
        return formula in known
    return sum(holds(part, known) for part in formula.parts) >= formula.count


def value(formula: Formula, known: Collection[Fact]) -> bool | None:
    """Return True or False if the known facts decide the formula, None if they leave it unknown."""
    if holds(formula, known):
        return True
    return False if holds(dual(formula), known) else None


def facts(formula: Formula) -> Iterator[Fact]:
    """Yield each fact that the formula tests."""
    if isinstance(formula, Fact):
        yield formula
    else:
        for part in formula.parts:
            yield from facts(part)


def open_facts(formula: Formula, known: Collection[Fact]) -> frozenset[Fact]:
    """Return the tested facts that are unknown and stand in a part that is itself undecided."""
    if value(formula, known) is not None:
        return frozenset()
    if isinstance(formula, Fact):
        return frozenset({formula})
    return frozenset[Fact]().union(*(open_facts(part, known) for part in formula.parts))


def minimal_models(formula: Formula, known: Collection[Fact]) -> frozenset[Model]:
    """Return every smallest set of known facts that makes the formula true: none if it is not, exactly and complete."""
    if isinstance(formula, Fact):
        return frozenset({frozenset({formula})}) if formula in known else frozenset()
    proved = [found for part in formula.parts if (found := minimal_models(part, known))]
    joined = {proof for chosen in combinations(proved, formula.count) for proof in _joins(chosen)}
    return frozenset(proof for proof in joined if not any(other < proof for other in joined))


def _joins(chosen: tuple[frozenset[Model], ...]) -> set[Model]:
    joined: set[Model] = {frozenset()}
    for alternatives in chosen:
        joined = {proof | other for proof in joined for other in alternatives}
    return joined


def substitute(formula: Formula, by: Callable[[Fact], Formula]) -> Formula:
    """Return the formula with another in place of each fact."""
    if isinstance(formula, Fact):
        return by(formula)
    return AtLeast(formula.count, tuple(substitute(part, by) for part in formula.parts))


def conjunction(*parts: Formula) -> Formula:
    """Return the formula that holds if all parts hold, and so if there is none."""
    return AtLeast(len(parts), parts)


def disjunction(*parts: Formula) -> Formula:
    """Return the formula that holds if one of the parts does, and so never if there is none."""
    return AtLeast(1, parts)


def prime_implicants(formula: Formula, most: int) -> frozenset[Model] | None:
    """Return sets of facts that make the formula true, one of them within all facts that do, and none within another.

    None if more than ``most`` have to be weighed on the way. Sets with opposite facts are left out.
    """
    if isinstance(formula, Fact):
        return frozenset({frozenset({formula})})
    chosen: list[frozenset[Model]] = [frozenset({frozenset()}), *(frozenset() for _ in range(formula.count))]
    for part in formula.parts:
        own = prime_implicants(part, most)
        if own is None:
            return None
        for count in range(formula.count, 0, -1):
            if len(chosen[count]) + len(chosen[count - 1]) * len(own) > most:
                return None
            joined = {one | other for one in chosen[count - 1] for other in own}
            chosen[count] = minimal_sets(chosen[count] | {facts for facts in joined if not _at_odds(facts)})
    return chosen[formula.count]


def _at_odds(together: Model) -> bool:
    return len({fact.feature for fact in together}) < len(together)


def minimal_sets(sets: Iterable[frozenset[Item]]) -> frozenset[frozenset[Item]]:
    """Return the sets within which there is no other of them."""
    by_size: dict[int, set[frozenset[Item]]] = defaultdict(set)
    for chosen in sets:
        by_size[len(chosen)].add(chosen)
    kept: set[frozenset[Item]] = set()
    for _, alike in sorted(by_size.items()):
        kept |= {chosen for chosen in alike if not any(other < chosen for other in kept)}
    return frozenset(kept)
