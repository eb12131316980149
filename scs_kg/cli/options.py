"""What several commands share: their options, and how they judge and print."""

import datetime
import os
import re
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scs_kg.selection import CONFIDENCES
from scs_kg.store import default_root

if TYPE_CHECKING:
    from scs_kg.render.pages import Terminal


def root_folder(command: Callable[..., None]) -> Callable[..., None]:
    """Add the option that names the project folder."""
    option = click.option(
        "--root",
        type=click.Path(file_okay=False, path_type=Path),
        help="The folder with ontology/, data/ and queries/; by default the project's own.",
    )
    return option(command)


def selection(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say which claims and which reading count."""
    for option in (
        click.option("--engine", type=click.Choice(["formula", "pyshacl"]), default="formula", help="What judges."),
        click.option("--without", metavar="SOURCE", multiple=True, help="Leave out claims that rest on this source."),
        click.option("--as-of", metavar="DATE", callback=date, help="Only claims that speak for a time up to then."),
        click.option("--min-confidence", type=click.Choice(CONFIDENCES), help="Only claims that are at least as sure."),
        click.option("--dataset", metavar="D", multiple=True, help="Only claims of this dataset; all for every one."),
        click.option("--reading", metavar="R", help="How the guideline is read; by default the first by name."),
        click.option("--guideline", metavar="G", help="Which guideline; by default the first by name."),
    ):
        command = option(command)
    return root_folder(command)


def names(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names in a list with commas, or in several of them."""
    return tuple(name for part in given for name in part.split(",") if name)


def date(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Return a day, a month or a year as it is given; refuse what is none."""
    if value is None:
        return None
    if re.fullmatch(r"\d{4}(-\d\d){0,2}", value):
        with suppress(ValueError):
            datetime.date.fromisoformat(value + "-01-01"[len(value) - len("2019") :])
            return value
    raise click.BadParameter(f"'{value}' is no date; write 2019, 2019-06 or 2019-06-30")


def judged(options: dict[str, Any]) -> Any:
    """Open, choose, select, judge and compare; a reading brings the dataset that it is meant for unless told else."""
    from scs_kg.compare import choose_reading, compare
    from scs_kg.selection import Selection, judge_selected, open_guarded

    dataset = open_guarded(options.pop("root") or default_root())
    choice = choose_reading(dataset, options.pop("guideline"), options.pop("reading"))
    datasets = options.pop("dataset") or ((choice.meant_for,) if choice.meant_for else ())
    selection = Selection(datasets=() if "all" in datasets else datasets, **options)
    return dataset, compare(judge_selected(dataset, selection), choice, selection)


def terminal() -> "Terminal":
    """Return how wide the terminal is, at least 40 columns, and whether it wants colour."""
    from scs_kg.render.pages import Terminal

    color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return Terminal(max(40, shutil.get_terminal_size((100, 24)).columns), color)


def write(text: str | bytes) -> None:
    """Print to standard output as UTF-8, wherever it leads."""
    sys.stdout.buffer.write(text if isinstance(text, bytes) else text.encode())
