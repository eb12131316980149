"""The command ``template``."""

import sys
from pathlib import Path
from typing import Final

import click

from scs_kg.cli.command import command
from scs_kg.cli.options import root_folder
from scs_kg.cli.output import write
from scs_kg.cli.param_types import Choice
from scs_kg.model.errors import WrongUseError

KINDS: Final = ("claim", "system", "region", "feature", "criterion", "guideline", "reading")


@command("template", "scs-kg template --kind reading --format yaml > my-reading.yaml")
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    default="claim",
    show_default=True,
    help="What the file is about; CSV and the JSON Schema are for claims only.",
)
@click.option(
    "--format",
    "form",
    type=Choice(("csv", "yaml", "xlsx", "turtle", "schema")),
    help="Output format. Default: csv for claims, yaml for other files.",
)
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; the default is standard output.",
)
@root_folder
def template(root: Path, kind: str, form: str | None, output: Path | None) -> None:
    """Write a file to fill in with claims, a guideline, a reading, a system or other records.

    The file has comments that list the values of each field.
    """
    from scs_kg import store
    from scs_kg.contribute.read import reading_context
    from scs_kg.contribute.template import template as written
    from scs_kg.render.labels import wording
    from scs_kg.store.atomic_write import write_atomically

    form = form or ("csv" if kind == "claim" else "yaml")
    if form == "xlsx" and output is None and sys.stdout.isatty():
        raise WrongUseError("a workbook cannot be printed to a terminal; name a file with --output")
    if output and output.exists():
        raise WrongUseError(f"{output} exists already; name another file")
    dataset = store.load(root)
    content = written(reading_context(dataset), form, kind, wording(dataset))
    if output:
        write_atomically(output, content)
    else:
        write(content)
