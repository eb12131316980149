"""Writes language tags in their usual case (RFC 5646, section 2.1.1): ``zh-Hans``, as in the data.

The RDF library stores tags in lower case. In RDF, the case of a tag has no meaning, but many tools distinguish it.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

LITERAL: Final = re.compile(rb'"(?:[^"\\]|\\.)*"(?:@[a-z]+(?:-[a-z0-9]+)+)?', re.DOTALL)
"""Matches a string in Turtle or a similar format, with its tag if the tag has subtags."""
SUBTAG: Final = re.compile(rb'"@[a-z]+-')
"""Every string with a language tag that has subtags contains this text.

A search for this text is fast, and most texts do not contain it.
"""
ATTRIBUTE: Final = re.compile(rb'(?:"@language"|"xml:lang"| xml:lang) ?[:=] ?"[a-z]+(?:-[a-z0-9]+)+"')
"""Matches a tag in JSON-LD, in the JSON results of SPARQL, and in XML, where a string cannot contain such a text."""
_SUBTAG: Final[Mapping[int, Callable[[bytes], bytes]]] = {2: bytes.upper, 4: bytes.title}
"""The functions that set the case of a script (four letters) and of a region (two letters)."""


def with_usual_tags(written: bytes, *, turtle: bool) -> bytes:
    """Return a serialization with language tags in their usual case.

    ``turtle`` is true for Turtle, TriG, N-Triples, N-Quads and TSV, and false for JSON-LD, JSON and XML.
    """
    if turtle and not SUBTAG.search(written):
        return written
    pattern = LITERAL if turtle else ATTRIBUTE
    return pattern.sub(lambda found: _usual(found[0], turtle=turtle), written)


def _usual(token: bytes, *, turtle: bool) -> bytes:
    """Return a string or an attribute with its tag in the usual case."""
    if turtle:
        string, _, tag = token.rpartition(b'"')
        return token if not tag else string + b'"@' + usual_tag(tag[1:])
    start, tag, _ = token.rsplit(b'"', 2)
    return start + b'"' + usual_tag(tag) + b'"'


@cache
def usual_tag(tag: bytes) -> bytes:
    """Return a language tag in its usual case: ``zh-hans`` gives ``zh-Hans``, ``zh-hans-cn`` gives ``zh-Hans-CN``."""
    first, *rest = tag.split(b"-")
    return b"-".join([first, *(_SUBTAG.get(len(part), bytes)(part) for part in rest)])
