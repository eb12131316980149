"""Derives evidence from the claims of many systems with NumPy, with the statuses of facts of ``evidence.Evidence``.

The queries ``bearing.rq``, ``contradictions.rq`` and ``known.rq`` in ``queries/`` specify the rules. A claim that a
feature is present applies to every broader feature. A claim that a feature is absent or not reported applies to every
narrower feature. A claim establishes nothing if another claim of its mode contradicts it, or if it reports a plan. A
fact that one mode would establish is not known if a claim of the other mode reports the opposite.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from scs_kg.judging.bulk.partition_by_subject import FINDINGS, MODES
from scs_kg.judging.bulk.rulebook import Rulebook
from scs_kg.model.claims import Finding, Mode

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

STATUSES: Final = (
    ("known", True),
    ("known", False),
    ("contested", True),
    ("contested", False),
    ("differing", True),
    ("differing", False),
    ("not_reported", True),
    ("planned", True),
)
"""The statuses of a feature.

A status is a field of ``Evidence``, and whether the facts say that the feature is present.
"""
_KNOWN, _CONTESTED, _DIFFERING, _NOT_REPORTED, _PLAN = (
    STATUSES.index((name, True)) for name in ("known", "contested", "differing", "not_reported", "planned")
)
_PRESENT, _ABSENT, _UNREPORTED = (FINDINGS.index(f) for f in (Finding.PRESENT, Finding.ABSENT, Finding.NOT_REPORTED))
_DE_JURE, _DE_FACTO, _PLANNED = (MODES.index(mode) for mode in (Mode.DE_JURE, Mode.DE_FACTO, Mode.PLANNED))


@dataclass(frozen=True, slots=True)
class ClaimArrays:
    """Claims as parallel arrays of positions: of the system, of the feature, in ``FINDINGS`` and in ``MODES``."""

    system: Numbers
    feature: Numbers
    finding: Numbers
    mode: Numbers


@dataclass(frozen=True, slots=True)
class VectorizedEvidence:
    """Evidence as parallel arrays: the row of a claim, its system, and the state of a feature.

    A state is ``feature * len(STATUSES) + status``: a position in the features of the rulebook, and in ``STATUSES``.
    """

    claim: Numbers
    system: Numbers
    state: Numbers


def derive_evidence(claims: ClaimArrays, systems: int, rulebook: Rulebook) -> VectorizedEvidence:
    """Return the evidence on the first ``systems`` systems."""
    broader, narrower = _adjacency(rulebook.broader), _adjacency(_inverse(rulebook.broader))
    present = claims.finding == _PRESENT
    claim, target = _propagate(np.flatnonzero(present), claims.feature, broader)
    other_claim, other_target = _propagate(np.flatnonzero(~present), claims.feature, narrower)
    claim, target = np.concatenate([claim, other_claim]), np.concatenate([target, other_target])
    status = np.where(claims.mode == _PLANNED, _PLAN, _NOT_REPORTED)[claim]
    establishing = (claims.finding != _UNREPORTED) & (claims.mode != _PLANNED)
    rows = np.flatnonzero(establishing[claim])
    status[rows] = _statuses(claims, claim[rows], target[rows], (systems, len(rulebook.features)))
    return VectorizedEvidence(claim, claims.system[claim], target * len(STATUSES) + status)


def _statuses(claims: ClaimArrays, claim: Numbers, target: Numbers, shape: tuple[int, int]) -> Numbers:
    """Return the status of each pair of an establishing claim and a feature; ``shape`` is (systems, features).

    A claim is contested if a claim of its own mode contradicts it. An uncontested claim differs on a feature if a claim
    of the other mode, contested or not, reports the opposite. Then no mode makes the fact known: in the other mode,
    every claim with the fact is contested by the claim with the opposite.
    """
    system, mode = claims.system[claim], (claims.mode[claim] == _DE_FACTO).astype(np.int64)
    absent = (claims.finding[claim] == _ABSENT).astype(np.int64)
    claimed, reported = np.zeros((2, 2, 2, *shape), dtype=np.bool_)
    claimed[mode, absent, system, claims.feature[claim]] = True
    reported[mode, absent, system, target] = True
    contradicted = np.zeros(len(claims.system), dtype=np.bool_)
    contradicted[claim[claimed[mode, 1 - absent, system, target]]] = True
    differing = reported[1 - mode, 1 - absent, system, target]
    status: Numbers = np.where(contradicted[claim], _CONTESTED, np.where(differing, _DIFFERING, _KNOWN)) + absent
    return status


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
    """Return, for each feature, the feature itself and its narrower features."""
    narrower: list[list[int]] = [[] for _ in broader]
    for feature, others in enumerate(broader):
        for other in others:
            narrower[other].append(feature)
    return tuple(tuple(features) for features in narrower)


def _propagate(rows: Numbers, feature: Numbers, neighbours: _Adjacency) -> tuple[Numbers, Numbers]:
    """Return each row once for each neighbour of its feature, together with the neighbour."""
    count = neighbours.count[feature[rows]]
    return np.repeat(rows, count), slices(neighbours.start[feature[rows]], count, neighbours.target)


def slices(start: Numbers, count: Numbers, values: Numbers) -> Numbers:
    """Concatenate the slices ``values[start[i] : start[i] + count[i]]``."""
    offset = np.repeat(start - (np.cumsum(count) - count), count)
    return values[offset + np.arange(len(offset))]
