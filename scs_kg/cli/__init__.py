"""The command line: parses, calls, prints; everything else is done elsewhere."""

import errno
import os
import sys

import click

from scs_kg import __version__
from scs_kg.cli.amending import add, decide, object_to, retract, supersede
from scs_kg.cli.asking import diff, export_all, query, validate
from scs_kg.cli.bulk import judge
from scs_kg.cli.consequences import robustness, settle, whatif
from scs_kg.cli.contributing import check, template
from scs_kg.cli.exploring import site
from scs_kg.cli.judging import compare, explain
from scs_kg.cli.linking import link
from scs_kg.cli.publishing import nanopub, release
from scs_kg.cli.serving import serve
from scs_kg.cli.stores import publish
from scs_kg.errors import ScsError, UnknownNameError, WrongUseError


class Group(click.Group):
    """A group of commands that offers the nearest name for a wrong one."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Return the command; raise UnknownNameError if there is none."""
        found = super().get_command(ctx, cmd_name)
        if found is None:
            raise UnknownNameError("command", cmd_name, self.commands)
        return found


@click.group(
    cls=Group,
    epilog="Example: scs-kg compare",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="scs-kg")
def cli() -> None:
    """Compare social credit systems with AI-ethics guidelines, from the mark back to clause, claim and source."""


CONSEQUENCES = (whatif, robustness, settle)
CHANGING = (add, supersede, retract, object_to, decide)
ASKING = (query, validate, diff, link)
PUBLISHING = (export_all, release, nanopub, site, publish, serve)
for command in (compare, explain, *CONSEQUENCES, *ASKING, check, template, *CHANGING, judge, *PUBLISHING):
    cli.add_command(command)


def main() -> None:
    """Run the command line; exit 0 if all is well, 1 if problems were found, 2 if it was used wrongly."""
    try:
        if sys.stdout is None:
            raise OSError(errno.EBADF, "standard output is closed")
        cli.main(standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.ClickException as error:
        _fail(error.format_message(), 2)
    except ScsError as error:
        _fail(str(error), 2 if isinstance(error, UnknownNameError | WrongUseError) else 1)
    except (click.Abort, KeyboardInterrupt):
        _fail("interrupted", 130)
    except OSError as error:
        if error.filename:
            _fail(f"{error.filename}: cannot be used: {error.strerror}", 1)
        _stop_writing(error)


def _stop_writing(error: OSError) -> None:
    """Give up standard output: silently if its reader has gone, else with a message."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not isinstance(error, BrokenPipeError):
        _fail(f"the answer cannot be written: {error.strerror}", 1)


def _fail(message: str, status: int) -> None:
    click.echo(f"scs-kg: {' '.join(message.split())}", err=True)
    sys.exit(status)
