"""Reads claims in JSON that is not JSON-LD: lists of claims and of sources, as in the JSON Schema of the template.

JSON is read as YAML, because the YAML parser keeps the positions. Before that, characters and escapes are replaced
that YAML reads in another way than JSON.
"""

import json
import re
from typing import Any, Final

from scs_kg.contribute.read.context import ReadingContext
from scs_kg.contribute.read.draft import Fault, Record
from scs_kg.contribute.read.kinds import KINDS
from scs_kg.contribute.read.yaml import yaml_records

_PAIR: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u([Dd][89ABab][0-9A-Fa-f]{2})\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})")
_NOT_IN_YAML: Final = re.compile("[\x7f-\x84\x86-\x9f\u2028\u2029\x85\ufeff\ufffe\uffff]")


def has_lists(document: Any) -> bool:
    """Return whether a JSON document is an object with lists of claims or sources and without keywords of JSON-LD."""
    return (
        isinstance(document, dict)
        and any(kind.plural in document for kind in KINDS)
        and not any("@" in k for k in document)
    )


def json_records(context: ReadingContext, text: str) -> tuple[list[Record], list[Fault]]:
    """Return the records and faults in a JSON text."""
    whole = _PAIR.sub(lambda found: found[1] + _character(found[2], found[3]), text.replace("\t", " "))
    escaped = _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", whole)
    return yaml_records(context, escaped.encode())


def _character(high: str, low: str) -> str:
    """Return the character of a surrogate pair (RFC 8259, section 7)."""
    return str(json.loads(f'"\\u{high}\\u{low}"'))
