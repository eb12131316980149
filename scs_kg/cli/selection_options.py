"""Options that select guidelines, readings, claims, systems and cells; several commands share them."""

from collections.abc import Callable
from typing import Any, Final

import click

from scs_kg.cli.options import ENGINES, combined, endpoint, many, root_folder, timeout
from scs_kg.cli.param_types import Choice, Name, ReadingName
from scs_kg.model.selection import CONFIDENCES, KINDS, MODES, SCOPES, is_date


def date(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Validate a date option (YYYY, YYYY-MM or YYYY-MM-DD)."""
    if value is None or is_date(value):
        return value
    raise click.BadParameter(f"'{value}' is not a date; write 2019, 2019-06 or 2019-06-30")


guideline: Final = click.option(
    "--guideline",
    metavar="G",
    type=Name("guideline"),
    help=(
        "Guideline to compare with, such as gdpr-2016 ('scs-kg query guidelines' lists all); the "
        "default is the guideline of the reading."
    ),
)
reading: Final = click.option(
    "--reading",
    metavar="R",
    type=ReadingName(),
    help=(
        "Reading, which says which criteria each principle requires: an id ('scs-kg query readings' "
        "lists all), or a file with your own. Default: the first reading of the guideline in the list."
    ),
)
datasets: Final = many(
    "--dataset",
    "datasets",
    item=Name("dataset"),
    metavar="D,…",
    help=(
        "Use only claims of these datasets, which are folders in data/; 'all' uses every dataset. The"
        " default is the dataset of the reading or, if the reading names none, all datasets."
    ),
)
as_of: Final = click.option(
    "--as-of", metavar="DATE", callback=date, help="Use only claims about a time up to this year, month or day."
)
mode: Final = click.option(
    "--mode",
    type=Choice((*MODES, "all")),
    default="all",
    show_default=True,
    help="Use only claims about rules in force (de-jure) or about practice (de-facto).",
)
scope: Final = many(
    "--scope",
    item=click.Choice(SCOPES),
    metavar="established,current",
    help=(
        "Which cells are decided; the others are shown as not known. established: only if the text certainly covers "
        "the system; current: only if a deciding claim is not older than the text; established,current: only if both "
        "are true."
    ),
)
selection: Final = combined(
    guideline,
    reading,
    datasets,
    many(
        "--without",
        item=Name("source"),
        metavar="SOURCE,…",
        help=(
            "Leave out claims that were read in one of these sources or cite one of them ('scs-kg "
            "query sources' lists all)."
        ),
    ),
    as_of,
    click.option(
        "--min-confidence",
        type=click.Choice(CONFIDENCES),
        help="Leave out claims with a lower confidence or without one.",
    ),
    mode,
    scope,
    click.option(
        "--engine",
        type=Choice(ENGINES),
        default="fast",
        show_default=True,
        help="Evaluator of the criteria: built-in (fast) or reference (pyshacl).",
    ),
    endpoint,
    timeout,
    root_folder,
)
systems: Final = combined(
    many(
        "--systems", item=Name("system"), metavar="S,…", help=("Only these systems ('scs-kg query systems' lists all).")
    ),
    many("--kind", "kinds", item=click.Choice(KINDS), help="Only systems of these kinds."),
)


def reading_scope(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose readings, the mode of claims and the scope of cells; the default is all."""
    return combined(
        click.option(
            "--guideline",
            metavar="G",
            type=Name("guideline"),
            help="Only this guideline, such as gdpr-2016 ('scs-kg query guidelines' lists all); default: all.",
        ),
        click.option(
            "--reading",
            metavar="R",
            type=ReadingName(),
            help=(
                "Only this reading: an id ('scs-kg query readings' lists all), or a file with your own; default: all."
            ),
        ),
        mode,
        scope,
    )(command)
