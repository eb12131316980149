"""Monotone formulas over features, evaluated with three values.

A formula is true if the known facts make it true. A formula is false if the known facts make its dual true. Otherwise
the value of the formula is unknown. The dual has the opposite of each fact, and "at least n - k + 1 of n" in place of
"at least k of n". The tests for true and for false are monotone in the known facts. Therefore additional facts never
change a decided value. The evaluation is Kleene's strong three-valued logic (Introduction to Metamathematics, section
64).
"""

from collections import Counter
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
    """Return the opposite fact."""
    return Fact(fact.feature, not fact.present)


def dual(formula: Formula) -> Formula:
    """Return the dual: the known facts make it true exactly if they make the given formula false."""
    if isinstance(formula, Fact):
        return opposite(formula)
    return AtLeast(len(formula.parts) - formula.count + 1, tuple(dual(part) for part in formula.parts))


def holds(formula: Formula, known: Collection[Fact]) -> bool:
    """Return whether the known facts make the formula true."""
    if isinstance(formula, Fact):
        return formula in known
    missing, spare = formula.count, len(formula.parts) - formula.count
    for part in formula.parts:
        if missing <= 0 or spare < 0:
            break
        if holds(part, known):
            missing -= 1
        else:
            spare -= 1
    return missing <= 0


def is_refuted(formula: Formula, known: Collection[Fact]) -> bool:
    """Return whether the known facts make the formula false: the result of ``holds`` for the dual of the formula."""
    if isinstance(formula, Fact):
        return opposite(formula) in known
    missing, spare = len(formula.parts) - formula.count + 1, formula.count - 1
    for part in formula.parts:
        if missing <= 0 or spare < 0:
            break
        if is_refuted(part, known):
            missing -= 1
        else:
            spare -= 1
    return missing <= 0


def value(formula: Formula, known: Collection[Fact]) -> bool | None:
    """Return True or False if the known facts decide the formula, None if they leave it unknown."""
    if holds(formula, known):
        return True
    return False if is_refuted(formula, known) else None


def facts(formula: Formula) -> Iterator[Fact]:
    """Yield each fact that the formula tests."""
    if isinstance(formula, Fact):
        yield formula
    else:
        for part in formula.parts:
            yield from facts(part)


def open_facts(formula: Formula, known: Collection[Fact]) -> frozenset[Fact]:
    """Return the unknown facts on which the value depends: the unknown facts in undecided parts."""
    if value(formula, known) is not None:
        return frozenset()
    if isinstance(formula, Fact):
        return frozenset({formula})
    return frozenset[Fact]().union(*(open_facts(part, known) for part in formula.parts))


def minimal_models(formula: Formula, known: Collection[Fact]) -> frozenset[Model]:
    """Return every minimal set of known facts that makes the formula true; empty if the formula is not true."""
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
    """Return the formula with each fact replaced by a formula."""
    if isinstance(formula, Fact):
        return by(formula)
    return AtLeast(formula.count, tuple(substitute(part, by) for part in formula.parts))


def conjunction(*parts: Formula) -> Formula:
    """Return the conjunction of the parts (true if there are no parts)."""
    return AtLeast(len(parts), parts)


def disjunction(*parts: Formula) -> Formula:
    """Return the disjunction of the parts (false if there are no parts)."""
    return AtLeast(1, parts)


def prime_implicants(formula: Formula, most: int) -> frozenset[Model] | None:
    """Return the prime implicants of a formula: the minimal sets of facts that make it true.

    Sets with a fact and its opposite are left out. Return None if an intermediate result has more than ``most`` sets.
    While the parts are read one by one, ``chosen[count]`` has the sets that make ``count`` of them true. A count is
    skipped if it cannot reach the required number with the remaining parts.
    """
    if isinstance(formula, Fact):
        return frozenset({frozenset({formula})})
    chosen: list[frozenset[Model]] = [frozenset({frozenset()}), *(frozenset() for _ in range(formula.count))]
    for remaining, part in zip(reversed(range(len(formula.parts))), formula.parts, strict=True):
        own = prime_implicants(part, most)
        if own is None:
            return None
        for count in range(formula.count, max(formula.count - remaining, 1) - 1, -1):
            if len(chosen[count]) + len(chosen[count - 1]) * len(own) > most:
                return None
            if not chosen[count - 1]:
                continue
            joined = {one | other for one in chosen[count - 1] for other in own}
            chosen[count] = minimal_sets(chosen[count] | {facts for facts in joined if not _is_contradictory(facts)})
    return chosen[formula.count]


def _is_contradictory(facts_together: Model) -> bool:
    """Return whether a set has a fact and its opposite."""
    return len({fact.feature for fact in facts_together}) < len(facts_together)


def minimal_sets(sets: Iterable[frozenset[Item]]) -> frozenset[frozenset[Item]]:
    """Return the sets that are minimal under inclusion.

    Each kept set is stored under its rarest item. A set can only include kept sets that are stored under one of its
    items.
    """
    distinct = frozenset(sets)
    if frozenset() in distinct:
        return frozenset({frozenset()})
    if len(set(map(len, distinct))) <= 1:  # different sets of the same size do not include each other
        return distinct
    frequency = Counter(item for chosen in distinct for item in chosen)
    kept: dict[Item, list[frozenset[Item]]] = {}
    for chosen in sorted(distinct, key=len):
        if not any(other <= chosen for item in chosen for other in kept.get(item, ())):
            kept.setdefault(min(chosen, key=frequency.__getitem__), []).append(chosen)
    return frozenset(chosen for filed in kept.values() for chosen in filed)
