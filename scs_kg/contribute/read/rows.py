"""Turns rows of cells into records, for CSV and spreadsheets."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from scs_kg.contribute.read.context import ReadingContext, unknown_field
from scs_kg.contribute.read.draft import Fault, FileDemand, Record, SourcePosition, WrittenValue
from scs_kg.contribute.read.fields import Field
from scs_kg.contribute.read.kinds import CLAIM, SOURCE
from scs_kg.model.advice import Advice
from scs_kg.store.labels import normalize_name

TYPE: Final = "type"
COMMENT: Final = "#"
FORMULA: Final = ("=", "+", "@", "-", "\t")
DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab"}
"""The characters that may separate the cells of CSV, each with its name."""
TEXT_TYPES: Final = frozenset({"string", "langString"})
"""The datatypes of free text."""
SENTENCE_ENDS: Final = (".", "!", "?", "。")
LONGEST: Final = 120
"""The maximum length of a text that a message repeats."""


@dataclass(frozen=True, slots=True)
class SheetRows:
    """Rows of cells; the first row has the field names. If ``kind`` is empty, a column ``type`` may give the kind.

    ``delimiter`` is the character between the cells of CSV; empty for a workbook.
    """

    kind: str
    rows: tuple[tuple[WrittenValue, ...], ...]
    delimiter: str = ""


def records_of(context: ReadingContext, sheets: Iterable[SheetRows]) -> tuple[list[Record], list[Fault]]:
    """Return the records of sheets, and the faults in their cells.

    A row whose first cell begins with ``#`` is a comment. In a field with several values, semicolons separate them.
    """
    records: list[Record] = []
    faults: list[Fault] = []
    for sheet in sheets:
        rows = [row for row in sheet.rows if row and not row[0].text.lstrip().startswith(COMMENT)]
        if rows:
            kinds = (sheet.kind,) if sheet.kind else (CLAIM, SOURCE)
            columns = _columns(context, kinds, rows[0], faults)
            for row in rows[1:]:
                if fault := _split_text(columns, _text_columns(context, kinds, columns), row, sheet.delimiter):
                    faults.append(fault)
                elif (record := _record(context, kinds, columns, row, faults)).fields:
                    records.append(record)
    return records, faults


def _columns(
    context: ReadingContext, kinds: tuple[str, ...], header: tuple[WrittenValue, ...], faults: list[Fault]
) -> list[str]:
    """Return the field name of each column; empty if the column has no field name."""
    known = {TYPE}.union(*(context.by_name[kind] for kind in kinds))
    named = [cell for cell in header if cell.text.strip()]
    unknown = [cell for cell in named if normalize_name(cell.text) not in known]
    if len(named) == len(unknown) > 1:
        message = "is in the first row, which has no field names; begin with a row of names"
        advice = Advice(", as {command} does", command="template")
        cell = f"cell {named[0].text[:40]!r}"
        faults.append(Fault(FileDemand.FIELDS, named[0].position, cell, message, advice=(advice,)))
    else:
        faults += [unknown_field(context, kinds, cell) for cell in unknown]
    return [cell.text.strip() for cell in header]


def _record(
    context: ReadingContext,
    kinds: tuple[str, ...],
    columns: list[str],
    row: tuple[WrittenValue, ...],
    faults: list[Fault],
) -> Record:
    """Return the record of a row."""
    kind = _kind(kinds, columns, row, faults)
    own, all_known = context.by_name[kind], [context.by_name[other] for other in kinds]
    fields: list[tuple[WrittenValue, tuple[WrittenValue, ...]]] = []
    for name, cell in zip(columns, row, strict=False):
        text, key = cell.text.strip(), normalize_name(name)
        if not text or not any(key in known for known in all_known):
            continue
        if _is_formula(text):
            message = f"begins with {text[0]!r}, as a formula does; write the value instead"
            faults.append(Fault(FileDemand.TEXTS, cell.position, f"cell {text[:40]!r}", message))
        many = key in own and own[key].many
        found = tuple(WrittenValue(part.strip(), cell.position) for part in (text.split(";") if many else [text]))
        fields.append((WrittenValue(name, cell.position), tuple(part for part in found if part.text)))
    faults += _cells_without_field(columns, row)
    return Record(kind, tuple(fields), row[0].position)


def _kind(kinds: tuple[str, ...], columns: list[str], row: tuple[WrittenValue, ...], faults: list[Fault]) -> str:
    """Return the kind of a row's record: the value of ``type``, or the first kind if the row has no ``type``."""
    cells = zip(columns, row, strict=False)
    given = next((cell for name, cell in cells if normalize_name(name) == TYPE and cell.text.strip()), None)
    found = [kind for kind in kinds if given is None or normalize_name(kind) == normalize_name(given.text)]
    if given is not None and not found:
        message = f"is not a type of record; write {' or '.join(kinds)}"
        faults.append(Fault(FileDemand.NAMES, given.position, f"type {given.text.strip()[:40]!r}", message))
    return (found or kinds)[0]


def _cells_without_field(columns: list[str], row: tuple[WrittenValue, ...]) -> list[Fault]:
    """Return a fault for the first cell of a row that is in a column without a field name."""
    named = {number for number, name in enumerate(columns) if name}
    extra = [cell for number, cell in enumerate(row) if cell.text.strip() and number not in named]
    message = "is in a column without a field name; check the row's delimiters and quotation marks, or name the column"
    return [Fault(FileDemand.FIELDS, cell.position, f"cell {cell.text[:40]!r}", message) for cell in extra[:1]]


def _text_columns(context: ReadingContext, kinds: tuple[str, ...], columns: list[str]) -> frozenset[int]:
    """Return the positions, from 0, of the columns with free text: not names, addresses, dates or numbers."""
    fields = {key: field for kind in kinds for key, field in context.by_name[kind].items()}
    known = ((number, fields.get(normalize_name(name))) for number, name in enumerate(columns))
    return frozenset(number for number, field in known if field is not None and _is_free_text(field))


def _is_free_text(field: Field) -> bool:
    named = field.value_class or field.value_namespace or field.is_address
    return not named and TEXT_TYPES.issuperset(field.datatypes)


def _split_text(
    columns: list[str], texts: frozenset[int], row: tuple[WrittenValue, ...], delimiter: str
) -> Fault | None:
    """Return the fault of a CSV row with too many cells, in which a text with a delimiter lacks quotation marks."""
    cells = max((number for number, cell in enumerate(row, 1) if cell.text.strip()), default=0)
    extra = cells - len(columns)
    if not delimiter or extra <= 0:
        return None
    mark = DELIMITERS[delimiter]
    rest = _rest_of_text(row[:cells], texts, extra)
    cell = row[rest or len(columns)]
    advice = f"put a text that contains a {mark} in quotation marks"
    if rest:
        text = delimiter.join(part.text for part in row[rest - 1 : rest + extra])
        advice = f"a text was probably split at a {mark}; write it in quotation marks: {_quoted(text)}"
    message = f"is in a row with {cells} cells for {len(columns)} columns, {extra} too many; {advice}"
    return Fault(FileDemand.FIELDS, cell.position, f"cell {cell.text.strip()[:40]!r}", message)


def _rest_of_text(row: tuple[WrittenValue, ...], texts: frozenset[int], extra: int) -> int:
    """Return the number of the cell in which the rest of a split text begins, or 0 if this cannot be determined.

    The cells that begin with a space are the rest of the text under three conditions. They are adjacent, and there are
    as many of them as there are extra cells. The cell before them is in a column with free text. The cell before them
    does not end like a sentence.
    """
    spaced = [number for number in range(1, len(row)) if row[number].text.startswith(" ")]
    if not spaced or spaced != list(range(spaced[0], spaced[0] + extra)):
        return 0
    before = spaced[0] - 1
    return spaced[0] if before in texts and not row[before].text.rstrip().endswith(SENTENCE_ENDS) else 0


def _quoted(text: str) -> str:
    """Return a text as a cell of CSV in quotation marks, shortened in the middle."""
    text = text.strip().replace('"', '""')
    return f'"{text}"' if len(text) <= LONGEST else f'"{text[: LONGEST // 2]} … {text[-LONGEST // 2 :]}"'


def _is_formula(text: str) -> bool:
    """Return whether a spreadsheet would evaluate a text as a formula; a signed number is not one."""
    return text.startswith(FORMULA) and not text[1:].replace(".", "", 1).isdigit()


def cell_name(column: int, row: int) -> str:
    """Return the name of a cell (``C7``) from its column and row, both counted from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def position_in(sheet: str, column: int, row: int) -> SourcePosition:
    """Return the position of a cell of a sheet."""
    return SourcePosition(cell=f"{sheet}!{cell_name(column, row)}")
