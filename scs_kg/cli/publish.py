"""Commands that deal with stores elsewhere."""

from pathlib import Path

import click

from scs_kg.cli.options import root_folder, timeout
from scs_kg.store import default_root


@click.command(epilog="Example: scs-kg publish --endpoint http://127.0.0.1:7878/query")
@root_folder
@click.option("--endpoint", metavar="URL", required=True, help="Where the store answers queries.")
@click.option(
    "--update-endpoint",
    metavar="URL",
    help="Where it takes updates; by default there too, or at /update if queries are answered at /query.",
)
@timeout
def publish(root: Path | None, endpoint: str, update_endpoint: str | None, timeout: float) -> None:
    """Write all graphs, with known facts and verdicts, to a SPARQL 1.1 store, each whole or not at all.

    Graphs that were published before and are no more are dropped; other graphs of the store are left alone. One
    publishes at a time. SCS_KG_USER and SCS_KG_PASSWORD, or SCS_KG_TOKEN, say who asks; they are sent over https only,
    or to this machine.
    """
    from scs_kg.judging.selection import open_judged
    from scs_kg.judging.timeline import publish_verdict_periods
    from scs_kg.store.sparql_client import Endpoint
    from scs_kg.store.sync import publish as write_graphs

    other = endpoint.removesuffix("/query") + "/update" if endpoint.endswith("/query") else endpoint
    dataset = open_judged(root or default_root())
    publish_verdict_periods(dataset)
    changed = 0
    for change in write_graphs(dataset, Endpoint(endpoint, update_endpoint or other, seconds=timeout)):
        changed += 1
        click.echo(str(change))
    click.echo(f"{changed or 'no'} graph{'s' * (changed != 1)} changed", err=True)
