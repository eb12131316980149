"""The comment on each field of a template: its definition and its allowed values."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from scs_kg.contribute.read import ReadingContext
from scs_kg.contribute.read.fields import OWN_LANGUAGE, Field
from scs_kg.contribute.read.kinds import FEATURE_KINDS
from scs_kg.model.namespaces import RDF

_TRANSLATED: Final = "Write a text in English; a translation is optional, as 'zh-Hans: …' below 'en: …'."
LISTED_IDS: Final = 12
"""If a class has at most this number of ids, a hint lists all of them; otherwise it gives an example."""
FILLED_IN: Final = ("inGuideline", "inReading", "number", "cellRule")
"""Fields that are filled in if they are left out, in a file with one guideline or one reading."""
_TYPES: Final[Mapping[tuple[str, ...], str]] = MappingProxyType(
    {
        ("date", "gYear", "gYearMonth"): "a year, month or day: 2019, 2019-06 or 2019-06-30",
        ("decimal", "integer"): "a number",
        ("date",): "a day: 2019-06-30",
        ("integer",): "a whole number",
        ("boolean",): "true, or leave it out",
    }
)


def hint(context: ReadingContext, field: Field) -> str:
    """Return whether a field is required, its definition, and its allowed values."""
    need = "Filled in if left out. " if field.name in FILLED_IN else "Required. " if field.required else ""
    many = " Several values are allowed." if field.many else ""
    definition = f"{field.definition} " if field.definition else ""
    return f"{need}{definition}{_values(context, field)}{many}"


def _values(context: ReadingContext, field: Field) -> str:
    if field.value_class:
        ids = context.names.ids(field.value_class)
        if not ids:
            return "Write its id."
        if len(ids) <= LISTED_IDS:
            return f"One of: {', '.join(ids)}."
        return f"One of {len(ids)} ids, for example {ids[0]}, or a label in English or Chinese."
    return _literals(field)


def _literals(field: Field) -> str:
    if field.predicate == RDF + "type":
        return f"One of: {', '.join(FEATURE_KINDS)}."
    if field.is_address:
        return "Write a web address."
    if field.language == OWN_LANGUAGE:
        return "Write a text in the language of the source." if field.name == "title" else _TRANSLATED
    kinds = _TYPES.get(field.datatypes)
    return f"Write {kinds}." if kinds else "Write a text in English." if field.language else "Write a text."
