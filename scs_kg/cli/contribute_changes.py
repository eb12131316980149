"""Commands that change the data: add, supersede, retract, object, decide."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scs_kg.cli.check_template import FORMS
from scs_kg.cli.options import root_folder, write
from scs_kg.model.errors import WrongUseError
from scs_kg.store import default_root
from scs_kg.store.loading import is_bundled

if TYPE_CHECKING:
    from scs_kg.contribute.actions import Attribution
    from scs_kg.contribute.changeset import ChangeSet, Project


def _changing(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of every command that changes the data."""
    dry = click.option("--dry-run", is_flag=True, help="Show what would change as a diff, and write nothing.")
    return root_folder(dry(command))


def _past(context: click.Context, param: click.Parameter, value: datetime | None) -> datetime | None:
    """Refuse a day that is still to come."""
    if value is not None and value.date() > datetime.now(UTC).date():
        raise click.BadParameter(f"{value:%Y-%m-%d} is still to come; check the year")
    return value


def _signed(what: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add the options that say why, by whom and when."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for option in (
            click.option(
                "--on",
                "day",
                metavar="DATE",
                type=click.DateTime(["%Y-%m-%d"]),
                callback=_past,
                help="When; today if left out.",
            ),
            click.option("--by", metavar="NAME", required=True, help="Your name or handle, as you want it published."),
            click.option(f"--{what}", "reason", metavar="TEXT", required=True, help="Why, in a sentence of English."),
        ):
            command = option(command)
        return command

    return decorate


def _claims(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say where claims come from and where they go."""
    for option in (
        click.option(
            "--format", "form", type=click.Choice(FORMS), help="The form of the files, if their names do not tell."
        ),
        click.option("--dataset", metavar="D", default="contributed", show_default=True, help="Where claims go."),
    ):
        command = option(command)
    return command


@click.command(epilog="Example: scs-kg add claims.ttl --dry-run")
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
@_claims
@_changing
def add(files: tuple[str, ...], form: str | None, dataset: str, root: Path | None, *, dry_run: bool) -> None:
    """Add the claims of files, and the sources that they need, to the data; what is there already stays as it is."""
    from scs_kg.contribute import actions

    project = _open(root)
    _conclude(actions.add(project, _read(project, files, form), dataset), dry_run=dry_run)


@click.command(epilog="Example: scs-kg supersede CLAIM new.ttl --reason 'It was revised.' --by 'A. Reader' --dry-run")
@click.argument("claim")
@click.argument("file")
@_signed("reason")
@_claims
@_changing
def supersede(claim: str, file: str, root: Path | None, *, dry_run: bool, **how: Any) -> None:
    """Put the claim of a file in the place of an earlier one, which stays in the data and counts no longer."""
    from scs_kg.contribute import actions

    project = _open(root)
    given = _read(project, (file,), how["form"], claim)
    planned = actions.supersede(project, claim, given, _sign(how), how["dataset"])
    _conclude(planned, dry_run=dry_run)


@click.command(epilog="Example: scs-kg retract CLAIM --reason 'The source does not say so.' --by 'A. Reader' --dry-run")
@click.argument("claim")
@_signed("reason")
@_changing
def retract(claim: str, root: Path | None, *, dry_run: bool, **why: Any) -> None:
    """Take a claim back: it stays in the data with the reason, and counts no longer."""
    from scs_kg.contribute import actions

    _conclude(actions.retract(_open(root), claim, _sign(why)), dry_run=dry_run)


@click.command(
    "object", epilog="Example: scs-kg object free-to-decline --ground 'Why I object.' --by 'A. Reader' --dry-run"
)
@click.argument("target", metavar="CLAIM|CRITERION|PROVISION")
@_signed("ground")
@_changing
def object_to(target: str, root: Path | None, *, dry_run: bool, **why: Any) -> None:
    """Object to a claim, a criterion or a provision; it is shown wherever a cell rests on it, and decides nothing."""
    from scs_kg.contribute import actions

    _conclude(actions.object_to(_open(root), target, _sign(why)), dry_run=dry_run)


@click.command(
    epilog="Example: scs-kg decide OBJECTION dismissed --reason 'The clause says so.' --by 'A. Keeper' --dry-run"
)
@click.argument("objection")
@click.argument("ruling", type=click.Choice(["upheld", "dismissed"]))
@_signed("reason")
@_changing
def decide(objection: str, ruling: str, root: Path | None, *, dry_run: bool, **why: Any) -> None:
    """Record the decision on an objection; what follows from it, such as a retraction, is done by its own command."""
    from scs_kg.contribute import actions

    _conclude(actions.decide(_open(root), objection, ruling, _sign(why)), dry_run=dry_run)


def _open(root: Path | None) -> "Project":
    """Open the folder to change, which is never the copy that came with the package."""
    from scs_kg.contribute.changeset import open_project

    if root is None and is_bundled():
        raise WrongUseError("the data that came with the package is not for changing; name your checkout with --root")
    return open_project(root or default_root())


def _sign(why: dict[str, Any]) -> "Attribution":
    from scs_kg.contribute.actions import Attribution

    return Attribution(why["reason"].strip(), why["by"].strip(), f"{why['day']:%Y-%m-%d}" if why["day"] else "")


def _read(project: "Project", files: tuple[str, ...], form: str | None, old: str = "") -> str:
    """Return the triples of files as N-Triples; tell what is wrong with them as ``check`` does, or exit with 1.

    What is to supersede an old claim is checked as such.
    """
    from scs_kg.contribute import actions, check
    from scs_kg.contribute.read import read_draft, reading_context
    from scs_kg.contribute.read.draft import merge_ntriples
    from scs_kg.render.problems import REPORTS

    standing = reading_context(project.dataset)
    drafts = [read_draft(standing, file, form) for file in files]
    if old and not any(draft.problems for draft in drafts):
        drafts = [replace(draft, ntriples=actions.superseding(project, old, draft.ntriples)) for draft in drafts]
    found = check.check(check.check_context(standing), drafts, datetime.now(UTC).date().isoformat())
    if found.problems:
        click.echo(REPORTS["text"](found), nl=False, err=True)
    if not found.conforms:
        sys.exit(1)
    return merge_ntriples(draft.ntriples for draft in drafts)


def _conclude(planned: "ChangeSet", *, dry_run: bool) -> None:
    """Show or write a change, and say what is new and what was there already."""
    from scs_kg.contribute import changeset
    from scs_kg.model.namespaces import curie

    if dry_run:
        write(changeset.diff(planned))
    else:
        changeset.write(planned)
        for iri in planned.written:
            write(f"{curie(iri)}\n")
    news = f"{len(planned.written)} {'would be ' if dry_run else ''}written"
    click.echo(f"{news}, {len(planned.known)} there already", err=True)
