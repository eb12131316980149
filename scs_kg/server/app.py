"""The application: which path is answered by which job, and what all answers have in common."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from scs_kg.explorer.page import LANGUAGES
from scs_kg.server import api_routes, explorer, linked_data, reconcile, schemas, sparql_protocol
from scs_kg.server.cache import AnswerCache, has, tag
from scs_kg.server.jobs import LASTING_STATUS, TITLES, Job, Reply, problem
from scs_kg.server.requests import BadRequestError

READABLE: Final = Middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_methods=["GET", "HEAD", "POST"],
    allow_headers=["*"],
    expose_headers=["*"],
)
LASTING: Final = "public, max-age=60"
SAFE: Final[Mapping[str, str]] = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
}

Ask = Callable[[Job], Awaitable[Reply]]
Reader = Callable[[Request], Awaitable[Job]]
Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def _nothing(_: Starlette) -> AsyncIterator[None]:
    yield


def application(ask: Ask, version: str, lifespan: Lifespan = _nothing) -> Starlette:
    """Return the application over something that does jobs; ``version`` names the state of the data.

    The lifespan is entered before the first request and left after the last.
    """
    answers = AnswerCache()

    def at(path: str, reader: Reader, *methods: str) -> Route:
        async def answer(request: Request) -> Response:
            try:
                job = await reader(request)
            except BadRequestError as error:
                return _response(error.reply)
            return await _answered(request, job, ask, answers, version)

        return Route(path, answer, methods=list(methods or ("GET",)))

    return Starlette(
        routes=[
            at("/sparql", sparql_protocol.job, "GET", "POST"),
            at("/.well-known/void", sparql_protocol.void),
            *(at(path, reader, *methods) for path, reader, *methods in api_routes.ROUTES),
            at("/reconcile", reconcile.job, "GET", "POST"),
            at("/reconcile/suggest/{what}", reconcile.suggesting),
            at(f"/{schemas.CONTEXT}", schemas.context),
            at(f"/{schemas.SCHEMA}", schemas.claims),
            at("/", explorer.entrance),
            at("/static/{path:path}", explorer.asset),
            *(at(f"/{language}", explorer.folder(language)) for language in LANGUAGES),
            *(at(f"/{language}/{{path:path}}", explorer.shown(language)) for language in LANGUAGES),
            *(at(f"/cell/{{path:path}}.{ending}", explorer.cell(ending)) for ending in explorer.CELLS),
            *(at(f"/{{kind}}/{{path:path}}.{ending}", explorer.data(ending)) for ending in explorer.BEHIND),
            at("/{path:path}", linked_data.job),
        ],
        middleware=[READABLE],
        exception_handlers={HTTPException: _refused, Exception: _failed},
        lifespan=lifespan,
    )


async def _answered(request: Request, job: Job, ask: Ask, answers: AnswerCache, version: str) -> Response:
    key = job.encoded()
    current = tag(version, key)
    headers = {"etag": current, "cache-control": LASTING, "vary": "Accept"}
    reading = request.method in {"GET", "HEAD"}
    if reading and has(request.headers.get("if-none-match"), current):
        return Response(status_code=304, headers=headers)
    reply = None if "no-cache" in request.headers.get("cache-control", "") else answers.get(key)
    if reply is None:
        reply = await ask(job)
        answers.keep(key, reply)
    return _response(reply, headers if reading and reply.status in LASTING_STATUS else {"vary": "Accept"})


def _response(reply: Reply, headers: Mapping[str, str] | None = None) -> Response:
    stale = {"cache-control": "no-store"} if reply.status >= 400 else {}
    given = {**SAFE, **(headers or {}), **stale, **reply.headers, "content-type": reply.type}
    return Response(reply.body, reply.status, given)


async def _refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    status = error.status_code if error.status_code in TITLES else 400
    return _response(problem(status, TITLES[status].lower(), headers=error.headers))


async def _failed(_: Request, error: Exception) -> Response:
    return _response(problem(500, "the service failed in a way it should not; please tell its keepers what you sent"))
