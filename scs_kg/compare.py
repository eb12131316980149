"""Puts the verdicts of one reading together into the comparison, and holds it against a published table."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from scs_kg import query, shacl, store
from scs_kg.errors import EmptyInputError, UnknownNameError
from scs_kg.judge import derive, judge_all, publish
from scs_kg.model import Cell, Matrix, Outcome, Thing, Verdict, Why
from scs_kg.namespaces import local_id
from scs_kg.query import Row
from scs_kg.store import Dataset


def text(row: Row, name: str) -> str:
    """Return the variable of a row as a string, empty if it is unbound."""
    term = row[name]
    return "" if term is None else store.text(term)


def thing(row: Row, name: str, label: str = "label") -> Thing:
    """Return the variable of a row as a thing, labelled by another variable of it."""
    return Thing(local_id(text(row, name)), text(row, name), text(row, label))


def open_judged(
    root: Path, *, as_of: str | None = None, without: Sequence[str] = (), engine: str = "formula"
) -> Dataset:
    """Load a project folder, guard it, keep the claims that count, judge, and write the verdicts into the dataset.

    ``as_of`` (``2019``, ``2019-06`` or ``2019-06-30``) keeps claims that speak for a time up to its end; claims
    without a date are then left out. ``without`` names sources, by id or IRI; claims that name one of them as source
    or as primary source are left out. Raises whatever loading, guarding and judging raise.
    """
    dataset = store.load(root)
    shacl.guard(dataset)
    rows = query.rows(dataset, "claims")
    store.withdraw(dataset, _dated_later(rows, as_of) | _resting_on(dataset, rows, without))
    derive(dataset)
    publish(dataset, judge_all(dataset, engine))
    return dataset


def _dated_later(rows: Iterable[Row], as_of: str | None) -> set[str]:
    if as_of is None:
        return set()
    limit = _end(as_of)
    return {text(row, "claim") for row in rows if not text(row, "asOf") or _end(text(row, "asOf")) > limit}


def _end(date: str) -> str:
    """Return the last day of a day, a month or a year, fit for comparing as text."""
    return date + {4: "-12-31", 7: "-31"}.get(len(date), "")


def _resting_on(dataset: Dataset, rows: Collection[Row], without: Iterable[str]) -> set[str]:
    dropped: set[str] = set()
    for name in without:
        source = resolve(name, "source", [thing(row, "source", "source") for row in query.rows(dataset, "sources")])
        dropped |= {
            text(row, "claim") for row in rows if source.iri in (text(row, "source"), text(row, "primarySource"))
        }
    return dropped


def resolve(name: str, kind: str, things: Iterable[Thing]) -> Thing:
    """Return the thing that is called so, by id or IRI; raise UnknownNameError with the nearest ids."""
    known = list(things)
    for candidate in known:
        if name in (candidate.id, candidate.iri):
            return candidate
    raise UnknownNameError(kind, name, {candidate.id for candidate in known})


def systems(dataset: Dataset) -> tuple[Thing, ...]:
    """Return the systems in the order of a published table, then by name."""
    return tuple(dict.fromkeys(thing(row, "system") for row in query.rows(dataset, "systems")))


def principles(dataset: Dataset, guideline: Thing) -> tuple[Thing, ...]:
    """Return the principles of a guideline by their number."""
    return tuple(thing(row, "principle") for row in query.rows(dataset, "principles", guideline=guideline.iri))


def choose_reading(dataset: Dataset, guideline: str | None, reading: str | None) -> tuple[Thing, Thing]:
    """Return guideline and reading for the names given; what is left out is the first that fits, by name.

    Raises:
        UnknownNameError: there is no such guideline, or no such reading of it.
    """
    rows = query.rows(dataset, "readings")
    if guideline is not None:
        chosen = resolve(guideline, "guideline", (thing(row, "guideline", "guidelineLabel") for row in rows))
        rows = [row for row in rows if text(row, "guideline") == chosen.iri]
    if not rows:
        raise EmptyInputError(f"{dataset.root}: no reading in ontology/guidelines/; a comparison needs at least one")
    if reading is not None:
        named = resolve(reading, "reading", (thing(row, "reading") for row in rows))
        rows = [row for row in rows if text(row, "reading") == named.iri]
    return thing(rows[0], "guideline", "guidelineLabel"), thing(rows[0], "reading")


def verdicts_by_cell(rows: Iterable[Row]) -> Mapping[tuple[str, str], tuple[Verdict, ...]]:
    """Group the rows of ``evidence.rq`` to the verdicts of each cell, by the IRIs of principle and system."""
    claims: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    decided: dict[tuple[str, str, str], tuple[Outcome, Why | None]] = {}
    for row in rows:
        key = text(row, "principle"), text(row, "system"), text(row, "criterion")
        decided[key] = Outcome(local_id(text(row, "outcome"))), why(row)
        if text(row, "claim") and text(row, "claim") not in claims[key]:
            claims[key].append(text(row, "claim"))
    cells: dict[tuple[str, str], tuple[Verdict, ...]] = defaultdict(tuple)
    for key, (outcome, reason) in decided.items():
        verdict = Verdict(key[1], key[2], outcome, tuple(claims[key]), reason)
        cells[key[:2]] += (verdict,)
    return cells


def why(row: Row) -> Why | None:
    """Return why a row of ``matrix.rq`` or ``evidence.rq`` cannot be told, None if it can."""
    reason = local_id(text(row, "why"))
    return Why(reason[0].lower() + reason[1:]) if reason else None


def compare(
    dataset: Dataset, guideline: str | None = None, reading: str | None = None, as_of: str | None = None
) -> Matrix:
    """Return the comparison of all systems with one guideline under one reading, from a judged dataset."""
    chosen, read = choose_reading(dataset, guideline, reading)
    verdicts = verdicts_by_cell(query.rows(dataset, "evidence", reading=read.iri))
    rows = {(text(r, "principle"), text(r, "system")): r for r in query.rows(dataset, "matrix", reading=read.iri)}
    across, down = systems(dataset), principles(dataset, chosen)
    keys = [(principle.iri, system.iri) for principle in down for system in across]
    cells = tuple(_cell(rows[key], verdicts.get(key, ())) for key in keys)
    return Matrix(chosen, read, as_of, across, down, cells)


def _cell(row: Row, verdicts: tuple[Verdict, ...]) -> Cell:
    return Cell(
        system=text(row, "system"),
        principle=text(row, "principle"),
        outcome=Outcome(local_id(text(row, "outcome"))),
        decided=int(text(row, "decided")),
        of=int(text(row, "of")),
        why=why(row),
        verdicts=verdicts,
    )
