"""Chooses where units of work run: in threads of this process, or on the workers of a Dask cluster.

The workers must see the same files under the same names. Work lost with a dead worker is rescheduled.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager

from scs_kg.judging.bulk.run import Executor, UnitTask, run_in_threads
from scs_kg.model.errors import EngineError


@contextmanager
def open_executor(scheduler: str | None) -> Iterator[Executor]:
    """Yield an executor on a Dask scheduler, or one on local threads if ``scheduler`` is None.

    Raises:
        EngineError: the scheduler cannot be reached, or its workers died.
    """
    if scheduler is None:
        yield run_in_threads
        return
    from distributed import Client, KilledWorker, as_completed

    def run_on_cluster(task: UnitTask, units: Sequence[int]) -> Iterator[int]:
        for future in as_completed(client.map(task, units, pure=False)):
            yield future.result()

    try:
        client = Client(scheduler, timeout=10)
    except (OSError, ValueError) as error:
        raise EngineError(f"{scheduler}: no Dask scheduler answers at this address: {error}") from error
    with client:
        try:
            yield run_on_cluster
        except (KilledWorker, CancelledError) as error:
            message = f"{scheduler}: the workers died or left the cluster; run the command again to resume: {error}"
            raise EngineError(message) from error
