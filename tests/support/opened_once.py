"""Replaces the functions that open or judge a project folder or read a reading by functions that cache the result.

The commands of a page then run in one process without reading and validating the data again.
"""

from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from scs_kg import store
from scs_kg.cli import cli
from scs_kg.contribute import reading_files
from scs_kg.judging import project, timeline
from scs_kg.judging.judged import judge_selection
from scs_kg.library import graph as library
from scs_kg.render import answer
from scs_kg.store import Dataset
from scs_kg.store.transaction import fingerprint

Replacements = list[tuple[ModuleType, str, Any]]
"""Triples of a module, the name of a function in the module, and its replacement."""


def replacements() -> Replacements:
    """Return replacements of functions; each replacement opens, judges or reads once for each state of the files."""
    guarded = cache(lambda root, _: project.guarded(store.load(root)))
    judged = cache(lambda root, _: project.judged_graph(judge_selection(guarded(root, _))))
    functions = {
        "open_guarded": lambda root, **_: guarded(root, fingerprint(root)),
        "open_judged": lambda root: judged(root, fingerprint(root)),
        "publish_verdict_periods": published_once(),
        "with_reading_file": read_once(),
    }
    modules = (project, library, answer, reading_files)
    return [(module, name, new) for module in modules for name, new in functions.items() if hasattr(module, name)]


def printed(dataset: Dataset, *args: str) -> str:
    """Return what a command prints in this process on a dataset that was opened before; the command must succeed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(project, "open_guarded", lambda *_, **__: dataset)
        ran = CliRunner().invoke(cli, args, env={"COLUMNS": "100"}, catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return ran.stdout


def published_once() -> Any:
    """Return a function that publishes the periods of verdicts once in each dataset."""
    published: set[int] = set()

    def publish(dataset: Dataset) -> None:
        if id(dataset) not in published:
            published.add(id(dataset))
            timeline.publish_verdict_periods(dataset)

    return publish


def read_once() -> Any:
    """Return a function that checks and reads the same reading once for each dataset."""
    found: dict[tuple[int, bytes], tuple[Dataset, Dataset, str]] = {}
    with_reading_file = reading_files.with_reading_file

    def read(dataset: Dataset, file: str) -> tuple[Dataset, str]:
        given = id(dataset), Path(file).read_bytes()
        if given not in found:  # the cache also holds the dataset, so that no other dataset gets its identity
            found[given] = dataset, *with_reading_file(dataset, file)
        return found[given][1:]

    return read
