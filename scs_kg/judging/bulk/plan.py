"""Plans a run of bulk judging: pieces of the input, buckets of claims and systems, and the files of each stage."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from scs_kg.judging.bulk.endpoint_source import RANGE_SIZE, ClaimStore, KeyRange, key_ranges
from scs_kg.judging.bulk.rulebook import Rulebook
from scs_kg.judging.bulk.table_source import is_table
from scs_kg.model.advice import Advice
from scs_kg.model.errors import BadFileError, EmptyInputError, WrongUseError
from scs_kg.model.version import __version__
from scs_kg.store.atomic_write import write_atomically
from scs_kg.store.parse import STATEMENT_FORMATS
from scs_kg.store.query_library import is_file
from scs_kg.store.sync import with_published_graphs

LINE_SUFFIXES: Final = frozenset({".nq", ".nt"})
TABLE_SUFFIXES: Final = frozenset({".csv", ".parquet"})
MAX_FILES: Final = 2000
"""The maximum number of pieces, and the maximum number of buckets."""
PIECE_BYTES: Final = 256 << 20
BUCKET_BYTES: Final = 128 << 20
BYTES_PER_SYSTEM: Final = 50_000
"""The assumed size in bytes of a system with its claims in N-Quads."""
TABLE_DENSITY: Final = 16
"""A table of claims becomes this many times larger in N-Quads."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The lines of a file that begin at the bytes from ``start`` to ``end``; a file in another format is one piece."""

    path: Path
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The input and its pieces, the number of buckets for claims and systems, and the output folder.

    ``with_earl`` says whether the verdicts are also written as EARL.
    """

    source: Path | str
    output: Path
    pieces: tuple[Piece | KeyRange, ...]
    buckets: int
    rulebook: Rulebook
    with_earl: bool = False

    def partitioned(self, piece: int) -> Path:
        """Return the file of the first stage: the rows of a piece, in buckets by subject."""
        return self.output / "work" / f"partitioned-{piece:05}.rows"

    @property
    def ineffective(self) -> Path:
        """Return the file of the retracted claims that supersede nothing."""
        return self.output / "work" / "ineffective.rows"

    def joined(self, bucket: int) -> Path:
        """Return the file of the second stage: the claims of a bucket, in buckets by system."""
        return self.output / "work" / f"joined-{bucket:05}.rows"

    def earl(self, bucket: int) -> Path:
        """Return the file with the verdicts of a bucket as EARL, in N-Quads compressed with gzip."""
        return self.output / f"verdicts-{bucket:05}.nq.gz"

    def table(self, bucket: int) -> Path:
        """Return the file with the verdicts of a bucket as a Parquet table."""
        return self.output / f"verdicts-{bucket:05}.parquet"

    def tables(self) -> list[Path]:
        """Return all tables of verdicts."""
        return [self.table(bucket) for bucket in range(self.buckets)]

    @property
    def manifest(self) -> Path:
        """Return the file that identifies the run in the output folder."""
        return self.output / "manifest.json"


def plan_files(
    source: Path, output: Path, rulebook: Rulebook, *, piece: int = PIECE_BYTES, bucket: int = BUCKET_BYTES
) -> Plan:
    """Plan to judge the claims of a file or folder; ``piece`` and ``bucket`` are maximum sizes in bytes of N-Quads.

    Raises:
        BadFileError: the source cannot be read.
        EmptyInputError: there is no file with claims.
        WrongUseError: the format of the file is not supported, or the output folder lies inside the folder of the
            claims.
    """
    if source.is_dir() and output.resolve().is_relative_to(source.resolve()):
        raise WrongUseError(
            f"{output}: is inside the folder of the claims, so verdicts would be read as claims; name another folder"
        )
    files = list(_files(source))
    if not files:
        raise EmptyInputError(f"{source}: contains no file with claims; supported suffixes: {_suffixes()}")
    total = sum(_size(path) for path in files)
    step = max(piece, -(-total // MAX_FILES))
    buckets = min(MAX_FILES, max(1, -(-total // bucket)))
    pieces = [part for path in files for part in _cut(path, step)]
    return Plan(source, output, tuple(pieces), buckets, rulebook)


def plan_endpoint(
    store: ClaimStore, output: Path, rulebook: Rulebook, *, size: int = RANGE_SIZE, bucket: int = BUCKET_BYTES
) -> Plan:
    """Plan to judge all systems of a SPARQL endpoint, in ranges of at most ``size`` systems.

    Raises:
        EngineError: the endpoint does not answer.
        EmptyInputError: the endpoint has no system.
    """
    published = replace(store, endpoint=with_published_graphs(store.root, store.endpoint))
    pieces = tuple(key_ranges(published, size))
    if not pieces:
        raise EmptyInputError(f"{store.endpoint.url}: contains no social credit system; publish the data to it first")
    buckets = min(MAX_FILES, -(-len(pieces) * size * BYTES_PER_SYSTEM // bucket))
    return Plan(store.endpoint.url, output, pieces, buckets, rulebook)


def _files(source: Path) -> Iterator[Path]:
    if is_file(source):
        if source.suffix not in LINE_SUFFIXES | TABLE_SUFFIXES | STATEMENT_FORMATS.keys():
            raise WrongUseError(f"{source}: has an unsupported format; supported suffixes: {_suffixes()}")
        yield source
    elif source.is_dir():
        for path in sorted(path for path in source.rglob("*") if path.is_file()):
            if path.suffix in STATEMENT_FORMATS or (path.suffix in TABLE_SUFFIXES and is_table(path)):
                yield path
    else:
        raise BadFileError(source, None, "there is no such file or folder; check the name")


def _suffixes() -> str:
    return ", ".join(sorted({*STATEMENT_FORMATS, *TABLE_SUFFIXES}))


def _size(path: Path) -> int:
    return path.stat().st_size * (TABLE_DENSITY if path.suffix in TABLE_SUFFIXES else 1)


def _cut(path: Path, step: int) -> Iterator[Piece]:
    size = path.stat().st_size
    if path.suffix not in LINE_SUFFIXES:
        yield Piece(path, 0, size)
        return
    yield from (Piece(path, start, min(start + step, size)) for start in range(0, size or 1, step))


def manifest(plan: Plan) -> dict[str, Any]:
    """Return the identity of a run; a run with the same identity resumes the earlier one."""
    paths = sorted({piece.path for piece in plan.pieces if isinstance(piece, Piece)})
    inputs = [(path, path.stat()) for path in paths]
    return {
        "software": f"scs-kg {__version__}",
        "rulebook": plan.rulebook.digest,
        "criteria": [criterion.iri for criterion in plan.rulebook.criteria],
        "conditions": [condition.iri for condition in plan.rulebook.conditions],
        "buckets": plan.buckets,
        "earl": plan.with_earl,
        "inputs": [[str(path.resolve()), found.st_size, found.st_mtime_ns] for path, found in inputs],
        "source": str(plan.source),
        "pieces": [_piece_key(piece) for piece in plan.pieces],
    }


def _piece_key(piece: Piece | KeyRange) -> list[str | int]:
    return [piece.first, piece.last] if isinstance(piece, KeyRange) else [str(piece.path), piece.start, piece.end]


def acquire_folder(plan: Plan) -> bool:
    """Reserve the output folder for this run, and return whether an identical run is already complete in it.

    Raises:
        BadFileError: the manifest of the folder is broken.
        WrongUseError: the folder contains other files, or a run on other input or with other options.
    """
    identity = manifest(plan)
    if plan.manifest.exists():
        try:
            found = dict(json.loads(plan.manifest.read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise BadFileError(plan.manifest, None, f"is broken: {error}; judge into an empty folder") from error
        if {key: found.get(key) for key in identity} == identity:
            return bool(found.get("complete"))
        only_started = identity.keys() <= found.keys() and not any(
            path != plan.manifest for path in plan.output.iterdir()
        )
        if not only_started:  # a run that failed before its first unit leaves only the manifest
            raise WrongUseError(
                f"{plan.output}: has verdicts on other input or criteria, or in other formats; name an empty folder"
            )
    elif plan.output.exists() and any(plan.output.iterdir()):
        raise _not_a_run(plan.output)
    write_manifest(plan, complete=False)
    return False


def require_folder(output: Path) -> None:
    """Raise WrongUseError if the output folder is a file."""
    if output.exists() and not output.is_dir():
        raise _not_a_run(output)


def _not_a_run(output: Path) -> WrongUseError:
    return WrongUseError(
        f"{output}: is not a folder with verdicts", Advice("; name an empty folder with {option}", "output")
    )


def write_manifest(plan: Plan, *, complete: bool) -> None:
    """Write the manifest: the identity of the run, and whether the run is complete."""
    text = json.dumps({**manifest(plan), "complete": complete}, indent=1, ensure_ascii=False)
    write_atomically(plan.manifest, text + "\n")
