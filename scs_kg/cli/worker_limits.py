"""The options for the limits of a query or a request, which ``serve`` and ``mcp`` share."""

import click

from scs_kg.cli.options import Decorator


def worker_limits(of: str) -> Decorator:
    """Return the options for the limits of ``a query`` or ``a request`` that runs in a separate process."""
    seconds = click.option(
        "--timeout",
        metavar="SECONDS",
        type=click.FloatRange(0.1, 3600),
        default=10.0,
        show_default=True,
        help=f"Time limit for {of}.",
    )
    memory = click.option(
        "--memory",
        metavar="MB",
        type=click.IntRange(64, 1 << 20),
        default=1024,
        show_default=True,
        help=f"Memory limit for {of}, in MB.",
    )
    return lambda function: seconds(memory(function))
