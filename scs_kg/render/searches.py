"""The searches for evidence on an open criterion, as one sentence and as JSON."""

from typing import TYPE_CHECKING

from scs_kg.analysis.searches import SearchSummary
from scs_kg.render.language import gettext as _
from scs_kg.render.language import listed, ngettext

if TYPE_CHECKING:  # import only for annotations
    from scs_kg.render.json_record_shapes import SearchesJson


def search_sentence(found: SearchSummary) -> str:
    """Return how often somebody searched, the day of the last search, and how often each outcome occurred.

    The outcome of a search can be about another criterion of the same search.
    """
    if not found.searches:
        return _("No search for evidence on this criterion is recorded.")
    counts = (_("{outcome} {number}", outcome=one.outcome.label, number=one.searches) for one in found.outcomes)
    return ngettext(
        "Searched {number} time, last on {date}; outcome, also for other criteria: {outcomes}.",
        "Searched {number} times, last on {date}; outcomes, also for other criteria: {outcomes}.",
        found.searches,
        date=found.last,
        outcomes=listed(counts),
    )


def search_json(found: SearchSummary | None) -> "SearchesJson | None":
    """Return the searches as a JSON object; null if the criterion is decided."""
    if found is None:
        return None
    return {
        "number": found.searches,
        "documentsRead": found.screened,
        "last": found.last or None,
        "outcomes": [{"outcome": one.outcome.id, "searches": one.searches} for one in found.outcomes],
    }
