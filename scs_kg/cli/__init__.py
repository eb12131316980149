"""The command line: parses, calls, prints; everything else is done elsewhere."""

import errno
import os
import sys
from importlib import import_module
from typing import Final

import click

from scs_kg import __version__
from scs_kg.model.errors import ScsError, UnknownNameError, WrongUseError

MODULES: Final = {
    "contribute_changes": ("add", "decide", "object", "retract", "supersede"),
    "query_export_diff_validate": ("diff", "export", "query", "validate"),
    "judge": ("judge",),
    "analysis": ("robustness", "settle", "whatif"),
    "check_template": ("check", "template"),
    "site": ("site",),
    "compare_explain": ("compare", "explain"),
    "link": ("link",),
    "release_nanopub": ("nanopub", "release"),
    "serve": ("serve",),
    "publish": ("publish",),
}
COMMANDS: Final = {command: module for module, commands in MODULES.items() for command in commands}


class Group(click.Group):
    """A group that imports the module of a command when it is wanted, and offers the nearest name for a wrong one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Return the command; raise UnknownNameError if there is none."""
        if cmd_name not in COMMANDS:
            raise UnknownNameError("command", cmd_name, COMMANDS)
        module = vars(import_module(f"{__name__}.{COMMANDS[cmd_name]}"))
        return next(found for found in module.values() if isinstance(found, click.Command) and found.name == cmd_name)


@click.group(
    cls=Group,
    epilog="Example: scs-kg compare",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="scs-kg")
def cli() -> None:
    """Compare social credit systems with AI-ethics guidelines, from the mark back to clause, claim and source."""


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
