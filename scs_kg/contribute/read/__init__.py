"""Claims in any usual form to triples that remember where they stand.

Every file is read whole and within limits, in a process that can open nothing: what a file says can name other files
and other hosts, and none of them is ever read.
"""

from scs_kg.contribute.read.context import Ground, ground
from scs_kg.contribute.read.dispatch import FORMS, form_of, read_draft
from scs_kg.contribute.read.draft import Draft, Place
from scs_kg.contribute.read.fields import Field

__all__ = ["FORMS", "Draft", "Field", "Ground", "Place", "form_of", "ground", "read_draft"]
