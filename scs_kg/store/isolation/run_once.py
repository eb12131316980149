"""Runs one piece of work in a child of its own."""

import os
import signal
import socket
from collections.abc import Callable
from contextlib import nullcontext

from scs_kg.model.errors import EngineError
from scs_kg.store.isolation.child import (
    DEFAULT_MEMORY,
    QUERY_TASK,
    Task,
    address_space,
    decode_reply,
    encode_message,
    no_new_descriptors,
    receive,
    serve,
)


def run_limited(
    work: Callable[[], bytes],
    seconds: float,
    memory: int = DEFAULT_MEMORY,
    task: Task = QUERY_TASK,
    *,
    online: bool = False,
) -> bytes:
    """Return what ``work`` returns, from a child process that gets so many seconds and bytes of memory.

    The memory comes on top of what this process has already, which the child begins with. Unless ``online``, the work
    can open no file and no socket.

    Raises:
        EngineError: the work took too long, needed too much memory, crashed, or raised one of our errors.
    """

    def alone(_: bytes) -> bytes:
        with nullcontext() if online else no_new_descriptors():
            return work()

    mine, theirs = socket.socketpair()
    pid = os.fork()
    if not pid:
        mine.close()
        serve(theirs, alone, address_space() + memory, task)
    theirs.close()
    try:
        mine.settimeout(min(seconds, 1e6))
        mine.sendall(encode_message(b"q", b""))
        return decode_reply(*receive(mine))
    except TimeoutError:
        raise EngineError(f"{task.name} was stopped after {seconds:g} s; {task.less_time}") from None
    except (EOFError, ConnectionError):
        raise EngineError(f"{task.name} ended its engine; it is nested too deep or needs too much memory") from None
    finally:
        mine.close()
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
