"""Runs untrusted work in child processes with limits of time, memory and open files."""

from scs_kg.store.isolation.child import (
    DEFAULT_MEMORY,
    HEADER_SIZE,
    ChildProcess,
    Task,
    address_space,
    decode_header,
    decode_reply,
    encode_message,
    no_new_descriptors,
)
from scs_kg.store.isolation.fork_server import ForkServer
from scs_kg.store.isolation.run_once import run_limited

__all__ = [
    "DEFAULT_MEMORY",
    "HEADER_SIZE",
    "ChildProcess",
    "ForkServer",
    "Task",
    "address_space",
    "decode_header",
    "decode_reply",
    "encode_message",
    "no_new_descriptors",
    "run_limited",
]
