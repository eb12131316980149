"""Translations of texts that are written in English only: those of the data, and those of the documentation.

A catalogue works as in gettext: its key is the English text itself. If the English text changes, its translation no
longer applies, and pages show the English text until somebody translates it. The files
``data/translations/LANGUAGE/NAME.csv`` have the statements, reasons, locators and notes of the data.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from scs_kg.model.errors import BadFileError
from scs_kg.store.csv_table import table_rows

FOLDER: Final = "data/translations"
COLUMNS: Final = ("english", "translation")


def read_translations(root: Path, language: str) -> Mapping[str, str]:
    """Return the translation of each English text in a language of the pages; empty for a project without translations.

    Raises the errors of ``read_catalogues``.
    """
    return read_catalogues(sorted((root / FOLDER / language).glob("*.csv")))


def read_catalogues(paths: Iterable[Path]) -> Mapping[str, str]:
    """Return the translation of each English text in some catalogues.

    Raises:
        BadFileError: a file is not a table with these columns, a cell is empty, or an English text occurs twice.
    """
    found: dict[str, str] = {}
    for path in paths:
        for line, row in table_rows(path, COLUMNS):
            english, translation = (row[column] for column in COLUMNS)
            if not english or not translation:
                raise BadFileError(path, line, "has an empty cell; write the English text and its translation")
            if english in found:
                raise BadFileError(path, line, "repeats an English text; keep one translation of it")
            found[english] = translation
    return MappingProxyType(found)
