"""Judges the systems of a bucket with NumPy; the function that judges one system runs once per distinct input.

A verdict depends only on the states of the features that its criterion or condition tests (``STATUSES``). Only a few
combinations of states occur. Each combination is judged once, by ``judge.judge``, on evidence in which the state itself
serves as the claim. All systems with the same combination share the verdict; the claims about each system are filled in
afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scs_kg.judging.bulk.rulebook import Rulebook
from scs_kg.judging.bulk.vectorized_evidence import STATUSES, Flags, Numbers, VectorizedEvidence, slices
from scs_kg.judging.evidence import Evidence
from scs_kg.judging.judge import by_formula, judge
from scs_kg.model.formula import Fact, facts
from scs_kg.model.verdicts import Criterion, Verdict

_WORD_BYTES = 8


@dataclass(frozen=True, slots=True)
class VerdictArrays:
    """The verdicts on the systems of a bucket, on ``criteria`` criteria and on the conditions after them.

    ``distinct`` are the verdicts that occur, without system and claims. ``index`` has the shape (systems, tests), in
    the order of ``Rulebook.tests``, and contains positions in ``distinct``. ``verdict`` and ``claim`` are parallel
    sorted arrays. ``verdict`` has ``system * tests + test`` of a verdict, and ``claim`` the row of a claim that
    supports the verdict.
    """

    criteria: int
    distinct: tuple[Verdict, ...]
    index: Numbers
    verdict: Numbers
    claim: Numbers


def judge_columns(evidence: VectorizedEvidence, systems: int, rulebook: Rulebook) -> VerdictArrays:
    """Judge the first ``systems`` systems by every criterion and condition."""
    width, tests = len(rulebook.features) * len(STATUSES), rulebook.tests
    flags = np.zeros((systems, width), dtype=np.bool_)
    flags[evidence.system, evidence.state] = True
    distinct: list[Verdict] = []
    index = np.empty((systems, len(tests)), dtype=np.int64)
    supports: list[tuple[Numbers, Numbers]] = []
    positions = {feature: number for number, feature in enumerate(rulebook.features)}
    for number, criterion in enumerate(tests):
        states = _tested_states(criterion, positions)
        first, group = _group_rows(flags[:, states])
        judged = [_judge(criterion, _facts(states[flags[row, states]], rulebook)) for row in first]
        index[:, number] = len(distinct) + group
        distinct += judged
        supports += [
            (
                np.flatnonzero(group == position) * len(tests) + number,
                np.array(verdict.claims, dtype=np.int64),
            )
            for position, verdict in enumerate(judged)
            if verdict.claims
        ]
    verdict, claim = _supporting_claims(evidence, supports, width, len(tests))
    return VerdictArrays(len(rulebook.criteria), tuple(distinct), index, verdict, claim)


def _tested_states(criterion: Criterion, positions: Mapping[str, int]) -> Numbers:
    """Return the states of the features that a criterion tests."""
    formulas = [formula for formula in (criterion.formula, criterion.applies_if) if formula]
    tested = sorted({positions[fact.feature] for formula in formulas for fact in facts(formula)})
    return np.array(
        [feature * len(STATUSES) + status for feature in tested for status in range(len(STATUSES))], dtype=np.int64
    )


def _group_rows(flags: Flags) -> tuple[Numbers, Numbers]:
    """Return one row of each group of equal rows, and for each row the position of its group.

    Most rows have no flag, because sources do not mention most features. The rows without a flag form a group; they
    need not be compared.
    """
    nonempty = np.flatnonzero(flags.any(axis=1))
    packed = np.packbits(flags[nonempty], axis=1)
    padded = np.zeros((len(nonempty), packed.shape[1] + -packed.shape[1] % _WORD_BYTES), dtype=np.uint8)
    padded[:, : packed.shape[1]] = packed
    words = padded.view(np.uint64)
    keys = words[:, 0] if words.shape[1] == 1 else words.view([("", np.uint64)] * words.shape[1])[:, 0]
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    groups = np.zeros(len(flags), dtype=np.int64)
    groups[nonempty] = group.reshape(-1)
    if len(nonempty) == len(flags):
        return nonempty[first], groups
    groups[nonempty] += 1
    empty = np.flatnonzero(~flags.any(axis=1))[:1]
    return np.concatenate([empty, nonempty[first]]), groups


@lru_cache(maxsize=1 << 16)
def _judge(criterion: Criterion, known: tuple[tuple[str, Fact, int], ...]) -> Verdict:
    """Judge a system on facts with their statuses; the claims of the verdict are the supporting states, as strings."""
    by_status: dict[str, dict[Fact, frozenset[str]]] = {name: {} for name, _ in STATUSES}
    for status, fact, state in known:
        by_status[status][fact] = frozenset({str(state)})
    evidence = Evidence(**by_status)  # mutable dicts are safe: the object is not shared
    return judge(criterion, "", evidence, by_formula({"": evidence}))


def _facts(states: Numbers, rulebook: Rulebook) -> tuple[tuple[str, Fact, int], ...]:
    """Return the status, the fact and the number of each state."""
    decoded = (
        (state, rulebook.features[state // len(STATUSES)], *STATUSES[state % len(STATUSES)])
        for state in states.tolist()
    )
    return tuple((status, Fact(feature, present), state) for state, feature, status, present in decoded)


def _supporting_claims(
    evidence: VectorizedEvidence, supports: list[tuple[Numbers, Numbers]], width: int, tests: int
) -> tuple[Numbers, Numbers]:
    """Return the sorted, distinct pairs of a verdict and a claim that supports it, as two arrays."""
    if not supports:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    verdict = np.concatenate([np.repeat(verdicts, len(states)) for verdicts, states in supports])
    state = np.concatenate([np.tile(states, len(verdicts)) for verdicts, states in supports])
    used = np.zeros(width, dtype=np.bool_)
    used[state] = True
    rows = np.flatnonzero(used[evidence.state])
    keys = evidence.system[rows] * width + evidence.state[rows]
    order = np.argsort(keys, kind="stable")
    keys, sought = keys[order], verdict // tests * width + state
    start = np.searchsorted(keys, sought)
    count = np.searchsorted(keys, sought, side="right") - start
    claims = slices(start, count, evidence.claim[rows[order]])
    base = int(evidence.claim.max()) + 1 if len(evidence.claim) else 1
    pairs = np.sort(np.repeat(verdict, count) * base + claims)
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])]  # much faster than np.unique
    return pairs // base, pairs % base
