"""Tables as documents, for a terminal and for others, and the templates in ``templates/``."""

import io
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scs_kg.model import Outcome, Why
from scs_kg.namespaces import local_id
from scs_kg.render.table import FINDINGS, MARKS, REASONS, WORDS, Table

if TYPE_CHECKING:
    from jinja2 import Template

STYLES: Final[Mapping[str, str]] = {"√": "green", "×": "red", "?": "yellow", "–": "dim"}


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where text is shown: so many columns wide, and in colour or not."""

    width: int = 100
    color: bool = False


def as_text(table: Table, terminal: Terminal) -> str:
    """Return a table for a terminal; colour repeats what the marks say."""
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    first = max(len(cells[0]) for cells in (table.columns, *table.rows))
    for number, name in enumerate(table.columns):
        grid.add_column(name, overflow="fold", no_wrap=number == 0 and first * 3 < terminal.width)
    for row in table.rows:
        grid.add_row(*(Text(_printable(cell), style=STYLES.get(cell[:1], "")) for cell in row))
    written = io.StringIO()
    console = Console(
        file=written,
        width=terminal.width,
        color_system="standard" if terminal.color else None,
        force_terminal=terminal.color,
        no_color=not terminal.color,
    )
    console.print(Text(_printable(table.title), style="bold"))
    console.print(grid)
    notes = "\n".join(textwrap.fill(note, terminal.width) for note in table.notes)
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines()) + "\n" + notes + ("\n" if notes else "")


def _printable(text: str) -> str:
    """Put a space in place of each sign that would command the terminal."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", " ", text)


def as_document(table: Table, form: str) -> str:
    """Return a table as html, latex or markdown."""
    return template(f"table.{form}.j2").render(table=table)


def words() -> dict[str, Mapping[str, str]]:
    """Return the words and marks that templates write for the values of the model."""
    return {
        "marks": {outcome.value: MARKS[outcome] for outcome in Outcome},
        "words": {outcome.value: WORDS[outcome] for outcome in Outcome},
        "reasons": {why.value: REASONS[why] for why in Why},
        "findings": FINDINGS,
    }


def template(name: str, width: int = 100) -> "Template":
    """Return a template of ours by the name of its file; text in it is wrapped at so many columns."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("scs_kg.render"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["latex"] = _latex
    environment.filters["md"] = _markdown
    environment.filters["local"] = local_id
    environment.filters["wrap"] = lambda text, indent=0, whole=False: textwrap.fill(
        text, width, initial_indent=" " * indent, subsequent_indent=" " * indent, break_on_hyphens=not whole
    )
    return environment.get_template(name)


def _latex(text: str) -> str:
    escapes = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    escapes |= {char: "\\" + char for char in "&%$#_{}"}
    escapes |= {"√": r"$\surd$", "×": r"$\times$", "–": "--", "·": r"$\cdot$"}
    return "".join(escapes.get(char, char) for char in " ".join(text.split()))


def _markdown(text: str) -> str:
    return "".join("\\" + char if char in "\\`*_{}[]<>|#" else char for char in " ".join(text.split()))
