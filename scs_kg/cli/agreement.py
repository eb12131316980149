"""The command ``agreement``."""

from pathlib import Path

from scs_kg.cli.command import command
from scs_kg.cli.options import output_format, root_folder
from scs_kg.cli.output import terminal, write


@command("agreement", "scs-kg agreement --format csv")
@output_format("text", "csv", "json")
@root_folder
def agreement(root: Path, form: str) -> None:
    """Measure how far a second coder agrees with the data.

    Alpha is Krippendorff's alpha for nominal codes: 1 is perfect agreement, 0 agreement by chance.
    """
    from scs_kg.analysis.agreement import agreements
    from scs_kg.judging.project import open_guarded
    from scs_kg.render import documents
    from scs_kg.render.agreement import agreement_csv, agreement_json, agreement_table

    found = agreements(open_guarded(root))
    if form == "text":
        write(documents.as_text(agreement_table(found), terminal()))
    else:
        write((agreement_csv if form == "csv" else agreement_json)(found))
