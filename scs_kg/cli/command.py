"""Commands with help in the language of the user, and the options of every command: ``--lang`` and ``--help``."""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import click

from scs_kg.model.errors import UnknownNameError
from scs_kg.render.language import LANGUAGES, gettext, joined, listed, placeholders, use_language
from scs_kg.render.wrapping import columns, fill

_EXTRA: Final = re.compile(r"Got unexpected extra arguments? \((.*)\)")
_PLAIN: Final = {
    re.compile("a valid integer range"): "a whole number",
    re.compile("a valid float range"): "a number",
    re.compile(r"is not in the range (\S+?)<=x<=(\S+?)\.$"): r"is not in the range from \1 to \2",
    re.compile(r"is not in the range x>=(\S+?)\.$"): r"is less than \1",
    re.compile("does not match the format '%Y-%m-%d'.$"): "is not a day; write 2019-06-30",
    re.compile("^Missing command.$"): "no command is given; '--help' lists the commands",
}
"""Words in the messages of click, mapped to plainer words."""
HELP_OPTIONS: Final = ["-h", "--help"]
HELP_NAMES: Final = {"help_option_names": HELP_OPTIONS, "max_content_width": 100}


def in_plain_words(message: str) -> str:
    """Return a message of click with the names of its types in plain words."""
    for words, plain in _PLAIN.items():
        message = words.sub(plain, message)
    return message


class Formatter(click.HelpFormatter):
    """A help formatter that counts terminal columns; a Chinese character has two."""

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        self.write(f"{'':>{self.current_indent}}{gettext('{heading}:', heading=heading)}\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs; as in click, a paragraph whose first line is a backspace is not wrapped."""
        indent = " " * self.current_indent
        for number, paragraph in enumerate(paragraphs(text)):
            self.write("\n" if number else "")
            if paragraph.startswith("\b\n"):
                self.write("".join(f"{indent}{line}\n" for line in paragraph.splitlines()[1:]))
            else:
                self.write(fill(paragraph, self.width, indent) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write terms and their meanings in two columns."""
        pairs = list(rows)
        first = min(max(columns(term) for term, _ in pairs), col_max) + col_spacing
        for term, meaning in pairs:
            lead = " " * self.current_indent + term
            indent = " " * (self.current_indent + first)
            text = fill(meaning, max(self.width - 2, len(indent) + 10), indent)
            fits = columns(term) + col_spacing <= first
            self.write((lead + text[columns(lead) :] if fits else f"{lead}\n{text}") + "\n")


class Context(click.Context):
    """A context whose help is written by our formatter."""

    formatter_class = Formatter


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a docstring; a paragraph keeps its lines only if its first line is a backspace."""
    parts = inspect.cleandoc(text).split("\n\n")
    return [part if part.startswith("\b\n") else " ".join(part.split()) for part in parts if part.strip()]


def _set_language(_: click.Context, __: click.Parameter, value: str | None) -> None:
    if value is not None:
        use_language(value)


class Command(click.Command):
    """A command with ``--lang``, whose help texts are looked up in the catalogue."""

    context_class = Context

    def __init__(self, *args: Any, **settings: Any) -> None:
        """Create a command with the arguments of ``click.Command`` and the option ``--lang``."""
        super().__init__(*args, **settings)
        self.params.append(
            click.Option(
                ["--lang"],
                type=click.Choice(LANGUAGES),
                expose_value=False,
                is_eager=True,
                callback=_set_language,
                help="Language of the output for people: English or Chinese; the default is that of the locale.",
            )
        )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; the error for extra arguments says what to write instead."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            found = _EXTRA.fullmatch(error.message)
            if found is None:
                raise
            raise click.UsageError(f"unexpected: {found[1]}; {self.instead(ctx, found[1])}", ctx) from error

    def instead(self, ctx: click.Context, extra: str) -> str:
        """Return what to write instead of the extra arguments; ``ctx`` has the values of the other arguments."""
        names = {param.name for param in self.params}
        if any(isinstance(param, click.Argument) for param in self.params):
            return "put a name of several words in quotation marks"
        if "systems" in names:
            return f"to choose systems, write --systems {','.join(extra.split())}"
        return f"the command takes options only; 'scs-kg {self.name} --help' lists them"

    def get_short_help_str(self, limit: int = 0) -> str:
        """Return the first sentence of the help, without truncation."""
        return gettext(paragraphs(self.help or "")[0]).rstrip(".。")

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line that shows how the command is called."""
        pieces = " ".join(map(placeholders, self.collect_usage_pieces(ctx)))
        formatter.write_usage(ctx.command_path, pieces, prefix=gettext("Usage:") + gettext(" "))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the description of the command."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text("\n\n".join(map(gettext, paragraphs(self.help or ""))))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each option with its meaning and its default."""
        records = [option_record(param, ctx) for param in self.get_params(ctx) if isinstance(param, click.Option)]
        with formatter.section(gettext("Options")):
            formatter.write_dl([record for record in records if record])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the epilog: an example."""
        if self.epilog:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text("\n\n".join(map(_epilog, paragraphs(self.epilog))))


def _epilog(paragraph: str) -> str:
    if paragraph.startswith("Example: "):
        return joined((gettext("Example:"), placeholders(paragraph.removeprefix("Example: "))))
    return gettext(paragraph)


def option_record(param: click.Option, ctx: click.Context) -> tuple[str, str] | None:
    """Return an option and its meaning; None if the option is hidden."""
    record = param.get_help_record(ctx)
    if record is None:
        return None
    extra = param.get_help_extra(ctx)
    notes = [gettext("default: {default}", default=extra["default"])] if "default" in extra else []
    notes += [gettext("required")] if "required" in extra else []
    meaning = gettext(param.help or "")
    return placeholders(record[0]), meaning + (gettext("  [{notes}]", notes=listed(notes, "; ")) if notes else "")


def command(
    name: str, example: str = "", *, epilog: str = "", cls: type[Command] = Command
) -> Callable[[Callable[..., None]], Command]:
    """Return a decorator that makes a function a command, whose help ends with an example or another epilog."""
    return click.command(name, cls=cls, epilog=epilog or f"Example: {example}", context_settings=HELP_NAMES)


class Group(Command, click.Group):
    """A group of commands, listed with the first sentence of their help."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands after the options."""
        Command.format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each section of commands, in the order in which they are used."""
        sections = self.sections(ctx)
        widest = max(len(name) for names in sections.values() for name in names)
        for title, names in sections.items():
            with formatter.section(gettext(title)):
                formatter.write_dl([(name.ljust(widest), self._short_help(ctx, name)) for name in names])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name; raise UnknownNameError if there is no such command."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            known = self.list_commands(ctx)
            raise UnknownNameError(f"command of {self.name}", args[0], known) from error

    def sections(self, ctx: click.Context) -> Mapping[str, Sequence[str]]:
        """Return the names of commands, grouped by the title of their section."""
        return {"Commands": self.list_commands(ctx)}

    def _short_help(self, ctx: click.Context, name: str) -> str:
        found = self.get_command(ctx, name)
        return found.get_short_help_str() if found else ""
