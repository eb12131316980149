"""Runs jobs: a worker process runs them on the data that all workers share, and the service sends them to a pool."""

import json
from collections.abc import Callable
from dataclasses import replace

from scs_kg.model.errors import EngineError, ScsError
from scs_kg.server.app import RunJob
from scs_kg.server.jobs import Job, Reply, error_problem
from scs_kg.server.routes import QUERIES, TASKS
from scs_kg.server.worker_pool import BusyError, TimeLimitError, WorkerPool
from scs_kg.server.worker_state import WorkerState


def worker(state: WorkerState) -> Callable[[bytes], bytes]:
    """Return the function that a worker process runs on each message: from an encoded job to an encoded reply."""

    def work(message: bytes) -> bytes:
        return run(state, Job.decoded(message)).encoded()

    return work


def run(state: WorkerState, job: Job) -> Reply:
    """Run a job; an error of the package becomes a problem, without the place of the project folder on the host."""
    try:
        return TASKS[job.task](state, job.arguments)
    except ScsError as error:
        found, root = error_problem(error), state.dataset.root
        body = found.body
        for folder in (str(root.resolve()), str(root)):
            body = body.replace(json.dumps(f"{folder}/", ensure_ascii=False)[1:-1].encode(), b"")
        return replace(found, body=body)


def job_runner(pool: WorkerPool) -> RunJob:
    """Return the function that runs a job in a pool; if the pool refuses or stops a job, the reply is a problem."""

    async def run_job(job: Job) -> Reply:
        try:
            is_query = job.task == QUERIES.task
            return Reply.decoded(await pool.run(job.encoded(), job.affinity, is_query=is_query))
        except BusyError as error:
            return error_problem(error, 503)
        except TimeLimitError as error:
            return error_problem(error, 504)
        except EngineError as error:
            return error_problem(error, 500)

    return run_job
