"""Parses RDF into triples. The parser fetches no document that a text refers to."""

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse

from scs_kg.model.errors import BadFileError
from scs_kg.store.serialize import DATASET_FORMATS
from scs_kg.store.terms import Literal, NamedNode, Triple

SYNTAXES: Final[Mapping[str, RdfFormat]] = MappingProxyType({**DATASET_FORMATS, "ntriples": RdfFormat.N_TRIPLES})
STATEMENT_FORMATS: Final[Mapping[str, RdfFormat]] = MappingProxyType(
    {
        ".nq": RdfFormat.N_QUADS,
        ".nt": RdfFormat.N_TRIPLES,
        ".ttl": RdfFormat.TURTLE,
        ".trig": RdfFormat.TRIG,
    }
)
"""The format of each file suffix that ``read_statements`` accepts."""
_RDF12_SYNTAX: Final = re.compile(rb"<<|@[A-Za-z0-9-]+--")
_TOO_LONG: Final = "contains a literal or IRI that is too long for the parser; shorten it"


def parse_triples(content: bytes, form: str, file: str = "-") -> list[Triple]:
    """Return the triples of all graphs of a text in one of ``SYNTAXES``; relative IRIs are an error.

    Raises:
        BadFileError: the text does not conform to the syntax. The error has line and column if the parser gives them.
    """
    try:
        return [quad.triple for quad in parse(content, format=SYNTAXES[form])]
    except SyntaxError as error:
        raise BadFileError(file, error.lineno, parser_message(error), error.offset) from error
    except MemoryError as error:  # the parser raises this error if one token exceeds its buffer
        raise BadFileError(file, None, _TOO_LONG) from error
    except (ValueError, OSError) as error:
        raise BadFileError(file, None, " ".join(str(error).split())) from error


def read_statements(
    path: Path, predicates: Collection[str], part: bytes | None = None, first: int = 1
) -> Iterator[str]:
    """Yield each triple with one of the predicates as a line of canonical N-Triples (RDF 1.1 N-Triples, section 4).

    The file suffix determines the format (``STATEMENT_FORMATS``). The file is parsed incrementally and never loaded
    into memory as a whole. If ``part`` is given, only that part of the file is parsed; it starts at the line ``first``.

    Raises:
        BadFileError: the file cannot be read or does not conform to its format.
    """
    source = path if part is None else None
    try:
        for quad in parse(input=part, path=source, format=STATEMENT_FORMATS[path.suffix]):
            if quad.predicate.value in predicates:
                yield f"{quad.triple} ."
    except SyntaxError as error:
        line = first + (error.lineno or 1) - 1
        raise BadFileError(path, line, f"cannot be parsed: {parser_message(error)}") from error
    except MemoryError as error:  # the parser raises this error if one token exceeds its buffer
        raise BadFileError(path, None, _TOO_LONG) from error
    except (OSError, ValueError) as error:
        raise BadFileError(path, None, f"cannot be read: {error}") from error


def parser_message(error: SyntaxError) -> str:
    """Return the parser's message without its position, which BadFileError already gives."""
    message = str(error.msg or error)
    return message.split(": ", 1)[1] if message.startswith("Parser error at") and ": " in message else message


def is_iri(text: str) -> bool:
    """Return whether a text is an absolute IRI (RFC 3987)."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def may_be_rdf12(content: bytes) -> bool:
    """Return whether a file may use the syntax of RDF 1.2: a fast search for ``<<`` or ``--``, which few files have."""
    return (b"<<" in content or b"--" in content) and bool(_RDF12_SYNTAX.search(content))


def is_rdf12(quad: Quad) -> bool:
    """Return whether a quad uses RDF 1.2, which RDF 1.1 engines cannot read."""
    return isinstance(quad.object, Triple) or (isinstance(quad.object, Literal) and quad.object.direction is not None)
