"""A bar that tells a person at a terminal how far a long command is; nothing of it reaches a pipe."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Step = Callable[[str], None]


@contextmanager
def steps(total: int) -> Iterator[Step]:
    """Show a bar of so many steps on standard error if that is a terminal; each call begins the next one by name."""
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
