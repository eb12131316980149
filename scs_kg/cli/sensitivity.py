"""The command ``sensitivity``."""

from typing import Any

import click

from scs_kg.cli.command import command
from scs_kg.cli.opening import workspace
from scs_kg.cli.options import ranking, root_folder
from scs_kg.cli.output import first_rows, terminal, write
from scs_kg.cli.selection_options import reading_scope


@command("sensitivity", "scs-kg sensitivity --reading pipl-2021-full-text --core")
@reading_scope
@click.option("--core", is_flag=True, help="List the marks that stay the same without the interpreted provisions.")
@ranking("text", "csv", "json")
@root_folder
def sensitivity(form: str, top: int | None, *, core: bool, **options: Any) -> None:
    """Rank provisions by the number of marks that depend on them, and find the robust core of a comparison.

    A mark is robust if it does not depend on any interpreted provision.
    """
    from scs_kg.analysis.sensitivity import sensitivity as find
    from scs_kg.render import documents, labels
    from scs_kg.render import sensitivity as render

    found_in = workspace(options)
    found = find(found_in)
    if form == "json":
        write(render.sensitivity_json(found))
        return
    listed = found.core if core else found.provisions
    rows = first_rows(listed, top, form)
    if form == "csv":
        write(render.core_csv(found.cells) if core else render.sensitivity_csv(found.provisions[:rows]))
        return
    table = render.core_table if core else render.sensitivity_table
    write(documents.as_text(table(labels.localized(found_in.dataset, found), rows, found_in.selection), terminal()))
