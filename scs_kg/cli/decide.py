"""The command ``decide``."""

from pathlib import Path
from typing import Any

import click

from scs_kg.cli.command import command
from scs_kg.cli.contribution import attribution, changing, conclude, project_to_change, signed


@command("decide", "scs-kg decide OBJECTION dismissed --reason 'The clause says so.' --by 'A. Keeper' --dry-run")
@click.argument("objection")
@click.argument("ruling", metavar="upheld|dismissed", type=click.Choice(["upheld", "dismissed"]))
@signed
@changing
def decide(objection: str, ruling: str, root: Path, form: str, *, dry_run: bool, **options: Any) -> None:
    """Record the decision on an objection.

    Consequences of the decision, for example a retraction, need a separate command.
    """
    from scs_kg.contribute import actions

    planned = actions.decide(project_to_change(root), objection, ruling, attribution(options))
    conclude(planned, form, dry_run=dry_run)
