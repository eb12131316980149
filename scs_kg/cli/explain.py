"""The command ``explain``."""

from dataclasses import replace
from typing import Any

import click

from scs_kg.cli.command import command
from scs_kg.cli.opening import compared
from scs_kg.cli.options import output_format
from scs_kg.cli.output import text_width, write
from scs_kg.cli.param_types import Name
from scs_kg.cli.selection_options import selection


@command("explain", "scs-kg explain shenzhen respect-for-privacy")
@click.argument("system", type=Name("system"))
@click.argument("principle", type=Name("principle"))
@selection
@output_format("text", "json", "markdown")
def explain(system: str, principle: str, form: str, **options: Any) -> None:
    """Explain one cell: its clauses, criteria, claims and sources.

    The explanation says which claims decide the cell, which findings would decide an open cell, and whether somebody
    searched for evidence on an open criterion.

    A principle can be given by its number in the text, such as 22 or 'Art. 22'. 'scs-kg query systems' and 'scs-kg
    query principles' list the names.
    """
    from scs_kg.analysis.explain import explain as explain_cell
    from scs_kg.analysis.explain import read_explanation_context
    from scs_kg.render.explanation import explanation_json, explanation_text
    from scs_kg.render.labels import localized

    judged, found_matrix = compared({**options, "systems": (system,)}, searches=True)
    everything = replace(found_matrix.selection, systems=())  # the system is an argument, not a part of the selection
    matrix = replace(found_matrix, selection=everything)
    found = explain_cell(read_explanation_context(judged), matrix, system, principle)
    if form == "json":
        write(explanation_json(found))
    else:
        write(explanation_text(localized(judged.dataset, found), form, text_width()))
