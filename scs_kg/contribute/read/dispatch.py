"""Reads a file of claims in any form, within limits, in a process that can open nothing."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final

from scs_kg.contribute.read.context import ReadingContext
from scs_kg.contribute.read.draft import (
    Draft,
    Fault,
    FileDemand,
    Reading,
    Record,
    SourcePosition,
    UnreadableError,
    pack,
    problem,
    unpack,
    unreadable,
)
from scs_kg.model.errors import BadFileError, EngineError, UnknownNameError, WrongUseError
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
LARGEST: Final = 64 << 20
SECONDS: Final = 120.0
MEMORY: Final = 2 << 30
READING: Final = Task("the file", "split it into smaller ones", "split it into smaller ones")

Reader = Callable[[ReadingContext, bytes], Reading]


def read_draft(ground: ReadingContext, file: str, form: str | None = None, content: bytes | None = None) -> Draft:
    """Read a file of claims and sources; ``-`` is standard input; with ``content`` the file is but a name.

    ``form`` is one of ``FORMS``, by default that of the file's ending. What is wrong with the content is a problem
    of the draft.

    Raises:
        BadFileError: the file cannot be opened.
        UnknownNameError: there is no such form, or the file's ending tells none.
        WrongUseError: it is standard input, of which the form is not given.
    """
    reader = _reader(form or form_of(file))
    whole = _read(file) if content is None else content
    if len(whole) > LARGEST:
        return unpack(file, pack(_too_large()))
    try:
        packed = run_limited(lambda: _packed(reader, ground, whole), SECONDS, MEMORY, READING)
    except EngineError as error:
        return Draft(file, problems=(problem(file, Fault(FileDemand.SIZE, SourcePosition(), "file", str(error))),))
    return unpack(file, packed)


def form_of(file: str) -> str:
    """Return the form that the ending of a file's name tells.

    Raises:
        BadFileError: there is no ending, and no such file to begin with.
        UnknownNameError: the ending tells none.
        WrongUseError: there is no ending, as of standard input.
    """
    ending = Path(file).suffix.lower()
    for form, endings in FORMS.items():
        if ending in endings:
            return form
    if not ending:
        if file != "-":
            _opened(file).close()
        what = "standard input" if file == "-" else f"{file}: the name"
        raise WrongUseError(f"{what} does not tell its form; give it with --format: {', '.join(FORMS)}")
    raise UnknownNameError("form of claims, told by --format or the ending of the file,", ending, FORMS)


def _reader(form: str) -> Reader:
    """Return the reader of a form, with all that it needs imported while files can be opened."""
    if form not in FORMS:
        raise UnknownNameError("form of claims", form, FORMS)
    if form == "jsonld":
        from scs_kg.contribute.read.jsonld import read_json_ld

        return read_json_ld
    if form in {"yaml", "csv", "xlsx"}:
        return _record_reader(form)
    from scs_kg.contribute.read.rdf import read_rdf

    return lambda _, content: read_rdf(content, form)


def _record_reader(form: str) -> Reader:
    from scs_kg.contribute.read.records_to_rdf import reading_of

    records = _records(form)
    return lambda ground, content: reading_of(ground, *records(ground, content))


def _records(form: str) -> Callable[[ReadingContext, bytes], tuple[list[Record], list[Fault]]]:
    if form == "yaml":
        from scs_kg.contribute.read.yaml import yaml_records

        return yaml_records
    if form == "csv":
        from scs_kg.contribute.read.csv import csv_records

        return csv_records
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
        raise BadFileError(file, None, "there is no such file; check the name") from None
    except (OSError, ValueError) as error:
        raise BadFileError(file, None, f"cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _packed(reader: Reader, ground: ReadingContext, content: bytes) -> bytes:
    try:
        return pack(reader(ground, content))
    except UnreadableError as error:
        return pack(unreadable(error))
    except RecursionError:
        return pack(
            unreadable(UnreadableError(FileDemand.SIZE, "is nested deeper than claims ever are: write it flat"))
        )


def _too_large() -> Reading:
    message = f"is larger than {LARGEST >> 20} MiB: split it into several files"
    return unreadable(UnreadableError(FileDemand.SIZE, message))
