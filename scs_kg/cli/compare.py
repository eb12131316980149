"""The command ``compare``."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from scs_kg.cli.command import command
from scs_kg.cli.opening import compared
from scs_kg.cli.options import output_format
from scs_kg.cli.output import terminal, write
from scs_kg.cli.selection_options import selection, systems
from scs_kg.render.language import gettext as _

if TYPE_CHECKING:
    from scs_kg.model.matrix import Matrix
    from scs_kg.store import Dataset

FORMS: Final = ("text", "csv", "json", "html", "latex", "markdown")


@command("compare", "scs-kg compare --reading china-2019-full-text --kind local --as-of 2019 --format csv")
@systems
@selection
@click.option("--published", is_flag=True, help="Compare with the table that was published for the reading.")
@click.option(
    "--shacl-report",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write the facts, the shapes with their targets, and a sh:ValidationReport to this folder.",
)
@output_format(*FORMS)
def compare(*, published: bool, shacl_report: Path | None, form: str, **options: Any) -> None:
    """Compare systems with the principles of a guideline."""
    judged, matrix = compared(options)
    if shacl_report:
        from scs_kg.exchange.shacl_report import write_report
        from scs_kg.judging.project import judged_graph

        for path in write_report(judged_graph(judged), shacl_report):
            click.echo(_("wrote {path}", path=path), err=True)
    write(_published(judged.dataset, matrix, form) if published else _matrix(judged.dataset, matrix, form))


def _matrix(dataset: "Dataset", matrix: "Matrix", form: str) -> str:
    from scs_kg.render import documents, labels, table

    if form in {"csv", "json"}:
        from scs_kg.render import data

        return data.matrix_json(matrix) if form == "json" else data.matrix_csv(matrix)
    return documents.as_form(table.matrix_table(labels.localized(dataset, matrix)), form, terminal())


def _published(dataset: "Dataset", matrix: "Matrix", form: str) -> str:
    from scs_kg.analysis.published_table import compare_published
    from scs_kg.render import data, documents, labels
    from scs_kg.render.published_table import published_table

    found = compare_published(dataset, matrix)
    if form == "json":
        return data.published_json(found)
    if form == "csv":
        return data.published_csv(found)
    return documents.as_form(published_table(labels.localized(dataset, found)), form, terminal())
