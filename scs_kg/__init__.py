"""Compares social credit systems with AI-ethics guidelines; each mark can be traced to clause, claim and source.

    >>> import scs_kg
    >>> graph = scs_kg.load()
    >>> print(graph.compare(systems=["xiamen"]).matrix.reading.id)
    agrawal-2022

``load`` and ``KnowledgeGraph`` are the public interface; docs/library.md describes it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from scs_kg.model.version import __version__

if TYPE_CHECKING:
    from scs_kg.library.graph import KnowledgeGraph, load

__all__ = ["KnowledgeGraph", "__version__", "load"]


def __getattr__(name: str) -> Any:
    """Import the public interface when it is first used, so that ``import scs_kg`` stays fast (PEP 562)."""
    if name in {"KnowledgeGraph", "load"}:
        return getattr(import_module("scs_kg.library.graph"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
