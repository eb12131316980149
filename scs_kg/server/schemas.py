"""What files of claims name: the context of JSON-LD and the schema of YAML, each at the path of its own IRI."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request

from scs_kg.contribute.read import reading_context
from scs_kg.contribute.read.fields import PAGE, context_text
from scs_kg.contribute.template.json_schema import SCHEMA_PAGE, schema
from scs_kg.model.namespaces import BASE
from scs_kg.server.jobs import Job, Reply
from scs_kg.server.requests import read
from scs_kg.server.worker_state import WorkerState

CONTEXT: Final = PAGE.removeprefix(BASE)
SCHEMA: Final = SCHEMA_PAGE.removeprefix(BASE)


async def context(request: Request) -> Job:
    """Return the job of giving the context."""
    await read(request)
    return Job("context", {})


async def claims(request: Request) -> Job:
    """Return the job of giving the schema of claims."""
    await read(request)
    return Job("schema", {})


def give_context(world: WorkerState, _: Mapping[str, Any]) -> Reply:
    """Give the published context (JSON-LD 1.1, section 6.1)."""
    return Reply(200, "application/ld+json", context_text(world.dataset.root).encode())


def give_schema(world: WorkerState, _: Mapping[str, Any]) -> Reply:
    """Give the schema as ``scs-kg template --format schema`` does (JSON Schema 2020-12, section 13.1)."""
    return Reply(200, "application/schema+json", schema(reading_context(world.dataset)).encode())
