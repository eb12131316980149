"""Runs SPARQL servers for tests: Oxigraph, Virtuoso, and one with scripted responses."""

import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from scs_kg.store.sparql_client import Endpoint

SETTINGS = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = {rows}
"""


def free_port() -> int:
    """Return a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server listens; fail if it ends or if a minute has passed."""
    for _ in range(600):
        if server.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the server did not start: {server.args!r}")


@contextmanager
def oxigraph() -> Iterator[Endpoint]:
    """Run the server of Oxigraph, whose default graph does not contain the named graphs."""
    program, port = shutil.which("oxigraph", path=str(Path(sys.executable).parent)), free_port()
    assert program, "the test extra brings the server oxigraph"
    command = [program, "serve", "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(port, server)
            yield Endpoint(f"http://127.0.0.1:{port}/query", f"http://127.0.0.1:{port}/update", timeout=60)
        finally:
            server.kill()


@contextmanager
def virtuoso(folder: Path, rows: int = 1_000_000) -> Iterator[Endpoint]:
    """Run Virtuoso 7 in a folder, and allow every client to write to it; an answer has at most ``rows`` rows."""
    program, client = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if not (program and client):
        pytest.fail("Virtuoso 7 is missing: install Debian's package virtuoso-opensource-7")
    sql, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(SETTINGS.format(sql=sql, http=http, rows=rows), "utf-8")
    command = [program, "+configfile", "virtuoso.ini", "+foreground"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(http, server)
            grant = b'GRANT SPARQL_UPDATE TO "SPARQL";\n'
            subprocess.run([client, f"127.0.0.1:{sql}", "dba", "dba"], input=grant, check=True, capture_output=True)
            yield Endpoint(f"http://127.0.0.1:{http}/sparql", timeout=60)
        finally:
            server.kill()


@dataclass(frozen=True, slots=True)
class ScriptedResponse:
    """A response after ``wait`` seconds; its Content-Length is ``cut`` bytes more than its body."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    wait: float = 0.0
    cut: int = 0


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """A request to the scripted server."""

    path: str
    headers: dict[str, str]
    form: dict[str, list[str]]


@dataclass(slots=True)
class ScriptedServer:
    """A server that sends a list of responses, repeats the last response, and records the requests."""

    url: str
    answers: list[ScriptedResponse]
    requests: list[ReceivedRequest] = field(default_factory=list)


@contextmanager
def scripted(*answers: ScriptedResponse) -> Iterator[ScriptedServer]:
    """Run a server with scripted responses."""
    script = ScriptedServer("", list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            script.requests.append(ReceivedRequest(self.path, dict(self.headers), parse_qs(body)))
            response = script.answers.pop(0) if len(script.answers) > 1 else script.answers[0]
            time.sleep(response.wait)
            self.send_response(response.status)
            for name, value in (*response.headers, ("Content-Length", str(len(response.body) + response.cut))):
                self.send_header(name, value)
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):  # a client with a limit hangs up early
                self.wfile.write(response.body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        script.url = f"http://127.0.0.1:{server.server_address[1]}/sparql"
        try:
            yield script
        finally:
            server.shutdown()
