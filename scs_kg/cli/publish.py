"""The command ``publish``."""

from pathlib import Path

import click

from scs_kg.cli.command import command
from scs_kg.cli.options import root_folder, timeout
from scs_kg.render.language import ngettext


@command("publish", "scs-kg publish --endpoint http://127.0.0.1:7878/query")
@click.option("--endpoint", metavar="URL", required=True, help="Address at which the store answers queries.")
@click.option(
    "--update-endpoint",
    metavar="URL",
    help="Address for updates; the default is the endpoint, with /query at its end replaced by /update.",
)
@timeout
@root_folder
def publish(root: Path, endpoint: str, update_endpoint: str | None, timeout: float) -> None:
    """Write all graphs to a SPARQL 1.1 store.

    The graphs include known facts and verdicts. Each graph is replaced completely or not at all. If an earlier
    publication wrote a graph that the project no longer has, this graph is dropped. Other graphs of the store stay
    unchanged. Only one publication may run at a time.

    SCS_KG_USER and SCS_KG_PASSWORD, or SCS_KG_TOKEN, give the credentials. The credentials are sent only over https, or
    to this machine.
    """
    from scs_kg.judging.project import open_judged
    from scs_kg.judging.timeline import publish_verdict_periods
    from scs_kg.store.sparql_client import Endpoint
    from scs_kg.store.sync import publish as write_graphs

    other = endpoint.removesuffix("/query") + "/update" if endpoint.endswith("/query") else endpoint
    dataset = open_judged(root)
    publish_verdict_periods(dataset)
    changed = 0
    for change in write_graphs(dataset, Endpoint(endpoint, update_endpoint or other, timeout=timeout)):
        changed += 1
        click.echo(str(change))
    click.echo(ngettext("{number} graph changed", "{number} graphs changed", changed), err=True)
