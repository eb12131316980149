"""The command ``site``."""

import sys
from pathlib import Path

import click

from scs_kg.cli.command import command
from scs_kg.cli.options import root_folder
from scs_kg.model.extras import optional_libraries
from scs_kg.render.language import gettext as _


@command("site", "scs-kg site scs-kg-pages")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@root_folder
def site(folder: Path, root: Path) -> None:
    """Write the explorer to a new or empty folder.

    The explorer is a set of web pages that need no server.
    """
    with optional_libraries():
        from scs_kg.explorer.build import build_project
    from scs_kg.render.progress import progress

    with progress(shown=sys.stderr.isatty()) as report:
        count = build_project(root, folder, lambda done, of: report(_("pages"), done, of, done))
    click.echo(_("wrote {count} pages to {folder}", count=count, folder=folder), err=True)
