"""The language of messages: English as written in the code, or Chinese from the catalogues in ``chinese/``.

A catalogue is a TOML file that maps an English message to its translation, as gettext does. ``gettext`` and
``ngettext`` look a message up and fill in its values in braces. ``translated`` translates a complete sentence,
such as the message of an exception: it finds the entry of the catalogues in ``PATTERNS`` whose pattern the sentence
matches.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Final

from scs_kg.model.advice import COMMAND_LINE
from scs_kg.model.errors import ScsError

LANGUAGES: Final = ("en", "zh")
CATALOGUES: Final = ("messages", "cells", "help", "errors", "faults", "usage", "advice")
PATTERNS: Final = ("errors", "faults", "usage", "advice")
"""The catalogues of complete sentences, whose values are found by patterns."""
VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The environment variables of the locale; the first one that is set is used (POSIX.1-2017, section 8.2)."""

_language: ContextVar[str] = ContextVar("language", default="en")
WORDS: Final = frozenset(
    {"advice", "derived", "expected", "kind", "mark", "message", "published", "reason", "task", "there"}
)
"""The names of values that are themselves messages and must be translated."""
_PLACE: Final = re.compile(r"[./:]|^-$")
"""Matches the name of a file, a position in a file, or a prefixed name."""


def language() -> str:
    """Return the language of messages in this context, ``en`` or ``zh``."""
    return _language.get()


def use_language(name: str) -> None:
    """Set the language of messages in this context."""
    _language.set(name)


@contextmanager
def messages_in(name: str) -> Iterator[None]:
    """Set the language of messages for the duration of a ``with`` block."""
    token = _language.set(name)
    try:
        yield
    finally:
        _language.reset(token)


def language_of_locale(environment: Mapping[str, str] = os.environ) -> str:
    """Return ``zh`` if the locale is a Chinese one, else ``en``."""
    locale = next((environment[name] for name in VARIABLES if environment.get(name)), "")
    return "zh" if re.match(r"zh(?![a-z])", locale, re.IGNORECASE) else "en"


def gettext(message: str, /, **values: object) -> str:
    """Return a message in the language of the context, with the values in place of their names in braces."""
    found = message if language() == "en" else catalogue().get(message, message)
    return _filled(found, {name: str(value) for name, value in values.items()}) if values else found


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """Return the singular or plural form of a message; it can contain ``{number}``.

    Most messages have one form in Chinese, which the catalogues have under the English plural. A message for a group,
    such as "each of these", also has a form for one under the English singular.
    """
    singular = number == 1 and (language() == "en" or one in catalogue())
    return gettext(one if singular else many, number=f"{number:,}", **values)


def listed(names: Iterable[object], between: str = ", ") -> str:
    """Return names as a list in the language of the context, with commas or other words between them."""
    return gettext(between).join(map(str, names))


def joined(sentences: Iterable[str]) -> str:
    """Return sentences, without the empty ones, as running text; Chinese has no spaces between sentences."""
    return ("" if language() == "zh" else " ").join(filter(None, sentences))


@cache
def catalogue(*names: str) -> Mapping[str, str]:
    """Map each English message to its Chinese translation, from the named catalogues (default: all)."""
    import tomllib
    from importlib.resources import files

    folder = files("scs_kg.render") / "chinese"
    found: dict[str, str] = {}
    for name in names or CATALOGUES:
        found |= tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))
    return found


def translated(sentence: str) -> str:
    """Translate a complete English sentence to the language of the context; an unknown sentence is unchanged."""
    return sentence if language() == "en" else _chinese(sentence)


def error_text(error: ScsError) -> str:
    """Return the message and the advice of an error in the words of the command line and the language of the context.

    Message and advice are translated separately.
    """
    return translated(error.message) + advice_text(error)


def advice_text(error: ScsError) -> str:
    """Return the advice of an error in the words of the command line and the language of the context."""
    return "".join(translated(COMMAND_LINE.clause(one)) for one in error.advice)


def _chinese(sentence: str) -> str:
    if sentence in catalogue():
        return catalogue()[sentence]
    for pattern, translation in _patterns():
        if found := pattern.fullmatch(sentence):
            return _filled(translation, {name: _value(name, text) for name, text in found.groupdict().items()})
    place, colon, rest = sentence.partition(": ")
    return f"{place}: {_chinese(rest)}" if colon and _PLACE.search(place) else sentence


def _value(name: str, text: str) -> str:
    """Translate a value that is itself a message; names and quotations are unchanged."""
    if name == "names":
        return text.replace(" or ", catalogue()[", "])
    if name == "commands":
        return text.replace("'", "").replace(" and ", catalogue()[", "])
    return _chinese(text) if name in WORDS else text


def _filled(message: str, values: Mapping[str, str]) -> str:
    """Replace the names in braces by their values; other text in braces is unchanged."""
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), message)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return a pattern for each error with values, and its translation; the most specific come first.

    A message that begins with a value could match the end of a longer message, so that it comes after the others.
    """
    found = [(message, chinese) for message, chinese in catalogue(*PATTERNS).items() if "{" in message]
    found.sort(key=lambda pair: (pair[0].startswith("{"), -len(re.sub(r"\{\w+\}", "", pair[0]))))
    return tuple((re.compile(_expression(message), re.DOTALL), chinese) for message, chinese in found)


def _expression(message: str) -> str:
    parts = re.split(r"\{(\w+)\}", message)
    seen: set[str] = set()
    expression = ""
    for number, part in enumerate(parts):
        if number % 2 == 0:
            expression += re.escape(part)
        else:
            expression += f"(?P={part})" if part in seen else f"(?P<{part}>.+?)"
            seen.add(part)
    return expression
