"""Turns the text of a field into a literal, with the datatype or the language that the field takes."""

import re
from typing import Any, Final

from scs_kg.contribute.read.draft import WrittenValue
from scs_kg.contribute.read.fields import OWN_LANGUAGE, Field

_LEXICAL: Final = {
    "boolean": re.compile("true|false", re.IGNORECASE),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "decimal": re.compile(r"[+-]?\d*\.\d+"),
    "gYear": re.compile(r"\d{4}"),
    "gYearMonth": re.compile(r"\d{4}-\d\d"),
    "integer": re.compile(r"[+-]?\d+"),
}

Fields = list[tuple[Field, tuple[WrittenValue, ...]]]
"""The fields of a record, each with its values."""


def literal(known: Field, value: WrittenValue, fields: Fields) -> Any:
    """Return a text as a literal.

    The literal has the first datatype of the field that fits the text, or else a language tag if the field takes one.
    """
    if datatype := lexical_datatype(known, value.text):
        return {"@value": value.text.lower(), "@type": f"xsd:{datatype}"}
    if known.language == OWN_LANGUAGE:
        language = next((values[0].text for other, values in fields if other.name == "language"), "en")
        return {"@value": value.text, "@language": _tag(value.language or language)}
    return value.text


def lexical_datatype(known: Field, text: str) -> str:
    """Return the local name of the first XSD datatype of a field that fits a text, or ``""``."""
    fitting = (name for name in known.datatypes if name in _LEXICAL and _LEXICAL[name].fullmatch(text))
    return next(fitting, "")


def _tag(language: str) -> str:
    """Return the language tag (BCP 47), or 'und' if it is malformed."""
    return language if re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", language) else "und"
