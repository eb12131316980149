"""Runs the command line as a user does, each time in a new process, usually without the start of a new interpreter.

A fork server is a Python process that has imported the modules that commands import. The server forks for each command.
The fork then runs ``python -m scs_kg`` with its own arguments, folder, environment, streams and exit status.
"""

import gc
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryFile
from typing import IO, Final

from scs_kg.cli.process_end import end_process
from scs_kg.render import document_templates, language
from scs_kg.rules import guard_cache
from tests.conftest import ROOT

ROOMS: Final = ("analysis", "cli", "contribute", "exchange", "judging", "library", "model", "render", "rules", "store")
"""The packages whose modules the fork server imports; the others serve and write pages, which few commands do."""
IMPORTED: Final = (
    *("encodings.ascii", "encodings.unicode_escape", "importlib.resources", "tomllib", "yaml"),
    *(
        "jinja2",
        "krippendorff",
        "numpy",
        "openpyxl",
        "owlrl",
        "polars",
        "pyshacl",
        "rdflib.plugins.sparql",
        "xlsxwriter",
    ),
    *("rich._export_format", "rich._unicode_data.unicode17-0-0", "rich.console", "rich.table"),
)
"""Libraries and modules that commands import when they need them."""
SECONDS: Final = 300
NUMBER: Final = 8

Ran = subprocess.CompletedProcess[bytes]


def command_environment(**environment: str) -> dict[str, str]:
    """Return the environment of the tests without NO_COLOR, with 100 columns and with the given variables."""
    variables = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    return {**variables, "COLUMNS": "100", **environment}


def start(*args: str, cwd: Path | None = None, **environment: str) -> Ran:
    """Start ``python -m scs_kg`` in a new interpreter and wait for it; for tests of the start of the program."""
    command, variables = [sys.executable, "-m", "scs_kg", *args], command_environment(**environment)
    return subprocess.run(command, capture_output=True, check=False, cwd=cwd, env=variables, timeout=SECONDS)


def run(*args: str, cwd: Path | None = None, seed: str = "random", **environment: str) -> Ran:
    """Run ``python -m scs_kg`` in a fork of a fork server with a hash seed (PYTHONHASHSEED), and wait for it.

    Raises:
        TimeoutError: the command did not end within five minutes and was killed.
    """
    request = json.dumps((args, str(cwd or Path.cwd()), command_environment(**environment))).encode()
    line, _ = fork_server(seed)
    with TemporaryFile() as out, TemporaryFile() as err:
        socket.send_fds(line, [len(request).to_bytes(NUMBER, "big")], [out.fileno(), err.fileno()])
        line.sendall(request)
        pid = _number(line)
        try:
            status = os.waitstatus_to_exitcode(_number(line))
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            _number(line)
            raise
        return Ran(args, status, _written(out), _written(err))


def _written(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    return stream.read()


@cache
def fork_server(seed: str) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Start a fork server and return the socket to it; it ends when the socket is closed."""
    ours, theirs = socket.socketpair()
    ours.settimeout(SECONDS)
    command, variables = [sys.executable, "-m", __name__, str(theirs.fileno())], {**os.environ, "PYTHONHASHSEED": seed}
    with theirs:
        descriptors = [theirs.fileno()]
        return ours, subprocess.Popen(command, cwd=ROOT, env=variables, stdin=subprocess.DEVNULL, pass_fds=descriptors)


def modules() -> Iterator[str]:
    """Yield the names of the modules of ``ROOMS``."""
    for room in ROOMS:
        yield f"scs_kg.{room}"
        for found in walk_packages([str(ROOT / "scs_kg" / room)], f"scs_kg.{room}."):
            yield found.name


def _number(line: socket.socket) -> int:
    got = line.recv(NUMBER, socket.MSG_WAITALL)
    if len(got) < NUMBER:
        raise EOFError("the fork server has ended")
    return int.from_bytes(got, "big")


def serve_forks(line: socket.socket) -> None:
    """Fork for each request on a socket; the function returns in a fork after the command has ended."""
    for name in (*IMPORTED, *modules()):
        import_module(name)
    for name in ("explain", "whatif"):
        document_templates.template(f"{name}.text.j2")  # compilation takes tens of milliseconds
    language.catalogue()
    guard_cache._code()  # a process reads its own code once, and so does each fork if the fork server has not
    gc.freeze()
    while True:
        head, streams, _, _ = socket.recv_fds(line, NUMBER, 2)
        if not head:
            os._exit(0)  # do not write coverage, because every fork has written its coverage
        args, folder, variables = json.loads(line.recv(int.from_bytes(head, "big"), socket.MSG_WAITALL))
        pid = os.fork()
        if not pid:
            line.close()
            run_module(args, Path(folder), variables, streams)
            return
        for stream in streams:
            os.close(stream)
        line.sendall(pid.to_bytes(NUMBER, "big"))
        line.sendall(os.waitpid(pid, 0)[1].to_bytes(NUMBER, "big"))


def run_module(args: list[str], folder: Path, variables: dict[str, str], streams: list[int]) -> None:
    """Run ``python -m scs_kg`` in a folder, with an environment and two streams for output and errors."""
    for stream, number in zip(streams, (1, 2), strict=True):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv[1:] = args
    try:
        runpy.run_module("scs_kg", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code is None or isinstance(ended.code, int):
            end_process(ended.code or 0)
        raise
    end_process(0)


if __name__ == "__main__":
    serve_forks(socket.socket(fileno=int(sys.argv[1])))
