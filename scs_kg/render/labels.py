"""Puts the labels and definitions of the reader's language in the place of the English ones."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from scs_kg.model.entity import Entity
from scs_kg.render.language import language
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_text


def localized(dataset: Dataset, value: Any) -> Any:
    """Return a result whose entities have the labels of the language of the context, where the data has them."""
    return value if language() == "en" else relabelled(value, chinese_labels(dataset))


def chinese_labels(dataset: Dataset) -> Mapping[str, str]:
    """Return the Chinese label of each thing by its IRI."""
    rows = query_library.rows(dataset, "labels")
    return {row_text(row, "thing"): row_text(row, "label") for row in rows if is_chinese(row["label"])}


def is_chinese(term: object) -> bool:
    """Tell whether a literal is in Chinese."""
    return (getattr(term, "language", None) or "").lower().startswith("zh")


def relabelled(value: Any, labels: Mapping[str, str]) -> Any:
    """Return a value, and all that is in it, with other labels for the entities that have one."""
    if isinstance(value, Entity):
        return replace(value, label=labels.get(value.iri, value.label))
    if isinstance(value, tuple | list):
        found = [relabelled(item, labels) for item in value]
        return type(value)(found)
    if is_dataclass(value) and not isinstance(value, type):
        changes = {field.name: relabelled(getattr(value, field.name), labels) for field in fields(value) if field.init}
        return replace(value, **changes)
    return value
