"""Runs one piece of work in a new child process."""

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
    """Return the result of ``work``, run in a child process with limits of time (seconds) and memory (bytes).

    The memory limit is in addition to the address space of this process, with which the child starts. Unless
    ``online``, the work cannot open files or sockets.

    Raises:
        EngineError: the work exceeded a limit, crashed, or raised ScsError.
        WrongUseError: the work raised it.
    """

    def isolated(_: bytes) -> bytes:
        with nullcontext() if online else no_new_descriptors():
            return work()

    parent_end, child_end = socket.socketpair()
    pid = os.fork()
    if not pid:
        parent_end.close()
        serve(child_end, isolated, address_space() + memory, task)
    child_end.close()
    try:
        parent_end.settimeout(min(seconds, 1e6))
        parent_end.sendall(encode_message(b"q", b""))
        return decode_reply(*receive(parent_end))
    except TimeoutError:
        raise EngineError(f"{task.name} exceeded its time limit of {seconds:g} s; {task.timeout_advice}") from None
    except (EOFError, ConnectionError):
        reason = f"crashed its process (nested too deeply or out of memory); {task.memory_advice}"
        raise EngineError(f"{task.name} {reason}") from None
    finally:
        parent_end.close()
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
