"""The command ``supersede``."""

from pathlib import Path
from typing import Any

import click

from scs_kg.cli.command import command
from scs_kg.cli.contribution import (
    attribution,
    changing,
    conclude,
    project_to_change,
    read_claims,
    signed,
    target_dataset,
)
from scs_kg.cli.options import input_format
from scs_kg.cli.param_types import InputFile, Name


@command("supersede", "scs-kg supersede CLAIM new.ttl --reason 'It was revised.' --by 'A. Reader' --dry-run")
@click.argument("claim", type=Name("claim"))
@click.argument("file", type=InputFile())
@signed
@target_dataset
@input_format
@changing
def supersede(claim: str, file: str, root: Path, form: str, *, dry_run: bool, **options: Any) -> None:
    """Replace a claim with the claim in a file.

    The earlier claim stays in the data and no longer counts.
    """
    from scs_kg.contribute import actions

    project = project_to_change(root)
    given = read_claims(
        project.dataset, (file,), options["source"], lambda said: actions.superseding(project, claim, said)
    )
    planned = actions.supersede(project, claim, given, attribution(options), options["dataset"])
    conclude(planned, form, dry_run=dry_run)
