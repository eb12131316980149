"""The command that writes the explorer to a folder."""

import sys
from pathlib import Path

import click

from scs_kg.cli.options import root_folder
from scs_kg.store import default_root


@click.command(epilog="Example: scs-kg site scs-kg-pages")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@root_folder
def site(folder: Path, root: Path | None) -> None:
    """Write the explorer to a new or empty folder: web pages that need no server."""
    from scs_kg.explorer.build import build
    from scs_kg.explorer.content import load_content
    from scs_kg.render.progress import progress

    book = load_content(root or default_root())
    with progress(shown=sys.stderr.isatty()) as report:
        count = build(book, folder, lambda done, of: report("pages", done, of, done))
    click.echo(f"wrote {count} pages to {folder}", err=True)
