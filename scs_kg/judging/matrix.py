"""Puts the verdicts of one reading together into the comparison."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from scs_kg.judging.objections import objections
from scs_kg.judging.selection import judge_selected, resolve_selection
from scs_kg.model.entity import Entity
from scs_kg.model.errors import EmptyInputError, UnknownNameError, WrongUseError
from scs_kg.model.matrix import Cell, Matrix
from scs_kg.model.namespaces import local_id
from scs_kg.model.selection import Selection
from scs_kg.model.verdicts import OpenReason, Outcome, Verdict
from scs_kg.store import Dataset, query_library
from scs_kg.store.labels import resolve
from scs_kg.store.query_library import Row, row_entity, row_text


def systems(dataset: Dataset) -> tuple[Entity, ...]:
    """Return the systems in the order of a published table, then by name."""
    return tuple(dict.fromkeys(row_entity(row, "system") for row in query_library.rows(dataset, "systems")))


def principles(dataset: Dataset, guideline: Entity) -> tuple[Entity, ...]:
    """Return the principles of a guideline by their number."""
    return tuple(
        row_entity(row, "principle") for row in query_library.rows(dataset, "principles", guideline=guideline.iri)
    )


@dataclass(frozen=True, slots=True)
class ReadingChoice:
    """A guideline, a reading of it, and the dataset that the reading is meant for, if it is meant for one."""

    guideline: Entity
    reading: Entity
    meant_for: str | None


def choose_reading(dataset: Dataset, guideline: str | None, reading: str | None) -> ReadingChoice:
    """Return the first of the choices that fit the names given; errors are those of ``choices``."""
    return choices(dataset, guideline, reading)[0]


def choices(dataset: Dataset, guideline: str | None = None, reading: str | None = None) -> list[ReadingChoice]:
    """Return every reading with its guideline, or those that fit the names given, ids, IRIs or labels.

    Raises:
        UnknownNameError: there is no such guideline, or no such reading.
        WrongUseError: the reading is of another guideline; a label is that of several.
        EmptyInputError: there is no reading.
    """
    found: dict[str, ReadingChoice] = {}
    for row in query_library.rows(dataset, "readings"):
        meant_for = local_id(row_text(row, "dataset")) or None
        choice = ReadingChoice(row_entity(row, "guideline", "guidelineLabel"), row_entity(row, "reading"), meant_for)
        found.setdefault(choice.reading.iri, choice)
    if not found:
        raise EmptyInputError(f"{dataset.root}: no reading in ontology/guidelines/; a comparison needs at least one")
    chosen = list(found.values())
    if guideline is not None:
        wanted = resolve(dataset, guideline, "guideline", (choice.guideline for choice in chosen))
        chosen = [choice for choice in chosen if choice.guideline == wanted]
    if reading is not None:
        chosen = [_named(dataset, reading, chosen, found.values())]
    return chosen


def _named(
    dataset: Dataset, reading: str, chosen: list[ReadingChoice], every: Iterable[ReadingChoice]
) -> ReadingChoice:
    """Return the choice with a reading; where it is of another guideline than that chosen, say of which."""
    by_iri = {choice.reading.iri: choice for choice in every}
    try:
        return by_iri[resolve(dataset, reading, "reading", (choice.reading for choice in chosen)).iri]
    except UnknownNameError as unknown:
        try:
            other = by_iri[resolve(dataset, reading, "reading", (choice.reading for choice in by_iri.values())).iri]
        except UnknownNameError:
            raise unknown from None
    guideline, own = chosen[0].guideline.id, ", ".join(choice.reading.id for choice in chosen)
    raise WrongUseError(f"{other.reading.id} reads {other.guideline.id}; the readings of {guideline} are {own}")


def verdicts_by_cell(rows: Iterable[Row]) -> Mapping[tuple[str, str], tuple[Verdict, ...]]:
    """Group the rows of ``evidence.rq`` to the verdicts of each cell, by the IRIs of principle and system."""
    claims: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    decided: dict[tuple[str, str, str], tuple[Outcome, OpenReason | None]] = {}
    for row in rows:
        key = row_text(row, "principle"), row_text(row, "system"), row_text(row, "criterion")
        decided[key] = Outcome(local_id(row_text(row, "outcome"))), why(row)
        if row_text(row, "claim") and row_text(row, "claim") not in claims[key]:
            claims[key].append(row_text(row, "claim"))
    cells: dict[tuple[str, str], tuple[Verdict, ...]] = defaultdict(tuple)
    for key, (outcome, reason) in decided.items():
        verdict = Verdict(key[1], key[2], outcome, tuple(claims[key]), reason)
        cells[key[:2]] += (verdict,)
    return cells


def why(row: Row) -> OpenReason | None:
    """Return why a row of ``matrix.rq`` or ``evidence.rq`` cannot be told, None if it can."""
    reason = local_id(row_text(row, "why"))
    return OpenReason(reason[0].lower() + reason[1:]) if reason else None


def compare(dataset: Dataset, choice: ReadingChoice | None = None, selection: Selection | None = None) -> Matrix:
    """Return the comparison of all systems of a judged dataset with one guideline under one reading.

    The choice is by default the first; the selection is that by which the dataset was judged.
    """
    chosen, judged_by = choice or choose_reading(dataset, None, None), selection or Selection()
    verdicts = verdicts_by_cell(query_library.rows(dataset, "evidence", reading=chosen.reading.iri))
    found = query_library.rows(dataset, "matrix", reading=chosen.reading.iri)
    rows = {(row_text(row, "principle"), row_text(row, "system")): row for row in found}
    across, down = systems(dataset), principles(dataset, chosen.guideline)
    keys = [(principle.iri, system.iri) for principle in down for system in across]
    cells = tuple(_cell(rows[key], verdicts.get(key, ())) for key in keys)
    return Matrix(
        guideline=chosen.guideline,
        reading=chosen.reading,
        selection=judged_by,
        systems=across,
        principles=down,
        cells=cells,
        standing=applicability_note(dataset, chosen.guideline),
        objections=objections_note(dataset, chosen.reading, cells),
    )


def judge_and_compare(dataset: Dataset, guideline: str | None, reading: str | None, selection: Selection) -> Matrix:
    """Judge an opened dataset by a selection, and compare its systems with a guideline under a reading.

    A reading brings the dataset that it is meant for, unless the selection names one, or ``all``. The dataset is
    changed: it keeps what the selection wants, and gets the verdicts.

    Raises:
        UnknownNameError: there is no such guideline, reading, dataset, system or source.
        EmptyInputError: nothing is left to judge.
    """
    choice = choose_reading(dataset, guideline, reading)
    datasets = selection.datasets or ((choice.meant_for,) if choice.meant_for else ())
    chosen = resolve_selection(dataset, replace(selection, datasets=datasets))
    return compare(judge_selected(dataset, chosen), choice, chosen)


def applicability_note(dataset: Dataset, guideline: Entity) -> str:
    """Say in a sentence whether a guideline binds, to whom it speaks, where it applies and since when.

    It adds that claims about days before it applied are measured in hindsight and, for hard law, which of the systems
    compared operate where it does not apply: for them the test is what the law would say, not what it says.
    """
    rows = query_library.rows(dataset, "guidelines", guideline=guideline.iri)
    addressees, regions = (sorted({row_text(row, name) for row in rows} - {""}) for name in ("addressee", "region"))
    parts = [row_text(rows[0], "nature").capitalize()]
    parts += [f"for {' and '.join(addressees)}"] if addressees else []
    parts += [f"in {' and '.join(regions)}"] if regions else []
    since = row_text(rows[0], "since")
    parts += [f"since {since}; what claims report of earlier days is measured in hindsight"] if since else []
    elsewhere = [
        row_text(row, "system")
        for row in query_library.rows(dataset, "applicability", guideline=guideline.iri)
        if row_text(row, "applies") == "false"
    ]
    among = len(systems(dataset))
    where = ("the" if len(elsewhere) == among else f"{len(elsewhere)} of the") + " system" + "s" * (among > 1)
    operate = "operates elsewhere, so that for it" if len(elsewhere) == 1 else "operate elsewhere, so that for them"
    counterfactual = f"; {where} {operate} the test is counterfactual"
    return " ".join(parts) + (counterfactual if elsewhere else "") + "."


def objections_note(dataset: Dataset, reading: Entity, cells: Iterable[Cell]) -> str:
    """Say in a sentence how many objections there are to what cells rest on; nothing if there are none."""
    against = objections(dataset)
    if not against:
        return ""
    asked: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in query_library.rows(dataset, "provisions", reading=reading.iri):
        asked[row_text(row, "principle"), row_text(row, "criterion")].add(row_text(row, "provision"))
    struck, found = 0, set()
    for cell in cells:
        rests_on = {iri for v in cell.verdicts for iri in (v.criterion, *v.claims, *asked[cell.principle, v.criterion])}
        here = {objection for iri in rests_on for objection in against.get(iri, ())}
        found |= here
        struck += bool(here)
    count, undecided = len(found), sum(not objection.decisions for objection in found)
    what = f"{count} objection{'s' if count > 1 else ''} to claims, criteria or provisions, {undecided} undecided"
    return f"Against what {struck} of these cells rest on stand {what}; scs-kg explain shows them." if found else ""


def _cell(row: Row, verdicts: tuple[Verdict, ...]) -> Cell:
    return Cell(
        system=row_text(row, "system"),
        principle=row_text(row, "principle"),
        outcome=Outcome(local_id(row_text(row, "outcome"))),
        decided=int(row_text(row, "decided")),
        of=int(row_text(row, "of")),
        why=why(row),
        verdicts=verdicts,
    )
