"""The JSON API: its operations, once, from which come the routes, the OpenAPI document and the page about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from scs_kg import __version__, query
from scs_kg.query import Query
from scs_kg.render import data
from scs_kg.render.pages import template
from scs_kg.selection import CONFIDENCES, KINDS
from scs_kg.web.jobs import JSON, PROBLEM, Reply
from scs_kg.web.world import World

LISTS: Final = ("systems", "guidelines", "readings", "principles", "criteria", "features", "claims", "sources")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation: its name, what it means, whether it may be repeated, and the words it takes."""

    name: str
    meaning: str
    many: bool = False
    words: tuple[str, ...] = ()
    place: str = "query"


@dataclass(frozen=True, slots=True)
class Operation:
    """Something to ask by GET: its path, the task that answers, what it is, and its parameters."""

    path: str
    task: str
    summary: str
    parameters: tuple[Parameter, ...] = ()


SELECTION: Final = (
    Parameter("guideline", "which guideline; by default the first by name"),
    Parameter("reading", "how the guideline is read; by default the first by name"),
    Parameter("dataset", "only claims of this dataset; all for every one", many=True),
    Parameter("min-confidence", "only claims that are at least as sure", words=CONFIDENCES),
    Parameter("as-of", "only claims that speak for a time up to then: 2019, 2019-06 or 2019-06-30"),
    Parameter("without", "leave out claims that rest on this source", many=True),
    Parameter("systems", "only these systems, with commas between them", many=True),
    Parameter("kind", "only systems of this kind", many=True, words=KINDS),
)
CELL: Final = (Parameter("system", "id of the system", place="path"), Parameter("principle", "id of it", place="path"))
FIXED: Final = (
    Operation("/api/compare", "compare", "How each system stands to each principle of a guideline.", SELECTION),
    Operation(
        "/api/explain/{system}/{principle}", "explain", "One cell, and all that is behind it.", (*CELL, *SELECTION)
    ),
    Operation("/api/query", "questions", "The questions of the library."),
)


def operations(library: Mapping[str, Query]) -> tuple[Operation, ...]:
    """Return all operations: those with a command of their own, then the lists, then every question of the library."""
    lists = [_asking(f"/api/{name}", library[name]) for name in LISTS if name in library]
    asked = [_asking(f"/api/query/{name}", found) for name, found in library.items()]
    return (*FIXED, *lists, *asked)


def _asking(path: str, found: Query) -> Operation:
    parameters = tuple(Parameter(p.name, f"{p.meaning} ({p.type})") for p in found.params)
    return Operation(path, "question", found.question, parameters)


def task(world: World, given: Mapping[str, Any]) -> Reply:
    """Return the OpenAPI document, or the page about the API if the ``form`` is html."""
    found = operations(query.library(world.dataset.root))
    if given["form"] == "html":
        return Reply(200, "text/html; charset=utf-8", template("api.html.j2").render(o=found, home=world.home).encode())
    return Reply(200, JSON, data.as_json(document(found, world.url)).encode())


def document(found: tuple[Operation, ...], url: str) -> dict[str, Any]:
    """Return the description of the operations at a URL as OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "scs-kg",
            "version": __version__,
            "summary": "Social credit systems compared with AI-ethics guidelines.",
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "servers": [{"url": url}],
        "paths": {operation.path: {"get": _described(operation)} for operation in found},
        "components": {"schemas": {"Problem": _PROBLEM}},
    }


_PROBLEM: Final = {
    "description": "What was wrong (RFC 9457); a malformed query also has line and column.",
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "line": {"type": "integer"},
        "column": {"type": "integer"},
    },
}


def _described(operation: Operation) -> dict[str, Any]:
    failed = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "operationId": operation.path.removeprefix("/api/").split("/{")[0].replace("/", "-"),
        "summary": operation.summary,
        "parameters": [_parameter(parameter) for parameter in operation.parameters],
        "responses": {
            "200": {"description": "The answer.", "content": {JSON: {"schema": {}}}},
            "default": {"description": "What was wrong.", "content": failed},
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    one: dict[str, Any] = {"type": "string", **({"enum": list(parameter.words)} if parameter.words else {})}
    schema = {"type": "array", "items": one} if parameter.many else one
    required = {"required": True} if parameter.place == "path" else {}
    shape = {"name": parameter.name, "in": parameter.place, "description": parameter.meaning, "schema": schema}
    return {**shape, **required}
