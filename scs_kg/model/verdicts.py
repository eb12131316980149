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
    """The reasons why a verdict or a cell is undecided; the strongest reason is first."""

    CONTESTED = "contested"
    RULE_AND_PRACTICE_DIFFER = "ruleAndPracticeDiffer"
    NOT_REPORTED = "notReported"
    PLANNED = "planned"
    SILENT = "silent"
    OUT_OF_SCOPE = "outOfScope"


@dataclass(frozen=True, slots=True)
class Criterion:
    """A demand on a system: its formula, its optional condition, and whether a match upholds or violates it."""

    iri: str
    upholds: bool
    formula: Formula
    applies_if: Formula | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One system judged by one criterion.

    ``claims`` are the claims in any minimal set that decides the outcome. For an undecided verdict, ``claims`` are the
    claims that leave the verdict open, and ``open`` has the features on which the outcome depends. ``premises`` are the
    claims that only show that the criterion applies.
    """

    system: str
    criterion: str
    outcome: Outcome
    claims: tuple[str, ...] = ()
    open_reason: OpenReason | None = None
    open: tuple[str, ...] = ()
    premises: tuple[str, ...] = ()

    @property
    def demand(self) -> tuple[str, ...]:
        """Return ``claims`` without ``premises``."""
        return tuple(claim for claim in self.claims if claim not in self.premises)
