"""Proposes how our regions are called in somebody else's data, for people to review; changes nothing."""

from scs_kg.exchange.link.match import LinkCandidate, UnmatchedRecord
from scs_kg.exchange.link.suggestions import Suggestions, suggest
from scs_kg.exchange.link.write import FORMS, written

__all__ = ["FORMS", "LinkCandidate", "Suggestions", "UnmatchedRecord", "suggest", "written"]
