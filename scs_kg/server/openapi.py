"""The OpenAPI 3.1 document of the JSON API, and the page about it, derived from the table of routes."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from starlette.requests import Request

from scs_kg.model.version import __version__
from scs_kg.render import data
from scs_kg.render.document_templates import template
from scs_kg.server.advice import LISTS
from scs_kg.server.api_operation import ApiOperation, ApiParameter
from scs_kg.server.api_parameters import refuse_others
from scs_kg.server.api_routes import API_ROUTES, CLAIM_TYPES, read_parameters
from scs_kg.server.jobs import CSV, JSON, PROBLEM, TITLES, Reply
from scs_kg.server.negotiate import choose
from scs_kg.server.query_operations import query_operation
from scs_kg.server.requests import accept, refuse
from scs_kg.server.route import Arguments
from scs_kg.server.type_schema import REFERENCE, Schema, schema_of
from scs_kg.server.worker_state import WorkerState
from scs_kg.store.ontology_header import ontology_header
from scs_kg.store.query_library import Query

FORMATS: Final = {"json": (JSON, "application/vnd.oai.openapi+json"), "html": ("text/html",)}
PROBLEM_SCHEMA: Final[Schema] = {
    "description": "An error (RFC 9457): what is wrong and what to do.",
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string", "description": "The kind of error.", "examples": [TITLES[404]]},
        "status": {"type": "integer", "description": "The HTTP status.", "examples": [404]},
        "detail": {
            "type": "string",
            "description": "What is wrong with this request, and what to do.",
            "examples": ["no system is called 'shangai'; did you mean shanghai?"],
        },
        "line": {"type": "integer", "description": "The line of an error in a query, from 1."},
        "column": {"type": "integer", "description": "The column of an error in a query, from 1."},
        "problems": {"type": "array", "items": {"type": "string"}, "description": "The rules that claims break."},
    },
}


async def read_format(request: Request) -> Arguments:
    """Read whether the client prefers the OpenAPI document or the page; raise BadRequestError if it accepts neither."""
    arguments = await read_parameters(request)
    chosen = choose(accept(request), FORMATS)
    if chosen is None:
        raise refuse(406, "the description of the API is available as application/json and text/html")
    return {**arguments, "form": chosen[0]}


async def read_document(request: Request) -> Arguments:
    """Read a request for the OpenAPI document."""
    return {**await read_parameters(request), "form": "json"}


def describe_api(state: WorkerState, arguments: Arguments) -> Reply:
    """Return the OpenAPI document, or the page about the API if the ``form`` is html."""
    refuse_others(arguments["params"], ())
    described = operations(state.questions)
    if arguments["form"] == "html":
        page = template("api.html.j2").render(operations=described, home=state.home)
        return Reply(200, "text/html; charset=utf-8", page.encode())
    return Reply(200, JSON, data.as_json(document(described, state)).encode())


def operations(library: Mapping[str, Query]) -> tuple[ApiOperation, ...]:
    """Return all operations: first those of the table of routes, then the lists, then every query of the library."""
    fixed = [route.operation for route in API_ROUTES if route.operation]
    lists = [query_operation(f"/api/{name}", name, library[name]) for name in LISTS if name in library]
    queries = [query_operation(f"/api/query/{name}", f"query-{name}", query) for name, query in library.items()]
    return (*fixed, *lists, *queries)


def document(described: Iterable[ApiOperation], state: WorkerState) -> dict[str, Any]:
    """Return the OpenAPI document of the operations at the address of the service."""
    schemas: dict[str, Schema] = {"Problem": PROBLEM_SCHEMA}
    paths = {
        operation.path: {method.lower(): _operation(operation, method, schemas) for method in operation.methods}
        for operation in described
    }
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "scs-kg",
            "version": __version__,
            "x-ontology-version": ontology_header(state.dataset).version,
            "x-data-digest": state.digest,
            "summary": "Social credit systems compared with AI-ethics guidelines.",
            "description": "Each operation returns the same JSON as the corresponding command. "
            "The service is read-only and stores no request.",
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "servers": [{"url": state.url}],
        "paths": paths,
        "components": {"schemas": schemas, "responses": {f"Error{status}": _error(status) for status in TITLES}},
    }


def _error(status: int) -> dict[str, Any]:
    return {
        "description": f"{TITLES[status]}.",
        "content": {PROBLEM: {"schema": {"$ref": REFERENCE + "Problem"}}},
    }


def _operation(operation: ApiOperation, method: str, schemas: dict[str, Schema]) -> dict[str, Any]:
    statuses = [status for status in operation.errors if method == "POST" or status not in {413, 415, 422}]
    errors = {str(status): {"$ref": f"#/components/responses/Error{status}"} for status in statuses}
    answer = {operation.media_type: {"schema": schema_of(operation.answer, schemas)}}
    if operation.has_csv:
        answer[CSV] = {"schema": {"type": "string", "description": "The table as CSV (RFC 4180)."}}
    return {
        "operationId": operation.key if method == operation.methods[0] else f"{operation.key}-{method.lower()}",
        "summary": operation.summary,
        "parameters": [_parameter(parameter) for parameter in operation.parameters],
        **({"requestBody": _claims_body()} if method == "POST" else {}),
        "responses": {"200": {"description": "The answer.", "content": answer}, **errors},
    }


def _claims_body() -> dict[str, Any]:
    text = {"schema": {"type": "string", "description": "Claims, and sources that are not in the data."}}
    types = [media_type for types in CLAIM_TYPES.values() for media_type in types]
    return {
        "required": True,
        "description": "Claims in one of the formats that 'scs-kg check' reads.",
        "content": {media_type: {} if "sheet" in media_type or "json" in media_type else text for media_type in types},
    }


def _parameter(parameter: ApiParameter) -> dict[str, Any]:
    one: Schema = {"type": "string", **({"enum": list(parameter.values)} if parameter.values else {})}
    return {
        "name": parameter.name,
        "in": parameter.location,
        "description": parameter.description,
        "schema": {"type": "array", "items": one} if parameter.many else one,
        **({"example": parameter.example} if parameter.example else {}),
        **({"required": True} if parameter.location == "path" else {}),
    }
