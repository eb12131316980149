"""One file that holds a frame for each bucket, so that a bucket is read from many files without the rest of them."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import SEEK_END, BytesIO
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO, Final

import polars as pl

from scs_kg.model.errors import BadFileError
from scs_kg.store.atomic_write import atomic_writer

_LENGTH: Final = 8


def put(path: Path, frames: Iterable[pl.DataFrame], count: int) -> None:
    """Write one frame a bucket, whole or not at all: the frames as Arrow streams, then where each ends, and a count."""
    bodies = [_arrow(frame) for frame in frames]
    index = json.dumps({"ends": list(accumulate(map(len, bodies))), "count": count}).encode()
    with atomic_writer(path) as file:
        file.writelines((*bodies, index, len(index).to_bytes(_LENGTH, "big")))


def _arrow(frame: pl.DataFrame) -> bytes:
    written = BytesIO()
    frame.write_ipc_stream(written)
    return written.getvalue()


def take(paths: Iterable[Path], bucket: int) -> pl.DataFrame:
    """Return the frames of one bucket from many files as one; raise BadFileError if a file is broken."""
    return pl.concat([_take(path, bucket) for path in paths])


def count(path: Path) -> int:
    """Return the count that a file was written with; raise BadFileError if it is broken."""
    with _opened(path) as file:
        return int(_index(file)["count"])


def _take(path: Path, bucket: int) -> pl.DataFrame:
    with _opened(path) as file:
        ends = [0, *_index(file)["ends"]]
        file.seek(ends[bucket])
        return pl.read_ipc_stream(BytesIO(file.read(ends[bucket + 1] - ends[bucket])))


def _index(file: BinaryIO) -> dict[str, Any]:
    file.seek(-_LENGTH, SEEK_END)
    length = int.from_bytes(file.read(_LENGTH), "big")
    file.seek(-_LENGTH - length, SEEK_END)
    found: dict[str, Any] = json.loads(file.read(length))
    return found


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except (OSError, ValueError, LookupError, pl.exceptions.PolarsError) as error:
        raise BadFileError(path, None, f"is broken: {error}; remove the folder and judge again") from error
