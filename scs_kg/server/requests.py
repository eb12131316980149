"""Reads requests within bounds: the body, the parameters, the Accept header."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from scs_kg.model.errors import ScsError
from scs_kg.server.jobs import Reply, problem

BODY: Final = 1 << 20
URL: Final = 16_000
FIELDS: Final = 200


class BadRequestError(ScsError):
    """A request that cannot be answered; the reply says why."""

    def __init__(self, reply: Reply) -> None:
        """Take the reply to give instead of an answer."""
        self.reply = reply
        super().__init__(reply.body.decode())


def refuse(status: int, detail: str, **headers: str) -> BadRequestError:
    """Return the error that answers a request with a problem."""
    return BadRequestError(problem(status, detail, headers=headers))


@dataclass(frozen=True, slots=True)
class SentRequest:
    """What came with a request: the parameters in its address, its media type without parameters, its body."""

    query: Mapping[str, tuple[str, ...]]
    type: str
    body: bytes


async def read(request: Request) -> SentRequest:
    """Read a request whole; raise BadRequestError if it is too large or breaks off."""
    if len(request.scope["raw_path"]) + len(request.scope["query_string"]) > URL:
        raise refuse(414, f"the address has more than {URL} characters; send a long query by POST")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > BODY:
        raise refuse(413, f"the body has more than {BODY} bytes", connection="close")
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > BODY:
                raise refuse(413, f"the body has more than {BODY} bytes", connection="close")
    except ClientDisconnect:
        raise refuse(400, "the request broke off") from None
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return SentRequest(fields(request.scope["query_string"]), media_type, bytes(body))


def fields(encoded: bytes) -> dict[str, tuple[str, ...]]:
    """Return the parameters of an address or a form by name, in order; raise BadRequestError if they cannot be read."""
    try:
        pairs = parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=FIELDS,
            strict_parsing=False,
        )
    except ValueError as error:
        raise refuse(400, f"the parameters cannot be read: {error}") from error
    found: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        found[name] = (*found.get(name, ()), value)
    return found


def accept(request: Request) -> str | None:
    """Return what the client accepts, from all its Accept headers, or None if it does not say."""
    given = request.headers.getlist("accept")
    return ",".join(given) if given else None
