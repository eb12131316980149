"""Progress bars of long commands, shown on a terminal only."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scs_kg.render.language import gettext

Step = Callable[[str], None]
Report = Callable[[str, int, int, int], None]


@contextmanager
def steps(total: int) -> Iterator[Step]:
    """Show a bar of ``total`` steps if standard error is a terminal; call the result with the name of each step."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total)

        def begin(name: str) -> None:
            progress.update(task, description=name, advance=1)

        yield begin


@contextmanager
def progress(*, shown: bool) -> Iterator[Report]:
    """Yield a function that takes a stage, its finished units, its total units, and the number of finished items.

    If ``shown``, the bars appear on standard error.
    """
    if not shown:
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks = {}

        def report(stage: str, done: int, total: int, things: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(gettext(stage), total=total, completed=done, rate="")
            passed = bars.tasks[tasks[stage]].elapsed
            bars.update(tasks[stage], completed=done, rate=f"{things / passed:,.0f}/s" if things and passed else "")

        yield report
