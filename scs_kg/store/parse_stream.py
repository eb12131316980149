"""Statements of a file one after the other, without a dataset."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pyoxigraph import RdfFormat, parse

from scs_kg.model.errors import BadFileError
from scs_kg.store.parse import detail

STREAMS: Final[Mapping[str, RdfFormat]] = MappingProxyType(
    {
        ".nq": RdfFormat.N_QUADS,
        ".nt": RdfFormat.N_TRIPLES,
        ".ttl": RdfFormat.TURTLE,
        ".trig": RdfFormat.TRIG,
    }
)


def statements(path: Path, predicates: Collection[str], part: bytes | None = None, first: int = 1) -> Iterator[str]:
    """Yield each statement with one of the predicates as a line of canonical N-Triples (RDF 1.1 N-Triples, section 4).

    The format is that of the file's name. With ``part``, only that part of the file is read, which begins on the line
    ``first``.

    Raises:
        BadFileError: the file cannot be read, or is not strictly of its format.
    """
    source = path if part is None else None
    try:
        for quad in parse(input=part, path=source, format=STREAMS[path.suffix]):
            if quad.predicate.value in predicates:
                yield f"{quad.triple} ."
    except SyntaxError as error:
        raise BadFileError(path, first + (error.lineno or 1) - 1, f"cannot be parsed: {detail(error)}") from error
    except MemoryError as error:  # how the parser says that one token fills its buffer
        raise BadFileError(path, None, "holds a text that is too long to be read") from error
    except (OSError, ValueError) as error:
        raise BadFileError(path, None, f"cannot be read: {error}") from error
