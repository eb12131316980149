"""RDF of any syntax to triples; nothing that the text names is fetched."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from scs_kg.model.errors import BadFileError
from scs_kg.store.serialize import FORMATS

SYNTAXES: Final[Mapping[str, RdfFormat]] = MappingProxyType({**FORMATS, "ntriples": RdfFormat.N_TRIPLES})


def parse_triples(content: bytes, form: str, file: str = "-") -> list[Triple]:
    """Return the triples of a text in one of ``SYNTAXES``, of all its graphs, without relative IRIs.

    Raises:
        BadFileError: the text is not of that syntax; with line and column if the parser tells.
    """
    try:
        return [quad.triple for quad in parse(content, format=SYNTAXES[form])]
    except SyntaxError as error:
        raise BadFileError(file, error.lineno, detail(error), error.offset) from error
    except MemoryError as error:  # how the parser says that one token fills its buffer
        raise BadFileError(file, None, "it holds a text that is too long to be read") from error
    except (ValueError, OSError) as error:
        raise BadFileError(file, None, " ".join(str(error).split())) from error


def detail(error: SyntaxError) -> str:
    """Drop the engine's own position, which the message of ours already gives."""
    said = str(error.msg or error)
    return said.split(": ", 1)[1] if said.startswith("Parser error at") and ": " in said else said


def is_iri(text: str) -> bool:
    """Tell whether a text is an absolute IRI (RFC 3987)."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True
