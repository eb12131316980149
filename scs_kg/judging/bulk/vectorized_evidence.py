"""What the claims of many systems bear on, by columns: known, contested or not reported, as in ``queries/``.

The rules are those of ``bearing.rq``, ``contradictions.rq`` and ``known.rq``: a present feature bears on every more
general one, an absent or unreported one on every more specific one; a claim that another contradicts
establishes nothing.
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
SIGNS: Final = ((KNOWN, True), (KNOWN, False), (CONTESTED, True), (CONTESTED, False), (NOT_REPORTED, True))
_PRESENT, _ABSENT, _UNREPORTED = (FINDINGS.index(f) for f in (Finding.PRESENT, Finding.ABSENT, Finding.NOT_REPORTED))


@dataclass(frozen=True, slots=True)
class Bearing:
    """What claims bear on: for each pair the claim as a row, its system, and the state that it gives a feature.

    A state is the position of the feature times five, and the position of heap and sign in ``SIGNS``.
    """

    claim: Numbers
    system: Numbers
    state: Numbers


def bearing(system: Numbers, feature: Numbers, finding: Numbers, systems: int, meaning: Rulebook) -> Bearing:
    """Return what claims bear on, given the system, feature and finding of each as positions."""
    count = len(meaning.features)
    up, down = _steps(meaning.above), _steps(_below(meaning.above))
    present = finding == _PRESENT
    claim, target = _spread(np.flatnonzero(present), feature, up)
    other_claim, other_target = _spread(np.flatnonzero(~present), feature, down)
    claim, target = np.concatenate([claim, other_claim]), np.concatenate([target, other_target])
    claimed = np.zeros((2, systems, count), dtype=np.bool_)
    for sign, said in enumerate((_ABSENT, _PRESENT)):
        rows = finding == said
        claimed[sign, system[rows], feature[rows]] = True
    against = claimed[np.where(present[claim], 0, 1), system[claim], target]
    contested = np.zeros(len(finding), dtype=np.bool_)
    contested[claim[against]] = True
    heap = np.where(finding == _UNREPORTED, NOT_REPORTED, np.where(contested, CONTESTED, KNOWN))[claim]
    sign = heap * 2 + (finding == _ABSENT)[claim]
    return Bearing(claim, system[claim], target * len(SIGNS) + sign)


@dataclass(frozen=True, slots=True)
class _Steps:
    """The features that one leads to, for each one after the other: ``to`` from ``start``, ``count`` of them."""

    start: Numbers
    count: Numbers
    to: Numbers


def _steps(lists: tuple[tuple[int, ...], ...]) -> _Steps:
    count = np.fromiter(map(len, lists), np.int64, len(lists))
    to = np.fromiter((number for numbers in lists for number in numbers), np.int64, int(count.sum()))
    return _Steps(np.cumsum(count) - count, count, to)


def _below(above: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
    below: list[list[int]] = [[] for _ in above]
    for feature, generals in enumerate(above):
        for general in generals:
            below[general].append(feature)
    return tuple(tuple(features) for features in below)


def _spread(rows: Numbers, feature: Numbers, steps: _Steps) -> tuple[Numbers, Numbers]:
    """Return each row once for each feature that its own leads to, and that feature."""
    count = steps.count[feature[rows]]
    return np.repeat(rows, count), ranges(steps.start[feature[rows]], count, steps.to)


def ranges(start: Numbers, count: Numbers, values: Numbers) -> Numbers:
    """Return ``count`` values from each ``start`` on, one range after the other."""
    offset = np.repeat(start - (np.cumsum(count) - count), count)
    return values[offset + np.arange(len(offset))]
