"""Jobs: what the process that speaks HTTP asks of a worker, and the replies, as bytes between the two."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scs_kg.model.errors import EngineError, RefusedError, ScsError, UnknownNameError, WrongUseError
from scs_kg.store.query_library import error_position

JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"
TITLES: Final[Mapping[int, str]] = {
    400: "The request cannot be understood",
    403: "The request is refused",
    404: "There is no such thing",
    405: "The method is not allowed here",
    406: "None of the forms you accept is available",
    408: "The request took too long to arrive",
    413: "The request is too large",
    414: "The address is too long",
    415: "The request has a form that is not understood here",
    422: "The claims cannot be used",
    500: "The query could not be finished",
    503: "The service is busy",
    504: "The query was stopped at its time limit",
}
LASTING_STATUS: Final = frozenset({200, 303, 308})
"""The statuses of replies that may be kept for as long as the data is the same."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker is to do: the name of a task and its arguments, which JSON can hold."""

    task: str
    given: Mapping[str, Any]

    def encoded(self) -> bytes:
        """Return the job as bytes, the same for the same job."""
        return json.dumps([self.task, self.given], sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def decoded(cls, encoded: bytes) -> "Job":
        """Return the job that the bytes stand for."""
        return cls(*json.loads(encoded))


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a job: an HTTP status, a media type, a body, and headers of its own."""

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
        """Return the reply that the bytes stand for."""
        head, _, body = encoded.partition(b"\n")
        status, media_type, headers = json.loads(head)
        return cls(status, media_type, body, headers)


def problem(
    status: int, detail: str, more: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
) -> Reply:
    """Return a problem (RFC 9457): what was wrong, and what more is known of it, such as line and column."""
    members = {"title": TITLES[status], "status": status, "detail": detail, **(more or {})}
    return Reply(status, PROBLEM, json.dumps(members, ensure_ascii=False).encode() + b"\n", headers or {})


def of_error(error: ScsError, status: int | None = None) -> Reply:
    """Return an error of ours as a problem, in its own words."""
    if status is None:
        status = _status(error)
    found = error_position(error) if isinstance(error, EngineError) else None
    where = {"line": found[0], "column": found[1]} if found else {}
    return problem(status, str(error), where)


def _status(error: ScsError) -> int:
    if isinstance(error, UnknownNameError):
        return 404
    if isinstance(error, RefusedError):
        return 403
    if isinstance(error, WrongUseError) or (isinstance(error, EngineError) and error_position(error)):
        return 400
    return 500
