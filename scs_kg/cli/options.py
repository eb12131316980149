"""Options that several commands share."""

import math
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any, Final

import click

from scs_kg.cli.param_types import INPUT_FORMS, Choice, ListOf, Top
from scs_kg.model.errors import WrongUseError
from scs_kg.store import default_root
from scs_kg.store.loading import is_new, is_overlay

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

FOLDERS: Final = {"ontology": "*.ttl", "data": "*.ttl", "queries": "*.rq"}
ENGINES: Final = ("fast", "pyshacl")
PROBLEM_FORMS: Final = ("text", "json", "sarif", "junit", "github")


def together(_: click.Context, __: click.Parameter, given: tuple[tuple[Any, ...], ...]) -> tuple[Any, ...]:
    """Return the values of all occurrences of an option as one tuple."""
    return tuple(chain.from_iterable(given))


def many(*names: str, item: click.ParamType[Any], separator: str = ",", **settings: Any) -> Decorator:
    """Return an option with several values: separated by commas, by repeating the option, or both."""
    return click.option(*names, type=ListOf(item, separator), multiple=True, callback=together, **settings)


def output_format(*forms: str, default: str = "text") -> Decorator:
    """Return the option for the output format."""
    return click.option(
        "--format", "form", type=Choice(forms), default=default, show_default=True, help="Output format."
    )


def input_format(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option for the format of input files."""
    option = click.option(
        "--from",
        "source",
        type=Choice(INPUT_FORMS),
        help="Format of the input files; the default depends on the file extension.",
    )
    return option(command)


def renamed(old: str, new: str) -> Decorator:
    """Return an option of an earlier version; its error names the option that replaces it."""

    def refuse(_: click.Context, __: click.Parameter, value: str | None) -> None:
        if value is not None:
            raise click.UsageError(f"{old} is now {new}; write {new} instead")

    return click.option(old, hidden=True, expose_value=False, callback=refuse)


def combined(*options: Decorator) -> Decorator:
    """Return a decorator that adds several options; the help lists them in this order."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def _project(_: click.Context, __: click.Parameter, value: Path | None) -> Path:
    """Return the project folder (default: the folder of the package); reject a folder without the project's files."""
    if value is None:
        return default_root()
    if not value.exists():
        raise WrongUseError(f"{value}: there is no such folder; give the project folder with --root")
    if is_overlay(value):
        return value
    for folder, pattern in FOLDERS.items():
        if not any((value / folder).rglob(pattern)):
            raise WrongUseError(
                f"{value / folder}: contains no {'query' if folder == 'queries' else 'Turtle file'}; "
                "give the project folder with --root"
            )
    return value


root_folder: Final = click.option(
    "--root",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    callback=_project,
    help="Project folder, or a folder that adds to the data of the package; the default is the data of the package.",
)
endpoint: Final = click.option(
    "--endpoint",
    metavar="URL",
    help="Use the data that 'scs-kg publish' wrote to this SPARQL endpoint.",
)


def _changeable(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path:
    """Return the folder to change: a project folder, or an overlay, which may have no data yet."""
    if value is not None and value.is_dir() and is_new(value):
        return value
    return _project(context, parameter, value)


changed_folder: Final = click.option(
    "--root",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    callback=_changeable,
    help=(
        "Folder to change: a project folder, or a folder that adds to the data of the package. The second "
        "kind may be empty."
    ),
)


def _number(_: click.Context, __: click.Parameter, value: float) -> float:
    if math.isnan(value):
        raise click.BadParameter("give a number of seconds", param_hint="--timeout")
    return value


timeout: Final = click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0.1),
    callback=_number,
    default=30.0,
    show_default=True,
    help="Time limit for a query.",
)


shacl_engine: Final = click.option(
    "--engine",
    type=Choice(ENGINES),
    default="fast",
    show_default=True,
    help="SHACL engine: the fast one or the reference (pyshacl).",
)


def ranking(*forms: str) -> Decorator:
    """Return the options of a ranking: the number of rows and the output format."""
    return combined(
        click.option(
            "--top",
            metavar="N",
            type=Top(),
            help="Number of rows; 0 or all for every row. Default: 20 as text, every row as CSV and JSON.",
        ),
        output_format(*forms),
    )
