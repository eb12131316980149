"""The work of a worker process: runs a job on the data that all workers share."""

import json
from collections.abc import Callable
from dataclasses import replace

from scs_kg.model.errors import ScsError
from scs_kg.server.jobs import Job, Reply, error_problem
from scs_kg.server.routes import TASKS
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
