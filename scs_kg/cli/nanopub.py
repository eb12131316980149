"""The command ``nanopub``."""

from dataclasses import replace
from typing import Any

import click

from scs_kg.cli.command import command
from scs_kg.cli.opening import compared, opened
from scs_kg.cli.options import root_folder
from scs_kg.cli.output import write
from scs_kg.cli.param_types import Name
from scs_kg.cli.selection_options import datasets, guideline, reading
from scs_kg.judging.project import judged_graph
from scs_kg.model.namespaces import PREFIXES, SCS, expand


@command("nanopub", "scs-kg nanopub shenzhen respect-for-privacy")
@click.argument("names", metavar="CLAIM | SYSTEM PRINCIPLE", nargs=-1, required=True, type=Name("claim"))
@guideline
@reading
@datasets
@root_folder
def nanopub(names: tuple[str, ...], **options: Any) -> None:
    """Print a claim or a cell as a nanopublication in TriG.

    A principle can be given by its number in the text, such as 22 or 'Art. 22'.
    """
    from scs_kg.exchange.nanopub import find_cell, of_cell, of_claim
    from scs_kg.store.labels import name_index

    if len(names) > 2:
        raise click.UsageError("name one claim, or one system and one principle")
    if len(names) == 2:
        judged, found = compared({**options, "systems": names[:1]})
        matrix = replace(found, selection=replace(found.selection, systems=()))  # no cell depends on other systems
        write(of_cell(judged_graph(judged), *find_cell(judged.dataset, matrix, *names)))
        return
    if options["reading"] or options["guideline"] or options["datasets"]:
        raise click.UsageError(
            "a claim has no reading and no selection of datasets; name a system and a principle for a cell"
        )
    dataset = opened(options["root"])
    if name_index(dataset).find(SCS + "SocialCreditSystem", names[0]):
        raise click.UsageError(f"name a claim, or a system and a principle: scs-kg nanopub {names[0]} PRINCIPLE")
    write(of_claim(dataset, expand(names[0]) or PREFIXES["claim"] + names[0]))
