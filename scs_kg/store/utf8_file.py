"""Reads a text file of a project folder."""

from pathlib import Path

from scs_kg.model.errors import BadFileError


def read_utf8(path: Path) -> bytes:
    """Return the bytes of a file, which are valid UTF-8.

    Raises: BadFileError: the file cannot be read, is a pipe or a device, or is not UTF-8. If the file is not UTF-8, the
    error has the line of the first invalid byte.
    """
    try:
        if path.is_fifo() or path.is_char_device() or path.is_block_device():
            raise BadFileError(path, None, "is not a regular file; replace it with a regular file")
        content = path.read_bytes()
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BadFileError(path, line, "is not UTF-8; save it as UTF-8") from error
    except OSError as error:
        raise BadFileError(path, None, f"cannot be read: {error.strerror or error}") from error
    return content
