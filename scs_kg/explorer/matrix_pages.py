"""Pages that compare: the matrix of a reading in one edition, and two matrices side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from scs_kg.analysis.published_table import PublishedComparison, compare_published
from scs_kg.explorer.content import ALL, JudgedEdition, SiteContent, default_edition
from scs_kg.explorer.page import Page
from scs_kg.judging.matrix import ReadingChoice
from scs_kg.model.errors import EmptyInputError, UnknownNameError
from scs_kg.model.namespaces import local_id
from scs_kg.model.nouns import Cell, Entity, Matrix
from scs_kg.store.query_library import text

YEAR: Final = "2018"  # the year of which most claims speak; a server shows any other


@dataclass(frozen=True, slots=True)
class Line:
    """One system of a matrix: its kind, and its cells in the order of the principles."""

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
        return place(self.choice, self.edition.id)


@dataclass(frozen=True, slots=True)
class Pair:
    """The same system and principle in two matrices; one of them may lack it."""

    one: Cell | None
    other: Cell | None

    @property
    def marks(self) -> tuple[str, str]:
        """Return the outcome of each, or ``unasked`` where there is no cell or no criterion to ask of it."""
        return _asked(self.one), _asked(self.other)

    @property
    def alike(self) -> bool:
        """Tell whether both look the same, so that one background and one word serve both."""
        return self.marks[0] == self.marks[1]

    @property
    def differs(self) -> bool:
        """Tell whether both have a mark, and not the same."""
        return self.one is not None and self.other is not None and self.one.outcome is not self.other.outcome


Column = tuple[Entity | None, Entity | None]


def _asked(cell: Cell | None) -> str:
    return cell.outcome if cell and cell.of else "unasked"


def place(choice: ReadingChoice, edition: str) -> str:
    """Return the address of the matrix of a reading in an edition."""
    own = f"matrix/{choice.reading.id}"
    return own if edition == default_edition(choice) else f"{own}/{edition}"


def warm(book: SiteContent) -> None:
    """Make ready what most pages show, so that no reader waits for it."""
    for choice in book.choices.values():
        view(book, choice.reading.id).edition.explained()
    book.states()


def view(book: SiteContent, reading: str, edition: str = "") -> View:
    """Return a reading, by id, in an edition, by default its own; raise UnknownNameError if there is neither."""
    by_id = {choice.reading.id: choice for choice in book.choices.values()}
    if reading not in by_id:
        raise UnknownNameError("reading", reading, by_id)
    choice = by_id[reading]
    found = book.edition(edition or default_edition(choice))
    return View(choice, found, found.matrix(choice))


def editions(book: SiteContent) -> tuple[str, ...]:
    """Return the names of the editions on offer: all claims, datasets that readings are meant for, one year."""
    datasets = sorted({choice.meant_for for choice in book.choices.values() if choice.meant_for})
    return (ALL, *datasets, f"as-of-{YEAR}")


def addresses(book: SiteContent) -> Iterator[str]:
    """Yield the addresses of all matrices and of all pairs that the static site holds."""
    for choice in book.choices.values():
        for edition in editions(book):
            yield place(choice, edition)
        yield from (f"times/{choice.reading.id}", then_and_now(choice))
        yield from (f"reading/{choice.reading.id}/{s.id}" for s in view(book, choice.reading.id).matrix.systems)
    for first, second in pairs(book):
        yield f"beside/{first}/{second}"


def then_and_now(choice: ReadingChoice) -> str:
    """Return the address of a reading on the claims up to the year on offer, beside all claims."""
    return f"beside/{choice.reading.id}/as-of-{YEAR}/{ALL}"


def pairs(book: SiteContent) -> Iterator[tuple[str, str]]:
    """Yield two readings at a time that read one guideline or two versions of one."""
    rows = book.grouped("guidelines", "guideline")
    for one, other in combinations(book.choices.values(), 2):
        revises = {text(row, "revises") for row in rows[other.guideline.iri] + rows[one.guideline.iri]}
        if one.guideline == other.guideline or {one.guideline.iri, other.guideline.iri} & revises:
            yield one.reading.id, other.reading.id


def matrix(book: SiteContent, rest: str) -> Page:
    """Build the matrix of ``reading`` or ``reading/edition``."""
    reading, _, edition = rest.partition("/")
    found = view(book, reading, edition)
    data = {
        "view": found,
        "own": found.edition.id == default_edition(found.choice),
        "lines": lines(book, found.matrix),
        "editions": [(name, place(found.choice, name)) for name in editions(book)],
        "readings": list(book.choices.values()),
        "then_and_now": then_and_now(found.choice),
        "pairs": [pair for pair in pairs(book) if reading in pair],
        "published": published(found),
    }
    return Page(found.address, "matrix", found.choice.guideline.iri, data)


def lines(book: SiteContent, found: Matrix) -> Mapping[str, list[Line]]:
    """Return the lines of a matrix by the kind of system, in the order of the library."""
    rows, cells = book.grouped("systems", "system"), {(cell.system, cell.principle): cell for cell in found.cells}
    grouped: dict[str, list[Line]] = {}
    for row in book.rows["systems"]:
        grouped.setdefault(text(row, "kind"), [])
    for system in found.systems:
        row = rows[system.iri][0]
        own = tuple(cells[system.iri, principle.iri] for principle in found.principles)
        grouped[text(row, "kind")].append(Line(system, local_id(text(row, "kind")), text(row, "region"), own))
    return {kind: found_lines for kind, found_lines in grouped.items() if found_lines}


def published(found: View) -> PublishedComparison | None:
    """Return the published table beside the derived one, if the reading follows one and its systems are all there."""
    try:
        return compare_published(found.edition.dataset, found.matrix)
    except EmptyInputError:
        return None


def beside(book: SiteContent, rest: str) -> Page:
    """Build two matrices side by side: ``reading/reading``, or ``reading/edition/edition``."""
    first, _, second = rest.partition("/")
    before, _, after = second.partition("/")
    one = view(book, first, before if after else "")
    other = view(book, first, after) if after else view(book, second)
    columns = _paired(one.matrix, other.matrix)
    rows = _rows(one.matrix, other.matrix, columns)
    count = sum(pair.differs for _, pairs_of_system in rows for pair in pairs_of_system)
    data = {"count": count, "one": one, "other": other, "columns": columns, "rows": rows}
    return Page(f"beside/{rest}", "beside", "beside", data)


def _paired(one: Matrix, other: Matrix) -> list[Column]:
    """Put principles of two matrices side by side that have the same id, in the order of the first."""
    matching = {principle.id: principle for principle in other.principles}
    columns: list[Column] = [(principle, matching.pop(principle.id, None)) for principle in one.principles]
    return [*columns, *((None, principle) for principle in matching.values())]


def _rows(one: Matrix, other: Matrix, columns: list[Column]) -> list[tuple[Entity, list[Pair]]]:
    """Return the cells of both matrices, paired, for each system of either, and whether they differ."""
    cells = [{(cell.principle, cell.system): cell for cell in matrix.cells} for matrix in (one, other)]
    rows = []
    for system in dict.fromkeys((*one.systems, *other.systems)):
        both = [
            tuple(found.get((p.iri, system.iri)) if p else None for p, found in zip(column, cells, strict=True))
            for column in columns
        ]
        rows.append((system, [Pair(first, second) for first, second in both]))
    return rows
