"""Pages with matrices: one matrix, two matrices cell by cell, and any systems and readings side by side."""

from dataclasses import dataclass

from scs_kg.analysis.published_table import PublishedComparison, compare_published
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.editions import default_edition
from scs_kg.explorer.matrix_data import matrix_script, script_address
from scs_kg.explorer.matrix_pages import (
    View,
    comparable_readings,
    editions,
    matrix_address,
    mode_addresses,
    rows_by_kind,
    static_editions,
    view,
    year_comparison_address,
)
from scs_kg.explorer.page import Page
from scs_kg.model.entity import Entity
from scs_kg.model.errors import EmptyInputError
from scs_kg.model.matrix import Cell, Matrix
from scs_kg.render.table import marked


@dataclass(frozen=True, slots=True)
class CellPair:
    """The cells of one system and principle in two matrices; None if a matrix has no such cell."""

    one: Cell | None
    other: Cell | None

    @property
    def same(self) -> bool:
        """Return whether both cells have the same content; in this case, the page shows the content once."""
        return self.one is not None and self.other is not None and marked(self.one) == marked(self.other)

    @property
    def differs(self) -> bool:
        """Return whether both cells exist and their marks differ."""
        return self.one is not None and self.other is not None and self.one.mark is not self.other.mark


Column = tuple[Entity | None, Entity | None]


def matrix(content: SiteContent, path: str) -> Page:
    """Build the matrix of ``reading`` or ``reading/edition``."""
    reading, _, edition = path.partition("/")
    shown = view(content, reading, edition)
    script = matrix_script(content, shown)
    data = {
        "view": shown,
        "script": script,
        "script_address": script_address(shown, script),
        "own": shown.edition.id == default_edition(shown.choice),
        "rows_by_kind": rows_by_kind(content, shown.matrix),
        "editions": [(name, matrix_address(shown.choice, name)) for name in editions(content)],
        "static_editions": static_editions(content, shown.choice),
        "readings": list(content.choices.values()),
        "modes": mode_addresses(content, shown.choice),
        "year_comparison": year_comparison_address(shown.choice),
        "pairs": [pair for pair in comparable_readings(content) if reading in pair],
        "published": published_comparison(shown),
    }
    return Page(shown.address, "matrix", shown.choice.guideline.iri, data)


def published_comparison(shown: View) -> PublishedComparison | None:
    """Compare a matrix with the published table of its reading; None if no published table covers its systems."""
    try:
        return compare_published(shown.edition.judged.dataset, shown.matrix)
    except EmptyInputError:
        return None


def side_by_side(content: SiteContent, path: str) -> Page:
    """Build two matrices side by side: ``reading/reading``, or ``reading/edition/edition``."""
    first, _, second = path.partition("/")
    before, _, after = second.partition("/")
    one = view(content, first, before if after else "")
    other = view(content, first, after) if after else view(content, second)
    columns = _columns(one.matrix, other.matrix)
    rows = _rows(one.matrix, other.matrix, columns)
    count = sum(pair.differs for _, pairs in rows for pair in pairs)
    data = {"count": count, "one": one, "other": other, "columns": columns, "rows": rows}
    return Page(f"beside/{path}", "side_by_side", "side_by_side", data)


def compare(content: SiteContent, _: str) -> Page:
    """Build the page that shows any systems and readings side by side, and that links to the pages for two readings."""
    views = [view(content, choice.reading.id) for choice in content.choices.values()]
    matrices = [shown.matrix for shown in views]
    data = {
        "views": [(shown, script_address(shown, matrix_script(content, shown))) for shown in views],
        "matrices": matrices,
        "rows_by_kind": rows_by_kind(content, max(matrices, key=lambda matrix: len(matrix.systems))),
        "first_systems": min(matrices, key=lambda matrix: len(matrix.systems)).systems,
        "first_reading": max(matrices, key=lambda matrix: len(matrix.principles)).reading.id,
        "pairs": list(comparable_readings(content)),
    }
    return Page("compare", "compare", "compare", data)


def _columns(one: Matrix, other: Matrix) -> list[Column]:
    """Pair the principles of two matrices by id, in the order of the first matrix."""
    matching = {principle.id: principle for principle in other.principles}
    columns: list[Column] = [(principle, matching.pop(principle.id, None)) for principle in one.principles]
    return [*columns, *((None, principle) for principle in matching.values())]


def _rows(one: Matrix, other: Matrix, columns: list[Column]) -> list[tuple[Entity, list[CellPair]]]:
    """Return the paired cells for each system of either matrix."""
    cells = [{(cell.principle, cell.system): cell for cell in matrix.cells} for matrix in (one, other)]
    rows = []
    for system in dict.fromkeys((*one.systems, *other.systems)):
        both = [
            tuple(found.get((p.iri, system.iri)) if p else None for p, found in zip(column, cells, strict=True))
            for column in columns
        ]
        rows.append((system, [CellPair(first, second) for first, second in both]))
    return rows
