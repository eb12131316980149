"""Jobs and replies: the messages between the HTTP process and its workers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scs_kg.model.errors import (
    EmptyInputError,
    EngineError,
    FormatError,
    RefusedError,
    ScsError,
    UnknownNameError,
    WrongUseError,
)
from scs_kg.server.advice import API
from scs_kg.store.query_library import error_position

JSON: Final = "application/json"
CSV: Final = "text/csv"
PROBLEM: Final = "application/problem+json"
TITLES: Final[Mapping[int, str]] = {
    400: "The request is not valid",
    403: "The query is not allowed",
    404: "Not found",
    405: "The method is not allowed for this path",
    406: "The result is not available in an accepted format",
    408: "The request took too long to arrive",
    413: "The request body is too large",
    414: "The URL is too long",
    415: "The format of the request body is not supported",
    422: "The claims break rules",
    500: "The request could not be completed",
    503: "The service is busy",
    504: "The query reached its time limit",
}
NO_CLAIMS: Final = "these parameters leave no claims; choose a later date, another dataset or fewer excluded sources"
CACHEABLE: Final = frozenset({200, 303, 308})
"""The statuses of replies that stay valid as long as the data does not change."""


@dataclass(frozen=True, slots=True)
class Job:
    """The name of a task and its arguments, which JSON can represent.

    Jobs with the same ``affinity`` need the same expensive preparation. Such jobs go to one worker, which keeps the
    result of the preparation.
    """

    task: str
    arguments: Mapping[str, Any]
    affinity: str | None = None

    def encoded(self) -> bytes:
        """Return the task and its arguments as bytes; equal jobs have equal bytes."""
        return json.dumps([self.task, self.arguments], sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def decoded(cls, encoded: bytes) -> "Job":
        """Return the job that the bytes encode."""
        return cls(*json.loads(encoded))


@dataclass(frozen=True, slots=True)
class Reply:
    """The result of a job: an HTTP status, a media type, a body, and further headers."""

    status: int
    type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """Return the reply as bytes: a line of JSON, then the body."""
        head = json.dumps([self.status, self.type, dict(self.headers)]).encode()
        return head + b"\n" + self.body

    @classmethod
    def decoded(cls, encoded: bytes) -> "Reply":
        """Return the reply that the bytes encode."""
        head, _, body = encoded.partition(b"\n")
        status, media_type, headers = json.loads(head)
        return cls(status, media_type, body, headers)


def problem(
    status: int, detail: str, members: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
) -> Reply:
    """Return a problem (RFC 9457) with further members, such as the line and column of an error in a query."""
    written = {"title": TITLES[status], "status": status, "detail": detail, **(members or {})}
    return Reply(status, PROBLEM, json.dumps(written, ensure_ascii=False).encode() + b"\n", headers or {})


def error_problem(error: ScsError, status: int | None = None) -> Reply:
    """Return an error as a problem; the default status is that of the class of the error. Its message names no command.

    The data of a running service is not empty. Therefore an EmptyInputError is always caused by the parameters of the
    request.
    """
    if isinstance(error, EmptyInputError):
        return problem(404, NO_CLAIMS)
    position = error_position(error) if isinstance(error, EngineError) else None
    members = {"line": position[0], "column": position[1]} if position else {}
    return problem(status or _status(error), error.in_words(API), members)


def _status(error: ScsError) -> int:
    if isinstance(error, UnknownNameError):
        return 404
    if isinstance(error, RefusedError):
        return 403
    if isinstance(error, FormatError):
        return 406
    if isinstance(error, WrongUseError) or (isinstance(error, EngineError) and error_position(error)):
        return 400
    return 500
