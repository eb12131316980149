"""The command line: parses, calls, prints; everything else is done elsewhere."""

import os
import re
import shutil
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from scs_kg import __version__
from scs_kg.errors import BadFileError, EmptyInputError, EngineError, ScsError, UnknownNameError
from scs_kg.selection import CONFIDENCES, KINDS
from scs_kg.store import FORMATS, default_root, export

if TYPE_CHECKING:
    from scs_kg.render.pages import Terminal

DOCUMENTS: Final = ("html", "latex", "markdown")


class Group(click.Group):
    """A group of commands that offers the nearest name for a wrong one."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Return the command; raise UnknownNameError if there is none."""
        found = super().get_command(ctx, cmd_name)
        if found is None:
            raise UnknownNameError("command", cmd_name, self.commands)
        return found


@click.group(
    cls=Group,
    epilog="Example: scs-kg compare",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="scs-kg")
def cli() -> None:
    """Compare social credit systems with AI-ethics guidelines, from the mark back to clause, claim and source."""


def _root(command: Callable[..., None]) -> Callable[..., None]:
    option = click.option(
        "--root",
        type=click.Path(file_okay=False, path_type=Path),
        help="The folder with ontology/, data/ and queries/; by default the project's own.",
    )
    return option(command)


def _selection(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say which claims and which reading count."""
    for option in (
        click.option("--engine", type=click.Choice(["formula", "pyshacl"]), default="formula", help="What judges."),
        click.option("--without", metavar="SOURCE", multiple=True, help="Leave out claims that rest on this source."),
        click.option("--as-of", metavar="DATE", callback=_date, help="Only claims that speak for a time up to then."),
        click.option("--min-confidence", type=click.Choice(CONFIDENCES), help="Only claims that are at least as sure."),
        click.option("--dataset", metavar="D", multiple=True, help="Only claims of this dataset; all for every one."),
        click.option("--reading", metavar="R", help="How the guideline is read; by default the first by name."),
        click.option("--guideline", metavar="G", help="Which guideline; by default the first by name."),
    ):
        command = option(command)
    return _root(command)


def _names(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for part in given for name in part.split(",") if name)


def _date(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    try:
        date.fromisoformat(value + "-01-01"[(len(value) - 4) :])
        assert re.fullmatch(r"\d{4}(-\d{2}){0,2}", value)  # noqa: S101 - raised and caught here
    except (AssertionError, ValueError):
        raise click.BadParameter(f"'{value}' is no date; write 2019, 2019-06 or 2019-06-30") from None
    return value


@cli.command(epilog="Example: scs-kg compare --reading china-2019-full-text --kind local --as-of 2019 --format csv")
@_selection
@click.option("--systems", metavar="S,…", multiple=True, callback=_names, help="Only these systems.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only systems of this kind.")
@click.option("--published", is_flag=True, help="Beside the table that was published for the reading.")
@click.option(
    "--shacl-report",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write facts, targeted shapes and a sh:ValidationReport to a folder.",
)
@click.option("--format", "form", type=click.Choice(["text", "csv", "json", *DOCUMENTS]), default="text")
def compare(*, published: bool, shacl_report: Path | None, form: str, **options: Any) -> None:
    """Print how each system stands to each principle of a guideline."""
    from scs_kg.published import compare_published
    from scs_kg.render import data, pages, table

    dataset, matrix = _judged(options)
    if shacl_report:
        from scs_kg.report import write_report

        for path in write_report(dataset, shacl_report):
            click.echo(f"wrote {path}", err=True)
    found = compare_published(dataset, matrix) if published else None
    if form == "json":
        _write(data.published_json(found) if found else data.matrix_json(matrix))
    elif form == "csv" and not found:
        _write(data.matrix_csv(matrix))
    else:
        shown = table.published_table(found) if found else table.matrix_table(matrix)
        if form == "csv":
            _write(data.as_csv((shown.columns, *shown.rows)))
        else:
            _write(pages.as_text(shown, _terminal()) if form == "text" else pages.as_document(shown, form))


@cli.command(epilog="Example: scs-kg explain shenzhen respect-for-privacy")
@click.argument("system")
@click.argument("principle")
@_selection
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text")
def explain(system: str, principle: str, form: str, **options: Any) -> None:
    """Explain one cell: clause, criterion, claims and sources, and what would settle what is open."""
    from scs_kg.explain import explain as explain_cell
    from scs_kg.render import data, pages

    dataset, matrix = _judged(options)
    found = explain_cell(dataset, matrix, system, principle)
    if form == "json":
        _write(data.explanation_json(found))
    else:
        _write(pages.explanation_text(found, form, min(_terminal().width, 100)))


@cli.command(epilog="Example: scs-kg query claims --param system=xiamen --format csv")
@click.argument("name", metavar="NAME|FILE", required=False)
@_root
@click.option("--list", "listing", is_flag=True, help="List the questions of the library and their parameters.")
@click.option("--param", "params", metavar="K=V", multiple=True, callback=lambda _, __, given: _params(given))
@click.option("--format", "form", type=click.Choice(["table", "csv", "json", "xml", "turtle"]))
@click.option("--timeout", metavar="SECONDS", type=click.FloatRange(min=0.1), default=30.0, show_default=True)
def query(*, name: str | None, root: Path | None, listing: bool, **how: Any) -> None:
    """Ask a question of the library, or one of your own from a file, of the data with all verdicts."""
    from scs_kg import answer
    from scs_kg.render import pages

    root = root or default_root()
    if listing:
        _write(pages.as_text(answer.listing(root), _terminal()))
    elif name is None:
        raise click.UsageError("name a question or a file, or list the questions with --list")
    else:
        _write(answer.answer(root, answer.Asked(name, **how, terminal=_terminal())))


def _params(given: tuple[str, ...]) -> dict[str, str]:
    for pair in given:
        if "=" not in pair:
            raise click.BadParameter(f"'{pair}' is no parameter; write name=value")
    return dict(pair.split("=", 1) for pair in given)


@cli.command(epilog="Example: scs-kg validate --root .")
@_root
def validate(root: Path | None) -> None:
    """Check the project's data: integrity and style by pySHACL, consistency by owlrl; one line per problem."""
    from scs_kg.validate import validate as find_problems

    problems = find_problems(root or default_root())
    for problem in problems:
        click.echo(str(problem))
    if problems:
        click.echo(f"{len(problems)} problem{'s' if len(problems) > 1 else ''} found", err=True)
        sys.exit(1)
    click.echo("no problem found", err=True)


@cli.command("export", epilog="Example: scs-kg export --format nquads --inferred > scs-kg.nq")
@_root
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="trig", show_default=True)
@click.option("--inferred", is_flag=True, help="With known facts and verdicts.")
def export_all(root: Path | None, form: str, *, inferred: bool) -> None:
    """Write the whole graph to standard output, the same bytes for the same data."""
    from scs_kg.selection import open_guarded, open_judged

    dataset = (open_judged if inferred else open_guarded)(root or default_root())
    if inferred:
        from scs_kg.history import publish_states

        publish_states(dataset)
    sys.stdout.buffer.write(export(dataset, form, inferred=inferred))


def _judged(options: dict[str, Any]) -> Any:
    """Open, choose, select, judge and compare; a reading brings the dataset that it is meant for unless told else."""
    from scs_kg.compare import choose_reading, compare
    from scs_kg.selection import Selection, judge_selected, open_guarded

    dataset = open_guarded(options.pop("root") or default_root())
    choice = choose_reading(dataset, options.pop("guideline"), options.pop("reading"))
    datasets = options.pop("dataset") or ((choice.meant_for,) if choice.meant_for else ())
    selection = Selection(datasets=() if "all" in datasets else datasets, **options)
    return dataset, compare(judge_selected(dataset, selection), choice, selection)


def _terminal() -> "Terminal":
    from scs_kg.render.pages import Terminal

    color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return Terminal(shutil.get_terminal_size((100, 24)).columns, color)


def _write(text: str | bytes) -> None:
    sys.stdout.buffer.write(text if isinstance(text, bytes) else text.encode())


def main() -> None:
    """Run the command line; exit 0 if all is well, 1 if problems were found, 2 if it was used wrongly."""
    try:
        cli.main(standalone_mode=False)
        sys.stdout.flush()
    except UnknownNameError as error:
        _fail(str(error), 2)
    except (BadFileError, EmptyInputError, EngineError, ScsError) as error:
        _fail(str(error), 1)
    except click.ClickException as error:
        _fail(error.format_message(), 2)
    except (click.Abort, KeyboardInterrupt):
        _fail("interrupted", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str, status: int) -> None:
    click.echo(f"scs-kg: {' '.join(message.split())}", err=True)
    sys.exit(status)
