"""The command ``object``."""

from pathlib import Path
from typing import Any

import click

from scs_kg.cli.command import command
from scs_kg.cli.contribution import attribution, changing, conclude, project_to_change, signed
from scs_kg.cli.options import renamed
from scs_kg.cli.param_types import Name


@command("object", "scs-kg object free-to-decline --reason 'Why I object.' --by 'A. Reader' --dry-run")
@click.argument("target", metavar="CLAIM|CRITERION|PROVISION", type=Name("criterion"))
@signed
@renamed("--ground", "--reason")
@changing
def object_to(target: str, root: Path, form: str, *, dry_run: bool, **options: Any) -> None:
    """Object to a claim, a criterion or a provision.

    The objection is shown with every cell that it affects, and changes no mark.
    """
    from scs_kg.contribute import actions

    conclude(actions.object_to(project_to_change(root), target, attribution(options)), form, dry_run=dry_run)
