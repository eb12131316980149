"""Criteria and verdicts: one system judged by one criterion."""

from dataclasses import dataclass
from enum import StrEnum

from scs_kg.model.formula import Formula


class Outcome(StrEnum):
    """The outcome of a verdict or a cell, in the terms of EARL 1.0, section 2.7."""

    PASSED = "passed"
    FAILED = "failed"
    CANT_TELL = "cantTell"
    INAPPLICABLE = "inapplicable"


class OpenReason(StrEnum):
    """Why a verdict or a cell is undecided, the strongest reason first."""

    CONTESTED = "contested"
    NOT_REPORTED = "notReported"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Criterion:
    """A demand on a system: its formula, whether a match upholds or breaches it, and the condition to apply it."""

    iri: str
    upholds: bool
    formula: Formula
    applies_if: Formula | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One system judged by one criterion.

    ``claims`` are the claims in some minimal set that decides the outcome. For an undecided verdict they are the claims
    that leave it open, and ``open`` lists the features on which the outcome depends.
    """

    system: str
    criterion: str
    outcome: Outcome
    claims: tuple[str, ...] = ()
    open_reason: OpenReason | None = None
    open: tuple[str, ...] = ()
