"""Runs one piece of work in a new child process, or in a thread on systems that cannot fork."""

import os
import signal
import socket
from collections.abc import Callable
from contextlib import nullcontext
from threading import Thread

from scs_kg.model.errors import InternalError, LimitError
from scs_kg.store.isolation.child import (
    DEFAULT_MEMORY,
    QUERY_TASK,
    Task,
    address_space,
    decode_reply,
    encode_message,
    no_new_descriptors,
    receive,
    reply_to,
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
    """Run ``work`` in a child process with limits of time (seconds) and memory (bytes), and return the result.

    The memory limit is in addition to the address space of this process, with which the child starts. Unless
    ``online``, the work cannot open files or sockets. Without ``os.fork`` (Windows), the work runs in a thread of this
    process, and only time is limited.

    Raises:
        LimitError: the work exceeded a limit, or its process crashed.
        InternalError: the work raised an exception that is not a ScsError.
        EngineError: the work raised ScsError.
        WrongUseError: the work raised it.
    """
    if not hasattr(os, "fork"):
        return _run_in_thread(work, seconds, task)

    pid, connection = _fork(work, memory, task, online=online)
    try:
        connection.settimeout(min(seconds, 1e6))
        connection.sendall(encode_message(b"q", b""))
        return decode_reply(*receive(connection))
    except TimeoutError:
        raise _timeout(task, seconds) from None
    except (EOFError, ConnectionError):
        reason = f"crashed its process (nested too deeply or out of memory); {task.advice}"
        raise LimitError(f"{task.name} {reason}") from None
    finally:
        connection.close()
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _fork(work: Callable[[], bytes], memory: int, task: Task, *, online: bool) -> tuple[int, socket.socket]:
    """Fork a child process that does the work on request; return its process ID and the connection to it."""

    def isolated(_: bytes) -> bytes:
        with nullcontext() if online else no_new_descriptors():
            return work()

    parent_end, child_end = socket.socketpair()
    pid = os.fork()
    if not pid:
        parent_end.close()
        serve(child_end, isolated, address_space() + memory, task)
    child_end.close()
    return pid, parent_end


def _run_in_thread(work: Callable[[], bytes], seconds: float, task: Task) -> bytes:
    replies: list[tuple[bytes, bytes]] = []
    thread = Thread(target=lambda: replies.append(reply_to(lambda _: work(), b"", task)), daemon=True)
    thread.start()
    thread.join(min(seconds, 1e6))
    if thread.is_alive():
        raise _timeout(task, seconds)
    if not replies:  # the thread has already printed the unexpected error
        raise InternalError(f"{task.name} failed with an internal error")
    return decode_reply(*replies[0])


def _timeout(task: Task, seconds: float) -> LimitError:
    return LimitError(f"{task.name} exceeded its time limit of {seconds:g} s; {task.advice}", *task.more_time)
