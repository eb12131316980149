"""Compares two editions of the data: the records, verdicts and cells that differ, and the causes.

The causes of a changed verdict are of three kinds. The criterion is a cause if it changed. Every claim whose effect on
a tested feature changed is a cause. Every claim that contradicts a cause in only one of the editions is a cause too.
The causes of a changed cell are its changed verdicts with their causes, and the provisions that changed.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from scs_kg import store
from scs_kg.analysis.diff.records import RecordChange, record_changes
from scs_kg.analysis.diff.signs import Judged, Key, judged_cells
from scs_kg.judging.principles import Provision, read_principle_criteria
from scs_kg.model.formula import facts
from scs_kg.model.matrix import CellRule, Scope
from scs_kg.model.namespaces import EARL, SCS, curie, local_id
from scs_kg.model.verdicts import Criterion
from scs_kg.rules.criteria import read_conditions, read_criteria
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_text

SILENT: Final = ("cantTell", "silent")
"""The state of a verdict without any claim; it counts as equal to ``NOTHING``."""
NOTHING: Final = ("", "")
"""The state of a verdict or cell that an edition does not have."""

State = tuple[str, str]
"""The local names of an outcome and of the reason why it is open (empty if it is decided)."""
Effect = tuple[str, str, str, bool]
"""The effect of a claim: claim, feature, finding, and whether the claim establishes the finding."""


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A verdict that differs: its state in each edition, and the prefixed names of the causes."""

    system: str
    criterion: str
    old: State
    new: State
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CellState:
    """The mark and the counts of a cell in one edition, and why it is open, as the JSON of a matrix has them.

    ``scope`` and ``on_paper`` are those of ``Cell``. They are read only for cells that differ in other parts.
    """

    mark: str
    met: int
    not_met: int
    open: int
    why: str
    scope: tuple[Scope, ...] = ()
    on_paper: int = 0

    @property
    def silent(self) -> bool:
        """Return whether the cell has no decided criterion and no claim; it is equivalent to a missing cell."""
        return not self.met + self.not_met and self.mark in {"notKnown", "notAsked"} and self.why in {"", "silent"}

    def same_mark(self, other: "CellState | None") -> bool:
        """Return whether another cell has the same mark, the same decided criteria and the same reason."""
        return other is not None and replace(self, open=0) == replace(other, open=0)


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that differs under a reading: its state in each edition, and the prefixed names of the causes."""

    reading: str
    principle: str
    system: str
    old: CellState | None
    new: CellState | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The differences between two editions, whose names are ``old`` and ``new``; each part is in a stable order."""

    old: str
    new: str
    verdicts: tuple[VerdictChange, ...]
    cells: tuple[CellChange, ...]
    records: tuple[RecordChange, ...]


@dataclass(frozen=True, slots=True)
class _View:
    """The parts of a judged edition that are compared; keys are IRIs.

    ``states`` is keyed by system and criterion, and ``cells`` by reading, principle and system. ``effects`` is keyed by
    system, and ``contradictions`` by claim. ``provisions`` and ``covers`` are keyed by reading and principle. A value
    of ``provisions`` has provision, criterion, force, role and conditions. A value of ``covers`` has the rule of the
    reading and the premises.
    """

    criteria: Mapping[str, Criterion]
    states: Mapping[tuple[str, str], State]
    cells: Mapping[tuple[str, str, str], CellState]
    effects: Mapping[str, frozenset[Effect]]
    contradictions: Mapping[str, frozenset[str]]
    provisions: Mapping[tuple[str, str], frozenset[Provision]]
    covers: Mapping[tuple[str, str], tuple[CellRule, frozenset[str]]]


def difference(names: tuple[str, str], old: Dataset, new: Dataset) -> Difference:
    """Compare two judged editions; ``names`` are their names."""
    before, after = _view(old), _view(new)
    verdicts, signs = tuple(_verdicts(before, after)), (judged_cells(old), judged_cells(new))
    return Difference(*names, verdicts, tuple(_cells(before, after, verdicts, signs)), tuple(record_changes(old, new)))


def _view(dataset: Dataset) -> _View:
    principles = {(one.choice.reading.iri, one.principle.iri): one for one in read_principle_criteria(dataset)}
    contradictions: dict[str, set[str]] = defaultdict(set)
    for claim, other in store.subject_objects(dataset, SCS + "contradicts"):
        contradictions[claim].add(other)
    cells = {
        (row_text(row, "reading"), row_text(row, "principle"), row_text(row, "system")): _cell_state(row)
        for row in query_library.rows(dataset, "matrix")
    }
    tests = (*read_criteria(dataset), *read_conditions(dataset))
    return _View(
        MappingProxyType({test.iri: test for test in tests}),
        MappingProxyType(_states(dataset)),
        MappingProxyType(cells),
        MappingProxyType(_effects(dataset)),
        MappingProxyType({claim: frozenset(others) for claim, others in contradictions.items()}),
        MappingProxyType({key: frozenset(one.provisions) for key, one in principles.items()}),
        MappingProxyType({key: (one.rule, one.premises) for key, one in principles.items()}),
    )


def _cell_state(row: query_library.Row) -> CellState:
    met, not_met, open_ = (int(row_text(row, name)) for name in ("met", "notMet", "open"))
    return CellState(row_text(row, "mark"), met, not_met, open_, _state("", row_text(row, "why"))[1])


def _state(outcome: str, reason: str) -> State:
    name = local_id(reason)
    return local_id(outcome), name[:1].lower() + name[1:]


def _states(dataset: Dataset) -> dict[tuple[str, str], State]:
    """Return the state of each verdict, keyed by system and criterion."""
    system, test, reason, result, outcome = (
        dict(store.subject_objects(dataset, predicate))
        for predicate in (EARL + "subject", EARL + "test", SCS + "openBecause", EARL + "result", EARL + "outcome")
    )
    return {(system[v], test[v]): _state(outcome[result[v]], reason.get(v, "")) for v in test}


def _effects(dataset: Dataset) -> dict[str, frozenset[Effect]]:
    """Return the effects of the claims about each system."""
    about, finding = (
        dict(store.subject_objects(dataset, SCS + "about")),
        dict(store.subject_objects(dataset, SCS + "finding")),
    )
    establishing = set(store.subject_objects(dataset, SCS + "establishes"))
    found: dict[str, set[Effect]] = defaultdict(set)
    for claim, feature in store.subject_objects(dataset, SCS + "bearsOn"):
        found[about[claim]].add((claim, feature, finding[claim], (claim, feature) in establishing))
    return {system: frozenset(effects) for system, effects in found.items()}


def _verdicts(old: _View, new: _View) -> Iterator[VerdictChange]:
    for system, criterion in sorted(old.states.keys() | new.states.keys()):
        before, after = (view.states.get((system, criterion), NOTHING) for view in (old, new))
        if before != after and {before, after} != {NOTHING, SILENT}:
            because = tuple(sorted(map(curie, _causes(old, new, system, criterion))))
            yield VerdictChange(local_id(system), local_id(criterion), before, after, because)


def _causes(old: _View, new: _View, system: str, criterion: str) -> Iterator[str]:
    """Yield the causes of a changed verdict: the criterion if it changed, and every claim whose effect on it changed.

    If a claim is contested in only one edition, the cause is the claim that contradicts it there.
    """
    judged_by = [view.criteria.get(criterion) for view in (old, new)]
    if judged_by[0] != judged_by[1]:
        yield criterion
    formulas = [formula for found in judged_by if found for formula in (found.formula, found.applies_if) if formula]
    tested = {fact.feature for formula in formulas for fact in facts(formula)}
    before, after = ({e for e in view.effects.get(system, ()) if e[1] in tested} for view in (old, new))
    changed = {claim for claim, *_ in {effect[:3] for effect in before} ^ {effect[:3] for effect in after}}
    contested = {claim for claim, *_ in before ^ after} - changed
    nothing: frozenset[str] = frozenset()
    others = (old.contradictions.get(claim, nothing) ^ new.contradictions.get(claim, nothing) for claim in contested)
    yield from changed.union(*others)


def _with_signs(state: CellState | None, key: Key, judged: Judged) -> CellState | None:
    """Return the state of a cell with its scope and its number of criteria on paper; None if there is no cell."""
    if state is None:
        return None
    cell = judged(key)
    return replace(state, scope=cell.scope, on_paper=cell.on_paper)


def _cells(
    old: _View, new: _View, verdicts: tuple[VerdictChange, ...], signs: tuple[Judged, Judged]
) -> Iterator[CellChange]:
    changed = {(verdict.system, verdict.criterion): verdict for verdict in verdicts}
    nothing: frozenset[Provision] = frozenset()
    for key in sorted(old.cells.keys() | new.cells.keys()):
        before, after = old.cells.get(key), new.cells.get(key)
        if before.same_mark(after) if before else not after or after.silent:
            continue
        if before and before.silent and after is None:
            continue
        reading, principle, system = key
        provisions = [view.provisions.get((reading, principle), nothing) for view in (old, new)]
        because = {curie(provision.iri) for provision in provisions[0] ^ provisions[1]}
        covers = [view.covers.get((reading, principle)) for view in (old, new)]
        because |= {curie(reading)} if covers[0] != covers[1] else set()
        both = provisions[0] | provisions[1]
        tests = {provision.criterion for provision in both}.union(*(provision.conditions for provision in both))
        tests = tests.union(*(premises for _, premises in filter(None, covers)))
        for test in tests:
            if verdict := changed.get((local_id(system), local_id(test))):
                because |= {curie(test), *verdict.because}
        states = _with_signs(before, key, signs[0]), _with_signs(after, key, signs[1])
        names = local_id(reading), local_id(principle), local_id(system)
        yield CellChange(*names, *states, tuple(sorted(because)))
