"""Reads requests within limits: the body, the parameters, and the Accept header."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from scs_kg.model.errors import ScsError
from scs_kg.server.jobs import Reply, problem

MAX_BODY: Final = 1 << 20
MAX_URL: Final = 16_000
MAX_FIELDS: Final = 200


class BadRequestError(ScsError):
    """The error for a request that is refused before it becomes a job; the exception has the reply."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        super().__init__(reply.body.decode())


def refuse(status: int, detail: str, **headers: str) -> BadRequestError:
    """Return the error that answers a request with a problem."""
    return BadRequestError(problem(status, detail, headers=headers))


@dataclass(frozen=True, slots=True)
class RequestContent:
    """The content of a request: the parameters in the URL, the media type without parameters, and the body."""

    query: Mapping[str, tuple[str, ...]]
    type: str
    body: bytes


async def read(request: Request) -> RequestContent:
    """Read a whole request; raise BadRequestError if the request is too large or incomplete."""
    if len(request.scope["raw_path"]) + len(request.scope["query_string"]) > MAX_URL:
        raise refuse(414, f"the URL has more than {MAX_URL} characters; send a long query by POST")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > MAX_BODY:
        raise _too_large()
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > MAX_BODY:
                raise _too_large()
    except ClientDisconnect:
        raise refuse(400, "the connection was closed before the request was complete; send it again") from None
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return RequestContent(fields(request.scope["query_string"]), media_type, bytes(body))


def _too_large() -> BadRequestError:
    return refuse(413, f"the body has more than {MAX_BODY} bytes; send it in parts", connection="close")


async def read_nothing(request: Request) -> Mapping[str, Any]:
    """Read a request without arguments."""
    await read(request)
    return {}


def fields(encoded: bytes) -> dict[str, tuple[str, ...]]:
    """Return the parameters of a URL or a form, grouped by name; raise BadRequestError if they are malformed."""
    try:
        pairs = parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_FIELDS,
            strict_parsing=False,
        )
    except ValueError as error:
        raise refuse(400, f"the parameters are malformed: {error}") from error
    by_name: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        by_name[name] = (*by_name.get(name, ()), value)
    return by_name


def accept(request: Request) -> str | None:
    """Return the value of all Accept headers, or None if there is no such header."""
    values = request.headers.getlist("accept")
    return ",".join(values) if values else None
