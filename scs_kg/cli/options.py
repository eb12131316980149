"""What several commands share: their options, and how they judge and print."""

import math
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from scs_kg.judging.selection import CONFIDENCES, is_date
from scs_kg.store import default_root

if TYPE_CHECKING:
    from scs_kg.render.documents import Terminal


def endpoint(command: Callable[..., None]) -> Callable[..., None]:
    """Add the option that names a store elsewhere."""
    option = click.option(
        "--endpoint", metavar="URL", help="Ask the SPARQL endpoint of a store; see 'scs-kg publish --help'."
    )
    return option(command)


def _number(_: click.Context, __: click.Parameter, value: float) -> float:
    if math.isnan(value):
        raise click.BadParameter("give a number of seconds", param_hint="--timeout")
    return value


def timeout(command: Callable[..., None]) -> Callable[..., None]:
    """Add the option that says how long an answer may take."""
    option = click.option(
        "--timeout",
        metavar="SECONDS",
        type=click.FloatRange(min=0.1),
        callback=_number,
        default=30.0,
        show_default=True,
        help="How long an answer may take.",
    )
    return option(command)


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
        click.option("--guideline", metavar="G", help="Which guideline; by default that of the reading."),
    ):
        command = option(command)
    return root_folder(endpoint(timeout(command)))


def names(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names in a list with commas, or in several of them; refuse a list with none."""
    for part in given:
        if not part.strip(", "):
            raise click.BadParameter(f"'{part}' names nothing; give one name, or several with commas between them")
    return tuple(name.strip() for part in given for name in part.split(",") if name.strip())


def date(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Return a day, a month or a year as it is given; refuse what is none."""
    if value is None:
        return None
    if is_date(value):
        return value
    raise click.BadParameter(f"'{value}' is no date; write 2019, 2019-06 or 2019-06-30")


def judged(options: dict[str, Any]) -> Any:
    """Open, choose, select, judge and compare; a reading brings the dataset that it is meant for unless told else."""
    from scs_kg.judging.matrix import judge_and_compare
    from scs_kg.model.selection import Selection

    dataset = _opened(
        options.pop("root") or default_root(), options.pop("endpoint", None), options.pop("timeout", 30.0)
    )
    guideline, reading = options.pop("guideline"), options.pop("reading")
    return dataset, judge_and_compare(
        dataset, guideline, reading, Selection(datasets=options.pop("dataset"), **options)
    )


def _opened(root: Path, url: str | None, seconds: float) -> Any:
    """Open a project folder, or what was published of one to a store."""
    from scs_kg.judging.selection import open_guarded

    if url is None:
        return open_guarded(root)
    from scs_kg.store.sparql_client import Endpoint
    from scs_kg.store.sync import download

    folder = Path(click.get_current_context().with_resource(TemporaryDirectory()))
    return open_guarded(download(root, Endpoint(url, seconds=seconds), folder))


def terminal() -> "Terminal":
    """Return how wide the terminal is, at least 40 columns, and whether it wants colour."""
    from scs_kg.render.documents import Terminal

    color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return Terminal(max(40, shutil.get_terminal_size((100, 24)).columns), color)


def write(text: str | bytes) -> None:
    """Print to standard output as UTF-8, wherever it leads."""
    sys.stdout.buffer.write(text if isinstance(text, bytes) else text.encode())
