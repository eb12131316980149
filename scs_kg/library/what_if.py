"""The what-if analysis of ``KnowledgeGraph``: changes of claims, of rules, or of both."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scs_kg.analysis.rule_changes import ClaimChanges, RuleChanges, rule_impact
from scs_kg.analysis.whatif import whatif
from scs_kg.contribute.reading_files import read_rules
from scs_kg.library.arguments import (
    checked_claims,
    name_or_none,
    names_of,
    path_of,
    paths_of,
    with_reading,
    workspace_of,
)
from scs_kg.library.changed_rules import ChangedRules
from scs_kg.library.results import Impact
from scs_kg.model.errors import WrongUseError
from scs_kg.model.selection import Selection
from scs_kg.store import Dataset


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of an analysis: files of new claims, claims and sources to leave out, and changes of rules."""

    files: tuple[str, ...]
    without: tuple[str, ...]
    drop: tuple[str, ...]
    settings: tuple[str, ...]
    criterion: str


def changes_of(
    files: Iterable[Path | str],
    without: Iterable[str],
    drop: Iterable[str],
    settings: Iterable[str],
    criterion: Path | str | None,
) -> Changes:
    """Return the changes that the arguments of ``KnowledgeGraph.what_if`` describe.

    Raises:
        WrongUseError: nothing is changed, or a text was given where a list is needed.
    """
    found = Changes(
        paths_of("files", files),
        names_of("without", without),
        names_of("drop", drop),
        names_of("changed", settings),
        "" if criterion is None else str(path_of("criterion", criterion)),
    )
    if not any((found.files, found.without, found.drop, found.settings, found.criterion)):
        raise WrongUseError("what_if needs files of claims, claims or sources to leave out, or a rule to change")
    return found


def what_if(
    dataset: Dataset, guideline: str | None, reading: Path | str | None, selection: Selection, changes: Changes
) -> Impact | ChangedRules:
    """Return the cells that changes would affect; errors are those of ``whatif`` and ``rule_impact``."""
    claims = checked_claims(dataset, changes.files) if changes.files else ""
    if not (changes.drop or changes.settings or changes.criterion):
        workspace = workspace_of(dataset, guideline, reading, selection)
        return Impact(whatif(workspace, claims, changes.without), workspace.selection)
    opened, name = with_reading(dataset, reading)
    criteria = read_rules(opened, changes.criterion) if changes.criterion else frozenset()
    rules = RuleChanges(changes.drop, changes.settings, criteria, ClaimChanges(claims, changes.without))
    return ChangedRules(rule_impact(opened, name_or_none(guideline), name, selection, rules), selection)
