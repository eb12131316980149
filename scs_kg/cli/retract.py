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

    The claim stays in the data with the reason, and no longer counts. If this claim superseded an earlier claim, and no
    other claim supersedes the earlier claim, the earlier claim counts again. To exclude the earlier claim too, retract
    it.
    """
    from scs_kg.contribute import actions
    from scs_kg.model.namespaces import curie
    from scs_kg.render.language import gettext as _

    project = project_to_change(root)
    planned = actions.retract(project, claim, attribution(options))
    earlier = actions.restored_by(project, claim)
    conclude(planned, form, dry_run=dry_run)
    for iri in earlier:
        click.echo(_("{claim} counts again, because nothing else supersedes it", claim=curie(iri)), err=True)
