"""The routes of the JSON API: how requests are read, and the description of each operation."""

from base64 import b64encode
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from starlette.requests import Request

from scs_kg.render.json_change_shapes import CheckJson, QuestionJson, WhatIfJson
from scs_kg.render.json_shapes import ExplanationJson, MatrixJson
from scs_kg.server import api_claim_tasks, api_tasks
from scs_kg.server.advice import LISTS
from scs_kg.server.api_operation import BODY_ERRORS, CELL, COMMON_ERRORS, SELECTION, WITHDRAWAL, ApiOperation
from scs_kg.server.jobs import CSV, JSON
from scs_kg.server.negotiate import choose
from scs_kg.server.requests import RequestContent, accept, read, refuse
from scs_kg.server.route import Arguments, RequestReader, ServiceRoute, TaskFunction

CLAIM_TYPES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "turtle": ("text/turtle",),
        "trig": ("application/trig",),
        "ntriples": ("application/n-triples",),
        "nquads": ("application/n-quads",),
        "jsonld": ("application/ld+json", "application/json"),
        "yaml": ("application/yaml", "text/yaml"),
        "csv": ("text/csv",),
        "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
    }
)
"""The media types of each format for claims."""


TABLES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({"json": (JSON,), "csv": (CSV,)})
"""The media types of tables."""


async def read_parameters(request: Request) -> Arguments:
    """Read the parameters in the URL, and the names in the path."""
    return {**request.path_params, "params": _parameters(await read(request))}


async def read_table(request: Request) -> Arguments:
    """Read the parameters in the URL, the names in the path, and whether the client prefers CSV to JSON."""
    chosen = choose(accept(request), TABLES)
    return {**await read_parameters(request), "form": chosen[0] if chosen else "json"}


async def read_list(request: Request) -> Arguments:
    """Read the name of the list in the path; raise BadRequestError if there is no such list."""
    name = request.path_params["name"]
    if name not in LISTS:
        paths = "compare, explain/{system}/{principle}, query, check, what-if"
        raise refuse(404, f"the API has no '{name}'; it has {paths}, {', '.join(LISTS)}")
    return await read_table(request)


async def read_claims(request: Request) -> Arguments:
    """Read the claims in the body, in Base64, and their format; a GET request has no claims."""
    content = await read(request)
    claims = _claims(content) if request.method == "POST" else {"claims": "", "form": ""}
    return {**claims, "params": _parameters(content)}


def _claims(content: RequestContent) -> dict[str, str]:
    forms = {media_type: form for form, types in CLAIM_TYPES.items() for media_type in types}
    if content.type not in forms:
        raise refuse(415, f"send the claims as one of {', '.join(sorted(forms))}")
    return {"claims": b64encode(content.body).decode(), "form": forms[content.type]}


def _parameters(content: RequestContent) -> dict[str, list[str]]:
    return {name: list(values) for name, values in content.query.items()}


def _route(operation: ApiOperation, read_request: RequestReader, run: TaskFunction) -> ServiceRoute:
    path = operation.path.replace("{principle}", "{principle:path}")  # the id of a principle has a slash
    return ServiceRoute(path, read_request, run, operation.methods, operation=operation)


COMPARE: Final = ApiOperation(
    "/api/compare",
    "compare",
    "Compare systems with the principles of a guideline.",
    MatrixJson,
    SELECTION,
    has_csv=True,
)
EXPLAIN: Final = ApiOperation(
    "/api/explain/{system}/{principle}",
    "explain",
    "Explain one cell: its criteria, provisions, claims and sources.",
    ExplanationJson,
    (*CELL, *SELECTION),
)
CHECK: Final = ApiOperation(
    "/api/check",
    "check",
    "Validate claims against the rules. Nothing is stored.",
    CheckJson,
    methods=("POST",),
    errors=(*COMMON_ERRORS, *BODY_ERRORS),
)
WHAT_IF: Final = ApiOperation(
    "/api/what-if",
    "what-if",
    "Find the cells that change if claims are added or withdrawn. Nothing is stored.",
    WhatIfJson,
    WITHDRAWAL,
    methods=("GET", "POST"),
    errors=(*COMMON_ERRORS, *BODY_ERRORS, 422),
)
QUESTIONS: Final = ApiOperation(
    "/api/query",
    "query",
    "List the queries of the library.",
    list[QuestionJson],
)

API_ROUTES: Final = (
    _route(COMPARE, read_table, api_tasks.compare),
    _route(EXPLAIN, read_parameters, api_tasks.explain),
    _route(CHECK, read_claims, api_claim_tasks.check),
    _route(WHAT_IF, read_claims, api_claim_tasks.what_if),
    _route(QUESTIONS, read_parameters, api_tasks.list_questions),
    ServiceRoute("/api/query/{name}", read_table, api_tasks.run_question),
    ServiceRoute("/api/{name}", read_list, api_tasks.run_question),
)
