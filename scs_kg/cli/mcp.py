"""The command ``mcp``."""

from pathlib import Path
from typing import Any

import click

from scs_kg.cli.command import command
from scs_kg.cli.options import root_folder
from scs_kg.cli.worker_limits import worker_limits
from scs_kg.model.extras import optional_libraries
from scs_kg.store import default_root


@command("mcp", "scs-kg mcp")
@click.option("--http", is_flag=True, help="Answer over HTTP at /mcp; the default is standard input and output.")
@click.option(
    "--host", metavar="HOST", default="127.0.0.1", show_default=True, help="Address to listen on, with --http."
)
@click.option(
    "--port",
    metavar="PORT",
    type=click.IntRange(1, 65535),
    default=8001,
    show_default=True,
    help="Port to listen on, with --http.",
)
@worker_limits("a request")
@root_folder
def mcp(*, root: Path, http: bool, timeout: float, memory: int, **address: Any) -> None:
    """Answer assistants with the Model Context Protocol.

    The tools are compare, explain, query, what_if, check and search. No tool changes the data. The guides are
    resources.
    """
    with optional_libraries():
        from scs_kg.server.assistant.limits import ToolLimits, limited
        from scs_kg.server.assistant.protocol import assistant_server
    from scs_kg.judging.project import open_guarded
    from scs_kg.server.assistant.tools import Toolbox

    with limited(Toolbox(open_guarded(root)), ToolLimits(timeout, memory << 20)) as call:
        server = assistant_server(call, default_root() / "docs", **address)
        server.run("streamable-http" if http else "stdio")
