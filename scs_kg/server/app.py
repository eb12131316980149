"""The ASGI application: serves the table of routes, with caching, headers and errors that all answers share."""

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

from scs_kg.server.cache import AnswerCache, entity_tag, matches
from scs_kg.server.jobs import CACHEABLE, TITLES, Job, Reply, problem
from scs_kg.server.requests import BadRequestError
from scs_kg.server.route import ServiceRoute
from scs_kg.server.routes import ROUTES

CORS: Final = Middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_methods=["GET", "HEAD", "POST"],
    allow_headers=["*"],
    expose_headers=["*"],
)
CACHE_CONTROL: Final = "public, max-age=60"
SECURITY_HEADERS: Final[Mapping[str, str]] = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
}

RunJob = Callable[[Job], Awaitable[Reply]]
Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def _no_lifespan(_: Starlette) -> AsyncIterator[None]:
    yield


def application(run_job: RunJob, version: str, lifespan: Lifespan = _no_lifespan) -> Starlette:
    """Return the application, given a function that runs jobs; ``version`` identifies the state of the data.

    The lifespan is entered before the first request and left after the last.
    """
    cache = AnswerCache()

    def endpoint(route: ServiceRoute) -> Route:
        async def answer(request: Request) -> Response:
            try:
                arguments = await route.read(request)
            except BadRequestError as error:
                return _response(error.reply)
            job = Job(route.task, arguments, route.affinity(arguments))
            return await _answer(request, job, run_job, cache, version)

        return Route(route.path, answer, methods=list(route.methods))

    return Starlette(
        routes=[endpoint(route) for route in ROUTES],
        middleware=[CORS],
        exception_handlers={HTTPException: _http_error, Exception: _internal_error},
        lifespan=lifespan,
    )


async def _answer(request: Request, job: Job, run_job: RunJob, cache: AnswerCache, version: str) -> Response:
    tag = entity_tag(version, job.encoded())
    validators = {"etag": tag, "cache-control": CACHE_CONTROL, "vary": "Accept"}
    safe = request.method in {"GET", "HEAD"}
    if safe and matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=validators)
    reply = None if "no-cache" in request.headers.get("cache-control", "") else cache.get(tag)
    if reply is None:
        reply = await run_job(job)
        cache.put(tag, reply)
    return _response(reply, validators if safe and reply.status in CACHEABLE else {"vary": "Accept"})


def _response(reply: Reply, headers: Mapping[str, str] | None = None) -> Response:
    uncached = {"cache-control": "no-store"} if reply.status >= 400 else {}
    merged = {**SECURITY_HEADERS, **(headers or {}), **uncached, **reply.headers, "content-type": reply.type}
    return Response(reply.body, reply.status, merged)


async def _http_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    status = error.status_code if error.status_code in TITLES else 400
    return _response(problem(status, TITLES[status].lower(), headers=error.headers))


async def _internal_error(_: Request, error: Exception) -> Response:
    return _response(problem(500, "internal error; please report this request"))
