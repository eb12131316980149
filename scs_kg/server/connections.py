"""Connections that cannot hold the service up: requests arrive, and answers are taken, in time and within bounds."""

import asyncio
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

ARRIVAL: Final = 10.0
TAKING: Final = 20.0
HEAD: Final = 32_000
CONNECTIONS: Final = 1000
_NO_HEAD: Final = -(1 << 62)


class BoundedConnection(HttpToolsProtocol):
    """One connection: closed if a request is not whole in time, if its head is too long, or if nobody reads.

    If there are too many, the one that has kept us waiting longest for a request makes room.
    """

    waiting: ClassVar[dict["BoundedConnection", None]] = {}
    most: ClassVar[int] = CONNECTIONS
    arrival: ClassVar[float] = ARRIVAL
    taking: ClassVar[float] = TAKING

    _arrival: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None
    _head: int = _NO_HEAD

    def connection_made(self, transport: Any) -> None:
        """Make room if there is none, and begin to wait."""
        super().connection_made(transport)
        if len(self.connections) > self.most:
            (next(iter(self.waiting)) if self.waiting else self).transport.abort()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_waiting()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in what came; refuse a head without an end."""
        super().data_received(data)
        self._head += len(data)
        if self._head > HEAD and not self.transport.is_closing():
            self.transport.write(b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\n\r\n")
            self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins; the one before it may still be at work."""
        super().on_message_begin()
        self._head = 0
        self._wait()

    def on_headers_complete(self) -> None:
        """The head has ended, so that what comes now is counted as body, by who reads it."""
        super().on_headers_complete()
        self._head = _NO_HEAD

    def on_message_complete(self) -> None:
        """A request has arrived whole."""
        super().on_message_complete()
        self._stop_waiting()

    def on_response_complete(self) -> None:
        """A connection that is kept alive may make room again."""
        super().on_response_complete()
        self.waiting[self] = None

    def pause_writing(self) -> None:
        """Nobody reads; give them some time."""
        super().pause_writing()
        self._taking = self.loop.call_later(self.taking, self.transport.abort)

    def resume_writing(self) -> None:
        """Somebody reads again."""
        if self.flow is not None:
            super().resume_writing()
        if self._taking:
            self._taking.cancel()

    def _wait(self) -> None:
        self._stop_waiting()
        self.waiting[self] = None
        self._arrival = self.loop.call_later(self.arrival, self.transport.abort)

    def _stop_waiting(self) -> None:
        self.waiting.pop(self, None)
        if self._arrival:
            self._arrival.cancel()
