"""A child process that answers requests one after the other until it is killed or its connection is closed.

The SPARQL engine cannot be interrupted or kept from using the network, and a query can crash it. Therefore queries run
in a child process. The child has a memory limit and no standard error, and it can open neither files nor sockets while
it runs untrusted work.
"""

import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, NoReturn

from scs_kg.model.advice import Advice
from scs_kg.model.errors import EngineError, InternalError, LimitError, ScsError, WrongUseError

DEFAULT_MEMORY: Final = 4 << 30
"""The number of bytes of memory for a child, in addition to the memory of its parent."""
HEADER_SIZE: Final = 9
_ERRORS: Final[Mapping[bytes, type[EngineError]]] = MappingProxyType(
    {b"i": InternalError, b"l": LimitError, b"w": WrongUseError, b"e": EngineError}
)
"""The class of the error for each kind of reply; subclasses come first."""

Work = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Task:
    """The wording of error messages: the name of the work, and what to do if it exceeds a limit.

    ``more_time`` is the advice to allow more time, if the front end has an option for this.
    """

    name: str = "the query"
    advice: str = "narrow it"
    more_time: tuple[Advice, ...] = (Advice(", or allow more with {option}", option="timeout"),)


QUERY_TASK: Final = Task()


@dataclass(frozen=True, slots=True)
class ChildProcess:
    """A child process: its process ID and the connection to it. ``encode_message`` describes the message format."""

    pid: int
    connection: socket.socket


def address_space() -> int:
    """Return the size of this process's address space in bytes.

    The address space of a forked child has the same size at its start.
    """
    import resource

    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:  # if the system has no /proc, assume a large process
        return 1 << 30
    return pages * resource.getpagesize()


def encode_message(kind: bytes, content: bytes) -> bytes:
    """Return a message in wire format: one byte for the kind, eight bytes for the length, the content."""
    return kind + len(content).to_bytes(HEADER_SIZE - 1, "big") + content


def decode_header(header: bytes) -> tuple[bytes, int]:
    """Return the kind and the content length from a message header of nine bytes."""
    return header[:1], int.from_bytes(header[1:], "big")


def decode_reply(kind: bytes, content: bytes) -> bytes:
    """Return the content of a reply; if the child replied with an error, raise that EngineError (or subclass)."""
    if kind in _ERRORS:
        message, advice = json.loads(content)
        raise _ERRORS[kind](message, *(Advice.from_dict(one) for one in advice))
    return content


def receive(connection: socket.socket) -> tuple[bytes, bytes]:
    """Wait for a complete message and return its kind and content; raise EOFError if the connection is closed."""
    kind, length = decode_header(_receive_exactly(connection, HEADER_SIZE))
    return kind, _receive_exactly(connection, length)


def _receive_exactly(connection: socket.socket, length: int) -> bytes:
    parts, missing = [], length
    while missing:
        part = connection.recv(min(missing, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


@contextmanager
def no_new_descriptors() -> Iterator[None]:
    """Prevent this process from opening files and sockets: set its limit of file descriptors to 0 inside the block."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def serve(connection: socket.socket, work: Work, memory: int, task: Task = QUERY_TASK) -> NoReturn:
    """Answer requests with at most ``memory`` bytes of address space, and exit when the connection is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when the child stops
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _limit_memory(memory)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    status = 0
    try:
        while True:
            _, request = receive(connection)
            connection.sendall(encode_message(*reply_to(work, request, task)))
    except (EOFError, OSError):
        pass  # the parent closed the connection
    except BaseException:  # a child must never return into the code of its parent
        status = 1
    os._exit(status)


def _limit_memory(memory: int) -> None:
    """Limit the address space of this process, and write no core file."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, allowed = resource.getrlimit(resource.RLIMIT_AS)
    limit = memory if allowed == resource.RLIM_INFINITY else min(memory, allowed)  # a nested child keeps a lower limit
    with suppress(*((ValueError, OSError) if sys.platform == "darwin" else ())):  # macOS can refuse this limit
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def reply_to(work: Work, request: bytes, task: Task) -> tuple[bytes, bytes]:
    """Run the work; return the kind of the reply (answer, error, limit, internal error, wrong use) and its content."""
    try:
        return b"a", work(request)
    except ScsError as error:
        kind = next((kind for kind, known in _ERRORS.items() if isinstance(error, known)), b"e")
        return kind, _encode_error(error.message, error.advice)
    except OSError as error:
        return b"e", _encode_error(f"{task.name} cannot be answered: {error.strerror or type(error).__name__}")
    except MemoryError:
        return b"l", _encode_error(f"{task.name} needs too much memory; {task.advice}")
    except RecursionError:
        return b"l", _encode_error(f"{task.name} is nested too deeply; {task.advice}")
    except Exception as error:  # report a fault of this project, because its message would be lost with the process
        reason = f"{type(error).__name__}: {error}".removesuffix(": ")
        return b"i", _encode_error(f"{task.name} failed with an internal error, please report it: {reason}")


def _encode_error(message: str, advice: Iterable[Advice] = ()) -> bytes:
    """Return a message and its advice as bytes; characters that are not valid Unicode become question marks."""
    valid = message.encode(errors="replace").decode()
    return json.dumps([valid, [one.to_dict() for one in advice]]).encode()
