"""Suggests links from the project's records to other data sets, for review; the data is not changed."""

from scs_kg.exchange.link.match import LinkCandidate, UnmatchedRecord
from scs_kg.exchange.link.suggestions import Suggestions, suggest
from scs_kg.exchange.link.terms import KINDS
from scs_kg.exchange.link.write import FORMS, written

__all__ = ["FORMS", "KINDS", "LinkCandidate", "Suggestions", "UnmatchedRecord", "suggest", "written"]
