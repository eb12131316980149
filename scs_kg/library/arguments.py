"""Turns the arguments of the methods of ``KnowledgeGraph`` into a selection and into checked claims."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from scs_kg.analysis.workspace import Workspace, open_workspace
from scs_kg.contribute.check import check, check_context
from scs_kg.contribute.read import read_drafts, reading_context
from scs_kg.contribute.read.draft import merge_ntriples
from scs_kg.contribute.reading_files import is_reading_file, with_reading_file
from scs_kg.judging.principles import read_principle_criteria
from scs_kg.model.errors import BadFileError, UnknownNameError, WrongUseError
from scs_kg.model.selection import CONFIDENCES, KINDS, Selection, is_date
from scs_kg.store import Dataset

ENGINES: Final = ("fast", "pyshacl")


def selection_of(
    *,
    systems: Iterable[str] = (),
    kinds: Iterable[str] = (),
    datasets: Iterable[str] = (),
    without: Iterable[str] = (),
    min_confidence: str | None = None,
    as_of: str | None = None,
    mode: str | None = None,
    scope: Iterable[str] = (),
) -> Selection:
    """Return the selection that the arguments describe.

    Raises:
        UnknownNameError: a confidence or a kind of system is unknown.
        WrongUseError: a text was given where a list of names is needed, or a value is not a text or a date.
    """
    given_lists = {"systems": systems, "kinds": kinds, "datasets": datasets, "without": without, "scope": scope}
    lists = {name: names_of(name, given) for name, given in given_lists.items()}
    as_of = None if as_of is None else text_of(as_of)
    if as_of is not None and not is_date(as_of):
        raise WrongUseError(f"'{as_of}' is not a date; write 2019, 2019-06 or 2019-06-30")
    if min_confidence is not None and min_confidence not in CONFIDENCES:
        raise UnknownNameError("confidence", str(min_confidence), CONFIDENCES)
    if unknown := [kind for kind in lists["kinds"] if kind not in KINDS]:
        raise UnknownNameError("kind of system", unknown[0], KINDS)
    return Selection(
        as_of=as_of,
        without=lists["without"],
        datasets=lists["datasets"],
        min_confidence=min_confidence,
        systems=lists["systems"],
        kinds=lists["kinds"],
        mode=mode,
        scope=lists["scope"],
    )


def names_of(argument: str, given: Iterable[str]) -> tuple[str, ...]:
    """Return the names that an argument has; raise WrongUseError if it is not a list of names."""
    if isinstance(given, str):
        raise WrongUseError(f"{argument} is a list of names; write {argument}=[{given!r}]")
    if not isinstance(given, Iterable):
        raise WrongUseError(f"{argument} is a list of names, and not {given!r}")
    return tuple(map(text_of, given))


def known_engine(name: str) -> str:
    """Return the name of an engine; raise UnknownNameError for any other name."""
    if name not in ENGINES:
        raise UnknownNameError("engine", str(name), ENGINES)
    return name


def text_of(value: object) -> str:
    """Return a name, a date or a number as text: 2018 is ``2018``; raise WrongUseError for any other value."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise WrongUseError(f"{value!r} is not a name, a date or a number")
    return str(value)


def name_or_none(value: object) -> str | None:
    """Return an optional name as text, as ``text_of`` does; None is unchanged."""
    return None if value is None else text_of(value)


def path_of(argument: str, value: object) -> Path:
    """Return the path that an argument has; raise WrongUseError if it is not a path."""
    if not isinstance(value, str | Path):
        raise WrongUseError(f"{argument} is the path of a file or a folder, and not {value!r}")
    return Path(value)


def paths_of(argument: str, given: Iterable[Path | str]) -> tuple[str, ...]:
    """Return the paths that an argument has as texts; raise WrongUseError if it is not a list of paths."""
    if isinstance(given, str | Path) or not isinstance(given, Iterable):
        raise WrongUseError(f"{argument} is a list of paths; write {argument}=[{given!r}]")
    return tuple(str(path_of(argument, path)) for path in given)


def seconds_of(timeout: object) -> float:
    """Return a number of seconds; raise WrongUseError if it is not a positive number."""
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not timeout > 0:
        raise WrongUseError(f"timeout is a number of seconds above 0, and not {timeout!r}")
    return timeout


def checked_claims(dataset: Dataset, files: Iterable[str]) -> str:
    """Return the claims of files as N-Triples, checked against the data.

    Raises:
        BadFileError: a file cannot be read, or a claim breaks a rule.
    """
    context = reading_context(dataset)
    drafts = read_drafts(context, files)
    report = check(check_context(context), drafts, datetime.now(UTC).date().isoformat())
    if report.violations:
        first = report.violations[0]
        advice = (*first.advice, *first.offers)
        raise BadFileError(Path(first.file), first.line, f"{first.node}: {first.message}", advice=advice)
    return merge_ntriples(draft.ntriples for draft in drafts)


def with_reading(dataset: Dataset, reading: Path | str | None) -> tuple[Dataset, str | None]:
    """Return a dataset and the name of a reading; a file is read into a copy of the dataset.

    Raises:
        BadFileError: the file cannot be read, or breaks a rule.
    """
    name = None if reading is None else str(reading)
    return with_reading_file(dataset, name) if name and is_reading_file(name) else (dataset, name)


def workspace_of(
    dataset: Dataset, guideline: str | None, reading: Path | str | None, selection: Selection
) -> Workspace:
    """Return the workspace of some readings; ``reading`` can be a file, as for ``with_reading``."""
    opened, name = with_reading(dataset, reading)
    return open_workspace(opened, read_principle_criteria(opened, name_or_none(guideline), name), selection)
