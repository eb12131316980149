"""Measures the processor time of a page, which other processes on the machine change less than the elapsed time."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.conftest import SLOW

DRAWING = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
"""The times that Chromium measures on the main thread for scripts, styles and layout."""
MAIN_THREAD = ("ThreadTime",)
"""The time of the main thread since the page was requested, including parsing, compiling and painting."""
ALL_THREADS = ("ProcessTime",)
"""The processor time of the process of a page, including workers."""


def clock(page: Page, names: Iterable[str]) -> Callable[[], float]:
    """Return a function that returns the seconds of processor time that a page has used so far."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def read() -> float:
        metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        return sum(float(metrics[name]) for name in names) / SLOW  # a slowed-down thread counts as busy

    return read


def drawing_times(page: Page, expressions: Iterable[str]) -> list[float]:
    """Evaluate JavaScript expressions; return the processor time that each takes, including drawing, in seconds."""
    read, found = clock(page, DRAWING), list[float]()
    for expression in expressions:
        before = read()
        page.evaluate(expression)
        found.append(read() - before)
    return found


def computed(pid: int) -> float:
    """Return the seconds of processor time that a process and its children have used so far."""
    folder = Path(f"/proc/{pid}")
    user, system = (folder / "stat").read_text().rpartition(")")[2].split()[11:13]
    children = (folder / "task" / str(pid) / "children").read_text().split()
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK") + sum(computed(int(child)) for child in children)
