"""Claims in any usual form to triples that remember where they stand.

Every file is read whole and within limits, in a process that can open nothing: what a file says can name other files
and other hosts, and none of them is ever read.
"""

from scs_kg.contribute.read.context import ReadingContext, reading_context
from scs_kg.contribute.read.dispatch import FORMS, form_of, read_draft
from scs_kg.contribute.read.draft import Draft, SourcePosition
from scs_kg.contribute.read.fields import Field

__all__ = ["FORMS", "Draft", "Field", "ReadingContext", "SourcePosition", "form_of", "read_draft", "reading_context"]
