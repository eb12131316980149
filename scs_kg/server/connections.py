"""Limits on connections, so that idle and slow clients cannot occupy the service.

uvicorn does not limit the time in which a request arrives, the size of a request head, or the time in which a client
reads. At ``limit_concurrency``, uvicorn rejects new clients and keeps idle clients. Two layers add these limits, and
use only public interfaces. A protocol (``asyncio.Protocol``) wraps the protocol of uvicorn and observes incoming bytes
and full buffers. An ASGI application wraps the application of the service and observes when requests start and answers
end.
"""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

BODY_HEADERS: Final = frozenset({b"content-length", b"transfer-encoding"})
HEAD_TOO_LARGE: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\n\r\n"

ClientAddress = tuple[str, int]


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Limits on each connection and on their number.

    A request must arrive within ``request_seconds``. If the send buffer is full, the client must read within
    ``read_seconds``. The request line with the headers has at most ``head_bytes``. At most ``connections`` connections
    are open at a time.
    """

    request_seconds: float = 10.0
    read_seconds: float = 20.0
    head_bytes: int = 32_000
    connections: int = 1000


class ConnectionGuard:
    """Applies limits to all connections of one server.

    Give ``protocol_class()`` to uvicorn as ``http`` and ``guarded(app)`` as its application.
    """

    def __init__(self, limits: ConnectionLimits) -> None:
        self.limits: Final = limits
        self.retired = False
        self._connections: Final[dict[ClientAddress, GuardedConnection]] = {}
        self._waiting: Final[dict[GuardedConnection, None]] = {}  # the connection that has waited longest comes first

    def protocol_class(self) -> type[asyncio.Protocol]:
        """Return the class of the connections under this guard."""
        return type("GuardedConnection", (GuardedConnection,), {"guard": self})

    def guarded(self, app: ASGIApp) -> ASGIApp:
        """Return the application that reports the start and the end of each request to the connection."""

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            host, port = scope.get("client") or ("", 0)
            connection = self._connections.get((host, port))
            if connection is None:
                await app(scope, receive, send)
            else:
                await connection.answer(app, scope, receive, send)

        return application

    @property
    def connections(self) -> int:
        """Return the number of open connections."""
        return len(self._connections)

    def retire(self) -> None:
        """From now on, close each connection after its next answer."""
        self.retired = True

    def opened(self, connection: "GuardedConnection") -> None:
        """Register a connection; if there are too many, close the connection that has waited longest for a request."""
        self._connections[connection.client] = connection
        if len(self._connections) > self.limits.connections:
            next(iter(self._waiting), connection).abort()

    def closed(self, connection: "GuardedConnection") -> None:
        """Remove a closed connection."""
        self.not_waiting(connection)
        if self._connections.get(connection.client) is connection:
            del self._connections[connection.client]

    def waiting(self, connection: "GuardedConnection") -> None:
        """Record that a connection waits for a request from now on."""
        self.not_waiting(connection)
        self._waiting[connection] = None

    def not_waiting(self, connection: "GuardedConnection") -> None:
        """Record that a connection does not wait for a request."""
        self._waiting.pop(connection, None)


class GuardedConnection(asyncio.Protocol):
    """One connection, which forwards every event to the protocol of uvicorn, and closes itself at a limit."""

    guard: ConnectionGuard

    def __init__(self, **server: Any) -> None:
        self._http: Final = HttpToolsProtocol(**server)
        self._loop: Final = asyncio.get_running_loop()
        self._request_timer: asyncio.TimerHandle | None = None
        self._read_timer: asyncio.TimerHandle | None = None
        self._between_requests = True
        self._in_head = True
        self._head_bytes = 0
        self._answering = False
        self._arrived = False

    def connection_made(self, transport: Any) -> None:
        """Register the connection and wait for its first request."""
        self._transport = transport
        host, port, *_ = transport.get_extra_info("peername")
        self.client: ClientAddress = host, port
        self._http.connection_made(transport)
        self._wait_for_request()
        self.guard.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel all timers and remove the connection."""
        self._stop_waiting()
        self._cancel_read_timer()
        self.guard.closed(self)
        self._http.connection_lost(exc)

    def eof_received(self) -> None:
        """Forward the end of the input."""
        self._http.eof_received()

    def data_received(self, data: bytes) -> None:
        """Forward data; afterwards, check the size of the head if the request has not reached the application."""
        if self._between_requests:
            self._between_requests = False
            self._wait_for_request()
        if self._in_head:
            self._head_bytes += len(data)
        self._http.data_received(data)
        if self._head_bytes > self.guard.limits.head_bytes:
            # If the head is complete, uvicorn has already scheduled the application, which therefore runs first.
            self._loop.call_soon(self._check_head)

    def pause_writing(self) -> None:
        """Limit the time in which the client must read, because the send buffer is full."""
        self._http.pause_writing()
        self._cancel_read_timer()
        self._read_timer = self._loop.call_later(self.guard.limits.read_seconds, self.abort)

    def resume_writing(self) -> None:
        """Cancel the time limit, because the client has read."""
        self._http.resume_writing()
        self._cancel_read_timer()

    def abort(self) -> None:
        """Close the connection at once and drop the data that was not sent."""
        self._transport.abort()

    async def answer(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application on a request whose head has arrived; record when its body arrives and when it ends."""
        self._answering, self._arrived = True, False
        self._expect_head(expected=False)
        if BODY_HEADERS.isdisjoint(name for name, _ in scope.get("headers", ())):
            self._request_arrived()

        async def receive_and_note() -> Message:
            message = await receive()
            if not message.get("more_body", False):
                self._request_arrived()
            return message

        async def send_and_note(message: Message) -> None:
            if message["type"] == "http.response.start" and (self.guard.retired or not self._arrived):
                # The rest of the body cannot be distinguished from the next request, so no other request may follow.
                message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                self._answer_sent()

        await app(scope, receive_and_note, send_and_note)

    def _request_arrived(self) -> None:
        if not self._arrived:
            self._arrived = True
            self._stop_waiting()
            self._expect_head(expected=True)

    def _answer_sent(self) -> None:
        self._answering = False
        self._between_requests = True
        if not self._transport.is_closing():
            self._wait_for_request()

    def _expect_head(self, *, expected: bool) -> None:
        self._in_head, self._head_bytes = expected, 0

    def _check_head(self) -> None:
        if self._head_bytes <= self.guard.limits.head_bytes or self._transport.is_closing():
            return
        if self._answering:  # the client sends further requests without reading the answer to this one
            self.abort()
        else:
            self._transport.write(HEAD_TOO_LARGE)
            self._transport.close()

    def _wait_for_request(self) -> None:
        self._stop_waiting()
        self.guard.waiting(self)
        self._request_timer = self._loop.call_later(self.guard.limits.request_seconds, self.abort)

    def _stop_waiting(self) -> None:
        self.guard.not_waiting(self)
        if self._request_timer:
            self._request_timer.cancel()

    def _cancel_read_timer(self) -> None:
        if self._read_timer:
            self._read_timer.cancel()
