"""The JSON API: its operations, once, from which come the routes, the OpenAPI document and the page about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from scs_kg import __version__
from scs_kg.judging.selection import CONFIDENCES, KINDS
from scs_kg.render import data
from scs_kg.render.documents import template
from scs_kg.server.api_tasks import refuse_others
from scs_kg.server.jobs import JSON, PROBLEM, Reply
from scs_kg.server.worker_state import WorkerState
from scs_kg.store import query_library
from scs_kg.store.query_library import Query

LISTS: Final = ("systems", "guidelines", "readings", "principles", "criteria", "features", "claims", "sources")

CLAIMS: Final[Mapping[str, tuple[str, ...]]] = {
    "turtle": ("text/turtle",),
    "trig": ("application/trig",),
    "ntriples": ("application/n-triples",),
    "nquads": ("application/n-quads",),
    "jsonld": ("application/ld+json", "application/json"),
    "yaml": ("application/yaml", "text/yaml"),
    "csv": ("text/csv",),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
}


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
    """Something to ask: its path, what it is, its parameters, and how; by POST it takes claims as its body."""

    path: str
    summary: str
    parameters: tuple[Parameter, ...] = ()
    methods: tuple[str, ...] = ("get",)


SELECTION: Final = (
    Parameter("guideline", "which guideline; by default that of the reading"),
    Parameter("reading", "how the guideline is read; by default the first by name"),
    Parameter("dataset", "only claims of this dataset; all for every one", many=True),
    Parameter("min-confidence", "only claims that are at least as sure", words=CONFIDENCES),
    Parameter("as-of", "only claims that speak for a time up to then: 2019, 2019-06 or 2019-06-30"),
    Parameter("without", "leave out claims that rest on this source", many=True),
    Parameter("systems", "only these systems, with commas between them", many=True),
    Parameter("kind", "only systems of this kind", many=True, words=KINDS),
)
REMOVAL: Final = (
    *(one for one in SELECTION if one.name in {"guideline", "reading", "as-of", "dataset"}),
    Parameter("without", "leave out a claim, or all that name a source", many=True),
)
CELL: Final = (Parameter("system", "id of the system", place="path"), Parameter("principle", "id of it", place="path"))
FIXED: Final = (
    Operation("/api/compare", "How each system stands to each principle of a guideline.", SELECTION),
    Operation("/api/explain/{system}/{principle}", "One cell, and all that is behind it.", (*CELL, *SELECTION)),
    Operation("/api/check", "What is wrong with claims, by the rules; nothing is written.", (), ("post",)),
    Operation("/api/what-if", "Which cells would change if claims were added or left out.", REMOVAL, ("get", "post")),
    Operation("/api/query", "The questions of the library."),
)


def operations(library: Mapping[str, Query]) -> tuple[Operation, ...]:
    """Return all operations: those with a command of their own, then the lists, then every question of the library."""
    lists = [_asking(f"/api/{name}", library[name]) for name in LISTS if name in library]
    asked = [_asking(f"/api/query/{name}", found) for name, found in library.items()]
    return (*FIXED, *lists, *asked)


def _asking(path: str, found: Query) -> Operation:
    parameters = tuple(Parameter(p.name, f"{p.meaning} ({p.type})") for p in found.params)
    return Operation(path, found.question, parameters)


def task(world: WorkerState, given: Mapping[str, Any]) -> Reply:
    """Return the OpenAPI document, or the page about the API if the ``form`` is html."""
    refuse_others(given["params"], ())
    found = operations(query_library.read_all(world.dataset.root))
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
        "paths": {
            operation.path: {method: _described(operation, method) for method in operation.methods}
            for operation in found
        },
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


def _described(operation: Operation, method: str) -> dict[str, Any]:
    failed = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    name = operation.path.removeprefix("/api/").split("/{")[0].replace("/", "-")
    content: dict[str, Any] = {media_type: {"schema": {}} for types in CLAIMS.values() for media_type in types}
    return {
        "operationId": name if method == operation.methods[0] else f"{name}-{method}",
        "summary": operation.summary,
        "parameters": [_parameter(parameter) for parameter in operation.parameters],
        "responses": {
            "200": {"description": "The answer.", "content": {JSON: {"schema": {}}}},
            "default": {"description": "What was wrong.", "content": failed},
        },
        **({"requestBody": {"required": True, "content": content}} if method == "post" else {}),
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    one: dict[str, Any] = {"type": "string", **({"enum": list(parameter.words)} if parameter.words else {})}
    schema = {"type": "array", "items": one} if parameter.many else one
    required = {"required": True} if parameter.place == "path" else {}
    shape = {"name": parameter.name, "in": parameter.place, "description": parameter.meaning, "schema": schema}
    return {**shape, **required}
