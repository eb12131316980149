"""What a run of bulk judging does: pieces of the input, buckets of claims and systems, and the files between them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from scs_kg.judging.bulk.endpoint_source import RANGE, KeyRange, Store, ranges
from scs_kg.judging.bulk.rulebook import Rulebook
from scs_kg.judging.bulk.table_source import is_table
from scs_kg.model.errors import BadFileError, EmptyInputError, WrongUseError
from scs_kg.model.version import __version__
from scs_kg.store.atomic_write import write_atomically
from scs_kg.store.parse import STATEMENT_FORMATS
from scs_kg.store.query_library import is_file
from scs_kg.store.sync import with_published_graphs

LINES: Final = frozenset({".nq", ".nt"})
TABLES: Final = frozenset({".csv", ".parquet"})
MOST: Final = 2000
PIECE: Final = 256 << 20
BUCKET: Final = 128 << 20
SYSTEM: Final = 50_000
"""The bytes of N-Quads that a system takes with its claims."""
DENSER: Final = 16
"""How much more claims a byte of a table holds than a byte of N-Quads."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The lines of a file that begin from ``start`` to ``end``, in bytes; a file that is no list of lines is whole."""

    path: Path
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the input is, how it is cut, into how many buckets claims and systems go, and where everything is put."""

    source: Path | str
    out: Path
    pieces: tuple[Piece | KeyRange, ...]
    buckets: int
    meaning: Rulebook

    def sifted(self, piece: int) -> Path:
        """Return the file with the rows of a piece, by bucket of their subjects."""
        return self.out / "work" / f"sifted-{piece:05}.rows"

    def tied(self, bucket: int) -> Path:
        """Return the file with the claims of a bucket, by bucket of their systems."""
        return self.out / "work" / f"tied-{bucket:05}.rows"

    def earl(self, bucket: int) -> Path:
        """Return the file with the verdicts on the systems of a bucket as EARL, in N-Quads that gzip has packed."""
        return self.out / f"verdicts-{bucket:05}.nq.gz"

    def table(self, bucket: int) -> Path:
        """Return the file with the verdicts on the systems of a bucket as a table."""
        return self.out / f"verdicts-{bucket:05}.parquet"

    def tables(self) -> list[Path]:
        """Return all files with verdicts as tables."""
        return [self.table(bucket) for bucket in range(self.buckets)]

    @property
    def manifest(self) -> Path:
        """Return the file that says what the folder of verdicts holds."""
        return self.out / "manifest.json"


def plan(source: Path, out: Path, meaning: Rulebook, *, piece: int = PIECE, bucket: int = BUCKET) -> Plan:
    """Plan to judge what a file or folder holds; ``piece`` and ``bucket`` are the bytes of N-Quads that fit in one.

    Raises:
        BadFileError: the source cannot be read, or is of no format that holds claims.
        EmptyInputError: there is no file with claims.
        WrongUseError: the verdicts would go into the folder of the claims.
    """
    if source.is_dir() and out.resolve().is_relative_to(source.resolve()):
        raise WrongUseError(
            f"{out}: is in the folder of the claims, where verdicts would be read as such; give another"
        )
    files = list(_files(source))
    if not files:
        raise EmptyInputError(f"{source}: no file with claims in it; they end in {_endings()}")
    total = sum(_size(path) for path in files)
    step = max(piece, -(-total // MOST))
    buckets = min(MOST, max(1, -(-total // bucket)))
    pieces = [part for path in files for part in _cut(path, step)]
    return Plan(source, out, tuple(pieces), buckets, meaning)


def plan_store(store: Store, out: Path, meaning: Rulebook, *, size: int = RANGE, bucket: int = BUCKET) -> Plan:
    """Plan to judge all systems of a SPARQL store, by ranges of so many.

    Raises:
        EngineError: the store does not answer.
        EmptyInputError: it knows no system.
    """
    there = replace(store, endpoint=with_published_graphs(store.root, store.endpoint))
    pieces = tuple(ranges(there, size))
    if not pieces:
        raise EmptyInputError(f"{store.endpoint.url}: knows no social credit system; publish to it first")
    buckets = min(MOST, -(-len(pieces) * size * SYSTEM // bucket))
    return Plan(store.endpoint.url, out, pieces, buckets, meaning)


def _files(source: Path) -> Iterator[Path]:
    if is_file(source):
        if source.suffix not in LINES | TABLES | STATEMENT_FORMATS.keys():
            raise BadFileError(source, None, f"is of no format that claims are read from; they end in {_endings()}")
        yield source
    elif source.is_dir():
        for path in sorted(path for path in source.rglob("*") if path.is_file()):
            if path.suffix in STATEMENT_FORMATS or (path.suffix in TABLES and is_table(path)):
                yield path
    else:
        raise BadFileError(source, None, "there is no such file or folder; check the name")


def _endings() -> str:
    return ", ".join(sorted({*STATEMENT_FORMATS, *TABLES}))


def _size(path: Path) -> int:
    return path.stat().st_size * (DENSER if path.suffix in TABLES else 1)


def _cut(path: Path, step: int) -> Iterator[Piece]:
    size = path.stat().st_size
    if path.suffix not in LINES:
        yield Piece(path, 0, size)
        return
    yield from (Piece(path, start, min(start + step, size)) for start in range(0, size or 1, step))


def manifest(work: Plan) -> dict[str, Any]:
    """Return what makes a run what it is: two runs with the same are one that goes on."""
    paths = sorted({piece.path for piece in work.pieces if isinstance(piece, Piece)})
    inputs = [(path, path.stat()) for path in paths]
    return {
        "software": f"scs-kg {__version__}",
        "meaning": work.meaning.digest,
        "criteria": [criterion.iri for criterion in work.meaning.criteria],
        "buckets": work.buckets,
        "inputs": [[str(path.resolve()), found.st_size, found.st_mtime_ns] for path, found in inputs],
        "source": str(work.source),
        "pieces": [_mark(piece) for piece in work.pieces],
    }


def _mark(piece: Piece | KeyRange) -> list[str | int]:
    return [piece.first, piece.last] if isinstance(piece, KeyRange) else [str(piece.path), piece.start, piece.end]


def claim_folder(work: Plan) -> bool:
    """Make the folder of verdicts this run's own, and tell whether everything in it is done already.

    Raises:
        WrongUseError: the folder holds something else, or a run that was started on other input.
    """
    mine = manifest(work)
    if work.manifest.exists():
        try:
            found = dict(json.loads(work.manifest.read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise BadFileError(work.manifest, None, f"is broken: {error}; judge into an empty folder") from error
        if {key: found.get(key) for key in mine} == mine:
            return bool(found.get("complete"))
        began = mine.keys() <= found.keys() and not any(path != work.manifest for path in work.out.iterdir())
        if not began:  # else a run of ours that failed as it began
            raise WrongUseError(f"{work.out}: holds verdicts on other input or by other criteria; give an empty folder")
    elif work.out.exists() and any(work.out.iterdir()):
        raise _foreign(work.out)
    note(work, complete=False)
    return False


def refuse_file(out: Path) -> None:
    """Raise WrongUseError if a file is in the place of the folder of verdicts."""
    if out.exists() and not out.is_dir():
        raise _foreign(out)


def _foreign(out: Path) -> WrongUseError:
    return WrongUseError(f"{out}: holds something that is no run of ours; give an empty folder with --out")


def note(work: Plan, *, complete: bool) -> None:
    """Write the manifest."""
    text = json.dumps({**manifest(work), "complete": complete}, indent=1, ensure_ascii=False)
    write_atomically(work.manifest, text + "\n")
