"""Proposes links from regions to another data set, for people to review; nothing is ever merged."""

from scs_kg.link.outside import ENDINGS, Outside, read_outside
from scs_kg.link.suggest import Candidate, Suggestions, as_turtle, suggest

__all__ = ["ENDINGS", "Candidate", "Outside", "Suggestions", "as_turtle", "read_outside", "suggest"]
