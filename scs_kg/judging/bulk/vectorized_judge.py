"""Stage three: judges the systems of a bucket by columns, with the same code that judges one system.

A verdict depends on nothing but the state of the features that its criterion tests: what is known, contested or not
reported of them. Few states occur. So each is judged once, by ``judge.judge``, with evidence whose claims stand for the
heaps they come from; all systems in the state share the verdict, and have their own claims put in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scs_kg.judging.bulk.rulebook import Rulebook
from scs_kg.judging.bulk.vectorized_evidence import SIGNS, Bearing, Flags, Numbers, ranges
from scs_kg.judging.evidence import Evidence
from scs_kg.judging.judge import by_formula, judge
from scs_kg.model.formula import Fact, facts
from scs_kg.model.verdicts import Criterion, Verdict

_WORD = 8


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The verdicts on the systems of a bucket.

    ``kinds`` are the verdicts that occur, without system and claims. ``kind`` has for each system, and in it for each
    criterion, the position of its kind. ``verdict`` and ``claim`` are the pairs of a verdict (system times the number
    of criteria, and criterion) and a claim that it rests on (its row), in the order of both.
    """

    kinds: tuple[Verdict, ...]
    kind: Numbers
    verdict: Numbers
    claim: Numbers


def judge_columns(found: Bearing, systems: int, meaning: Rulebook) -> Verdicts:
    """Judge so many systems by every criterion, given what the claims bear on."""
    width = len(meaning.features) * len(SIGNS)
    flags = np.zeros((systems, width), dtype=np.bool_)
    flags[found.system, found.state] = True
    kinds: list[Verdict] = []
    kind = np.empty((systems, len(meaning.criteria)), dtype=np.int64)
    resting: list[tuple[Numbers, Numbers]] = []
    position = {feature: number for number, feature in enumerate(meaning.features)}
    for number, criterion in enumerate(meaning.criteria):
        states = _tested(criterion, position)
        first, group = _groups(flags[:, states])
        judged = [_judge(criterion, _facts(states[flags[row, states]], meaning)) for row in first]
        kind[:, number] = len(kinds) + group
        kinds += judged
        resting += [
            (
                np.flatnonzero(group == place) * len(meaning.criteria) + number,
                np.array(verdict.claims, dtype=np.int64),
            )
            for place, verdict in enumerate(judged)
            if verdict.claims
        ]
    return Verdicts(tuple(kinds), kind, *_claims(found, resting, width, len(meaning.criteria)))


def _tested(criterion: Criterion, position: Mapping[str, int]) -> Numbers:
    """Return the states of the features that a criterion tests."""
    formulas = [form for form in (criterion.formula, criterion.applies_if) if form]
    tested = sorted({position[fact.feature] for form in formulas for fact in facts(form)})
    return np.array([feature * len(SIGNS) + sign for feature in tested for sign in range(len(SIGNS))], dtype=np.int64)


def _groups(flags: Flags) -> tuple[Numbers, Numbers]:
    """Return a row of each group of equal rows, and for each row the position of its group.

    Most rows are empty, as sources are silent on most things: they make a group without being compared.
    """
    told = np.flatnonzero(flags.any(axis=1))
    packed = np.packbits(flags[told], axis=1)
    padded = np.zeros((len(told), packed.shape[1] + -packed.shape[1] % _WORD), dtype=np.uint8)
    padded[:, : packed.shape[1]] = packed
    words = padded.view(np.uint64)
    keys = words[:, 0] if words.shape[1] == 1 else words.view([("", np.uint64)] * words.shape[1])[:, 0]
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    groups = np.zeros(len(flags), dtype=np.int64)
    groups[told] = group.reshape(-1)
    if len(told) == len(flags):
        return told[first], groups
    groups[told] += 1
    silent = np.flatnonzero(~flags.any(axis=1))[:1]
    return np.concatenate([silent, told[first]]), groups


@lru_cache(maxsize=1 << 16)
def _judge(criterion: Criterion, known: tuple[tuple[int, Fact, int], ...]) -> Verdict:
    """Judge a system by facts with their heaps; the claims of the verdict are the states that it rests on, as text."""
    heaps: tuple[dict[Fact, frozenset[str]], ...] = ({}, {}, {})
    for heap, fact, state in known:
        heaps[heap][fact] = frozenset({str(state)})
    return judge(criterion, "", found := Evidence(*heaps), by_formula({"": found}))


def _facts(states: Numbers, meaning: Rulebook) -> tuple[tuple[int, Fact, int], ...]:
    """Return what is said by states: the heap of evidence, the fact, and the state."""
    said = ((state, meaning.features[state // len(SIGNS)], *SIGNS[state % len(SIGNS)]) for state in states.tolist())
    return tuple((heap, Fact(feature, present), state) for state, feature, heap, present in said)


def _claims(
    found: Bearing, resting: list[tuple[Numbers, Numbers]], width: int, criteria: int
) -> tuple[Numbers, Numbers]:
    """Return verdicts and claims of all verdicts that rest on states, sorted and each pair once."""
    if not resting:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    verdict = np.concatenate([np.repeat(verdicts, len(states)) for verdicts, states in resting])
    state = np.concatenate([np.tile(states, len(verdicts)) for verdicts, states in resting])
    used = np.zeros(width, dtype=np.bool_)
    used[state] = True
    rows = np.flatnonzero(used[found.state])
    keys = found.system[rows] * width + found.state[rows]
    order = np.argsort(keys, kind="stable")
    keys, wanted = keys[order], verdict // criteria * width + state
    start = np.searchsorted(keys, wanted)
    count = np.searchsorted(keys, wanted, side="right") - start
    claims = ranges(start, count, found.claim[rows[order]])
    top = int(found.claim.max()) + 1 if len(found.claim) else 1
    pairs = np.sort(np.repeat(verdict, count) * top + claims)
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])]  # far faster than np.unique
    return pairs // top, pairs % top
