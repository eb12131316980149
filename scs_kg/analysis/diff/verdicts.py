"""Compares two editions of the data: which records differ, which verdicts and cells, and by what.

Every verdict that differs names what brought it about: each claim that bears otherwise on what the criterion tests, or
that contradicts one that does, and the criterion if it is another. A cell names its verdicts and provisions.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from scs_kg import store
from scs_kg.analysis.diff.records import RecordChange, record_changes
from scs_kg.model.formula import facts
from scs_kg.model.namespaces import EARL, SCS, curie, local_id
from scs_kg.model.verdicts import Criterion
from scs_kg.rules.criteria import read_criteria
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_text

SILENT: Final = ("cantTell", "silent")
NOTHING: Final = ("", "")

State = tuple[str, str]


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A verdict that differs: outcome and reason for having none in each edition, and the names of what changed it."""

    system: str
    criterion: str
    old: State
    new: State
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that differs under a reading, with the names of the criteria, claims and provisions that changed it."""

    reading: str
    principle: str
    system: str
    old: State
    new: State
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two editions, by their names, each part in a stable order."""

    old: str
    new: str
    verdicts: tuple[VerdictChange, ...]
    cells: tuple[CellChange, ...]
    records: tuple[RecordChange, ...]


@dataclass(frozen=True, slots=True)
class _View:
    """What a judged edition says of its verdicts, ready for comparing: claims by system, by feature and finding."""

    criteria: Mapping[str, Criterion]
    states: Mapping[tuple[str, str], State]
    cells: Mapping[tuple[str, str, str], State]
    bearing: Mapping[str, frozenset[tuple[str, str, str, bool]]]
    against: Mapping[str, frozenset[str]]
    provisions: Mapping[tuple[str, str], frozenset[tuple[str, str, str]]]


def difference(names: tuple[str, str], old: Dataset, new: Dataset) -> Difference:
    """Compare two judged editions, which are called so."""
    before, after = _view(old), _view(new)
    verdicts = tuple(_verdicts(before, after))
    return Difference(*names, verdicts, tuple(_cells(before, after, verdicts)), tuple(record_changes(old, new)))


def _view(dataset: Dataset) -> _View:
    provisions: dict[tuple[str, str], set[tuple[str, str, str]]] = defaultdict(set)
    for row in query_library.rows(dataset, "provisions"):
        provision, criterion, force = (row_text(row, name) for name in ("provision", "criterion", "force"))
        provisions[row_text(row, "reading"), row_text(row, "principle")].add((provision, criterion, force))
    against: dict[str, set[str]] = defaultdict(set)
    for claim, other in store.subject_objects(dataset, SCS + "contradicts"):
        against[claim].add(other)
    return _View(
        {criterion.iri: criterion for criterion in read_criteria(dataset)},
        _states(dataset),
        {
            (row_text(row, "reading"), row_text(row, "principle"), row_text(row, "system")): _state(
                row_text(row, "outcome"), row_text(row, "why")
            )
            for row in query_library.rows(dataset, "matrix")
        },
        _bearing(dataset),
        {claim: frozenset(others) for claim, others in against.items()},
        {key: frozenset(found) for key, found in provisions.items()},
    )


def _state(outcome: str, reason: str) -> State:
    name = local_id(reason)
    return local_id(outcome), name[:1].lower() + name[1:]


def _states(dataset: Dataset) -> dict[tuple[str, str], State]:
    """Return the state of each verdict by system and criterion."""
    system, test, reason, result, outcome = (
        dict(store.subject_objects(dataset, predicate))
        for predicate in (EARL + "subject", EARL + "test", SCS + "openBecause", EARL + "result", EARL + "outcome")
    )
    return {(system[v], test[v]): _state(outcome[result[v]], reason.get(v, "")) for v in test}


def _bearing(dataset: Dataset) -> dict[str, frozenset[tuple[str, str, str, bool]]]:
    """Return what bears on the features of each system: claim, feature, finding, and whether it establishes it."""
    about, finding = (
        dict(store.subject_objects(dataset, SCS + "about")),
        dict(store.subject_objects(dataset, SCS + "finding")),
    )
    establishing = set(store.subject_objects(dataset, SCS + "establishes"))
    found: dict[str, set[tuple[str, str, str, bool]]] = defaultdict(set)
    for claim, feature in store.subject_objects(dataset, SCS + "bearsOn"):
        found[about[claim]].add((claim, feature, finding[claim], (claim, feature) in establishing))
    return {system: frozenset(bearing) for system, bearing in found.items()}


def _verdicts(old: _View, new: _View) -> Iterator[VerdictChange]:
    for system, criterion in sorted(old.states.keys() | new.states.keys()):
        before, after = (view.states.get((system, criterion), NOTHING) for view in (old, new))
        if before != after and {before, after} != {NOTHING, SILENT}:
            because = tuple(sorted(map(curie, _causes(old, new, system, criterion))))
            yield VerdictChange(local_id(system), local_id(criterion), before, after, because)


def _causes(old: _View, new: _View, system: str, criterion: str) -> Iterator[str]:
    """Yield the criterion if it is another, and each claim that bears otherwise on what it tests, or newly contests."""
    judged_by = [view.criteria.get(criterion) for view in (old, new)]
    if judged_by[0] != judged_by[1]:
        yield criterion
    forms = [form for found in judged_by if found for form in (found.formula, found.applies_if) if form]
    tested = {fact.feature for form in forms for fact in facts(form)}
    before, after = ({b for b in view.bearing.get(system, ()) if b[1] in tested} for view in (old, new))
    bearings = {bearing[:3] for bearing in before} ^ {bearing[:3] for bearing in after}
    contested = {claim for claim, *_ in before ^ after} - {claim for claim, *_ in bearings}
    nobody: frozenset[str] = frozenset()
    others = (old.against.get(claim, nobody) ^ new.against.get(claim, nobody) for claim in contested)
    yield from {claim for claim, *_ in bearings}.union(*others)


def _cells(old: _View, new: _View, verdicts: tuple[VerdictChange, ...]) -> Iterator[CellChange]:
    changed = {(verdict.system, verdict.criterion): verdict for verdict in verdicts}
    nothing: frozenset[tuple[str, str, str]] = frozenset()
    for key in sorted(old.cells.keys() | new.cells.keys()):
        before, after = old.cells.get(key, NOTHING), new.cells.get(key, NOTHING)
        if before == after or {before, after} == {NOTHING, SILENT}:
            continue
        reading, principle, system = key
        provisions = [view.provisions.get((reading, principle), nothing) for view in (old, new)]
        because = {curie(provision) for provision, *_ in provisions[0] ^ provisions[1]}
        for criterion in {criterion for _, criterion, _ in provisions[0] | provisions[1]}:
            if verdict := changed.get((local_id(system), local_id(criterion))):
                because |= {curie(criterion), *verdict.because}
        yield CellChange(
            local_id(reading), local_id(principle), local_id(system), before, after, tuple(sorted(because))
        )
