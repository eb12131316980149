"""Measures the service, Oxigraph's server and rdflib-endpoint: python -m tests.bench.http [SECONDS].

Each server has the whole graph with all verdicts. Clients send the same queries of the library; a client sends its
queries one after the other. The service of this project is measured twice: with its cache, and with ``Cache-Control:
no-cache``. The server rdflib-endpoint is not a dependency of the project, and is measured only if it is installed.
"""

import asyncio
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from scs_kg import store
from scs_kg.judging.project import open_judged
from scs_kg.judging.timeline import publish_verdict_periods
from scs_kg.store import query_library

ROOT = Path(__file__).parent.parent.parent
QUESTIONS = ("published-marks", "by-level", "systems", "contested", "features")
CLIENTS = (1, 16)
NO_CACHE = {"cache-control": "no-cache"}


@contextmanager
def running(command: tuple[str, ...], url: str) -> Iterator[None]:
    """Run a server during a block; it must respond at its address."""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        place = urlsplit(url)
        try:
            for _ in range(1200):
                address = (str(place.hostname), int(place.port or 80))
                with suppress(OSError), socket.create_connection(address):  # the server does not listen yet
                    break
                time.sleep(0.1)
            yield
        finally:
            process.terminate()


def free_port() -> int:
    """Return a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


async def client(url: str, request: bytes, until: float, times: list[float]) -> None:
    """Send queries over one connection until a point in time, and record the time of each response."""
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    while time.perf_counter() < until:
        started = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"{url}: {head.decode()}")
        await body(reader, head.lower())
        times.append(time.perf_counter() - started)
    writer.close()


async def body(reader: asyncio.StreamReader, head: bytes) -> None:
    """Read a response body with a length or in chunks."""
    if b"content-length: " in head:
        await reader.readexactly(int(head.split(b"content-length: ")[1].split(b"\r\n")[0]))
        return
    while size := int(await reader.readline(), 16):
        await reader.readexactly(size + 2)
    await reader.readline()


def measured(url: str, sparql: str, clients: int, seconds: float, headers: Mapping[str, str]) -> tuple[float, ...]:
    """Return the responses per second, and the median and the 99th percentile of the time in milliseconds."""
    place = urlsplit(url)
    lines = {"host": place.netloc, "accept": "application/sparql-results+json", **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    request = f"GET {place.path}?{urlencode({'query': sparql})} HTTP/1.1\r\n{head}\r\n".encode()
    times: list[float] = []

    async def crowd(how_long: float) -> None:
        until = time.perf_counter() + how_long
        await asyncio.gather(*(client(url, request, until, times) for _ in range(clients)))

    asyncio.run(crowd(seconds / 4))
    times.clear()
    asyncio.run(crowd(seconds))
    hundredths = statistics.quantiles(times, n=100)
    return len(times) / seconds, 1000 * hundredths[49], 1000 * hundredths[98]


def servers(folder: Path) -> Iterator[tuple[str, tuple[str, ...], str, Mapping[str, str]]]:
    """Yield name, command, address and headers of each server to measure; the data is in the folder."""
    bin_folder, port = Path(sys.executable).parent, free_port()
    ours = (sys.executable, "-m", "scs_kg", "serve", "--port", str(port))
    yield "scs-kg serve", ours, f"http://127.0.0.1:{port}/sparql", {}
    port = free_port()
    ours = (*ours[:-1], str(port))
    yield "scs-kg serve, without cache", ours, f"http://127.0.0.1:{port}/sparql", NO_CACHE
    place = f"127.0.0.1:{free_port()}"
    oxigraph = (str(bin_folder / "oxigraph"), "serve-read-only", "--location", str(folder / "store"), "--bind", place)
    yield "oxigraph serve", (*oxigraph, "--union-default-graph"), f"http://{place}/query", {}
    if endpoint_command := shutil.which("rdflib-endpoint"):
        port = free_port()
        endpoint = (endpoint_command, "serve", str(folder / "union.nt"), "--port", str(port))
        yield "rdflib-endpoint", endpoint, f"http://127.0.0.1:{port}/", {}


def prepare(folder: Path) -> None:
    """Write the whole graph for the servers of other projects."""
    dataset = open_judged(ROOT)
    publish_verdict_periods(dataset)
    (folder / "all.nq").write_bytes(store.serialize_dataset(dataset, "nquads", inferred=True))
    union = {f"{quad.triple} .\n" for quad in dataset.quads}
    (folder / "union.nt").write_text("".join(sorted(union)), "utf-8")
    load = (str(Path(sys.executable).parent / "oxigraph"), "load", "--location", str(folder / "store"))
    subprocess.run((*load, "--file", str(folder / "all.nq")), check=True, stderr=subprocess.DEVNULL)


def main(seconds: float) -> None:
    """Print a line for each query, server and number of clients."""
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name))
        print("| question | server | clients | answers/s | p50 ms | p99 ms |\n|---|---|---|---|---|---|")
        for server, command, url, headers in servers(Path(name)):
            with running(command, url):
                for question in QUESTIONS:
                    for clients in CLIENTS:
                        sparql = query_library.find(ROOT, question).sparql
                        rate, middle, late = measured(url, sparql, clients, seconds, headers)
                        line = f"| {question} | {server} | {clients} | {rate:.0f} | {middle:.1f} | {late:.1f} |"
                        print(line, flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 4.0)
