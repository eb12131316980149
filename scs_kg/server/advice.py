"""Replaces the commands and options that a message recommends by what a client of the service can use."""

import re
from collections.abc import Callable
from typing import Final

LISTS: Final = ("systems", "guidelines", "readings", "principles", "criteria", "features", "claims", "sources")
"""Queries of the library that return all things of a kind; each is also a path of the API."""
_QUERY: Final = re.compile(r"'scs-kg query ([\w/-]+)'")
_OPTION: Final = re.compile(r"(?<=with )--([a-z]+(?:-[a-z]+)*)")
_ONLY_COMMANDS: Final = re.compile(
    r", or allow more with --timeout|,? (?:or start with|as) 'scs-kg template[^']*'(?: does)?"
    r"|(?<= more), see 'scs-kg [^']*'"
)
"""Advice that only a user of the commands can follow."""


def for_api(message: str) -> str:
    """Return a message for a client of the API: it names paths and parameters instead of commands and options."""
    found = _replaced(message, lambda name: f"/api/{name}" if name in LISTS else _query_path(name))
    return _OPTION.sub(r"the parameter '\1'", found.replace("--dataset all", "dataset=all"))


def for_assistant(message: str) -> str:
    """Return a message for an assistant: it names the tool for queries, and arguments instead of options."""
    found = _replaced(
        message, lambda name: "the resource guide://reference/queries" if name == "--list" else f"the query '{name}'"
    )
    found = found.replace("--dataset all uses every claim", "another reading may use every claim")
    return _OPTION.sub(lambda option: f"the argument '{option[1].replace('-', '_')}'", found)


def _query_path(name: str) -> str:
    return "/api/query" if name == "--list" else f"/api/query/{name}"


def _replaced(message: str, listed: Callable[[str], str]) -> str:
    """Return a message with another text for each command that runs a query, and without other commands."""
    return _QUERY.sub(lambda command: listed(command[1]), _ONLY_COMMANDS.sub("", message))
