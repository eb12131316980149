"""The command that serves the data over HTTP."""

import re
from pathlib import Path
from typing import Any

import click

from scs_kg.cli.options import root_folder
from scs_kg.store import default_root

PROXY = """\b
Behind a proxy, let the proxy speak TLS, and say by --url which address the public uses:
  scs-kg serve --url https://data.example.org/scs-kg
  # nginx
  location /scs-kg/ {
    proxy_pass http://127.0.0.1:8000/;   # the slash at the end drops the prefix
    proxy_http_version 1.1;
    proxy_buffering on;
    limit_req zone=scs burst=20;         # how often one client may ask
  }

The service is read-only, answers everybody, and writes no log of who asked. It trusts no header about its address.

Example: scs-kg serve --port 8080"""


def _address(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"https?://[\w.:\[\]-]+(/[\w.~/-]*)?", value, re.ASCII):
        raise click.BadParameter(f"'{value}' is no address; write https://data.example.org/scs-kg")
    return value


@click.command(epilog=PROXY)
@root_folder
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; 0.0.0.0 is everywhere.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 is any that is free.")
@click.option("--url", metavar="URL", callback=_address, help="The address by which the public knows the service.")
@click.option("--timeout", metavar="SECONDS", type=click.FloatRange(0.1, 3600), default=10.0, help="For each query.")
@click.option("--memory", metavar="MB", type=click.IntRange(64, 1 << 20), default=1024, help="For each query.")
@click.option("--answer", metavar="MB", type=click.IntRange(1, 1024), default=32, help="For each answer.")
def serve(*, root: Path | None, timeout: float, memory: int, answer: int, **place: Any) -> None:
    """Serve the data with all verdicts: SPARQL at /sparql, and each IRI of ours at its path.

    Each query may take so many seconds (10) and so much memory (1024 MB), and give so large an answer (32 MB); then
    it is stopped.
    """
    from scs_kg.server.serve import ServerAddress
    from scs_kg.server.serve import serve as serve_until_stopped
    from scs_kg.server.worker_pool import Limits

    limits = Limits(seconds=timeout, memory=memory << 20, answer=answer << 20)

    def tell(address: str) -> None:
        click.echo(f"serving at {address}", err=True)

    serve_until_stopped(root or default_root(), ServerAddress(**place), limits, tell)
