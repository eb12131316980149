"""The command ``whatif``."""

from typing import Any

import click

from scs_kg.cli.command import command
from scs_kg.cli.contribution import read_claims
from scs_kg.cli.opening import workspace
from scs_kg.cli.options import as_of, datasets, input_format, many, output_format, reading_scope, root_folder
from scs_kg.cli.output import text_width, write
from scs_kg.cli.param_types import InputFile, Name


@command("whatif", "scs-kg whatif --without schmitz-2017 --guideline china-2019")
@click.argument("files", metavar="[FILE…]", nargs=-1, type=InputFile())
@many(
    "--without",
    item=Name("source"),
    metavar="CLAIM|SOURCE,…",
    help="Leave out these claims, and every claim that names one of these sources.",
)
@reading_scope
@datasets
@as_of
@input_format
@output_format("text", "json", "markdown")
@root_folder
def whatif(files: tuple[str, ...], without: tuple[str, ...], source: str | None, form: str, **options: Any) -> None:
    """Show which cells new claims would change.

    Nothing is written. The answer lists each cell that would change, the change, and the claims that cause it. The
    file name "-" means standard input.
    """
    if not files and not without:
        raise click.UsageError("name a file of claims, or what to leave out with --without")
    from scs_kg.analysis.whatif import whatif as find_changes
    from scs_kg.render import impact, labels

    found_in = workspace(options)
    claims = read_claims(found_in.dataset, files, source, notes=False) if files else ""
    found = find_changes(found_in, claims, without)
    if form == "json":
        write(impact.whatif_json(found, found_in.selection))
    else:
        write(impact.whatif_text(labels.localized(found_in.dataset, found), form, text_width(), found_in.selection))
