"""Ends a process of the service that another process replaces, without dropping a request."""

import asyncio

import uvicorn

from scs_kg.server.connections import ConnectionGuard


class Retirement:
    """Ends a server: it accepts no more connections, closes each connection after its next answer, and then stops."""

    def __init__(self, server: uvicorn.Server, guard: ConnectionGuard, seconds: float) -> None:
        """Prepare to end a server; after ``seconds``, the server stops, whether or not all connections are closed."""
        self._server, self._guard, self._seconds = server, guard, seconds
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Start ending the server."""
        if self._task is None:
            self._task = asyncio.ensure_future(self._retire())

    def stop(self) -> None:
        """Stop the server as after a signal."""
        self._server.should_exit = True

    async def _retire(self) -> None:
        for listening in self._server.servers:
            listening.close()
        self._guard.retire()
        end = asyncio.get_running_loop().time() + self._seconds
        while self._guard.connections and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0.1)
        self.stop()
