"""The command ``template``."""

import sys
from pathlib import Path

import click

from scs_kg.cli.command import command
from scs_kg.cli.options import output_format, root_folder
from scs_kg.cli.output import write
from scs_kg.model.errors import WrongUseError


@command("template", "scs-kg template --format yaml > claims.yaml")
@output_format("csv", "yaml", "xlsx", "turtle", "schema", default="csv")
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; the default is standard output.",
)
@root_folder
def template(root: Path, form: str, output: Path | None) -> None:
    """Write a file to fill in with claims.

    The file has comments that list the values of each field.
    """
    from scs_kg import store
    from scs_kg.contribute.read import reading_context
    from scs_kg.contribute.template import template as written
    from scs_kg.store.atomic_write import write_atomically

    if form == "xlsx" and output is None and sys.stdout.isatty():
        raise WrongUseError("a workbook cannot be printed to a terminal; name a file with --output")
    if output and output.exists():
        raise WrongUseError(f"{output} exists already; name another file")
    content = written(reading_context(store.load(root)), form)
    if output:
        write_atomically(output, content)
    else:
        write(content)
