"""The command ``agreement``."""

from pathlib import Path

import click

from scs_kg.cli.command import command
from scs_kg.cli.opening import opened, with_reading
from scs_kg.cli.options import output_format, root_folder
from scs_kg.cli.output import terminal, write
from scs_kg.cli.param_types import ReadingName


@command("agreement", "scs-kg agreement --format csv")
@click.option(
    "--first",
    metavar="R",
    type=ReadingName(),
    help="Reading of the first coder: an id ('scs-kg query readings' lists all), or a file.",
)
@click.option(
    "--second",
    metavar="R",
    type=ReadingName(),
    help="Reading of the second coder: an id ('scs-kg query readings' lists all), or a file.",
)
@click.option(
    "--marks", is_flag=True, help="List the marks that differ if provisions have the weakest codes of their coders."
)
@output_format("text", "csv", "json")
@root_folder
def agreement(root: Path, first: str | None, second: str | None, marks: bool, form: str) -> None:
    """Measure how far coders agree, or how far two readings of a guideline agree.

    Alpha is Krippendorff's alpha for nominal codes: 1 means perfect agreement, and 0 means agreement by chance.
    """
    if bool(first) != bool(second):
        raise click.UsageError("--first and --second need each other; name both readings")
    if marks and first:
        raise click.UsageError("--marks is only for the codings of the data; --first and --second always print marks")
    if first and second:
        _of_readings(root, first, second, form)
        return
    if marks:
        _marks(root, form)
        return
    from scs_kg.analysis.agreement import agreements
    from scs_kg.render import documents, labels
    from scs_kg.render.agreement import agreement_csv, agreement_json, agreement_table

    dataset = opened(root)
    found = agreements(dataset)
    if form == "text":
        write(documents.as_text(agreement_table(found, labels.local_labels(dataset)), terminal()))
    else:
        write((agreement_csv if form == "csv" else agreement_json)(found))


def _of_readings(root: Path, first: str, second: str, form: str) -> None:
    """Print the agreement of two readings, and the marks that differ."""
    from scs_kg.analysis.reading_agreement import reading_agreement
    from scs_kg.contribute.reading_files import is_reading_file
    from scs_kg.judging.project import open_guarded
    from scs_kg.judging.readings import choose_reading
    from scs_kg.render import agreement as render
    from scs_kg.render import documents, labels

    dataset, one = with_reading(open_guarded(root), first)
    dataset, other = with_reading(dataset, second)
    choices = choose_reading(dataset, None, one), choose_reading(dataset, None, other)
    if choices[0].reading.iri == choices[1].reading.iri and (is_reading_file(first) or is_reading_file(second)):
        raise click.UsageError(
            f"--first and --second are both the reading {choices[0].reading.id}; give one of them another id"
        )
    found = reading_agreement(dataset, *choices)
    if form != "text":
        write(render.agreement_csv(found.agreements) if form == "csv" else render.reading_agreement_json(found))
        return
    for table in render.reading_agreement_tables(labels.localized(dataset, found), labels.local_labels(dataset)):
        write(documents.as_text(table, terminal()) + "\n")


def _marks(root: Path, form: str) -> None:
    """Print the marks that would differ if provisions had the weakest codes that a coder gave them."""
    from scs_kg.analysis.second_coding import second_coding_impact
    from scs_kg.render import documents, labels
    from scs_kg.render.sensitivity import rule_impact_csv, rule_impact_json, rule_impact_table

    dataset = opened(root)
    found = second_coding_impact(dataset)
    if form == "text":
        table = rule_impact_table(labels.localized(dataset, found), labels=labels.local_labels(dataset))
        write(documents.as_text(table, terminal()))
    else:
        write((rule_impact_csv if form == "csv" else rule_impact_json)(found))
