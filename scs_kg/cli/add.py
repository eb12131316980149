"""The command ``add``."""

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
    signed_if_superseding,
    target_dataset,
)
from scs_kg.cli.options import input_format
from scs_kg.cli.param_types import InputFile


@command("add", "scs-kg add claims.ttl --dry-run")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=InputFile())
@target_dataset
@signed_if_superseding
@input_format
@changing
def add(files: tuple[str, ...], root: Path, form: str, *, dry_run: bool, **options: Any) -> None:
    """Add claims and their sources from files.

    Claims that the data already has stay unchanged. If a new claim supersedes another one, --reason and --by are
    needed. The file name "-" means standard input.
    """
    from scs_kg.contribute import actions

    if bool(options["reason"]) != bool(options["by"]):
        raise click.UsageError("give both --reason and --by, or neither")
    by = attribution(options) if options["reason"] else None
    project = project_to_change(root)
    claims = read_claims(project.dataset, files, options["source"])
    conclude(actions.add(project, claims, options["dataset"], by), form, dry_run=dry_run)
