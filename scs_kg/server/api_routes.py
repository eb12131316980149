"""The JSON API over HTTP: which job a request under ``/api`` asks for."""

from base64 import b64encode
from typing import Final

from starlette.requests import Request

from scs_kg.server.jobs import Job
from scs_kg.server.negotiate import choose
from scs_kg.server.openapi import CLAIMS, LISTS
from scs_kg.server.requests import SentRequest, accept, read, refuse

ABOUT: Final = {"json": ("application/json", "application/vnd.oai.openapi+json"), "html": ("text/html",)}


async def compare(request: Request) -> Job:
    """Return the job of comparing."""
    return Job("compare", {"params": await _given(request)})


async def explain(request: Request) -> Job:
    """Return the job of explaining the cell that the path names."""
    cell = {name: request.path_params[name] for name in ("system", "principle")}
    return Job("explain", {**cell, "params": await _given(request)})


async def check(request: Request) -> Job:
    """Return the job of holding the claims in the body against the rules."""
    sent = await read(request)
    return Job("check", {**_claims(sent), "params": _params(sent)})


async def what_if(request: Request) -> Job:
    """Return the job of telling what would follow from the claims in the body, or from leaving claims out."""
    sent = await read(request)
    given = _claims(sent) if request.method == "POST" else {"claims": "", "form": ""}
    return Job("what-if", {**given, "params": _params(sent)})


def _claims(sent: SentRequest) -> dict[str, str]:
    forms = {media_type: form for form, types in CLAIMS.items() for media_type in types}
    if sent.type not in forms:
        raise refuse(415, f"send the claims as one of {', '.join(sorted(forms))}")
    return {"claims": b64encode(sent.body).decode(), "form": forms[sent.type]}


async def question(request: Request) -> Job:
    """Return the job of answering the question that the path names."""
    return Job("question", {"name": request.path_params["name"], "params": await _given(request)})


async def listed(request: Request) -> Job:
    """Return the job of giving a whole list, which is a question of the same name."""
    name = request.path_params["name"]
    if name not in LISTS:
        others = "compare, explain/{system}/{principle}, query, check, what-if"
        raise refuse(404, f"the API has no '{name}'; it has {others}, {', '.join(LISTS)}")
    return await question(request)


async def questions(request: Request) -> Job:
    """Return the job of listing the questions of the library."""
    return Job("questions", {"params": await _given(request)})


async def about(request: Request) -> Job:
    """Return the job of describing the API, as a page or for programs."""
    given = await _given(request)
    chosen = choose(accept(request), ABOUT)
    if chosen is None:
        raise refuse(406, "the description of the API comes as application/json or text/html")
    return Job("openapi", {"form": chosen[0], "params": given})


async def document(request: Request) -> Job:
    """Return the job of describing the API for programs."""
    return Job("openapi", {"form": "json", "params": await _given(request)})


async def _given(request: Request) -> dict[str, list[str]]:
    return _params(await read(request))


def _params(sent: SentRequest) -> dict[str, list[str]]:
    return {name: list(values) for name, values in sent.query.items()}


ROUTES: Final = (
    ("/api", about),
    ("/api/openapi.json", document),
    ("/api/compare", compare),
    ("/api/explain/{system}/{principle:path}", explain),
    ("/api/check", check, "POST"),
    ("/api/what-if", what_if, "GET", "POST"),
    ("/api/query", questions),
    ("/api/query/{name}", question),
    ("/api/{name}", listed),
)
