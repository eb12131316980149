"""A row of the table of routes: a path, how a request to it is read, and the task that answers it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from scs_kg.server.api_operation import ApiOperation
from scs_kg.server.jobs import Reply
from scs_kg.server.worker_state import WorkerState

Arguments = Mapping[str, Any]
"""The arguments of a task, which JSON can represent."""

RequestReader = Callable[[Request], Awaitable[Arguments]]
"""A function that reads a request in the HTTP process; raises BadRequestError."""

TaskFunction = Callable[[WorkerState, Arguments], Reply]
"""A function that answers in a worker process; raises ScsError."""


def no_affinity(_: Arguments) -> str | None:
    """Return None, which means that any worker can run the task."""
    return None


@dataclass(frozen=True, slots=True)
class ServiceRoute:
    """A path of the service. ``affinity`` returns a key for jobs that should go to the same worker.

    ``operation`` describes the path in OpenAPI. ``vary`` names the request headers on which the answer depends. If
    ``slash`` is true, the path is also served with a slash at its end, unless the path ends in a slash or in a
    parameter that matches a path of any length.
    """

    path: str
    read: RequestReader
    run: TaskFunction
    methods: tuple[str, ...] = ("GET",)
    affinity: Callable[[Arguments], str | None] = no_affinity
    operation: ApiOperation | None = None
    vary: str = "Accept"
    slash: bool = True

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the paths of the route."""
        same = self.slash and not self.path.endswith(("/", ":path}"))
        return (self.path, f"{self.path}/") if same else (self.path,)

    @property
    def task(self) -> str:
        """Return the name of the task in messages to workers: its module and function."""
        return f"{self.run.__module__.rpartition('.')[2]}.{self.run.__name__}"
