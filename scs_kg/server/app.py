"""The ASGI application: serves the table of routes, with caching, headers and errors that all answers share."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
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
from scs_kg.server.metrics import NO_ROUTE, Gauges, ServiceMetrics
from scs_kg.server.requests import BadRequestError
from scs_kg.server.responses import respond
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

RunJob = Callable[[Job], Awaitable[Reply]]
Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def _no_lifespan(_: Starlette) -> AsyncIterator[None]:
    yield


def _no_gauges() -> Mapping[str, float]:
    return {}


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """Identifies a service: ``version`` is the state of its data, and ``home`` is the path of its public address.

    ``lifespan`` is entered before the first request and left after the last request. ``gauges`` returns numbers for
    operators.
    """

    version: str
    home: str = ""
    lifespan: Lifespan = _no_lifespan
    gauges: Gauges = _no_gauges


@dataclass(frozen=True, slots=True)
class _Service:
    """The objects that all requests share."""

    run_job: RunJob
    settings: ServiceSettings
    metrics: ServiceMetrics
    cache: AnswerCache = field(default_factory=AnswerCache)


def application(run_job: RunJob, settings: ServiceSettings) -> Starlette:
    """Return the application, given a function that runs jobs."""
    service = _Service(run_job, settings, ServiceMetrics(settings.gauges))

    async def metrics(request: Request) -> Response:
        return await respond(request, service.metrics.reply())

    async def failed(request: Request, error: Exception) -> Response:
        reply = _http_problem(error) if isinstance(error, HTTPException) else _internal_problem()
        service.metrics.answered(NO_ROUTE, request.method, reply.status, 0)
        return await respond(request, reply, home=settings.home)

    return Starlette(
        routes=[Route("/metrics", metrics), *(endpoint for route in ROUTES for endpoint in _endpoints(route, service))],
        middleware=[CORS],
        exception_handlers={HTTPException: failed, Exception: failed},
        lifespan=settings.lifespan,
    )


def _endpoints(route: ServiceRoute, service: _Service) -> Iterator[Route]:
    """Yield the routes of the application for a route of the service; each path of the route has one."""

    async def endpoint(request: Request) -> Response:
        began = time.monotonic()
        try:
            response = await _answer(request, route, service)
        except BadRequestError as error:
            response = await respond(request, error.reply, home=service.settings.home)
        service.metrics.answered(route.path, request.method, response.status_code, time.monotonic() - began)
        return response

    for path in route.paths:
        yield Route(path, endpoint, methods=list(route.methods))


async def _answer(request: Request, route: ServiceRoute, service: _Service) -> Response:
    arguments = await route.read(request)
    job = Job(route.task, arguments, route.affinity(arguments))
    tag = entity_tag(service.settings.version, job.encoded())
    validators = {"etag": tag, "cache-control": CACHE_CONTROL, "vary": route.vary}
    safe = request.method in {"GET", "HEAD"}
    if safe and matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=validators)
    reply = None if "no-cache" in request.headers.get("cache-control", "") else service.cache.get(tag)
    if reply is None:
        reply = await service.run_job(job)
        service.cache.put(tag, reply)
    else:
        service.metrics.cached()
    headers = validators if safe and reply.status in CACHEABLE else {"vary": route.vary}
    return await respond(request, reply, headers, service.settings.home)


def _http_problem(error: HTTPException) -> Reply:
    status = error.status_code if error.status_code in TITLES else 400
    allowed = (error.headers or {}).get("Allow")
    return problem(status, f"use {allowed}" if allowed else TITLES[status].lower(), headers=error.headers)


def _internal_problem() -> Reply:
    return problem(500, "internal error; please report this request")
