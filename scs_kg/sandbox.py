"""Runs what somebody else wrote in a process of its own, within limits of time and memory.

The SPARQL engine can be told neither to stop nor to stay offline. So a query that names SERVICE is refused before it
runs, and the rest runs in a child that is killed at the limit; a crash of the engine ends the child and no more.
"""

import multiprocessing
import os
import re
import resource
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final

from scs_kg.errors import EngineError, ScsError, WrongUseError

MEMORY: Final = 4 << 30
_TOKEN: Final = re.compile(
    r"""<[^<>"{}|^`\\\s]*> | \#[^\n\r]*
      | (?P<quote>\"{3}|'{3}) (?:\\.|(?!(?P=quote)).)* (?P=quote)?
      | "(?:[^"\\\n\r]|\\.)*"? | '(?:[^'\\\n\r]|\\.)*'?
      | [?$]\w+ | @[a-z]+(?:-[a-z0-9]+)*
      | :(?:[\w:]|%[0-9a-f]{2}|\\.)(?:[\w:.-]|%[0-9a-f]{2}|\\.)*
      | (?P<service>SERVICE)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True, slots=True)
class Task:
    """What is run, in the words of the messages that tell why it came to nothing: how to need less time or memory."""

    name: str = "the query"
    less_time: str = "narrow it, or allow more with --timeout"
    less_memory: str = "narrow it"


QUERY: Final = Task()


def refuse_service(sparql: str) -> None:
    """Refuse a query that would call another host (SPARQL 1.1 Federated Query); raise EngineError.

    Escapes that SPARQL resolves before it parses (SPARQL 1.1, section 19.2) are resolved here too.
    """
    resolved = _ESCAPE.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF)), sparql)
    if any(token["service"] for text in (sparql, resolved) for token in _TOKEN.finditer(text)):
        raise EngineError("the query names SERVICE; queries here call no other host, so remove that part")


def run_limited(work: Callable[[], bytes], seconds: float, memory: int = MEMORY, task: Task = QUERY) -> bytes:
    """Return what ``work`` returns, from a child process that gets so many seconds and bytes of memory.

    Raises:
        EngineError: the work took too long, needed too much memory, crashed, or raised one of our errors.
    """
    fork = multiprocessing.get_context("fork")
    receiver, sender = fork.Pipe(duplex=False)
    child = fork.Process(target=_work, args=(work, sender, memory, task), daemon=True)
    child.start()
    sender.close()
    try:
        if not receiver.poll(min(seconds, 1e6)):
            raise EngineError(f"{task.name} was stopped after {seconds:g} s; {task.less_time}")
        kind, answer = receiver.recv()
    except EOFError:
        raise EngineError(f"{task.name} ended its engine; it is nested too deep or needs too much memory") from None
    finally:
        child.kill()
        child.join()
    if kind != "answer":
        raise {"error": EngineError, "wrong use": WrongUseError}[kind](answer)
    return bytes(answer)


def _work(work: Callable[[], bytes], sender: Connection, memory: int, task: Task) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))  # no descriptor is left for a socket
    try:
        sender.send(("answer", work()))
    except WrongUseError as error:
        sender.send(("wrong use", str(error)))
    except ScsError as error:
        sender.send(("error", str(error)))
    except OSError as error:
        sender.send(("error", f"{task.name} cannot be answered: {error}"))
    except MemoryError:
        sender.send(("error", f"{task.name} needs too much memory; {task.less_memory}"))
