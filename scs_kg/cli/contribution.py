"""Shared code of the commands that change the data: options, reading of claims, and reports."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from scs_kg.cli.options import changed_folder, combined, output_format
from scs_kg.cli.output import write, write_json
from scs_kg.cli.param_types import Name
from scs_kg.model.errors import WrongUseError
from scs_kg.render.language import gettext as _

if TYPE_CHECKING:
    from scs_kg.contribute.actions import Attribution
    from scs_kg.contribute.changeset import ChangeSet, Project
    from scs_kg.store import Dataset

FORMS: Final = ("text", "json")

changing: Final = combined(
    click.option("--dry-run", is_flag=True, help="Print the change as a diff and write nothing."),
    output_format(*FORMS),
    changed_folder,
)
target_dataset: Final = click.option(
    "--dataset",
    metavar="D",
    type=Name("dataset"),
    default="contributed",
    show_default=True,
    help="Dataset that the claims are added to.",
)


def _past(_: click.Context, __: click.Parameter, value: datetime | None) -> datetime | None:
    """Reject a day in the future."""
    if value is not None and value.date() > datetime.now(UTC).date():
        raise click.BadParameter(f"{value:%Y-%m-%d} is in the future; check the year")
    return value


def _signature(*, required: bool) -> Callable[[Any], Any]:
    """Return the options for the reason, the author and the date of an act."""
    return combined(
        click.option("--reason", metavar="TEXT", required=required, help="Reason, in one English sentence."),
        click.option("--by", metavar="NAME", required=required, help="Your name or handle, which will be published."),
        click.option(
            "--on",
            "day",
            metavar="DATE",
            type=click.DateTime(["%Y-%m-%d"]),
            callback=_past,
            help="Day of the act; the default is today.",
        ),
    )


signed: Final = _signature(required=True)
signed_if_superseding: Final = _signature(required=False)


def project_to_change(root: Path) -> "Project":
    """Open the folder to change; reject the copy that comes with the package."""
    from scs_kg.contribute.changeset import open_project
    from scs_kg.store import default_root
    from scs_kg.store.loading import is_bundled

    if is_bundled() and root == default_root():
        raise WrongUseError(
            "the data that came with the package cannot be changed; name a checkout of the project with --root"
        )
    return open_project(root)


def attribution(options: dict[str, Any]) -> "Attribution":
    """Return the reason, the author and the date of an act from the options."""
    from scs_kg.contribute.actions import Attribution

    day = f"{options['day']:%Y-%m-%d}" if options["day"] else ""
    return Attribution(options["reason"].strip(), options["by"].strip(), day)


def read_claims(
    dataset: "Dataset",
    files: tuple[str, ...],
    form: str | None,
    prepare: Callable[[str], str] = str,
    *,
    notes: bool = True,
) -> str:
    """Return the triples of files of claims as N-Triples, checked against the rules.

    ``prepare`` changes the triples of each file before the check. Problems are reported on standard error; notes are
    included if ``notes`` is true. If a problem is an error, the command exits with status 1.
    """
    from scs_kg.contribute import check
    from scs_kg.contribute.read import form_of, read_drafts, reading_context
    from scs_kg.contribute.read.draft import merge_ntriples
    from scs_kg.render.problems import REPORTS
    from scs_kg.render.rule_texts import localized_report

    for file in files if form is None else ():
        form_of(file)
    context = reading_context(dataset)
    drafts = read_drafts(context, files, form)
    if not any(problem.severity == "Violation" for draft in drafts for problem in draft.problems):
        drafts = [replace(draft, ntriples=prepare(draft.ntriples)) for draft in drafts]
    report = check.check(check.check_context(context), drafts, datetime.now(UTC).date().isoformat())
    shown = report if notes else replace(report, problems=report.of("Violation", "Warning"))
    if shown.problems:
        click.echo(REPORTS["text"](localized_report(dataset, shown)), nl=False, err=True)
    if not report.conforms:
        sys.exit(1)
    return merge_ntriples(draft.ntriples for draft in drafts)


def conclude(planned: "ChangeSet", form: str, *, dry_run: bool) -> None:
    """Write a change unless it is a dry run, and report the new and the known records."""
    from scs_kg.contribute import changeset
    from scs_kg.model.namespaces import curie

    if not dry_run:
        changeset.write(planned)
    if form == "json":
        diff = {"diff": changeset.diff(planned)} if dry_run else {}
        write_json({"dryRun": dry_run, "written": list(planned.written), "known": list(planned.known), **diff})
        return
    write(changeset.diff(planned) if dry_run else "".join(f"{curie(iri)}\n" for iri in planned.written))
    news = (
        _("{count} would be written, {known} are in the data already")
        if dry_run
        else _("{count} written, {known} were in the data already")
    )
    click.echo(news.format(count=len(planned.written), known=len(planned.known)), err=True)
