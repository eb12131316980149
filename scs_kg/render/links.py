"""Proposed links as a table."""

from scs_kg.link import Candidate, Suggestions
from scs_kg.namespaces import local_id
from scs_kg.render.table import Table


def suggestions_table(found: Suggestions) -> Table:
    """Return what is proposed and what is not, with why, as a table."""
    rows = [
        *((_standing(one), one, "; ".join(one.why)) for one in found.proposed),
        *(("not proposed", one, f"{'; '.join(one.why)}; but {' and '.join(one.against)}") for one in found.rejected),
    ]
    known = sum(one.known == one.place for one in found.proposed)
    counts = (
        f"{len(found.proposed)} proposed, of which {known} are linked already; {len(found.rejected)} not proposed.",
        "Nothing was written. Read each before you link it: names and codes can be wrong.",
    )
    shown = tuple((standing, local_id(one.region), one.place, why) for standing, one, why in rows)
    return Table("Links that may be missing", ("standing", "region", "place", "why"), shown, counts)


def _standing(one: Candidate) -> str:
    if one.known == one.place:
        return "linked already"
    return f"rivals {one.known}" if one.known else "proposed"
