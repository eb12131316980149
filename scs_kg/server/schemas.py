"""Serves the JSON-LD context and the JSON Schema, to which claim files refer, at the paths of their IRIs."""

from typing import Final

from scs_kg.contribute.read import reading_context
from scs_kg.contribute.read.fields import PAGE, context_text
from scs_kg.contribute.template.json_schema import SCHEMA_PAGE, schema
from scs_kg.model.namespaces import BASE
from scs_kg.server.jobs import Reply
from scs_kg.server.route import Arguments
from scs_kg.server.worker_state import WorkerState

CONTEXT_PATH: Final = "/" + PAGE.removeprefix(BASE)
SCHEMA_PATH: Final = "/" + SCHEMA_PAGE.removeprefix(BASE)


def json_ld_context(state: WorkerState, _: Arguments) -> Reply:
    """Return the published context (JSON-LD 1.1, section 6.1)."""
    return Reply(200, "application/ld+json", context_text(state.dataset.library).encode())


def claims_schema(state: WorkerState, _: Arguments) -> Reply:
    """Return the schema that ``scs-kg template`` writes (JSON Schema 2020-12, section 13.1)."""
    return Reply(200, "application/schema+json", schema(reading_context(state.dataset)).encode())
