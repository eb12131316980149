"""Replaces English labels, definitions and texts of the data by translations in the language of the reader."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final

from scs_kg.model.entity import Entity
from scs_kg.model.matrix import Matrix
from scs_kg.render.language import gettext, language
from scs_kg.render.translated_texts import read_translations
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_text

TEXTS: Final = frozenset(
    {"demand", "feature", "ground", "locator", "note", "rationale", "reason", "statement", "system"}
)
"""Fields that contain a label, a definition or a text of the data as text, not an entity."""


def localized(dataset: Dataset, value: Any) -> Any:
    """Return a result with labels and texts in the language of the context; a text without a translation is unchanged.

    Raises:
        BadFileError: a catalogue of translations is broken.
    """
    if language() == "en":
        return value
    labels, texts = chinese_labels(dataset)
    return Relabelling(labels, {**_translations(dataset), **texts}).of(value)


def _translations(dataset: Dataset) -> Mapping[str, str]:
    """Return the Chinese translations of a project folder, and of the package if the folder adds to its data."""
    folders = dict.fromkeys((dataset.library, dataset.root))
    return {text: chinese for folder in folders for text, chinese in read_translations(folder, "zh-Hans").items()}


def local_labels(dataset: Dataset) -> Mapping[str, str]:
    """Return the labels in the language of the context, keyed by IRI; empty if the language is English."""
    return {} if language() == "en" else chinese_labels(dataset)[0]


def wording(dataset: Dataset) -> Callable[..., str]:
    """Return a function that translates messages, as ``gettext`` does, and also definitions of the ontology."""
    definitions = {} if language() == "en" else chinese_labels(dataset)[1]

    def say(message: str, /, **values: object) -> str:
        return definitions.get(message) or gettext(message, **values)

    return say


def chinese_labels(dataset: Dataset) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the Chinese labels, keyed by IRI, and the Chinese translations of English labels and definitions."""
    rows = query_library.rows(dataset, "labels")
    labels = {row_text(row, "thing"): row_text(row, "label") for row in rows if _is_chinese(row["label"])}
    texts = {
        row_text(row, "label"): labels[row_text(row, "thing")]
        for row in rows
        if row_text(row, "thing") in labels and not _is_chinese(row["label"])
    }
    texts |= {
        row_text(row, "definition"): row_text(row, "chineseDefinition")
        for row in rows
        if row_text(row, "definition") and row_text(row, "chineseDefinition")
    }
    return labels, texts


def _is_chinese(term: object) -> bool:
    return (getattr(term, "language", None) or "").lower().startswith("zh")


@dataclass(frozen=True, slots=True)
class Relabelling:
    """Replaces English labels and texts by translations in results of any depth."""

    labels: Mapping[str, str]
    texts: Mapping[str, str]

    def of(self, value: Any) -> Any:
        """Return a value in which all labels, at any depth, are replaced."""
        if isinstance(value, Entity):
            return replace(value, label=self.labels.get(value.iri, value.label))
        if isinstance(value, Matrix):
            return self._fields(value, "cells")  # cells have no labels
        if isinstance(value, tuple | list):
            return type(value)([self.of(item) for item in value])
        if is_dataclass(value) and not isinstance(value, type):
            return self._fields(value)
        return value

    def _fields(self, value: Any, *kept: str) -> Any:
        """Return a dataclass with labels replaced in its fields; some fields are unchanged."""
        changes = {}
        for field in (field for field in fields(value) if field.init and field.name not in kept):
            found = getattr(value, field.name)
            by_text = field.name in TEXTS and isinstance(found, str)
            changes[field.name] = self.texts.get(found, found) if by_text else self.of(found)
        return replace(value, **changes)
