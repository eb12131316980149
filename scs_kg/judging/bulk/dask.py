"""Where units of work are done: here, or on the workers of a Dask cluster.

The workers must see the same files under the same names. A unit that was on a worker that died is done by another.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager

from scs_kg.judging.bulk.run import Mapper, Work, side_by_side
from scs_kg.model.errors import EngineError


@contextmanager
def mapper(scheduler: str | None) -> Iterator[Mapper]:
    """Give the mapper for a Dask scheduler, or for here if there is none; raise EngineError if nobody answers."""
    if scheduler is None:
        yield side_by_side
        return
    from distributed import Client, KilledWorker, as_completed

    def on_cluster(work: Work, units: Sequence[int]) -> Iterator[int]:
        for future in as_completed(client.map(work, units, pure=False)):
            yield future.result()

    try:
        client = Client(scheduler, timeout=10)
    except (OSError, ValueError) as error:
        raise EngineError(f"{scheduler}: no Dask scheduler answers there: {error}") from error
    with client:
        try:
            yield on_cluster
        except (KilledWorker, CancelledError) as error:
            raise EngineError(f"{scheduler}: the workers died or went away; run it again to go on: {error}") from error
