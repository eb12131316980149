"""The home page: what the data compares, what was found, what is not known, and the questions."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scs_kg.explorer.answers import JudgedSystems, Question, short_answers
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.index_pages import readings
from scs_kg.explorer.matrix_pages import View, rows_by_kind, view
from scs_kg.explorer.page import Page
from scs_kg.model.matrix import Cell, Mark
from scs_kg.model.namespaces import SCS
from scs_kg.store.query_library import row_text


@dataclass(frozen=True, slots=True)
class Summary:
    """Figures on the whole comparison.

    ``counts`` has the numbers of systems, claims that count, sources, criteria, guidelines and readings. ``kinds`` has
    the number of systems of each kind, keyed by IRI. ``marks`` has the number of cells of all readings for each mark.
    ``findings`` are the questions about criteria, once for each criterion, with the systems under it.
    """

    counts: Mapping[str, int]
    kinds: Mapping[str, int]
    marks: Mapping[Mark, int]
    findings: tuple[tuple[Question, JudgedSystems], ...]

    @property
    def cells(self) -> int:
        """Return the number of cells of all readings."""
        return sum(self.marks.values())

    @property
    def percent_not_known(self) -> int:
        """Return the rounded percentage of cells that are not known; cells without criteria are left out."""
        asked = self.cells - self.marks.get(Mark.NOT_ASKED, 0)
        return round(100 * self.marks.get(Mark.NOT_KNOWN, 0) / asked) if asked else 0


def home(content: SiteContent, _: str) -> Page:
    """Build the home page: the summary, the questions, the matrix of the first reading, and all readings."""
    first = view(content, next(iter(content.choices.values())).reading.id)
    views = readings(content)
    data = {
        "subject": SCS + "SocialCreditSystem",
        "summary": summary(content, views),
        "view": first,
        "rows_by_kind": rows_by_kind(content, first.matrix),
        "readings": views,
        "answers": short_answers(content),
    }
    return Page("index", "home", "home", data)


def summary(content: SiteContent, views: list[View]) -> Summary:
    """Return the figures on the whole comparison, given all readings."""
    state = content.edition().judged.state
    kinds = {row_text(row, "system"): row_text(row, "kind") for row in content.rows["systems"]}
    counts = {
        "systems": len(kinds),
        "claims": sum(len(state.counting_claims(system)) for system in state.system_states),
        "sources": len({row_text(row, "source") for row in content.rows["sources"]}),
        "criteria": len(content.rows["criteria-record"]),
        "guidelines": len({row_text(row, "guideline") for row in content.rows["guidelines"]}),
        "readings": len(views),
    }
    cells: list[Cell] = [cell for shown in views for cell in shown.matrix.cells]
    return Summary(
        counts=MappingProxyType(counts),
        kinds=MappingProxyType(Counter(kinds.values())),
        marks=MappingProxyType(Counter(cell.mark for cell in cells)),
        findings=tuple((asked, judged) for asked, every in short_answers(content) for judged in every),
    )
