"""Runs each request of an assistant in a process with limits of time and memory, as ``serve`` does."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Final

from scs_kg.model.errors import EngineError, WrongUseError
from scs_kg.server.assistant.tools import Toolbox
from scs_kg.store.isolation import (
    ForkServer,
    Task,
    address_space,
    decode_reply,
    encode_message,
    run_limited,
)
from scs_kg.store.isolation.child import receive

TOOLS: Final = ("compare", "explain", "query", "what_if", "check", "search")
REQUEST: Final = Task("the request", "narrow it", ())

Call = Callable[[str, Mapping[str, Any]], dict[str, Any]]
"""A function that calls a tool by its name with its arguments, and returns the answer."""


@dataclass(frozen=True, slots=True)
class ToolLimits:
    """Limits of one request: time in seconds, and bytes of memory and of the answer."""

    seconds: float = 10.0
    memory_bytes: int = 1 << 30
    answer_bytes: int = 1 << 20


def limited(toolbox: Toolbox, limits: ToolLimits) -> AbstractContextManager[Call]:
    """Return a context with a function that calls the tools within limits. Enter the context before any thread starts.

    The function raises EngineError if a request exceeds a limit or fails, and WrongUseError if its arguments are wrong.
    """

    def work(request: bytes) -> bytes:
        tool, arguments = json.loads(request)
        if tool not in TOOLS:
            raise WrongUseError(f"there is no tool {tool}; choose one of {', '.join(TOOLS)}")
        answer = json.dumps(getattr(toolbox, tool)(**arguments), ensure_ascii=False).encode()
        if len(answer) > limits.answer_bytes:
            raise WrongUseError(f"the answer has more than {limits.answer_bytes >> 10} KiB; narrow the request")
        return answer

    return _in_workers(work, limits) if hasattr(os, "fork") else _in_threads(work, limits)


@contextmanager
def _in_workers(work: Callable[[bytes], bytes], limits: ToolLimits) -> Iterator[Call]:
    server = ForkServer(work, address_space() + limits.memory_bytes)

    def call(tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        worker = server.start_worker()
        try:
            worker.connection.settimeout(limits.seconds)
            worker.connection.sendall(encode_message(b"q", _encoded(tool, arguments)))
            return _decoded(decode_reply(*receive(worker.connection)))
        except TimeoutError:
            raise EngineError(f"the request exceeded its time limit of {limits.seconds:g} s; narrow it") from None
        except (EOFError, ConnectionError):
            raise EngineError("the request needs too much memory; narrow it") from None
        finally:
            server.kill_worker(worker)

    try:
        yield call
    finally:
        server.close()


@contextmanager
def _in_threads(work: Callable[[bytes], bytes], limits: ToolLimits) -> Iterator[Call]:
    """Without ``fork`` (Windows), only time is limited."""

    def call(tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        request = _encoded(tool, arguments)
        return _decoded(run_limited(lambda: work(request), limits.seconds, task=REQUEST))

    yield call


def _encoded(tool: str, arguments: Mapping[str, Any]) -> bytes:
    return json.dumps([tool, arguments]).encode()


def _decoded(answer: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer)
    return found
