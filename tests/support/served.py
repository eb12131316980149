"""Starts the service by its command, sends requests to it, and stops it."""

import http.client
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests.conftest import ROOT


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: its address and its process id."""

    host: str
    port: int
    pid: int

    @property
    def url(self) -> str:
        """Return the address."""
        return f"http://{self.host}:{self.port}"

    def ask(
        self, path: str, method: str = "GET", *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> tuple[int, bytes]:
        """Send one request and return status and body."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def sparql(self, query: str) -> tuple[int, bytes]:
        """Send a query by GET."""
        return self.ask(f"/sparql?query={quote(query)}")

    def open(self) -> socket.socket:
        """Open a connection and send nothing."""
        return socket.create_connection((self.host, self.port), timeout=60)


@contextmanager
def served(root: Path, *options: str) -> Iterator[Service]:
    """Serve a folder at a free port; the service must stop without output when it gets SIGTERM."""
    command = (sys.executable, "-m", "scs_kg", "serve", "--root", str(root), "--port", "0", *options)
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        line = process.stderr.readline()
        found = re.fullmatch(r"serving at http://127\.0\.0\.1:(\d+)\n", line)
        try:
            assert found, line + process.stderr.read()
            yield Service("127.0.0.1", int(found[1]), process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert said == ""
