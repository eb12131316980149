"""Writes the advice of errors for users of the API (parameters, paths) and of the tools for assistants (arguments)."""

from typing import Final

from scs_kg.model.advice import ALL_QUERIES, FrontEnd

LISTS: Final = ("systems", "guidelines", "readings", "principles", "criteria", "features", "claims", "sources")
"""Queries of the library that return all things of a kind; each is also a path of the API."""
PARAMETERS: Final = frozenset(
    {"guideline", "reading", "as-of", "min-confidence", "mode", "scope", "dataset", "without", "systems", "kind"}
)
"""The options that are parameters of the API."""
ARGUMENTS: Final = frozenset({"guideline", "reading", "systems", "kinds", "as-of", "mode", "without"})
"""The options that the tools of an assistant have as arguments."""


def _parameter(option: str, value: str) -> str:
    if option not in PARAMETERS:
        return ""
    return f"{option}={value}" if value else f"the parameter '{option}'"


def _path(question: str) -> str:
    if question == ALL_QUERIES:
        return "/api/query"
    return f"/api/{question}" if question in LISTS else f"/api/query/{question}"


def _argument(option: str, value: str) -> str:
    if option not in ARGUMENTS:
        return ""
    return f"{option.replace('-', '_')}={value}" if value else f"the argument '{option.replace('-', '_')}'"


def _resource(question: str) -> str:
    return "the resource guide://reference/queries" if question == ALL_QUERIES else f"the query '{question}'"


API: Final = FrontEnd(option=_parameter, question=_path)
"""The HTTP API, and the pages that show its answers."""
ASSISTANT: Final = FrontEnd(option=_argument, question=_resource)
"""The tools of the Model Context Protocol."""
