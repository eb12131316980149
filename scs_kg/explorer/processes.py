"""Runs units of work in forked processes, which share the loaded data without copying it."""

import gc
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from threading import Thread
from typing import Any, Final, TypeVar, cast

from scs_kg.model.errors import EngineError

PARENT_CHECK_SECONDS: Final = 0.5
KILLED: Final = "a process ended before its work was done; free some memory and try again"
Unit = TypeVar("Unit")
Result = TypeVar("Result")

_WORK: Final[list[Callable[[Any], Any]]] = []
"""The function of a process of the pool.

A forked process inherits the function, because the data of the function cannot be sent to a process.
"""


def in_processes(work: Callable[[Unit], Result], units: Sequence[Unit]) -> Generator[Result, None, None]:
    """Yield the result of each unit of work, in the order in which the units end.

    There is a process for each CPU. The units run in this process on a machine with one CPU, and on systems other than
    Linux, where a fork is not safe. The units must not depend on each other.

    Raises:
        EngineError: a process was killed, for example because there is too little memory.
    """
    count = min(_process_count(), len(units))
    if count < 2:
        yield from map(work, units)
        return
    with _pool(work, count) as pool:
        try:
            for done in as_completed([pool.submit(_run, unit) for unit in units]):
                yield done.result()
        except BrokenProcessPool as error:
            raise EngineError(KILLED) from error
        finally:
            pool.shutdown(cancel_futures=True)  # after an error or an interruption, no further unit begins


@contextmanager
def in_process(work: Callable[[], Result]) -> Iterator[Callable[[], Result]]:
    """Run work in a forked process during the block; yield a function that waits for its result.

    If ``in_processes`` would run the units in this process, nothing is forked, and the function does the work itself.

    Raises:
        EngineError: the process was killed.
    """
    if _process_count() < 2:
        yield work
        return
    with _pool(lambda _: work(), 1) as pool:
        future = pool.submit(_run, None)
        pool.shutdown(wait=False)  # the process ends with its work, so that its memory is free during the block

        def result() -> Result:
            try:
                return cast("Result", future.result())
            except BrokenProcessPool as error:
                raise EngineError(KILLED) from error

        yield result


def _process_count() -> int:
    """Return the number of processes to use: the number of CPUs on Linux, 1 on other systems."""
    if sys.platform != "linux" or not hasattr(os, "sched_getaffinity"):  # some builds of Python lack this
        return 1
    return len(os.sched_getaffinity(0))


def _pool(work: Callable[[Any], Any], count: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("fork")
    return ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=(work, os.getpid()))


def _begin(work: Callable[[Any], Any], parent: int) -> None:
    """Prepare a process of the pool: it has the function to run, and it ends with its parent.

    The garbage collector leaves out the objects of the parent, so that it does not copy the memory pages that the
    processes share.
    """
    gc.freeze()
    _WORK.append(work)
    Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process when its parent has ended; a killed parent cannot stop its child processes."""
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_SECONDS)
    os._exit(1)


def _run(unit: Any) -> Any:
    return _WORK[0](unit)
