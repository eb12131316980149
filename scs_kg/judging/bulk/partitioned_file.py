"""A file with one data frame per bucket; a reader can read the same bucket of many files without the other buckets."""

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

_LENGTH_BYTES: Final = 8


def write_buckets(path: Path, frames: Iterable[pl.DataFrame], count: int) -> None:
    """Write one frame per bucket atomically.

    The file contains the frames as Arrow streams, then a footer, then the length of the footer in bytes as a big-endian
    integer. The footer is JSON with the end offset of each frame and ``count``.
    """
    bodies = [_arrow(frame) for frame in frames]
    footer = json.dumps({"ends": list(accumulate(map(len, bodies))), "count": count}).encode()
    with atomic_writer(path) as file:
        file.writelines((*bodies, footer, len(footer).to_bytes(_LENGTH_BYTES, "big")))


def _arrow(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.write_ipc_stream(buffer)
    return buffer.getvalue()


def read_bucket(paths: Iterable[Path], bucket: int) -> pl.DataFrame:
    """Concatenate the frames of one bucket from many files; raise BadFileError if a file is broken."""
    return pl.concat([_read_frame(path, bucket) for path in paths])


def read_count(path: Path) -> int:
    """Return the count that was written into the file; raise BadFileError if the file is broken."""
    with _opened(path) as file:
        return int(_footer(file)["count"])


def _read_frame(path: Path, bucket: int) -> pl.DataFrame:
    with _opened(path) as file:
        ends = [0, *_footer(file)["ends"]]
        file.seek(ends[bucket])
        return pl.read_ipc_stream(BytesIO(file.read(ends[bucket + 1] - ends[bucket])))


def _footer(file: BinaryIO) -> dict[str, Any]:
    file.seek(-_LENGTH_BYTES, SEEK_END)
    length = int.from_bytes(file.read(_LENGTH_BYTES), "big")
    file.seek(-_LENGTH_BYTES - length, SEEK_END)
    footer: dict[str, Any] = json.loads(file.read(length))
    return footer


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except (OSError, ValueError, LookupError, pl.exceptions.PolarsError) as error:
        raise BadFileError(path, None, f"is broken: {error}; remove the folder and judge again") from error
