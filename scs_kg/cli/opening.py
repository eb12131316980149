"""Opens the project of a command, and judges it from the claims that the options select."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import click

from scs_kg.cli.process_end import keep_until_end

if TYPE_CHECKING:
    from scs_kg.analysis.workspace import Workspace
    from scs_kg.judging.judged import JudgedSelection
    from scs_kg.model.matrix import Matrix
    from scs_kg.model.selection import Selection
    from scs_kg.store import Dataset

EVALUATORS: Final = {"fast": "formula", "pyshacl": "pyshacl"}
SELECTING: Final = ("as_of", "without", "datasets", "min_confidence", "mode", "scope", "systems", "kinds")


def selected(options: dict[str, Any]) -> "Selection":
    """Return the selection from the options of a command."""
    from scs_kg.model.selection import Selection

    chosen = {name: options[name] for name in SELECTING if options.get(name)}
    if chosen.get("mode") == "all":
        del chosen["mode"]
    return Selection(engine=EVALUATORS[options.get("engine", "fast")], **chosen)


def compared(options: dict[str, Any], *, searches: bool = False) -> "tuple[JudgedSelection, Matrix]":
    """Open a project, judge it from the claims that the options select, and compare; return both results.

    By default the claims are those of the dataset that the reading was written for. ``searches`` as in ``opened``.
    """
    from scs_kg.judging.matrix import judge_for_reading

    own = bool(Path(options["reading"] or "").suffix)  # a file with a reading is validated with all of the data
    dataset = opened(options["root"], options.get("endpoint"), options.get("timeout", 30.0), searches=searches or own)
    dataset, reading = with_reading(dataset, options["reading"])
    return judge_for_reading(dataset, options["guideline"], reading, selected(options))


def with_reading(dataset: "Dataset", reading: str | None) -> "tuple[Dataset, str | None]":
    """Return the dataset and the name of the reading; a file is read into a copy of the dataset."""
    if reading is None:
        return dataset, reading
    from scs_kg.contribute.reading_files import is_reading_file, with_reading_file

    if not is_reading_file(reading):
        return dataset, reading
    return with_reading_file(dataset, reading)


def opened(root: Path, url: str | None = None, seconds: float = 30.0, *, searches: bool = False) -> "Dataset":
    """Open a project folder, or the copy of it that was published to a store; the dataset is kept until the end.

    The log of searches is loaded only if ``searches`` is true, if it has to be validated, or if a store has the
    project.
    """
    from scs_kg.judging.project import open_guarded

    if url is None:
        return keep_until_end(open_guarded(root, searches=searches))
    from scs_kg.store.sparql_client import Endpoint
    from scs_kg.store.sync import download

    folder = Path(click.get_current_context().with_resource(TemporaryDirectory()))
    return open_guarded(download(root, Endpoint(url, timeout=seconds), folder))


def workspace(options: dict[str, Any], *, searches: bool = False) -> "Workspace":
    """Open a project, as ``opened`` does, and judge it for the readings in the options (default: all readings)."""
    from scs_kg.analysis.workspace import open_workspace
    from scs_kg.judging.principles import read_principle_criteria

    own = bool(Path(options["reading"] or "").suffix)
    dataset, reading = with_reading(opened(options["root"], searches=searches or own), options["reading"])
    asked = read_principle_criteria(dataset, options["guideline"], reading)
    return open_workspace(dataset, asked, selected({**options, "without": ()}))
