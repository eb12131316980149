"""Readings in editions, their matrices, and the addresses of the pages that show them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.editions import ALL_CLAIMS, JudgedEdition, default_edition
from scs_kg.judging.readings import ReadingChoice
from scs_kg.model.entity import Entity
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.matrix import Cell, Matrix
from scs_kg.model.namespaces import local_id
from scs_kg.model.selection import MODES
from scs_kg.store.query_library import row_text

AS_OF: Final = "as-of-"
YEAR: Final = "2018"  # the year with the most claims; a server can show any other year


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One system of a matrix: its kind, its region, and its cells in the order of the principles."""

    system: Entity
    kind: str
    region: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A reading in an edition."""

    choice: ReadingChoice
    edition: JudgedEdition
    matrix: Matrix

    @property
    def address(self) -> str:
        """Return the address of its matrix."""
        return matrix_address(self.choice, self.edition.id)


def matrix_address(choice: ReadingChoice, edition: str) -> str:
    """Return the address of the matrix of a reading in an edition."""
    own = f"matrix/{choice.reading.id}"
    return own if edition == default_edition(choice) else f"{own}/{edition}"


def fill_caches(content: SiteContent) -> None:
    """Compute in advance the data that most pages need, so that no request waits for it."""
    fill_views(content)
    content.verdict_periods()


def fill_views(content: SiteContent) -> None:
    """Compute the matrix of each reading and the data that explanations of its cells need."""
    for choice in content.choices.values():
        _ = view(content, choice.reading.id).edition.explanation_context


def view(content: SiteContent, reading: str, edition: str = "") -> View:
    """Return a reading, given by id, in an edition; if no edition is given, in the default edition of the reading.

    Raises:
        UnknownNameError: there is no such reading or edition.
        EmptyInputError: the edition has no claims.
    """
    by_id = {choice.reading.id: choice for choice in content.choices.values()}
    if reading not in by_id:
        raise UnknownNameError("reading", reading, by_id)
    choice = by_id[reading]
    judged = content.edition(edition or default_edition(choice))
    return View(choice, judged, judged.matrix(choice))


def editions(content: SiteContent) -> tuple[str, ...]:
    """Return the names of the editions that the pages of a server link to: all claims, datasets of readings, one year.

    The static site has some of them, see ``static_editions``.
    """
    datasets = sorted({choice.written_for for choice in content.choices.values() if choice.written_for})
    return (ALL_CLAIMS, *datasets, f"{AS_OF}{YEAR}")


def static_editions(content: SiteContent, choice: ReadingChoice) -> tuple[str, ...]:
    """Return the names of the editions of a reading on the static site: all claims, and datasets on its guideline.

    Other editions would add 2.5 MB to the static site and are less useful. The page of changes over time shows one
    year, too. A dataset for which a reading was written matters only for the guideline of this reading.
    """
    others = (other for other in content.choices.values() if other.guideline == choice.guideline)
    return (ALL_CLAIMS, *sorted({other.written_for for other in others if other.written_for}))


def addresses(content: SiteContent) -> Iterator[str]:
    """Yield the addresses of all pages of the static site that show a matrix, its cells or its changes."""
    for choice in content.choices.values():
        yield from (matrix_address(choice, edition) for edition in static_editions(content, choice))
        yield from (f"times/{choice.reading.id}", f"own-reading/{choice.reading.id}")
        yield from (f"reading/{choice.reading.id}/{s.id}" for s in view(content, choice.reading.id).matrix.systems)
    for first, second in comparable_readings(content):
        yield f"beside/{first}/{second}"


def year_comparison_address(choice: ReadingChoice) -> str:
    """Return the address of a reading on the claims up to ``YEAR``, side by side with all claims."""
    return f"beside/{choice.reading.id}/{AS_OF}{YEAR}/{ALL_CLAIMS}"


def mode_addresses(content: SiteContent, choice: ReadingChoice) -> list[str]:
    """Return the addresses of a reading on claims about rules, on claims about practice, and of both side by side.

    Only a server has these pages. On the static site, they would add 3 MB, and the build would take a fifth longer.
    """
    both = [f"beside/{choice.reading.id}/{'/'.join(MODES)}"] if content.modes == MODES else []
    return [*(matrix_address(choice, mode) for mode in content.modes), *both]


def comparable_readings(content: SiteContent) -> Iterator[tuple[str, str]]:
    """Yield the ids of each pair of readings of the same guideline, or of two versions of a guideline."""
    rows = content.grouped("guidelines", "guideline")
    for one, other in combinations(content.choices.values(), 2):
        revises = {row_text(row, "revises") for row in rows[other.guideline.iri] + rows[one.guideline.iri]}
        if one.guideline == other.guideline or {one.guideline.iri, other.guideline.iri} & revises:
            yield one.reading.id, other.reading.id


def rows_by_kind(content: SiteContent, shown: Matrix) -> Mapping[str, list[MatrixRow]]:
    """Return the rows of a matrix, grouped by kind of system; the kinds are in the order of the query ``systems``."""
    systems, cells = content.grouped("systems", "system"), {(cell.system, cell.principle): cell for cell in shown.cells}
    grouped: dict[str, list[MatrixRow]] = {}
    for row in content.rows["systems"]:
        grouped.setdefault(row_text(row, "kind"), [])
    for system in shown.systems:
        row = systems[system.iri][0]
        own = tuple(cells[system.iri, principle.iri] for principle in shown.principles)
        grouped[row_text(row, "kind")].append(
            MatrixRow(system, local_id(row_text(row, "kind")), row_text(row, "region"), own)
        )
    return {kind: rows for kind, rows in grouped.items() if rows}
