"""Runs what somebody else wrote in processes that can be killed, within limits of time and memory, and offline."""

from scs_kg.sandbox.child import HEAD, MEMORY, Child, Task, content, framed, occupied, shut, unframed
from scs_kg.sandbox.nursery import Nursery
from scs_kg.sandbox.once import run_limited
from scs_kg.sandbox.words import Caps, graphs_named, is_update, refuse_excess, refuse_service, varies

__all__ = [
    "HEAD",
    "MEMORY",
    "Caps",
    "Child",
    "Nursery",
    "Task",
    "content",
    "framed",
    "graphs_named",
    "is_update",
    "occupied",
    "refuse_excess",
    "refuse_service",
    "run_limited",
    "shut",
    "unframed",
    "varies",
]
