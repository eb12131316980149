"""The command ``robustness``."""

from typing import Any

from scs_kg.cli.command import command
from scs_kg.cli.opening import workspace
from scs_kg.cli.options import ranking, root_folder
from scs_kg.cli.output import first_rows, terminal, write
from scs_kg.cli.selection_options import reading_scope, systems


@command("robustness", "scs-kg robustness --reading china-2019-full-text --format csv")
@systems
@reading_scope
@ranking("text", "csv", "json")
@root_folder
def robustness(form: str, top: int | None, **options: Any) -> None:
    """Rank decided cells by the smallest number of sources and claims whose withdrawal would change them.

    The cells that need the fewest independent sources come first. If two cells need equally many sources, the one that
    needs fewer claims comes first.
    """
    from scs_kg.analysis.robustness import rank
    from scs_kg.render import documents, labels, rankings

    found_in = workspace(options)
    found = rank(found_in)
    rows = first_rows(found, top, form)
    if form == "text":
        named = labels.localized(found_in.dataset, found)
        write(documents.as_text(rankings.robustness_table(named, rows, found_in.selection), terminal()))
    else:
        write((rankings.robustness_csv if form == "csv" else rankings.robustness_json)(found[:rows]))
