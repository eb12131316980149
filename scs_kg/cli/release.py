"""The command ``release``."""

from pathlib import Path

import click

from scs_kg.cli.command import command
from scs_kg.cli.options import root_folder
from scs_kg.model.extras import optional_libraries
from scs_kg.render.language import gettext as _


@command("release", "scs-kg release release/")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--since",
    metavar="EDITION",
    help="Also list what changed since this release, folder, export or git revision.",
)
@root_folder
def release(folder: Path, root: Path, since: str | None) -> None:
    """Write all published files to a folder.

    The folder contains graphs, tables, matrices, the page of terms, descriptions of these files, and checksums.
    """
    with optional_libraries("release"):
        from scs_kg.release import STAGES, write_release
        from scs_kg.render.progress import steps

        with steps(len(STAGES)) as begin:
            found = write_release(root, folder, since, begin)
    size = f"{sum(item.size for item in found) / 1e6:.1f}"
    click.echo(_("wrote {count} files, {size} MB, to {folder}", count=len(found), size=size, folder=folder), err=True)
