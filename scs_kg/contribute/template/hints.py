"""The comment on each field of a template: its definition and its allowed values."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Protocol

from scs_kg.contribute.read import ReadingContext
from scs_kg.contribute.read.fields import OWN_LANGUAGE, Field
from scs_kg.contribute.read.kinds import FEATURE_KINDS
from scs_kg.model.namespaces import RDF


class Wording(Protocol):
    """A function that fills values into a message and returns it in the language of the reader."""

    def __call__(self, message: str, /, **values: object) -> str:
        """Return the message."""


def english(message: str, /, **values: object) -> str:
    """Return a message as it is written, with its values."""
    return message.format(**values) if values else message


LISTED_IDS: Final = 12
"""If a class has at most this number of ids, a hint lists all of them; otherwise it gives an example."""
FILLED_IN: Final = ("inGuideline", "inReading", "number", "cellRule")
"""Fields that are filled in if they are left out, in a file with one guideline or one reading."""
_TYPES: Final[Mapping[tuple[str, ...], str]] = MappingProxyType(
    {
        ("date", "gYear", "gYearMonth"): "Write a year, month or day: 2019, 2019-06 or 2019-06-30.",
        ("decimal", "integer"): "Write a number.",
        ("date",): "Write a day: 2019-06-30.",
        ("integer",): "Write a whole number.",
        ("boolean",): "Write true, or leave it out.",
    }
)


def hint(context: ReadingContext, field: Field, say: Wording = english) -> str:
    """Return whether a field is required, its definition, and its allowed values."""
    need = say("Filled in if left out.") if field.name in FILLED_IN else say("Required.") if field.required else ""
    many = say("Several values are allowed.") if field.many else ""
    definition = say(field.definition) if field.definition else ""
    return say(" ").join(filter(None, (need, definition, _values(context, field, say), many)))


def _values(context: ReadingContext, field: Field, say: Wording) -> str:
    if field.value_class:
        ids = context.names.ids(field.value_class)
        if not ids:
            return say("Write its id.")
        if len(ids) <= LISTED_IDS:
            return say("One of: {ids}.", ids=say(", ").join(ids))
        return say(
            "One of {number} ids, for example {id}, or a label in English or Chinese.", number=len(ids), id=ids[0]
        )
    return _literals(field, say)


def _literals(field: Field, say: Wording) -> str:
    if field.predicate == RDF + "type":
        return say("One of: {ids}.", ids=say(", ").join(FEATURE_KINDS))
    if field.is_address:
        return say("Write a web address.")
    if field.language == OWN_LANGUAGE:
        if field.name == "title":
            return say("Write a text in the language of the source.")
        return say("Write a text in English; a translation is optional, as 'zh-Hans: …' below 'en: …'.")
    if field.datatypes in _TYPES:
        return say(_TYPES[field.datatypes])
    return say("Write a text in English.") if field.language else say("Write a text.")
