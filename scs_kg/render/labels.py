"""Puts the labels and definitions of the reader's language in the place of the English ones."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final

from scs_kg.model.entity import Entity
from scs_kg.model.matrix import Matrix
from scs_kg.render.language import language
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_text

TEXTS: Final = frozenset({"demand", "feature", "system"})
"""Fields that hold a label or a definition itself."""


def localized(dataset: Dataset, value: Any) -> Any:
    """Return a result whose entities have the labels of the language of the context, where the data has them."""
    if language() == "en":
        return value
    labels, texts = chinese_labels(dataset)
    return Relabelling(labels, texts).of(value)


def chinese_labels(dataset: Dataset) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the Chinese label of each thing by its IRI, and the Chinese of each English label and definition."""
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
    """Replaces English labels by those of other languages in results of any depth."""

    labels: Mapping[str, str]
    texts: Mapping[str, str]

    def of(self, value: Any) -> Any:
        """Return a value, and all that is in it, with the labels of the reader's language."""
        if isinstance(value, Entity):
            return replace(value, label=self.labels.get(value.iri, value.label))
        if isinstance(value, Matrix):
            return self._fields(value, "cells")  # which have no labels
        if isinstance(value, tuple | list):
            return type(value)([self.of(item) for item in value])
        if is_dataclass(value) and not isinstance(value, type):
            return self._fields(value)
        return value

    def _fields(self, value: Any, *kept: str) -> Any:
        """Return a dataclass with its fields relabelled; some are kept as they are."""
        changes = {}
        for field in (field for field in fields(value) if field.init and field.name not in kept):
            found = getattr(value, field.name)
            by_text = field.name in TEXTS and isinstance(found, str)
            changes[field.name] = self.texts.get(found, found) if by_text else self.of(found)
        return replace(value, **changes)
