"""Computes which marks would change under other rules: provisions dropped or changed, criteria replaced."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from scs_kg import store
from scs_kg.analysis.proposal import with_claims
from scs_kg.analysis.workspace import Workspace, open_workspace
from scs_kg.judging.principles import PrincipleCriteria, read_principle_criteria
from scs_kg.judging.project import reopen
from scs_kg.model.entity import Entity
from scs_kg.model.errors import UnknownNameError, WrongUseError
from scs_kg.model.matrix import Cell
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, expand, local_id
from scs_kg.model.selection import Selection
from scs_kg.store import Dataset, NamedNode, Triple
from scs_kg.store.dataset import add_triples, asserted_triples, instances, remove_subjects
from scs_kg.store.labels import NameIndex, name_index
from scs_kg.store.name_search import unknown_name

GRAPH: Final = PREFIXES["graph"] + "ontology/changed-rules"
PROPERTIES: Final[Mapping[str, str]] = MappingProxyType(
    {"force": "Force", "role": "Role", "basis": "Basis", "condition": "Condition"}
)
"""The properties of a provision that can be changed, and the class of their values."""


@dataclass(frozen=True, slots=True)
class ClaimChanges:
    """Claims to add, as N-Triples, and names of claims and sources to withdraw."""

    ntriples: str = ""
    without: tuple[str, ...] = ()


NO_CLAIM_CHANGES: Final = ClaimChanges()


@dataclass(frozen=True, slots=True)
class RuleChanges:
    """Provisions to drop (names), settings such as ``provision.force=Interpreted``, and triples of changed criteria.

    ``claims`` are changes of claims in the same step.
    """

    drop: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    criteria: frozenset[Triple] = frozenset()
    claims: ClaimChanges = NO_CLAIM_CHANGES


@dataclass(frozen=True, slots=True)
class CellDifference:
    """A cell whose mark or counts differ between two workspaces."""

    principle_criteria: PrincipleCriteria
    system: Entity
    before: Cell
    after: Cell


@dataclass(frozen=True, slots=True)
class RuleImpact:
    """The cells that a change of rules affects; ``of`` is the number of all cells.

    ``with_claims`` is True if claims were added or withdrawn in the same step.
    """

    cells: tuple[CellDifference, ...]
    of: int
    with_claims: bool = False

    @property
    def changed(self) -> tuple[CellDifference, ...]:
        """Cells whose mark changes."""
        return tuple(one for one in self.cells if one.before.mark is not one.after.mark)


def rule_impact(
    dataset: Dataset, guideline: str | None, reading: str | None, selection: Selection, changes: RuleChanges
) -> RuleImpact:
    """Return the cells of the chosen readings that a change of rules, and of claims in the same step, affects.

    Raises:
        UnknownNameError: there is no such provision, criterion, value, claim or source.
        WrongUseError: a setting is malformed.
        BadFileError: a changed criterion is not a monotone shape.
    """
    changed, claims = with_changed_rules(dataset, changes), changes.claims
    before, after = _workspaces(dataset, changed, guideline, reading, selection)
    if claims == NO_CLAIM_CHANGES:
        return differences(before, after)
    return replace(differences(before, with_claims(after, claims.ntriples, claims.without)), with_claims=True)


def reading_impact(dataset: Dataset, changed: Dataset, reading: str, selection: Selection) -> RuleImpact:
    """Return the cells of a reading that differ in a copy of a dataset with changed rules (``with_changed_rules``)."""
    return differences(*_workspaces(dataset, changed, None, reading, selection))


def _workspaces(
    dataset: Dataset, changed: Dataset, guideline: str | None, reading: str | None, selection: Selection
) -> tuple[Workspace, Workspace]:
    before, after = (
        open_workspace(one, read_principle_criteria(one, guideline, reading), selection) for one in (dataset, changed)
    )
    return before, after


def differences(before: Workspace, after: Workspace) -> RuleImpact:
    """Return the cells of the same readings, principles and systems whose mark or counts differ."""
    now = {_key(principle, cell): cell for principle, cell in after.cells()}
    pairs = [(p, cell, now.get(_key(p, cell))) for p, cell in before.cells()]
    found = tuple(
        CellDifference(principle, before.systems[was.system], was, then)
        for principle, was, then in pairs
        if then is not None and (was.mark, was.counts) != (then.mark, then.counts)
    )
    return RuleImpact(found, len(pairs))


def _key(principle: PrincipleCriteria, cell: Cell) -> tuple[str, str, str]:
    return principle.choice.reading.iri, principle.principle.iri, cell.system


def with_changed_rules(dataset: Dataset, changes: RuleChanges) -> Dataset:
    """Return a copy of an opened dataset with changed provisions and criteria; errors are those of ``rule_impact``."""
    opened = reopen(dataset)
    copy = replace(opened, files={**opened.files, GRAPH: opened.root})  # a changed provision can be changed again
    remove_subjects(copy, [_provision(copy, name) for name in changes.drop])
    if changes.settings:
        names = name_index(copy)  # the settings change no names
        for setting in changes.settings:
            _apply(copy, names, setting)
    _replace_criteria(copy, changes.criteria)
    return copy


def _apply(dataset: Dataset, names: NameIndex, setting: str) -> None:
    """Change one property of a provision, as ``provision.force=Interpreted``; an empty value removes all conditions."""
    written, equals, value = setting.partition("=")
    name, dot, key = written.rpartition(".")
    if not (dot and equals) or key not in PROPERTIES or (not value and key != "condition"):
        known = ", ".join(PROPERTIES)
        raise WrongUseError(f"'{setting}' is not a change; write PROVISION.PROPERTY=VALUE with one of {known}")
    provision = _provision(dataset, name)
    predicate = SCS + ("appliesIf" if key == "condition" else key)
    kept = [triple for triple in asserted_triples(dataset, provision) if triple.predicate.value != predicate]
    new = [
        Triple(NamedNode(provision), NamedNode(predicate), NamedNode(_value(dataset, names, PROPERTIES[key], one)))
        for one in value.split("+")
        if one
    ]
    remove_subjects(dataset, [provision])
    add_triples(dataset, [*kept, *new], GRAPH)


def _provision(dataset: Dataset, name: str) -> str:
    known = {node.value for node in instances(dataset, SCS + "Provision", "ontology/")}
    wanted = expand(name) or PREFIXES["provision"] + name
    if wanted not in known:
        raise unknown_name(dataset, "provision", name, known)
    return wanted


def _value(dataset: Dataset, names: NameIndex, kind: str, name: str) -> str:
    found = sorted(names.find(SCS + kind, name))
    if len(found) != 1:
        raise unknown_name(dataset, kind.lower(), name, names.iris(SCS + kind))
    return found[0]


def _replace_criteria(dataset: Dataset, triples: Iterable[Triple]) -> None:
    """Replace criteria and conditions, with their named shapes and lists, by those in the triples."""
    given = list(triples)
    kinds = {NamedNode(SCS + "Criterion"), NamedNode(SCS + "Condition")}
    named = {store.text(t.subject) for t in given if t.predicate.value == RDF + "type" and t.object in kinds}
    known = {node.value for kind in kinds for node in instances(dataset, kind.value, "ontology/")}
    if unknown := sorted(named - known):
        raise UnknownNameError("criterion", local_id(unknown[0]), map(local_id, known))
    shapes = {store.text(t.subject) for t in given if store.text(t.subject).startswith(PREFIXES["shape"])}
    remove_subjects(dataset, named | shapes)
    add_triples(dataset, given, GRAPH)
