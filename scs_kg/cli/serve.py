"""The command ``serve``."""

import os
import re
from pathlib import Path
from typing import Any, Final

import click

from scs_kg.cli.command import command
from scs_kg.cli.options import root_folder
from scs_kg.cli.worker_limits import worker_limits
from scs_kg.model.errors import WrongUseError
from scs_kg.model.extras import optional_libraries
from scs_kg.render.language import error_text
from scs_kg.render.language import gettext as _

PROXY: Final = """Behind a proxy, let the proxy handle TLS, and give the public address with --url. The file
docs/deploy/nginx.conf has a configuration of nginx.

The signal SIGHUP loads the data again. Until the new data is ready, the service answers from the old data. /health
says whether the service answers, and /metrics has numbers for Prometheus.

The service is read-only and open to everybody. The service never takes its own address from the headers of a request.

Example: scs-kg serve --port 8080"""


def _address(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"https?://[\w.:\[\]-]+(/[\w.~/-]*)?", value, re.ASCII):
        raise click.BadParameter(f"'{value}' is not a web address; write https://data.example.org/scs-kg")
    return value


@command("serve", epilog=PROXY)
@click.option(
    "--host",
    metavar="HOST",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; 0.0.0.0 for all addresses.",
)
@click.option(
    "--port",
    metavar="PORT",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 for any free port.",
)
@click.option("--url", metavar="URL", callback=_address, help="Public address of the service.")
@worker_limits("a query")
@click.option(
    "--answer",
    metavar="MB",
    type=click.IntRange(1, 1024),
    default=32,
    show_default=True,
    help="Maximum response size in MB.",
)
@click.option("--access-log", is_flag=True, help="Log each request, with its time, to standard error.")
@click.option("--reload", is_flag=True, help="Load the data again when files change.")
@root_folder
def serve(*, root: Path, timeout: float, memory: int, answer: int, **options: Any) -> None:
    """Serve the data, the explorer and a SPARQL endpoint over HTTP.

    The service answers queries at /sparql from the data with all verdicts, and serves each IRI of the project at its
    path. The service stops a query that exceeds a limit.
    """
    if not hasattr(os, "fork"):
        raise WrongUseError("serve needs Linux or macOS; on Windows, run it in a container or in WSL")
    with optional_libraries("serve"):
        from scs_kg.server.serve import Operation, ServerAddress
        from scs_kg.server.serve import serve as serve_until_stopped
        from scs_kg.server.supervise import ServiceEvents
        from scs_kg.server.worker_pool import WorkerLimits

    limits = WorkerLimits(seconds=timeout, memory_bytes=memory << 20, answer_bytes=answer << 20)
    operation = Operation(limits, options.pop("access_log"), options.pop("reload"))

    def events(url: str) -> ServiceEvents:
        return ServiceEvents(
            lambda: click.echo(_("serving at {address}", address=url), err=True),
            lambda: click.echo(_("serving the changed data"), err=True),
            lambda error: click.echo(_("still serving the old data: {reason}", reason=error_text(error)), err=True),
        )

    serve_until_stopped(root, ServerAddress(**options), operation, events)
