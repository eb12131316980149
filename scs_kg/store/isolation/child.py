"""A child process that answers requests, one after the other, until it is killed or nobody asks any more.

The SPARQL engine can be told neither to stop nor to stay offline, and a query can end its process. So it runs here:
the child has a limit of memory, writes to no standard error, and can open neither file nor socket while it works for
a stranger.
"""

import os
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from scs_kg.model.errors import EngineError, ScsError, WrongUseError

DEFAULT_MEMORY: Final = 4 << 30
HEADER_SIZE: Final = 9
_KINDS: Final = {b"e": EngineError, b"w": WrongUseError}

Work = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Task:
    """What is run, in the words of the messages that tell why it came to nothing: how to need less time or memory."""

    name: str = "the query"
    less_time: str = "narrow it, or allow more with --timeout"
    less_memory: str = "narrow it"


QUERY_TASK: Final = Task()


@dataclass(frozen=True, slots=True)
class ChildProcess:
    """A child process: its number, and the line to it, on which each message has a kind, a length and a content."""

    pid: int
    line: socket.socket


def address_space() -> int:
    """Return the bytes of address space that this process has, which its children begin with."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:  # a system that does not tell; take it for large
        return 1 << 30
    return pages * resource.getpagesize()


def encode_message(kind: bytes, content: bytes) -> bytes:
    """Return a message as it goes over the line: one letter, eight bytes of length, the content."""
    return kind + len(content).to_bytes(HEADER_SIZE - 1, "big") + content


def decode_header(head: bytes) -> tuple[bytes, int]:
    """Return the kind of a message and how many bytes of content follow its head of nine bytes."""
    return head[:1], int.from_bytes(head[1:], "big")


def decode_reply(kind: bytes, answered: bytes) -> bytes:
    """Return what a child answered; raise EngineError or WrongUseError if it answered with an error of ours."""
    if kind in _KINDS:
        raise _KINDS[kind](answered.decode())
    return answered


def receive(line: socket.socket) -> tuple[bytes, bytes]:
    """Wait for a whole message and return its kind and content; raise EOFError if the other end has gone."""
    kind, length = decode_header(_exactly(line, HEADER_SIZE))
    return kind, _exactly(line, length)


def _exactly(line: socket.socket, length: int) -> bytes:
    parts, missing = [], length
    while missing:
        part = line.recv(min(missing, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


@contextmanager
def no_new_descriptors() -> Iterator[None]:
    """While it lasts, this process can open no file and no socket: its limit of descriptors is none."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def serve(line: socket.socket, work: Work, memory: int, task: Task = QUERY_TASK) -> NoReturn:
    """Answer what comes over the line within so many bytes of memory, and end when it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, allowed = resource.getrlimit(resource.RLIMIT_AS)
    most = memory if allowed == resource.RLIM_INFINITY else min(memory, allowed)  # a child's child has no more than it
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    status = 0
    try:
        while True:
            _, request = receive(line)
            line.sendall(encode_message(*_answered(work, request, task)))
    except (EOFError, OSError):
        pass  # nobody listens any more
    except BaseException:  # whatever it was, a child must not return into the code of its parent
        status = 1
    os._exit(status)


def _answered(work: Work, request: bytes, task: Task) -> tuple[bytes, bytes]:
    try:
        return b"a", work(request)
    except WrongUseError as error:
        return b"w", str(error).encode()
    except ScsError as error:
        return b"e", str(error).encode()
    except OSError as error:
        return b"e", f"{task.name} cannot be answered: {error}".encode()
    except MemoryError:
        return b"e", f"{task.name} needs too much memory; {task.less_memory}".encode()
