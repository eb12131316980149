"""Reads files of claims in any supported format to triples with their positions in the file.

Each file is read as a whole, within limits, in a process that cannot open anything. A file can name other files and
other hosts, but they are never read.
"""

from scs_kg.contribute.read.context import ReadingContext, reading_context
from scs_kg.contribute.read.dispatch import FORMS, form_of, read_draft, read_drafts
from scs_kg.contribute.read.draft import Draft, SourcePosition
from scs_kg.contribute.read.fields import Field

__all__ = [
    "FORMS",
    "Draft",
    "Field",
    "ReadingContext",
    "SourcePosition",
    "form_of",
    "read_draft",
    "read_drafts",
    "reading_context",
]
