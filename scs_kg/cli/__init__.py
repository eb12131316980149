"""The command line: parses arguments, calls the other packages, and prints. Each command has a module."""

import errno
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from itertools import chain, pairwise
from typing import Any, Final

import click

from scs_kg.cli.command import HELP_NAMES, Group, in_plain_words
from scs_kg.model.errors import LONGEST, ScsError, UnknownNameError, WrongUseError
from scs_kg.model.version import __version__
from scs_kg.render.language import LANGUAGES, error_text, language, language_of_locale, translated, use_language

LONGEST_PATH: Final = 4096
"""The maximum number of characters of a path on Linux; a longer word in a message is shortened in the middle."""
SECTIONS: Final[Mapping[str, Sequence[str]]] = {
    "Look at the data": (
        "compare",
        "explain",
        "whatif",
        "robustness",
        "sensitivity",
        "settle",
        "query",
        "agreement",
        "diff",
    ),
    "Change the data": ("template", "check", "add", "supersede", "retract", "object", "decide", "link", "validate"),
    "Publish the data": ("export", "release", "nanopub", "site", "serve", "mcp", "publish"),
    "Judge many systems": ("judge",),
}
VERSION_HELP: Final = "Show the version and exit."
CACHE_HELP: Final = "Evaluate the rules on the data again, even if the same files were found valid before."
COLLECTION: Final = (200_000, 20, 50)
"""The thresholds of the garbage collector: a command makes many objects and few cycles."""
COMMANDS: Final = tuple(sorted(chain.from_iterable(SECTIONS.values())))

EPILOG: Final = """A name is an id, an IRI or a label. Separate several values by commas, or repeat the option.

Exit status: 0 success; 1 problems were found, or the data cannot be used; 2 usage error.

Shell completion: eval "$(_SCS_KG_COMPLETE=bash_source scs-kg)"; for zsh or fish, write zsh_source or fish_source.

Example: scs-kg compare"""


class Commands(Group):
    """All commands; a command is imported when it is called. The error for an unknown name suggests a similar name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, sorted."""
        return list(COMMANDS)

    def sections(self, ctx: click.Context) -> Mapping[str, Sequence[str]]:
        """Return the names of all commands, grouped by section of the help."""
        return SECTIONS

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command.

        Raises:
            UnknownNameError: no command has this name. While the shell completes a name, return None instead.
        """
        if cmd_name not in COMMANDS:
            if ctx.resilient_parsing:
                return None
            raise UnknownNameError("command", cmd_name, COMMANDS)
        module = vars(import_module(f"{__name__}.{cmd_name}"))
        return next(found for found in module.values() if isinstance(found, click.Command) and found.name == cmd_name)


def switch_off_cache(_: click.Context, __: click.Parameter, value: bool) -> None:
    """Switch off the cache of valid files for this process and the processes that it starts."""
    if value:
        os.environ["SCS_KG_NO_CACHE"] = "1"


def show_version(context: click.Context, _: click.Parameter, value: bool) -> None:
    """Print the versions of the code and the ontology, and a digest of the data; then exit."""
    if not value or context.resilient_parsing:
        return
    from scs_kg.store import default_root
    from scs_kg.store.ontology_header import ontology_version
    from scs_kg.store.transaction import fingerprint

    root = default_root()
    click.echo(f"scs-kg, version {__version__}")
    click.echo(f"ontology, version {ontology_version(root)}")
    click.echo(f"data, digest {fingerprint(root)[:12]}")
    context.exit()


@click.group(cls=Commands, epilog=EPILOG, context_settings=HELP_NAMES)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=show_version, help=VERSION_HELP)
@click.option("--no-cache", is_flag=True, expose_value=False, callback=switch_off_cache, help=CACHE_HELP)
def cli() -> None:
    """Compare social credit systems with AI-ethics guidelines.

    Each mark can be traced to clause, criterion, claim and source.
    """


def main() -> None:
    """Run the command line and exit: 0 success, 1 problems found or unusable data, 2 usage error."""
    kept: list[Any] = []
    run(kept)
    if kept:
        from scs_kg.cli.process_end import end_process, is_observed

        if not is_observed():
            end_process(0)


def run(kept: list[Any] | None = None) -> None:
    """Run the command line and return after success; otherwise exit as ``main`` does.

    The command adds the data that it opens to ``kept``, so that the data outlives it.
    """
    gc.set_threshold(*COLLECTION)
    use_language(requested_language(sys.argv[1:]) or language_of_locale())
    try:
        if sys.stdout is None:
            raise OSError(errno.EBADF, "standard output is closed")
        cli.main(standalone_mode=False, obj=kept)
        _flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.ClickException as error:
        _fail(translated(_shortened(in_plain_words(error.format_message()))), 2)
    except ScsError as error:
        _fail(_said(error), 2 if isinstance(error, UnknownNameError | WrongUseError) else 1)
    except (click.Abort, KeyboardInterrupt):
        _fail(translated("interrupted"), 130)
    except OSError as error:
        if error.filename:
            _fail(translated(_shortened(f"{error.filename}: cannot be used: {error.strerror}")), 1)
        _stop_writing(error)


def _flush() -> None:
    """Flush standard output, unless it is closed: ``mcp`` closes it when its client ends."""
    if not sys.stdout.closed:
        sys.stdout.flush()


def requested_language(arguments: Sequence[str]) -> str | None:
    """Return the last language that ``--lang`` gives, anywhere on the command line, for the help and the errors."""
    values = [value for flag, value in pairwise(arguments) if flag == "--lang"]
    values += [argument.removeprefix("--lang=") for argument in arguments if argument.startswith("--lang=")]
    return next((value for value in reversed(values) if value in LANGUAGES), None)


def _stop_writing(error: OSError) -> None:
    """Exit after an error on standard output, without a message if its reader has closed it."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not isinstance(error, BrokenPipeError):
        _fail(translated(f"the answer cannot be written: {error.strerror}"), 1)


def _said(error: ScsError) -> str:
    """Return an error in the language of the user. Names stay in English if the project cannot be read."""
    short = ScsError(_shortened(error.message), *error.advice)
    if language() == "en":
        return str(short)
    from scs_kg.render.rule_texts import error_in_chinese

    try:
        return error_in_chinese(short)
    except ScsError:
        return error_text(short)


def _shortened(message: str) -> str:
    """Return a message in one line; very long words, such as paths, are shortened in the middle."""
    words = (word if len(word) <= LONGEST_PATH else f"{word[:LONGEST]}…{word[-10:]}" for word in message.split())
    return " ".join(words)


def _fail(message: str, status: int) -> None:
    click.echo(f"scs-kg: {message}", err=True)
    sys.exit(status)
