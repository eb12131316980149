"""Derives evidence from the claims of many systems with NumPy: what is known, contested or not reported.

The rules are those of ``bearing.rq``, ``contradictions.rq`` and ``known.rq`` in ``queries/``: a claim that a feature is
present applies to every broader feature, and a claim that it is absent or not reported to every narrower one. A claim
that another claim contradicts establishes nothing.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from scs_kg.judging.bulk.partition_by_subject import FINDINGS
from scs_kg.judging.bulk.rulebook import Rulebook
from scs_kg.model.claims import Finding

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

KNOWN, CONTESTED, NOT_REPORTED = range(3)
"""The statuses of a fact in evidence, in the order of the fields of ``Evidence``."""
STATUSES: Final = ((KNOWN, True), (KNOWN, False), (CONTESTED, True), (CONTESTED, False), (NOT_REPORTED, True))
"""Each status of a feature with whether the feature is present in it."""
_PRESENT, _ABSENT, _UNREPORTED = (FINDINGS.index(f) for f in (Finding.PRESENT, Finding.ABSENT, Finding.NOT_REPORTED))


@dataclass(frozen=True, slots=True)
class VectorizedEvidence:
    """The evidence that claims give, as parallel arrays: the row of a claim, its system, and the state of a feature.

    A state is ``feature * len(STATUSES) + status``, where both are positions, the second in ``STATUSES``.
    """

    claim: Numbers
    system: Numbers
    state: Numbers


def derive_evidence(
    system: Numbers, feature: Numbers, finding: Numbers, systems: int, rulebook: Rulebook
) -> VectorizedEvidence:
    """Return the evidence of claims, given the system, feature and finding of each as positions."""
    broader, narrower = _adjacency(rulebook.broader), _adjacency(_inverse(rulebook.broader))
    present = finding == _PRESENT
    claim, target = _propagate(np.flatnonzero(present), feature, broader)
    other_claim, other_target = _propagate(np.flatnonzero(~present), feature, narrower)
    claim, target = np.concatenate([claim, other_claim]), np.concatenate([target, other_target])
    claimed = np.zeros((2, systems, len(rulebook.features)), dtype=np.bool_)
    for side, value in enumerate((_ABSENT, _PRESENT)):
        rows = finding == value
        claimed[side, system[rows], feature[rows]] = True
    contradicted = claimed[np.where(present[claim], 0, 1), system[claim], target]
    contested = np.zeros(len(finding), dtype=np.bool_)
    contested[claim[contradicted]] = True
    status = np.where(finding == _UNREPORTED, NOT_REPORTED, np.where(contested, CONTESTED, KNOWN))[claim]
    position = status * 2 + (finding == _ABSENT)[claim]
    return VectorizedEvidence(claim, system[claim], target * len(STATUSES) + position)


@dataclass(frozen=True, slots=True)
class _Adjacency:
    """An adjacency list in arrays: feature ``f`` has the neighbours ``target[start[f] : start[f] + count[f]]``."""

    start: Numbers
    count: Numbers
    target: Numbers


def _adjacency(lists: tuple[tuple[int, ...], ...]) -> _Adjacency:
    count = np.fromiter(map(len, lists), np.int64, len(lists))
    target = np.fromiter((number for numbers in lists for number in numbers), np.int64, int(count.sum()))
    return _Adjacency(np.cumsum(count) - count, count, target)


def _inverse(broader: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
    """Return the narrower features of each feature, and itself."""
    narrower: list[list[int]] = [[] for _ in broader]
    for feature, others in enumerate(broader):
        for other in others:
            narrower[other].append(feature)
    return tuple(tuple(features) for features in narrower)


def _propagate(rows: Numbers, feature: Numbers, neighbours: _Adjacency) -> tuple[Numbers, Numbers]:
    """Return each row once per neighbour of its feature, and that neighbour."""
    count = neighbours.count[feature[rows]]
    return np.repeat(rows, count), slices(neighbours.start[feature[rows]], count, neighbours.target)


def slices(start: Numbers, count: Numbers, values: Numbers) -> Numbers:
    """Concatenate the slices ``values[start[i] : start[i] + count[i]]``."""
    offset = np.repeat(start - (np.cumsum(count) - count), count)
    return values[offset + np.arange(len(offset))]
