"""The command ``retract``."""

from pathlib import Path
from typing import Any

import click

from scs_kg.cli.command import command
from scs_kg.cli.contribution import attribution, changing, conclude, project_to_change, signed
from scs_kg.cli.param_types import Name


@command("retract", "scs-kg retract CLAIM --reason 'The source does not say so.' --by 'A. Reader' --dry-run")
@click.argument("claim", type=Name("claim"))
@signed
@changing
def retract(claim: str, root: Path, form: str, *, dry_run: bool, **options: Any) -> None:
    """Retract a claim.

    The claim stays in the data with the reason, and no longer counts.
    """
    from scs_kg.contribute import actions

    conclude(actions.retract(project_to_change(root), claim, attribution(options)), form, dry_run=dry_run)
