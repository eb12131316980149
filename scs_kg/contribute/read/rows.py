"""Rows of cells to records: what CSV and spreadsheets have in common."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from scs_kg.contribute.read.context import ReadingContext, unknown_field
from scs_kg.contribute.read.draft import CLAIM, SOURCE, Fault, FileDemand, Record, SourcePosition, WrittenValue
from scs_kg.store.labels import normalize_name

TYPE: Final = "type"
COMMENT: Final = "#"
FORMULA: Final = ("=", "+", "@", "-", "\t")


@dataclass(frozen=True, slots=True)
class SheetRows:
    """Rows of cells, the first of which names the fields; empty ``kind`` if a column ``type`` may tell."""

    kind: str
    rows: tuple[tuple[WrittenValue, ...], ...]


def records_of(ground: ReadingContext, sheets: Iterable[SheetRows]) -> tuple[list[Record], list[Fault]]:
    """Return the records of sheets, and the cells that cannot be part of one.

    A row whose first cell begins with ``#`` is a comment. Cells of fields with many values hold them with semicolons
    between.
    """
    records: list[Record] = []
    faults: list[Fault] = []
    for sheet in sheets:
        rows = [row for row in sheet.rows if row and not row[0].text.lstrip().startswith(COMMENT)]
        if rows:
            kinds = (sheet.kind,) if sheet.kind else (CLAIM, SOURCE)
            columns = _columns(ground, kinds, rows[0], faults)
            found = (_record(ground, kinds, columns, row, faults) for row in rows[1:])
            records += [record for record in found if record.values]
    return records, faults


def _columns(
    ground: ReadingContext, kinds: tuple[str, ...], head: tuple[WrittenValue, ...], faults: list[Fault]
) -> list[str]:
    """Return the field of each column, empty if there is none."""
    known = {TYPE}.union(*(ground.by_name[kind] for kind in kinds))
    faults += [
        unknown_field(ground, kinds, cell)
        for cell in head
        if cell.text.strip() and normalize_name(cell.text) not in known
    ]
    return [cell.text.strip() for cell in head]


def _record(
    ground: ReadingContext,
    kinds: tuple[str, ...],
    columns: list[str],
    row: tuple[WrittenValue, ...],
    faults: list[Fault],
) -> Record:
    """Return the record of a row."""
    kind = _kind(kinds, columns, row, faults)
    own, all_known = ground.by_name[kind], [ground.by_name[other] for other in kinds]
    values: list[tuple[WrittenValue, tuple[WrittenValue, ...]]] = []
    for name, cell in zip(columns, row, strict=False):
        text, key = cell.text.strip(), normalize_name(name)
        if not text or not any(key in known for known in all_known):
            continue
        if _is_formula(text):
            message = f"begins with {text[0]!r} like a formula: write the value itself"
            faults.append(Fault(FileDemand.TEXTS, cell.place, f"cell {text[:40]!r}", message))
        many = key in own and own[key].many
        found = tuple(WrittenValue(part.strip(), cell.place) for part in (text.split(";") if many else [text]))
        values.append((WrittenValue(name, cell.place), tuple(part for part in found if part.text)))
    faults += _astray(columns, row)
    return Record(kind, tuple(values), row[0].place)


def _kind(kinds: tuple[str, ...], columns: list[str], row: tuple[WrittenValue, ...], faults: list[Fault]) -> str:
    """Return what a row is a record of: as its type says, or the first kind if it says nothing."""
    told = next(
        (cell for name, cell in zip(columns, row, strict=False) if normalize_name(name) == TYPE and cell.text.strip()),
        None,
    )
    found = [kind for kind in kinds if told is None or normalize_name(kind) == normalize_name(told.text)]
    if told is not None and not found:
        message = f"is no type of a record here: write {' or '.join(kinds)}"
        faults.append(Fault(FileDemand.NAMES, told.place, f"type {told.text.strip()[:40]!r}", message))
    return (found or kinds)[0]


def _astray(columns: list[str], row: tuple[WrittenValue, ...]) -> list[Fault]:
    """Find the first cell that stands under no field."""
    named = {number for number, name in enumerate(columns) if name}
    extra = [cell for number, cell in enumerate(row) if cell.text.strip() and number not in named]
    message = "stands under no field: check the separators and quotation marks of the row, or name the column"
    return [Fault(FileDemand.FIELDS, cell.place, f"cell {cell.text[:40]!r}", message) for cell in extra[:1]]


def _is_formula(text: str) -> bool:
    """Tell whether a spreadsheet would take a text for a formula; a number may have a sign."""
    return text.startswith(FORMULA) and not text[1:].replace(".", "", 1).isdigit()


def cell_name(column: int, row: int) -> str:
    """Return the name of a cell by its column and row, both counted from 1: ``C7``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def place_in(sheet: str, column: int, row: int) -> SourcePosition:
    """Return the place of a cell of a sheet."""
    return SourcePosition(cell=f"{sheet}!{cell_name(column, row)}")
