"""Reads a file of claims in any supported format, within limits, in a process that cannot open anything."""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final

from scs_kg.contribute.read.context import ReadingContext
from scs_kg.contribute.read.draft import (
    Draft,
    Fault,
    FileDemand,
    ReadResult,
    Record,
    SourcePosition,
    UnreadableError,
    draft_from_json,
    subjects_of,
    to_json,
    unreadable,
)
from scs_kg.model.advice import Advice
from scs_kg.model.errors import BadFileError, EngineError, InternalError, LimitError, UnknownNameError, WrongUseError
from scs_kg.model.extras import optional_libraries
from scs_kg.store.isolation import Task, run_limited

FORMS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "turtle": (".ttl",),
        "trig": (".trig",),
        "ntriples": (".nt",),
        "nquads": (".nq",),
        "jsonld": (".jsonld", ".json"),
        "yaml": (".yaml", ".yml"),
        "csv": (".csv", ".tsv"),
        "xlsx": (".xlsx",),
    }
)
"""The supported formats, mapped to the extensions of their files."""
OF_FIELDS: Final = frozenset({"csv", "jsonld", "xlsx", "yaml"})
"""The formats whose records have named fields; in JSON-LD the published context gives the names."""
LARGEST: Final = 64 << 20
SECONDS: Final = 120.0
MEMORY: Final = 2 << 30
READING: Final = Task("the file", "split it into smaller ones", ())

Reader = Callable[[ReadingContext, bytes], ReadResult]


def read_drafts(context: ReadingContext, files: Iterable[str], form: str | None = None) -> list[Draft]:
    """Read files that are to be added together; a claim without an id gets a name that no earlier file has.

    ``read_draft`` describes ``form`` and the errors.
    """
    drafts: list[Draft] = []
    for file in files:
        drafts.append(read_draft(context, file, form, taken=subjects_of(drafts)))
    return drafts


def read_draft(
    context: ReadingContext,
    file: str,
    form: str | None = None,
    content: bytes | None = None,
    taken: frozenset[str] = frozenset(),
) -> Draft:
    """Read a file of claims and sources; ``-`` is standard input. If ``content`` is given, the file is not opened.

    A claim without an id gets a name that is not in ``taken``, a set of IRIs.

    ``form`` is one of ``FORMS``; the default is the format of the file's extension. Faults in the content become
    problems of the draft.

    Raises:
        BadFileError: the file cannot be opened.
        UnknownNameError: the format or the extension is unknown.
        WrongUseError: the file has no extension, or is standard input, and ``form`` is not given.
        InternalError: the reader has a fault.
    """
    form = form or form_of(file)
    reader = _reader(form)
    context = replace(context, taken=taken)
    whole = _read(file) if content is None else content
    if len(whole) > LARGEST:
        return draft_from_json(file, to_json(_too_large()))
    try:
        serialized = run_limited(lambda: _serialized(reader, context, whole), SECONDS, MEMORY, READING)
    except InternalError:
        raise
    except EngineError as error:
        demand = FileDemand.SIZE if isinstance(error, LimitError) else FileDemand.SYNTAX
        return Draft(file, problems=(Fault(demand, SourcePosition(), "file", str(error)).problem(file),))
    return replace(draft_from_json(file, serialized), of_fields=form in OF_FIELDS)


def form_of(file: str) -> str:
    """Return the format of a file's extension.

    Raises: BadFileError: the file has no extension, and does not exist. WrongUseError: the extension is unknown, the
    file has no extension, or the file is standard input.
    """
    extension = Path(file).suffix.lower()
    for form, extensions in FORMS.items():
        if extension in extensions:
            return form
    if not extension:
        if file != "-":
            _opened(file).close()
        what = "standard input has no file name" if file == "-" else f"{file}: the name has no extension"
        advice = Advice(f"; give it with {{option}}: {', '.join(FORMS)}", "from", otherwise="; give it an extension")
        raise WrongUseError(f"{what}, so its format is unknown", advice)
    raise WrongUseError(
        f"no format of claims has the extension '{extension}'; known: {', '.join(FORMS)}",
        Advice("; give the format with {option}", "from"),
    )


def _reader(form: str) -> Reader:
    """Return the reader of a format. The function does all imports of the reader, while files can still be opened."""
    if form not in FORMS:
        raise UnknownNameError("format of claims", form, FORMS)
    if form == "jsonld":
        from scs_kg.contribute.read.jsonld import read_json_ld

        return read_json_ld
    if form in {"yaml", "csv", "xlsx"}:
        return _record_reader(form)
    from scs_kg.contribute.read.rdf import read_rdf

    return lambda _, content: read_rdf(content, form)


def _record_reader(form: str) -> Reader:
    from scs_kg.contribute.read.records_to_rdf import records_to_rdf

    records = _records(form)
    return lambda context, content: records_to_rdf(context, *records(context, content))


def _records(form: str) -> Callable[[ReadingContext, bytes], tuple[list[Record], list[Fault]]]:
    if form == "yaml":
        from scs_kg.contribute.read.yaml import yaml_records

        return yaml_records
    if form == "csv":
        from scs_kg.contribute.read.csv import csv_records

        return csv_records
    with optional_libraries():
        from scs_kg.contribute.read.xlsx import workbook_records

    return workbook_records


def _read(file: str) -> bytes:
    try:
        if file == "-":
            return sys.stdin.buffer.read(LARGEST + 1)
        with _opened(file) as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise BadFileError(file, None, f"cannot be read: {error.strerror}") from error


def _opened(file: str) -> BinaryIO:
    """Open a file; raise BadFileError if it cannot be opened."""
    try:
        return Path(file).open("rb")
    except IsADirectoryError:
        raise BadFileError(file, None, "is a folder; name the files in it") from None
    except FileNotFoundError:
        raise BadFileError(file, None, "does not exist; check the name") from None
    except (OSError, ValueError) as error:
        raise BadFileError(file, None, f"cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _serialized(reader: Reader, context: ReadingContext, content: bytes) -> bytes:
    try:
        return to_json(reader(context, content))
    except UnreadableError as error:
        return to_json(unreadable(error))
    except RecursionError:
        return to_json(unreadable(UnreadableError(FileDemand.SIZE, "is nested too deep; write claims as a flat list")))


def _too_large() -> ReadResult:
    message = f"is larger than {LARGEST >> 20} MiB; split it into several files"
    return unreadable(UnreadableError(FileDemand.SIZE, message))
