"""Monotone formulas over features, evaluated with three values.

A formula holds for sure if the known facts make it true. It fails for sure if they make its dual true: the formula
in which having and lacking, and "at least k of n" and "at least n - k + 1 of n", change places. Otherwise nobody can
tell. Both tests only ever add up known facts, so that more facts never undo a decision (Kleene's strong three-valued
logic, Introduction to Metamathematics, section 64).
"""

from collections.abc import Collection, Iterator
from itertools import combinations

from scs_kg.model import AtLeast, Fact, Formula

Proof = frozenset[Fact]


def opposite(fact: Fact) -> Fact:
    """Return the fact that cannot be true together with this one."""
    return Fact(fact.feature, not fact.present)


def dual(formula: Formula) -> Formula:
    """Return the formula that is true of the known facts exactly when the given one is ruled out by them."""
    if isinstance(formula, Fact):
        return opposite(formula)
    return AtLeast(len(formula.parts) - formula.count + 1, tuple(dual(part) for part in formula.parts))


def holds(formula: Formula, known: Collection[Fact]) -> bool:
    """Tell whether the known facts make the formula true."""
    if isinstance(formula, Fact):
        return formula in known
    return sum(holds(part, known) for part in formula.parts) >= formula.count


def value(formula: Formula, known: Collection[Fact]) -> bool | None:
    """Return True if the formula holds for sure, False if it fails for sure, None if nobody can tell."""
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


def proofs(formula: Formula, known: Collection[Fact]) -> frozenset[Proof]:
    """Return every smallest set of known facts that makes the formula true: none if it is not, exactly and complete."""
    if isinstance(formula, Fact):
        return frozenset({frozenset({formula})}) if formula in known else frozenset()
    proved = [found for part in formula.parts if (found := proofs(part, known))]
    joined = {proof for chosen in combinations(proved, formula.count) for proof in _joins(chosen)}
    return frozenset(proof for proof in joined if not any(other < proof for other in joined))


def _joins(chosen: tuple[frozenset[Proof], ...]) -> set[Proof]:
    joined: set[Proof] = {frozenset()}
    for alternatives in chosen:
        joined = {proof | other for proof in joined for other in alternatives}
    return joined
