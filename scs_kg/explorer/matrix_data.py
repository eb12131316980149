"""The data of a matrix for the scripts of its page: names, cells, deciding criteria and numbers of sources.

The file is a script and not JSON, because a page that is opened from a folder cannot fetch JSON.
"""

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any, Final

from scs_kg.explorer.cell_exports import packed_json
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.i18n import applicability_sentence, edition_label, label, messages_for, selection_sentence
from scs_kg.explorer.matrix_pages import View, rows_by_kind
from scs_kg.explorer.page import LANGUAGES
from scs_kg.judging.cells import deciding_verdicts
from scs_kg.model.matrix import Cell, Mark
from scs_kg.model.namespaces import local_id
from scs_kg.model.verdicts import OpenReason
from scs_kg.render.cell_sentence import cell_words
from scs_kg.render.data import MODE_IDS
from scs_kg.render.language import gettext
from scs_kg.render.principle_labels import principle_numbers
from scs_kg.render.table import REASONS, marked
from scs_kg.store.query_library import row_text

HASH_LENGTH: Final = 10


class Numbering:
    """Numbers distinct values in the order of their first use."""

    def __init__(self) -> None:
        self._numbers: Final[dict[Any, int]] = {}

    def number(self, value: Any) -> int:
        """Return the number of a value; a new value gets the next number."""
        return self._numbers.setdefault(value, len(self._numbers))

    def of_set(self, values: Iterable[str]) -> list[int]:
        """Return the sorted numbers of the members of a set; new members get numbers in sorted order."""
        return sorted(map(self.number, sorted(values)))

    def values(self) -> list[Any]:
        """Return the values in the order of their numbers."""
        return list(self._numbers)


def matrix_script(content: SiteContent, shown: View) -> str:
    """Return the script with the data of a matrix; it calls ``receiveMatrix`` with the packed ``matrix_object``."""
    return f'receiveMatrix("{packed_json(matrix_object(content, shown))}");\n'


def script_address(shown: View, script: str) -> str:
    """Return the address of a script with the data of a matrix; changed data has another address, for caches."""
    return f"{shown.address}.js?{sha256(script.encode()).hexdigest()[:HASH_LENGTH]}"


def matrix_object(content: SiteContent, shown: View) -> dict[str, Any]:
    """Return the data of a matrix as a JSON object.

    A text is a list of one text per language of ``LANGUAGES``; a name is a list of pairs of text and language tag.
    ``systems`` are lists of id, name, number of the kind, and name of the region; ``principles`` are lists of id,
    number or article, and name. ``cells`` has for each system a list of the numbers of its cells in ``variants``.
    """
    matrix, variants = shown.matrix, CellVariants(content, shown)
    rows = rows_by_kind(content, matrix)
    kinds = list(rows)
    cells = [[variants.number(cell) for cell in row.cells] for of_kind in rows.values() for row in of_kind]
    numbers = principle_numbers(matrix)
    return {
        "id": shown.choice.reading.id,
        "edition": shown.edition.id,
        "page": shown.address,
        "norm": matrix.guideline.id,
        "family": first_version(content, matrix.guideline.iri),
        "guideline": name(content, matrix.guideline.iri),
        "reading": name(content, matrix.reading.iri),
        "claims": [edition_label(content, shown.edition.id, language) for language in LANGUAGES],
        "selection": [selection_sentence(content, matrix.selection, language) for language in LANGUAGES],
        "applicability": [applicability_sentence(content, matrix.applicability, language) for language in LANGUAGES],
        "kinds": [[local_id(kind).lower(), name(content, kind)] for kind in kinds],
        "systems": [
            [row.system.id, name(content, row.system.iri), kinds.index(kind), name(content, row.region)]
            for kind, of_kind in rows.items()
            for row in of_kind
        ],
        "principles": [[p.id, numbers[p.iri], name(content, p.iri)] for p in matrix.principles],
        "texts": variants.texts.values(),
        "criteria": [name(content, criterion) for criterion in variants.criteria.values()],
        "variants": variants.variants.values(),
        "cells": cells,
    }


def first_version(content: SiteContent, guideline: str) -> str:
    """Return the id of the first version of a guideline; versions of a guideline share the ids of their principles."""
    rows, versions = content.grouped("guidelines", "guideline"), [guideline]
    while revised := {row_text(row, "revises") for row in rows[versions[-1]]} - {"", *versions}:
        versions.append(min(revised))
    return local_id(versions[-1])


def name(content: SiteContent, iri: str) -> list[list[str]]:
    """Return the name of a thing with its language tag, for each language of the pages."""
    tags = {"zh-hans": "zh-Hans"}
    found = (label(content, iri, language) for language in LANGUAGES)
    return [[text, tags.get(tag, tag)] for text, tag in found]


class CellVariants:
    """The distinct cells of a matrix. Many cells are equal, so each distinct cell is stored once.

    A variant is a tuple. The tuple begins with the mark, the sign with counts and scope, the index of the words, and
    the index of the reason why the cell is open (-1 without a reason). The next items are the numbers of the deciding
    criteria, the number of their sources, the scopes, and the modes of the deciding claims. An index is a position in
    ``texts``.
    """

    def __init__(self, content: SiteContent, shown: View) -> None:
        self._matrix: Final = shown.matrix
        self._claims: Final = content.grouped("claims", "claim")
        self.texts, self.criteria, self.variants = Numbering(), Numbering(), Numbering()

    def number(self, cell: Cell) -> int:
        """Return the number of a cell among the distinct cells."""
        own = [verdict for verdict in cell.verdicts if verdict.criterion not in cell.supporting]
        deciding = deciding_verdicts(cell.mark, own)
        sources = {row_text(self._claims[claim][0], "source") for verdict in deciding for claim in verdict.demand}
        is_open = cell.open_reason and cell.mark is Mark.NOT_KNOWN
        return self.variants.number(
            (
                str(cell.mark),
                marked(cell),
                self._text(lambda: cell_words(self._matrix, cell)),
                self._text(lambda: gettext(REASONS[OpenReason(cell.open_reason or "")])) if is_open else -1,
                tuple(self.criteria.number(verdict.criterion) for verdict in deciding),
                len(sources),
                tuple(map(str, cell.scope)),
                tuple(MODE_IDS[mode] for mode in cell.modes),
            )
        )

    def _text(self, text: Callable[[], str]) -> int:
        """Return the position in ``texts`` of what ``text`` returns in each language of the pages."""
        found = []
        for language in LANGUAGES:
            with messages_for(language):
                found.append(text())
        return self.texts.number(tuple(found))
