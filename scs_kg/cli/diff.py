"""The command ``diff``."""

from pathlib import Path

import click

from scs_kg.cli.command import command
from scs_kg.cli.options import many, output_format, root_folder
from scs_kg.cli.output import text_width, write
from scs_kg.cli.param_types import Name


@command("diff", "scs-kg diff . . --format markdown")
@click.argument("old")
@click.argument("new")
@many(
    "--dataset",
    "datasets",
    item=Name("dataset"),
    metavar="D,…",
    help="Use only claims of these datasets, which are folders in data/; the default, 'all', uses every dataset.",
)
@output_format("text", "csv", "json", "markdown")
@root_folder
def diff(old: str, new: str, root: Path, datasets: tuple[str, ...], form: str) -> None:
    """Compare two editions of the data.

    An edition is a folder, an export or a git revision. The answer lists the records, verdicts and cells that differ,
    and the cause of each. CSV has only the cells.
    """
    from scs_kg.analysis.diff.editions import open_edition
    from scs_kg.analysis.diff.verdicts import difference
    from scs_kg.model.selection import Selection
    from scs_kg.render.diff import difference_csv, difference_json, difference_text

    chosen = () if "all" in datasets else datasets
    selection = Selection(datasets=chosen)
    editions = (open_edition(root, name, selection) for name in (old, new))
    found = difference((old, new), *editions)
    if form in {"csv", "json"}:
        write((difference_csv if form == "csv" else difference_json)(found))
    else:
        write(difference_text(found, form, text_width(), selection))
