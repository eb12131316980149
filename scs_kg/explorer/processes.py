"""Runs units of work in forked processes, which share the loaded data without copying it."""

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from threading import Thread
from typing import Any, Final, TypeVar

from scs_kg.model.errors import EngineError

PARENT_CHECK_SECONDS: Final = 0.5
Unit = TypeVar("Unit")
Result = TypeVar("Result")

_WORK: Final[list[Callable[[Any], Any]]] = []
"""The function of a process of the pool. It is inherited by the fork, because its data cannot be sent to a process."""


def in_processes(work: Callable[[Unit], Result], units: Sequence[Unit]) -> Generator[Result, None, None]:
    """Yield the result of each unit of work, in the order in which the units end.

    There is a process for each CPU. On other systems than Linux, where a fork is not safe, or with one CPU, the units
    run in this process. The units must not depend on each other.

    Raises:
        EngineError: a process was killed, for example because there is too little memory.
    """
    count = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, len(units))
    if count < 2 or sys.platform != "linux":
        yield from map(work, units)
        return
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=(work, os.getpid())) as pool:
        try:
            for done in as_completed([pool.submit(_run, unit) for unit in units]):
                yield done.result()
        except BrokenProcessPool as error:
            raise EngineError("a process ended before its work was done; free some memory and try again") from error
        finally:
            pool.shutdown(cancel_futures=True)  # after an error or an interruption, no further unit begins


def _begin(work: Callable[[Any], Any], parent: int) -> None:
    """Prepare a process of the pool: it has the function to run, and it ends with its parent."""
    _WORK.append(work)
    Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process when its parent has ended; a killed parent cannot stop its child processes."""
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_SECONDS)
    os._exit(1)


def _run(unit: Any) -> Any:
    return _WORK[0](unit)
