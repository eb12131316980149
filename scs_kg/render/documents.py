"""Tables as text for a terminal, HTML, LaTeX and Markdown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from scs_kg.render.document_templates import template
from scs_kg.render.table import Table
from scs_kg.render.wrapping import aligned, beside, fill

if TYPE_CHECKING:
    from rich.console import Console

LEAD, WHOLE = 16, 12
"""The maximum widths of words that are never broken: in the first column, and in each other column."""
NARROW: Final = 4
"""The least width of the last column, on a terminal that is narrower than the minimum widths of the columns."""
GAP: Final = 2
NAME: Final = re.compile(r"[A-Za-z][\w-]*:[\w.%-]+")
STYLES: Final[Mapping[str, str]] = {"√": "green", "◐": "cyan", "×": "red", "(": "red", "?": "yellow", "–": "dim"}


@dataclass(frozen=True, slots=True)
class Terminal:
    """The width of a terminal in columns, and whether it shows colour."""

    width: int = 100
    color: bool = False


def as_text(table: Table, terminal: Terminal) -> str:
    """Return a table for a terminal; colours add no information to the marks.

    If not all columns fit side by side, further tables follow below, each with the first column. If a name such as
    ``claim:x`` would be broken, each row is a list of its cells, so that the name can be copied.
    """
    rows = [[_printable(cell) for cell in row] for row in (table.columns, *table.rows)]
    lines = [_styled(line, "bold", terminal) for line in _wrapped(_printable(table.title), terminal.width)]
    grids = _grids(rows, terminal.width)
    if any(_breaks_name(grid, widths) for grid, widths in grids):
        lines += _listed(rows, terminal)
    else:
        lines += [line for grid, widths in grids for line in _drawn(grid, widths, terminal)]
    legend = [line for group in table.legend for line in beside(aligned(group), terminal.width)]
    notes = [fill(note, terminal.width) for note in table.notes]
    return "\n".join([*(line.rstrip() for line in lines), *legend, *notes, ""])


def _grids(rows: Sequence[Sequence[str]], width: int) -> list[tuple[list[list[str]], list[int]]]:
    """Return tables that fit a width; a table is a pair of its rows and the widths of its columns.

    If a single table with unbroken names fits, it is returned, and no name is broken.
    """
    columns = list(zip(*rows, strict=True))
    limits = [WHOLE if number else LEAD for number in range(len(columns))]
    names = [max(limit, *map(_widest_name, column)) for limit, column in zip(limits, columns, strict=True)]
    whole = [_widths(column, word) for column, word in zip(columns, names, strict=True)]
    if sum(least for least, _ in whole) + GAP * len(whole) <= width:
        return [([list(row) for row in rows], _shared(whole, width))]
    widths = [_widths(column, word) for column, word in zip(columns, limits, strict=True)]
    return [
        ([[row[n] for n in numbers] for row in rows], _shared([widths[n] for n in numbers], width))
        for numbers in _beside([least for least, _ in widths], width)
    ]


def _widest_name(cell: str) -> int:
    return max((_cells(word) for word in cell.split() if NAME.fullmatch(word)), default=0)


def _drawn(rows: Sequence[Sequence[str]], widths: Sequence[int], terminal: Terminal) -> Iterator[str]:
    """Yield the lines of a grid; the first row has the headings. The library rich would be slow: 1 s per 1,000 rows."""
    yield ""
    for number, row in enumerate(rows):
        styles = [STYLES.get(cell[:1], "") if number else "bold" for cell in row]
        columns = [_wrapped(cell, width) for cell, width in zip(row, widths, strict=True)]
        if not number:  # the headings are aligned at the bottom
            most = max(map(len, columns))
            columns = [[""] * (most - len(column)) + column for column in columns]
        for parts in zip_longest(*columns, fillvalue=""):
            shown = (
                _styled(part, style, terminal) + " " * (width - _cells(part))
                for part, style, width in zip(parts, styles, widths, strict=True)
            )
            yield " " + (" " * GAP).join(shown)
        if not number:
            yield " " + "─" * (sum(widths) + GAP * (len(widths) - 1))
    yield ""


def _breaks_name(rows: Sequence[Sequence[str]], widths: Sequence[int]) -> bool:
    """Return whether a name with a prefix is wider than its column."""
    columns = zip(*rows, strict=True)
    return any(_widest_name(cell) > width for column, width in zip(columns, widths, strict=True) for cell in column)


def _listed(rows: Sequence[Sequence[str]], terminal: Terminal) -> Iterator[str]:
    """Yield the lines of a list: the first cell of each row, then the other cells of the row, each with its heading."""
    head, *body = rows
    indent = max(map(_cells, head[1:]), default=0) + 2 * GAP
    for row in body:
        yield ""
        yield from (_styled(f" {line}", "bold", terminal) for line in _wrapped(row[0], terminal.width - 1))
        for name, cell in zip(head[1:], row[1:], strict=True):
            for number, line in enumerate(_wrapped(cell, max(terminal.width - indent - 1, WHOLE)) if cell else ()):
                shown = "" if number else name
                gap = " " * (indent - GAP - _cells(shown))
                yield f" {' ' * GAP}{shown}{gap}{_styled(line, STYLES.get(cell[:1], ''), terminal)}"
    yield ""


def _wrapped(text: str, width: int) -> list[str]:
    """Wrap a text at a width, at spaces unless a word is wider."""
    from rich.text import Text

    if _cells(text) <= width and not ("\n" in text or "\t" in text):
        return [text]
    return [line.plain for line in Text(text).wrap(_console(), width, overflow="fold")]


@cache
def _console() -> "Console":
    from rich.console import Console

    return Console()


def _styled(text: str, style: str, terminal: Terminal) -> str:
    from rich.color import ColorSystem
    from rich.style import Style

    if not (terminal.color and style and text):
        return text
    return Style.parse(style).render(text, color_system=ColorSystem.STANDARD)


def _cells(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    from rich.cells import cell_len

    return len(text) if text.isascii() else cell_len(text)


def _widths(column: Sequence[str], word: int) -> tuple[int, int]:
    """Return the minimum width of a column, which breaks no word of up to ``word`` columns, and its full width."""
    words = (word for cell in column for word in cell.split())
    return min(word, max(map(_cells, words), default=0)), max(map(_cells, column))


def _beside(least: Sequence[int], width: int) -> list[list[int]]:
    """Group the columns that fit side by side; each group has the first column and at least one other."""
    together, used = [[0]], least[0] + GAP
    for number, wanted in enumerate(least[1:], start=1):
        if len(together[-1]) > 1 and used + wanted + GAP > width:
            together, used = [*together, [0]], least[0] + GAP
        together[-1].append(number)
        used += wanted + GAP
    return together


def _shared(widths: Sequence[tuple[int, int]], width: int) -> list[int]:
    """Return the width of each column: its minimum width, plus a part of the spare width; narrow columns get more.

    If the first column needs no more than a third of the width, it gets its full width before the other columns. If the
    minimum widths are too wide together, the last column is narrower, and its words are broken.
    """
    found = [least for least, _ in widths]
    spare = width - sum(found) - GAP * len(found)
    found[-1] = max(min(found[-1], NARROW), found[-1] + min(spare, 0))
    if spare > 0 and widths[0][1] * 3 <= width:
        found[0] += (more := min(spare, widths[0][1] - found[0]))
        spare -= more
    while spare > 0 and (wanting := [n for n, (_, whole) in enumerate(widths) if found[n] < whole]):
        found[min(wanting, key=found.__getitem__)] += 1
        spare -= 1
    return found


def _printable(text: str) -> str:
    """Replace control characters by spaces."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", " ", text)


def as_form(table: Table, form: str, terminal: Terminal) -> str:
    """Return a table as text for a terminal, or as html, latex or markdown."""
    return as_text(table, terminal) if form == "text" else as_document(table, form)


def as_document(table: Table, form: str) -> str:
    """Return a table as html, latex or markdown."""
    return template(f"table.{form}.j2").render(table=table)


def html_fragment(table: Table) -> str:
    """Return a table as an HTML fragment, for example for a notebook."""
    return template("table_fragment.html.j2").render(table=table)
