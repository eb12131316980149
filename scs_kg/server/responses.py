"""Turns replies into HTTP responses: common headers, compression, and pages about errors for browsers."""

import asyncio
import gzip
import json
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from scs_kg.render.document_templates import template
from scs_kg.server.cache import NO_STORE
from scs_kg.server.jobs import JSON, PROBLEM, Reply
from scs_kg.server.negotiate import choose, choose_encoding
from scs_kg.server.requests import accept

SECURITY_HEADERS: Final[Mapping[str, str]] = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
}
ERROR_FORMATS: Final[Mapping[str, tuple[str, ...]]] = {"problem": (PROBLEM, JSON), "html": ("text/html",)}
MIN_COMPRESSED: Final = 1024
"""Answers of at least this number of bytes are compressed."""
COMPRESSION_LEVEL: Final = 4
COMPRESSED: Final = frozenset({"application/gzip"})
"""The media types of data that is already compressed."""


async def respond(request: Request, reply: Reply, headers: Mapping[str, str] | None = None, home: str = "") -> Response:
    """Return the response to a request; ``home`` is the path of the home page without a slash at its end.

    An error is a page if the client prefers HTML. The answer is compressed if the client accepts gzip.
    """
    if reply.type == PROBLEM and (choose(accept(request), ERROR_FORMATS) or ("",))[0] == "html":
        reply = _error_page(reply, home)
    uncached = {"cache-control": NO_STORE} if reply.status >= 400 else {}
    merged = {**SECURITY_HEADERS, **(headers or {}), **uncached, **reply.headers, "content-type": reply.type}
    if merged.get("cache-control") == NO_STORE:
        merged.pop("etag", None)
    body = reply.body
    if len(body) >= MIN_COMPRESSED and reply.type not in COMPRESSED:
        merged["vary"] = f"{merged['vary']}, Accept-Encoding" if "vary" in merged else "Accept-Encoding"
        if choose_encoding(request.headers.get("accept-encoding", "")) == "gzip":
            body = await asyncio.to_thread(gzip.compress, body, COMPRESSION_LEVEL, mtime=0)
            merged["content-encoding"] = "gzip"
    return Response(body, reply.status, merged)


def _error_page(reply: Reply, home: str) -> Reply:
    found = json.loads(reply.body)
    page = template("problem.html.j2").render(title=found["title"], detail=found["detail"], home=home)
    return Reply(reply.status, "text/html; charset=utf-8", page.encode(), reply.headers)
