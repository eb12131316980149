"""Measures the work of a function by counting executed lines, which does not depend on the speed of the machine."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

from tests.conftest import ROOT

Result = TypeVar("Result")
PACKAGE = f"{ROOT / 'scs_kg'}/"


def executed_lines(function: Callable[[], Result]) -> tuple[Result, int]:
    """Return the result of a function, and the number of executions of lines of the package."""
    count = 0

    def within(_: FrameType, event: str, __: Any) -> Any:
        nonlocal count
        count += event == "line"
        return within

    def entered(frame: FrameType, _: str, __: Any) -> Any:
        return within if frame.f_code.co_filename.startswith(PACKAGE) else None

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        result = function()
    finally:
        sys.settrace(before)
    return result, count
