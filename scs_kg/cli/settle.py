"""The command ``settle``."""

from typing import Any

from scs_kg.cli.command import command
from scs_kg.cli.opening import workspace
from scs_kg.cli.options import ranking, root_folder
from scs_kg.cli.output import first_rows, terminal, write
from scs_kg.cli.selection_options import reading_scope, systems


@command("settle", "scs-kg settle --guideline gdpr-2016 --top 10")
@systems
@reading_scope
@ranking("text", "csv", "json")
@root_folder
def settle(form: str, top: int | None, **options: Any) -> None:
    """Rank open questions by the number of open cells that an answer would decide.

    The questions whose answers would decide the most cells come first. 'scs-kg explain' lists the findings that would
    decide one cell.
    """
    from scs_kg.analysis.research_agenda import open_questions
    from scs_kg.render import documents, labels, rankings

    found_in = workspace(options)
    found = open_questions(found_in)
    rows = first_rows(found, top, form)
    if form == "text":
        named = labels.localized(found_in.dataset, found)
        write(documents.as_text(rankings.agenda_table(named, rows, found_in.selection), terminal()))
    else:
        write((rankings.agenda_csv if form == "csv" else rankings.agenda_json)(found[:rows]))
