"""The citation of a cell: author, title, version, date and address, in the language of the context."""

from dataclasses import dataclass
from typing import Final

from scs_kg.analysis.explanation import Explanation
from scs_kg.model.matrix import Cell, Matrix
from scs_kg.model.namespaces import BASE
from scs_kg.model.version import __version__
from scs_kg.render.cell_sentence import cell_words
from scs_kg.render.language import gettext as _
from scs_kg.render.language import listed
from scs_kg.render.sentences import selection_sentence
from scs_kg.render.table import marked

AUTHOR: Final = "The scs-kg contributors"


@dataclass(frozen=True, slots=True)
class CellCitation:
    """The parts of the citation of a cell.

    ``issued`` is the date of the data, or empty; ``counted`` is a sentence. ``additions`` has the names of the
    user's folder or file whose records were added to the data.
    """

    author: str
    title: str
    version: str
    issued: str
    counted: str
    address: str
    additions: tuple[str, ...] = ()


def cell_citation(found: Explanation) -> CellCitation:
    """Return the citation of an explained cell, with the mark, its counts and its scope in the title."""
    matrix = found.matrix
    title = _(
        "{system} and {principle} ({guideline}, read {reading}): {result}",
        system=found.system.label,
        principle=found.principle.label,
        guideline=matrix.guideline.label,
        reading=matrix.reading.label,
        result=cell_result(matrix, found.cell),
    )
    address = f"{BASE}reading/{matrix.reading.id}/{found.system.id}#{found.principle.id}"
    counted = selection_sentence(matrix.selection)
    return CellCitation(AUTHOR, title, __version__, found.issued, counted, address, found.additions)


def citation_text(one: CellCitation) -> str:
    """Return a citation as text; a cell computed with the user's own records has no author and no address."""
    version = f"scs-kg {one.version}"
    if one.issued:
        version = _("{version}, {date}", version=version, date=one.issued)
    if one.additions:
        return _(
            "{title}. Computed by {version}, with added data that scs-kg does not publish: {names}. {counted}",
            title=one.title,
            version=version,
            names=listed(one.additions),
            counted=one.counted,
        )
    return _(
        "{author}: {title}. {version}. {counted} {address}",
        author=_(one.author),
        title=one.title,
        version=version,
        counted=one.counted,
        address=one.address,
    )


def cell_result(matrix: Matrix, cell: Cell) -> str:
    """Return the mark of a cell with counts and scope, as signs and as words: ``× 1/3 h, not met, in hindsight``."""
    return _("{mark}, {words}", mark=marked(cell), words=cell_words(matrix, cell))
