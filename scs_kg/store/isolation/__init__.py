"""Runs what somebody else wrote in processes that can be killed, within limits of time and memory, and offline."""

from scs_kg.store.isolation.child import HEAD, MEMORY, Child, Task, content, framed, occupied, shut, unframed
from scs_kg.store.isolation.fork_server import ForkServer
from scs_kg.store.isolation.run_once import run_limited
from scs_kg.store.sparql_text import (
    QueryLimits,
    ServiceBlock,
    graphs_named,
    is_update,
    prologue,
    refuse_excess,
    refuse_service,
    service_blocks,
    varies,
    without_escapes,
)

__all__ = [
    "HEAD",
    "MEMORY",
    "Child",
    "ForkServer",
    "QueryLimits",
    "ServiceBlock",
    "Task",
    "content",
    "framed",
    "graphs_named",
    "is_update",
    "occupied",
    "prologue",
    "refuse_excess",
    "refuse_service",
    "run_limited",
    "service_blocks",
    "shut",
    "unframed",
    "varies",
    "without_escapes",
]
