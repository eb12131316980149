"""Commands that judge: the comparison and the explanation of a cell."""

from pathlib import Path
from typing import Any, Final

import click

from scs_kg.cli.options import judged, names, selection, terminal, write
from scs_kg.judging.selection import KINDS

DOCUMENTS: Final = ("html", "latex", "markdown")


@click.command(epilog="Example: scs-kg compare --reading china-2019-full-text --kind local --as-of 2019 --format csv")
@selection
@click.option("--systems", metavar="S,…", multiple=True, callback=names, help="Only these systems.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only systems of this kind.")
@click.option("--published", is_flag=True, help="Beside the table that was published for the reading.")
@click.option(
    "--shacl-report",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write facts, targeted shapes and a sh:ValidationReport to a folder.",
)
@click.option("--format", "form", type=click.Choice(["text", "csv", "json", *DOCUMENTS]), default="text")
def compare(*, published: bool, shacl_report: Path | None, form: str, **options: Any) -> None:
    """Print how each system stands to each principle of a guideline."""
    from scs_kg.analysis.published_table import compare_published
    from scs_kg.render import data, documents, table

    dataset, matrix = judged(options)
    if shacl_report:
        from scs_kg.exchange.shacl_report import write_report

        for path in write_report(dataset, shacl_report):
            click.echo(f"wrote {path}", err=True)
    found = compare_published(dataset, matrix) if published else None
    if form == "json":
        write(data.published_json(found) if found else data.matrix_json(matrix))
    elif form == "csv" and not found:
        write(data.matrix_csv(matrix))
    else:
        shown = table.published_table(found) if found else table.matrix_table(matrix)
        if form == "csv":
            write(data.as_csv((shown.columns, *shown.rows)))
        else:
            write(documents.as_text(shown, terminal()) if form == "text" else documents.as_document(shown, form))


@click.command(epilog="Example: scs-kg explain shenzhen respect-for-privacy")
@click.argument("system")
@click.argument("principle")
@selection
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text")
def explain(system: str, principle: str, form: str, **options: Any) -> None:
    """Explain one cell: clause, criterion, claims and sources, and what would settle what is open."""
    from scs_kg.analysis.explain import explain as explain_cell
    from scs_kg.analysis.explain import read_explanation_context
    from scs_kg.render.explanation import explanation_json, explanation_text

    dataset, matrix = judged({**options, "systems": (system,)})
    found = explain_cell(read_explanation_context(dataset), matrix, system, principle)
    if form == "json":
        write(explanation_json(found))
    else:
        write(explanation_text(found, form, min(terminal().width, 100)))
