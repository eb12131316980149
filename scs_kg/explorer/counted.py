"""Phrases that count cells by mark, such as "3 are met", in the language of the page."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from scs_kg.model.matrix import Cell, Mark, Matrix
from scs_kg.render.language import gettext
from scs_kg.render.table import MARK_WORDS, words_of_marks

COUNTING_ORDER: Final = (
    Mark.MET,
    Mark.NOT_MET,
    Mark.NOT_MET_INTERPRETED,
    Mark.PARTLY_MET,
    Mark.NOT_KNOWN,
    Mark.INAPPLICABLE,
    Mark.NOT_ASKED,
)
"""The order of marks in a sentence that counts them."""


def counted_marks(matrix: Matrix, cells: Iterable[Cell], phrases: Mapping[str, str]) -> list[str]:
    """Return a phrase for each mark of some cells, in the words of the matrix; ``phrases`` are in one language."""
    return _phrases(Counter(cell.mark for cell in cells), words_of_marks(matrix), phrases)


def counted_totals(marks: Mapping[Mark, int], phrases: Mapping[str, str]) -> list[str]:
    """Return a phrase for each mark that occurs in several matrices, given the number of cells with the mark."""
    return _phrases(marks, MARK_WORDS, phrases)


def _phrases(marks: Mapping[Mark, int], said: Mapping[Mark, str], phrases: Mapping[str, str]) -> list[str]:
    return [counted(mark, marks[mark], gettext(said[mark]), phrases) for mark in COUNTING_ORDER if marks.get(mark)]


def counted(mark: Mark, count: int, said: str, phrases: Mapping[str, str]) -> str:
    """Return a phrase such as "3 are met" for a number of cells and the words of their mark."""
    number = "one" if count == 1 else "many"
    key = f"{number}_{mark}" if f"{number}_{mark}" in phrases else number
    return phrases[key].format(count=f"{count:,}", mark=said)
