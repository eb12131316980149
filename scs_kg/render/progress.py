"""Shows on a terminal how far a long work is: a bar, how fast it goes, and how long it will take."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TextColumn, TimeRemainingColumn

Report = Callable[[str, int, int, int], None]


@contextmanager
def progress(*, shown: bool) -> Iterator[Report]:
    """Give a function to report to: the stage, how many of its units are done, of how many, and the things in them.

    Nothing is shown if not ``shown``; what is shown goes to standard error.
    """
    if not shown:
        yield lambda *_: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(""), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks = {}

        def report(stage: str, done: int, total: int, things: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total, completed=done, things=0)
            bars.update(tasks[stage], completed=done, things=things)

        yield report


class _Rate(TextColumn):
    """Things done in a second, since the stage began."""

    def render(self, task: Task) -> str:  # type: ignore[override]  # rich takes text for markup
        """Return the rate as text."""
        things = int(task.fields["things"])
        return f"{things / task.elapsed:,.0f}/s" if things and task.elapsed else ""
