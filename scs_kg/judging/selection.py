"""Opens a project folder, chooses which claims count and which systems are compared, and judges by them."""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from scs_kg import store
from scs_kg.judging.judge import derive, judge_all, publish
from scs_kg.model.entity import Entity
from scs_kg.model.errors import EmptyInputError
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, local_id
from scs_kg.model.selection import Selection
from scs_kg.rules import engines
from scs_kg.store import Dataset, NamedNode, Triple, query_library
from scs_kg.store.dataset import add_triples, copy_asserted, instances, remove_subjects, subfolders
from scs_kg.store.labels import resolve
from scs_kg.store.query_library import Row, row_entity, row_text

CONFIDENCES = ("low", "medium", "high")
KINDS = ("local", "national", "commercial", "comparator")


def open_guarded(root: Path) -> Dataset:
    """Load a project folder, refuse it if it breaks a rule, and note the dataset of each claim."""
    return guarded(store.load(root))


def guarded(dataset: Dataset) -> Dataset:
    """Refuse a loaded dataset if it breaks one of its own rules; note the dataset of each claim, and return it."""
    engines.guard(dataset)
    return _note_datasets(dataset)


def reopen(dataset: Dataset) -> Dataset:
    """Return a copy of an opened dataset as it was before it was judged."""
    return _note_datasets(copy_asserted(dataset))


def _note_datasets(dataset: Dataset) -> Dataset:
    link = NamedNode(SCS + "inDataset")
    for name in subfolders(dataset, "data"):
        whole = NamedNode(PREFIXES["dataset"] + name)
        claims = instances(dataset, SCS + "Claim", f"data/{name}/")
        add_triples(dataset, (Triple(claim, link, whole) for claim in claims))
    return dataset


def open_judged(root: Path, selection: Selection | None = None) -> Dataset:
    """Open a project folder, keep what the selection wants, judge, and write the verdicts into the dataset."""
    return judge_selected(open_guarded(root), selection or Selection())


def judge_selected(dataset: Dataset, selection: Selection) -> Dataset:
    """Take out of an opened dataset what the selection leaves out, judge the rest, and return the dataset.

    Raises:
        UnknownNameError: the selection names a source, a dataset or a system that does not exist.
        EmptyInputError: nothing is left to judge.
    """
    _select(dataset, selection)
    derive(dataset)
    publish(dataset, judge_all(dataset, selection.engine))
    return dataset


def _select(dataset: Dataset, selection: Selection) -> None:
    claims, systems = left_out(dataset, selection)
    if selection.datasets and not _left(dataset, claims):
        _point_to_others(dataset, selection)
    remove_subjects(dataset, claims | systems)


def _left(dataset: Dataset, out: set[str]) -> list[Row]:
    """Return the claims that are left where some are left out."""
    return [row for row in query_library.rows(dataset, "claims") if row_text(row, "claim") not in out]


def _point_to_others(dataset: Dataset, selection: Selection) -> None:
    """Raise EmptyInputError if the claims of all datasets would leave some where those chosen leave none."""
    others = _left(dataset, left_out(dataset, replace(selection, datasets=()))[0])
    if others:
        systems = len({row_text(row, "system") for row in others})
        there = f"{len(others)} claim{'s' * (len(others) > 1)} on {systems} system{'s' * (systems > 1)}"
        where = " and ".join(selection.datasets)
        raise EmptyInputError(f"no claim of {where} is left to judge by; --dataset all would leave {there}")


def left_out(dataset: Dataset, selection: Selection) -> tuple[set[str], set[str]]:
    """Return the claims and the systems of an opened dataset, by IRI, that a selection leaves out.

    Raises:
        UnknownNameError: the selection names a source, a dataset or a system that does not exist.
        EmptyInputError: a system is named of which the datasets say nothing.
    """
    claims = query_library.rows(dataset, "claims")
    out = _outside(dataset, selection)
    dropped = {row_text(row, "system") for row in query_library.rows(dataset, "systems")} - _chosen(
        dataset, selection, claims, out
    )
    out |= {row_text(row, "claim") for row in claims if row_text(row, "system") in dropped}
    out |= _dated_later(claims, selection.as_of) | _resting_on(dataset, claims, selection.without)
    out |= _less_sure(claims, selection.min_confidence)
    return out, dropped


def _outside(dataset: Dataset, selection: Selection) -> set[str]:
    """Return the claims that are in none of the datasets chosen."""
    if not selection.datasets:
        return set()
    known = _datasets(dataset)
    wanted = {resolve(dataset, name, "dataset", known).iri for name in selection.datasets}
    return {claim for claim, whole in store.subject_objects(dataset, SCS + "inDataset") if whole not in wanted}


def resolve_selection(dataset: Dataset, selection: Selection) -> Selection:
    """Return the selection with the id of each dataset, source and system in place of the name given.

    The dataset ``all`` becomes no dataset, which means all of them.

    Raises:
        UnknownNameError: the selection names a source, a dataset or a system that does not exist.
    """
    named = () if "all" in selection.datasets else selection.datasets
    return replace(
        selection,
        datasets=_ids(dataset, named, "dataset"),
        without=_ids(dataset, selection.without, "source"),
        systems=_ids(dataset, selection.systems, "system"),
        kinds=tuple(dict.fromkeys(selection.kinds)),
    )


def _ids(dataset: Dataset, names: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """Return the ids of things of a kind (dataset, source or system), each once, in the order of the names."""
    if not names:
        return ()
    known = _datasets(dataset) if kind == "dataset" else _entities(dataset, kind)
    return tuple(dict.fromkeys(resolve(dataset, name, kind, known).id for name in names))


def _entities(dataset: Dataset, kind: str) -> list[Entity]:
    """Return the sources or the systems of a dataset."""
    label = "source" if kind == "source" else "label"
    return [row_entity(row, kind, label) for row in query_library.rows(dataset, f"{kind}s")]


def _datasets(dataset: Dataset) -> list[Entity]:
    names = [name for name in subfolders(dataset, "data") if _is_described(dataset, name)]
    return [Entity(name, PREFIXES["dataset"] + name, name) for name in names]


def _is_described(dataset: Dataset, name: str) -> bool:
    """Tell a dataset of claims from a folder that holds something else, such as links."""
    return store.has_triple(dataset, PREFIXES["dataset"] + name, RDF + "type", None)


def _chosen(dataset: Dataset, selection: Selection, claims: Iterable[Row], out: set[str]) -> set[str]:
    """Return the systems to compare: those chosen, and with a claim in the datasets if some were chosen.

    Raises:
        UnknownNameError: a system is named that does not exist.
        EmptyInputError: a system is named of which the datasets say nothing.
    """
    rows = query_library.rows(dataset, "systems")
    chosen = {row_text(row, "system") for row in rows}
    if selection.systems:
        chosen = {
            resolve(dataset, name, "system", (row_entity(row, "system") for row in rows)).iri
            for name in selection.systems
        }
    if selection.kinds:
        chosen &= {
            row_text(row, "system") for row in rows if local_id(row_text(row, "kind")).lower() in selection.kinds
        }
    if selection.datasets:
        spoken_of = {row_text(row, "system") for row in claims if row_text(row, "claim") not in out}
        if selection.systems and (silent := sorted(local_id(system) for system in chosen - spoken_of)):
            where, missed = " and ".join(selection.datasets), ", ".join(silent)
            raise EmptyInputError(f"no claim of {where} is about {missed}; --dataset all takes in every claim")
        chosen &= spoken_of
    return chosen


def _dated_later(claims: Iterable[Row], as_of: str | None) -> set[str]:
    if as_of is None:
        return set()
    limit = last_day(as_of)
    return {
        row_text(row, "claim") for row in claims if not row_text(row, "asOf") or last_day(row_text(row, "asOf")) > limit
    }


def is_date(value: str) -> bool:
    """Tell whether a text is a date as ``as_of`` takes it: a year, a month or a day that there is."""
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", value, re.ASCII):
        return False
    try:
        date.fromisoformat(value + "-01-01"[len(value) - len("2019") :])
    except ValueError:
        return False
    return True


def last_day(when: str) -> str:
    """Return the last day of a day, a month or a year as ``2018-12-31``, fit for comparing as text."""
    if len(when) == len("2018-12"):
        year, month = map(int, when.split("-"))
        return f"{when}-{monthrange(year, month)[1]:02}"
    return f"{when}-12-31" if len(when) == len("2018") else when


def _resting_on(dataset: Dataset, claims: list[Row], without: Iterable[str]) -> set[str]:
    dropped: set[str] = set()
    known = [row_entity(row, "source", "source") for row in query_library.rows(dataset, "sources")] if without else []
    for name in without:
        source = resolve(dataset, name, "source", known).iri
        dropped |= {
            row_text(row, "claim")
            for row in claims
            if source in (row_text(row, "source"), row_text(row, "primarySource"))
        }
    return dropped


def _less_sure(claims: Iterable[Row], at_least: str | None) -> set[str]:
    if at_least is None:
        return set()
    enough = CONFIDENCES[CONFIDENCES.index(at_least) :]
    return {row_text(row, "claim") for row in claims if local_id(row_text(row, "confidence")).lower() not in enough}
