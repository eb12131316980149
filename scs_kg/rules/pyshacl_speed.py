"""Saves work of pySHACL that does not change its report.

Nothing changes for other callers of pySHACL in the same process.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, Final

import pyshacl.shape
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.constraint_component import ConstraintComponent

_undescribed: Final = ContextVar("_undescribed", default=False)


class _Parameters(list[Any]):
    """A list that finds its members with a set, because pySHACL searches the list very often.

    pySHACL searches it for each predicate of a shape, once for each focus node.
    """

    def __init__(self, members: list[Any]) -> None:
        super().__init__(members)
        self._members = frozenset(members)

    def __contains__(self, member: object) -> bool:
        return member in self._members


@cache
def _prepare() -> None:
    """Replace the list of parameters that pySHACL makes at its first validation, and its method for descriptions."""
    vars(pyshacl.shape)["CONSTRAINT_PARAMS"] = (_Parameters(ALL_CONSTRAINT_PARAMETERS), CONSTRAINT_PARAMETERS_MAP)
    describe = ConstraintComponent.make_v_result_description

    def described(*args: Any, **options: Any) -> str:
        return "" if _undescribed.get() else str(describe(*args, **options))

    ConstraintComponent.make_v_result_description = described  # type: ignore[method-assign] # only this saves the work


@contextmanager
def without_descriptions() -> Iterator[None]:
    """Let pySHACL describe no result in words, neither those of the report nor those of nested shapes.

    The report as a graph has no descriptions.
    """
    _prepare()
    token = _undescribed.set(True)
    try:
        yield
    finally:
        _undescribed.reset(token)
