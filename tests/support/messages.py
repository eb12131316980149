"""Collects every message that the command line can print: help texts, messages and errors."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, product
from pathlib import Path
from typing import Final

import click

from scs_kg.cli import COMMANDS, SECTIONS, cli
from scs_kg.cli.command import HELP_OPTIONS, paragraphs
from scs_kg.model.advice import COMMAND_LINE, Advice
from tests.conftest import ROOT

PACKAGE: Final = ROOT / "scs_kg"
LOOKED_UP: Final = {"_": slice(1), "gettext": slice(1), "say": slice(1), "ngettext": slice(1, 2), "listed": slice(1, 2)}
"""The functions that translate messages, and the arguments that are keys of the catalogue."""
ERRORS: Final = frozenset(
    {
        "BadFileError",
        "BadParameter",
        "EmptyInputError",
        "EndpointBusyError",
        "EngineError",
        "FormatError",
        "InternalError",
        "LimitError",
        "RefusedError",
        "UsageError",
        "WrongUseError",
        "fail",
        "_fail",
        "bad_node",
        "refuse",
    }
)
COMMANDS_OF_SERVER: Final = frozenset({"serve.py"})
"""The modules of the server whose errors reach the command line; errors of other modules reach clients, in English."""
CALL: Final = re.compile(r"""\b(_|ngettext)\(\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")(?:\s*,\s*('(?:[^'\\]|\\.)*'))?""")
LITERAL: Final = re.compile(r"""(?<=['"])[^'"\\n]+(?=['"])""")
LIST: Final = re.compile(r"""\blisted\(('(?:[^'\\]|\\.)*')\)""")


def help_messages() -> Iterator[str]:
    """Yield the help texts of all commands and options, paragraph by paragraph."""
    yield from SECTIONS
    yield from texts_of_command(cli)
    context = click.Context(cli)
    for name in COMMANDS:
        found = cli.get_command(context, name)
        assert found is not None
        yield from texts_of_command(found)
        for each in getattr(found, "commands", {}).values():
            yield from texts_of_command(each)


def texts_of_command(command: click.Command) -> Iterator[str]:
    """Yield the paragraphs of a command's help and epilog, and the help of its options."""
    yield from paragraphs(command.help or "")
    yield from (part for part in paragraphs(command.epilog or "") if not part.startswith(("Example: ", "\b\n")))
    for param in command.get_params(click.Context(command, help_option_names=HELP_OPTIONS)):  # click caches the context
        if isinstance(param, click.Option) and param.help and not param.hidden:
            yield param.help


def looked_up_messages() -> Iterator[str]:
    """Yield the constants that code and templates look up in the catalogue."""
    for path in python_files(PACKAGE / "cli", PACKAGE / "render", PACKAGE / "contribute" / "template"):
        for call in calls(path):
            for argument in call.args[LOOKED_UP.get(name_of(call), slice(0))]:
                yield from strings(argument)
    for path in python_files(PACKAGE / "render"):
        for value in _assigned(path, "columns"):
            names = (node.value for node in ast.walk(value) if isinstance(node, ast.Constant))
            yield from (name for name in names if isinstance(name, str) and "{" not in name)
    for path in (PACKAGE / "render" / "templates").glob("*.j2"):
        text = path.read_text("utf-8")
        for function, first, second in CALL.findall(text):
            yield ast.literal_eval(second if function == "ngettext" else first)
        yield from map(ast.literal_eval, LIST.findall(text))


def error_messages() -> Iterator[tuple[str, str]]:
    """Yield the message of each raised exception, with numbered values, and the position of the statement."""
    for path in python_files(PACKAGE):
        assigned = dict(_assignments(path)) if _reaches_command_line(path) else {}
        for call in calls(path) if _reaches_command_line(path) else ():
            if name_of(call) in ERRORS:
                for argument in (assigned.get(getattr(node, "id", ""), node) for node in call.args):
                    for message in templates(argument):
                        if len(message) > 12 and " " in message:
                            yield message, f"{path.relative_to(ROOT)}:{call.lineno}"


def advice_messages() -> Iterator[tuple[str, str]]:
    """Yield each advice in the words of the command line, with numbered values, and its position."""
    for path in python_files(PACKAGE):
        for call in calls(path) if _reaches_command_line(path) else ():
            if name_of(call) == "Advice":
                names = ("text", "option", "value")
                given = dict(zip(names, call.args, strict=False)) | {
                    one.arg: one.value for one in call.keywords if one.arg
                }
                values = {
                    name: next(templates(given[name]), "value0") for name in (*names[1:], "command") if name in given
                }
                questions = ("value1",) * ("questions" in given)
                found = list(templates(given["text"]))  # there are no values if the argument is a variable
                for text in found:
                    clause = COMMAND_LINE.clause(Advice(text, questions=questions, **values))
                    yield clause, f"{path.relative_to(ROOT)}:{call.lineno}"


def fault_messages() -> Iterator[str]:
    """Yield the messages on faults in files of claims, with numbered values, and the names of the faulty parts."""
    for path in python_files(PACKAGE / "contribute" / "read"):
        found = [call.args for call in calls(path) if name_of(call) in {"Fault", "UnreadableError", "fault"}]
        nodes = [*chain.from_iterable(found), *_assigned(path, "message")]
        yield from (message for node in nodes for message in templates(node) if len(message) > 3)


def unknown_kinds() -> Iterator[str]:
    """Yield the kinds of things that the error for an unknown name can mention."""
    for path in python_files(PACKAGE):
        for call in calls(path) if _reaches_command_line(path) else ():
            if name_of(call) in {"UnknownNameError", "unknown_name"}:
                yield from strings(call.args[name_of(call) == "unknown_name"])


@cache
def every_text() -> frozenset[str]:
    """Return each text that a message can come from: help texts, and strings of the package and of its templates.

    ``value`` and a number replace each value of a string.
    """
    found = {*help_messages(), *looked_up_messages(), *(message for message, _ in advice_messages())}
    for path in python_files(PACKAGE):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp):
                found.update(templates(node))
    for path in (PACKAGE / "render" / "templates").glob("*.j2"):
        found.update(LITERAL.findall(path.read_text("utf-8")))
    return frozenset(found)


def _assigned(path: Path, name: str) -> Iterator[ast.expr]:
    """Yield the values that a file assigns to a variable."""
    return (value for to, value in _assignments(path) if to == name)


def _assignments(path: Path) -> Iterator[tuple[str, ast.expr]]:
    """Yield the variables and the values that a file assigns to them."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Assign):
            yield from ((to.id, node.value) for to in node.targets if isinstance(to, ast.Name))


def _reaches_command_line(path: Path) -> bool:
    room = path.relative_to(PACKAGE).parts[0]
    return room != "library" and (room != "server" or path.name in COMMANDS_OF_SERVER)


def python_files(*folders: Path) -> list[Path]:
    """Return the Python files below folders, sorted."""
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def calls(path: Path) -> Iterable[ast.Call]:
    """Return the calls in a file."""
    return (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))


def name_of(call: ast.Call) -> str:
    """Return the last part of the name of the called function."""
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def strings(node: ast.expr) -> Iterator[str]:
    """Yield the possible constant strings of an expression."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from strings(node.body)
        yield from strings(node.orelse)


def templates(node: ast.expr) -> Iterator[str]:
    """Yield the possible strings of an expression; ``value`` and a number replace each value."""
    if isinstance(node, ast.JoinedStr):
        parts = [list(_parts(value, number)) for number, value in enumerate(node.values)]
        yield from ("".join(chosen) for chosen in product(*parts))
    elif isinstance(node, ast.BinOp):
        yield from (left + right for left in templates(node.left) for right in templates(node.right))
    else:
        yield from strings(node)


def _parts(value: ast.expr, number: int) -> Iterator[str]:
    if isinstance(value, ast.FormattedValue):
        choices = list(strings(value.value))
        quote = "'" if value.conversion == ord("r") else ""
        yield from choices or [f"{quote}value{number}{quote}"]
    else:
        yield from strings(value)
