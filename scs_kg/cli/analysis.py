"""Commands that tell what follows: from new claims, from losses, and from what might yet be found."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from scs_kg.cli.check_template import FORMS
from scs_kg.cli.options import date, root_folder, terminal, write
from scs_kg.store import default_root


def readings(command: Any) -> Any:
    """Add the options that say which readings count; all of them if none is named."""
    for option in (
        click.option("--reading", metavar="R", help="Only this reading; by default all."),
        click.option("--guideline", metavar="G", help="Only this guideline; by default all."),
    ):
        command = option(command)
    return root_folder(command)


def ranking(command: Any) -> Any:
    """Add the options of a ranking."""
    top = click.option("--top", metavar="N", type=click.IntRange(min=1), help="Only the first N; by default all.")
    form = click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text")
    return top(form(command))


@click.command(epilog="Example: scs-kg whatif --without schmitz-2017 --guideline china-2019")
@click.argument("files", metavar="[FILE…]", nargs=-1)
@readings
@click.option("--from", "source", type=click.Choice(FORMS), help="The form of the files, if their names do not tell.")
@click.option("--without", metavar="CLAIM|SOURCE", multiple=True, help="Leave out a claim, or all that name a source.")
@click.option("--as-of", metavar="DATE", callback=date, help="Only claims that speak for a time up to then.")
@click.option("--dataset", metavar="D", multiple=True, help="Only claims of this dataset and new ones.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text")
def whatif(files: tuple[str, ...], form: str, source: str | None, without: tuple[str, ...], **options: Any) -> None:
    """Tell which cells would change, how and by which claim, before anything is written; - is standard input."""
    if not files and not without:
        raise click.UsageError("name a file of claims, or what to leave out with --without")
    from scs_kg.analysis.whatif import whatif as ask
    from scs_kg.render import impact

    basis = _basis(options)
    found = ask(basis, _checked(basis.dataset, files, source), without)
    if form == "json":
        write(impact.whatif_json(found))
    else:
        write(impact.whatif_text(found, form, min(terminal().width, 100)))


@click.command(epilog="Example: scs-kg robustness --reading china-2019-full-text --format csv")
@readings
@ranking
def robustness(form: str, top: int | None, **options: Any) -> None:
    """Rank decided cells by how few claims and independent sources they hang on."""
    from scs_kg.analysis.robustness import rank
    from scs_kg.render import documents, impact

    found = rank(_basis(options))
    if form == "text":
        write(documents.as_text(impact.robustness_table(found, top), terminal()))
    else:
        write((impact.robustness_csv if form == "csv" else impact.robustness_json)(found[:top]))


@click.command(epilog="Example: scs-kg settle --guideline gdpr-2016 --top 10")
@readings
@ranking
def settle(form: str, top: int | None, **options: Any) -> None:
    """Tell which single findings would settle most open cells: what to find out first."""
    from scs_kg.analysis.research_agenda import findings_to_seek
    from scs_kg.render import documents, impact

    found = findings_to_seek(_basis(options))
    if form == "text":
        write(documents.as_text(impact.agenda_table(found, top), terminal()))
    else:
        write((impact.agenda_csv if form == "csv" else impact.agenda_json)(found[:top]))


def _basis(options: dict[str, Any]) -> Any:
    """Open the data and judge it for every reading that is asked for."""
    from scs_kg.analysis.workspace import open_workspace
    from scs_kg.judging.cells import read_principle_criteria
    from scs_kg.judging.selection import open_guarded
    from scs_kg.model.selection import Selection

    dataset = open_guarded(options["root"] or default_root())
    asked = read_principle_criteria(dataset, options["guideline"], options["reading"])
    return open_workspace(dataset, asked, Selection(as_of=options.get("as_of"), datasets=options.get("dataset", ())))


def _checked(dataset: Any, files: tuple[str, ...], form: str | None) -> str:
    """Read files of claims and return them as N-Triples; problems are told, and a violation stops the command."""
    if not files:
        return ""
    from scs_kg.contribute.check import check, check_context
    from scs_kg.contribute.read import form_of, read_draft, reading_context
    from scs_kg.contribute.read.draft import merge_ntriples
    from scs_kg.model.errors import BadFileError, UnknownNameError, WrongUseError

    for file in files if form is None else ():
        try:
            form_of(file)
        except (UnknownNameError, WrongUseError) as error:
            raise click.UsageError(str(error).replace("--format", "--from")) from error
    base = reading_context(dataset)
    drafts = [read_draft(base, file, form) for file in files]
    report = check(check_context(base), drafts, datetime.now(UTC).date().isoformat())
    for problem in report.problems:
        if problem.severity != "Info":  # what contradicts what is the very thing that follows below
            click.echo(f"{problem.severity.lower()}: {problem}", err=True)
    if not report.conforms:
        first, count = report.violations[0], len(report.violations)
        what = f"{count} problems keep" if count > 1 else "a problem keeps"
        raise BadFileError(Path(first.file), first.line, f"{what} the claims from being judged; mend it and ask again")
    return merge_ntriples(draft.ntriples for draft in drafts)
