"""Limits on connections: idle and slow clients are disconnected, and do not block other clients."""

import asyncio
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from scs_kg.server.connections import ConnectionGuard, ConnectionLimits
from scs_kg.server.serve import server_config
from scs_kg.store import Dataset
from tests.support.asgi import Client


@contextmanager
def limited(app: ASGIApp) -> Iterator[int]:
    """Serve an application in a thread, with short time limits and at most five connections; yield the port."""
    config = server_config(app, ConnectionGuard(ConnectionLimits(request_seconds=0.5, read_seconds=0.5, connections=5)))
    config.timeout_keep_alive = 30
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join()


@pytest.fixture
def short(judged_world: Dataset) -> Iterator[int]:
    """Serve the invented world with short limits; yield the port."""
    with limited(Client(judged_world, max_answer=32 << 20).app) as port:
        yield port


def closed_within(line: socket.socket, seconds: float) -> bytes:
    """Return the bytes that arrive until the server closes the connection; fail if it does not close in time.

    The time-out is set in the operating system. A Python socket with a time-out would call poll(2), which fails while a
    query in this process may open no file.
    """
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", int(seconds), int(seconds % 1 * 1e6)))
    got = b""
    try:
        while part := line.recv(65536):
            got += part
    except ConnectionResetError:
        pass
    return got


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"POST /sparql HTTP/1.1\r\ncontent-length: 9\r\n\r\nASK"])
def test_a_request_that_does_not_arrive_in_time_ends_its_connection(short: int, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", short)) as line:
        line.sendall(sent)
        assert closed_within(line, 5) == b""


def test_a_head_that_never_ends_is_refused(short: int) -> None:
    with socket.create_connection(("127.0.0.1", short)) as line:
        line.sendall(b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 6_000)
        assert closed_within(line, 5).startswith(b"HTTP/1.1 431 ")


def test_a_body_may_be_longer_than_a_head(short: int) -> None:
    with socket.create_connection(("127.0.0.1", short)) as line:
        head = b"POST /sparql HTTP/1.1\r\ncontent-type: application/sparql-query\r\nconnection: close\r\n"
        body = b"ASK {} #" + b"x" * 60_000
        line.sendall(head + b"content-length: %d\r\n\r\n" % len(body) + body)
        assert closed_within(line, 5).startswith(b"HTTP/1.1 200 ")


def test_a_client_that_does_not_read_is_disconnected(short: int) -> None:
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # otherwise the buffers can hold the whole answer
        line.connect(("127.0.0.1", short))
        line.sendall(b"GET /sparql?query=SELECT%20*%7B?a%20?b%20?c.?d%20?e%20?f%7DLIMIT%2030000 HTTP/1.1\r\n\r\n")
        time.sleep(3)
        assert not closed_within(line, 5).endswith(b"}}")


def test_the_connection_that_waits_longest_is_closed_if_there_are_too_many(short: int) -> None:
    lines = [socket.create_connection(("127.0.0.1", short)) for _ in range(20)]
    try:
        with socket.create_connection(("127.0.0.1", short)) as line:
            line.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nconnection: close\r\n\r\n")
            assert closed_within(line, 5).startswith(b"HTTP/1.1 200 ")
        assert closed_within(lines[0], 0.4) == b""
    finally:
        for line in lines:
            line.close()


ASK = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nhost: x\r\n"


def test_the_next_request_on_a_connection_must_arrive_in_time_too(short: int) -> None:
    with socket.create_connection(("127.0.0.1", short)) as line:
        line.sendall(ASK + b"\r\nGET / HT")
        assert closed_within(line, 5).startswith(b"HTTP/1.1 200 ")


def test_a_connection_is_used_again_within_the_time_limit_of_each_request(short: int) -> None:
    with socket.create_connection(("127.0.0.1", short)) as line:
        for _ in range(4):
            time.sleep(0.3)
            line.sendall(ASK + b"\r\n")
            got = b""
            while not got.endswith(b"true}"):
                got += line.recv(4096)


def test_a_client_that_sends_a_long_head_during_an_answer_is_cut_off() -> None:
    async def slow(_: Request) -> Response:
        await asyncio.sleep(2)
        return Response("late")

    with (
        limited(Starlette(routes=[Route("/", slow)])) as port,
        socket.create_connection(("127.0.0.1", port)) as line,
    ):
        line.sendall(b"GET / HTTP/1.1\r\n\r\n")
        time.sleep(0.1)
        line.sendall(b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 6_000)
        assert closed_within(line, 1) == b""


def test_a_connection_whose_body_is_not_read_is_closed_after_the_answer(short: int) -> None:
    with socket.create_connection(("127.0.0.1", short)) as line:
        line.sendall(b"POST /api/compare HTTP/1.1\r\ncontent-length: 90000\r\n\r\n" + b"x" * 40_000)
        got = closed_within(line, 5)
        assert got.startswith(b"HTTP/1.1 405 ")
        assert b"connection: close" in got
