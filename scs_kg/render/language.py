"""The language of messages: English as written in the code, or Chinese from the catalogues in ``chinese/``.

A catalogue is a TOML file that maps an English message to its translation, as gettext does. ``gettext`` and
``ngettext`` look a message up and fill in its values in braces. ``translated`` translates a complete sentence, such as
the message of an exception. It finds the entry of the catalogues in ``PATTERNS`` whose pattern matches the sentence.
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
CATALOGUES: Final = (
    "messages",
    "cells",
    "help",
    "templates",
    "errors",
    "stores",
    "reasons",
    "faults",
    "usage",
    "advice",
)
PATTERNS: Final = ("errors", "stores", "reasons", "faults", "usage", "advice")
"""The catalogues of complete sentences, whose values are found by patterns."""
VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The environment variables of the locale; the first one that is set is used (POSIX.1-2017, section 8.2)."""

_language: ContextVar[str] = ContextVar("language", default="en")
WORDS: Final = frozenset(
    {"advice", "derived", "download", "expected", "kind", "mark", "message", "published", "reason", "task", "there"}
)
"""The names of values that are themselves messages and must be translated."""
LISTS: Final = frozenset(
    {"choices", "columns", "endings", "extensions", "fields", "findings", "formats", "forms", "guidelines", "ids"}
    | {"kinds", "known", "lists", "names", "options", "readings", "schemes", "suffixes", "systems", "tools"}
)
"""The names of values that are lists of names."""
_NEXT: Final = re.compile(r"'?,? (?:or|and) '?|'?, '?")
_MORE: Final = re.compile(r", and ([\d,]+) more$")
_IDEOGRAPH: Final = re.compile(r"[\u4e00-\u9fff]")
_LATIN: Final = re.compile(r"[A-Za-z√×?◐–·-]")
_PLACEHOLDER: Final = re.compile(r"\b[A-Z]{2,}\b")
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
    """Return ``zh`` if the locale is Chinese, otherwise ``en``."""
    locale = next((environment[name] for name in VARIABLES if environment.get(name)), "")
    return "zh" if re.match(r"zh(?![a-z])", locale, re.IGNORECASE) else "en"


def gettext(message: str, /, **values: object) -> str:
    """Return a message in the language of the context; values replace their names in braces."""
    found = message if language() == "en" else catalogue().get(message, message)
    if not values:
        return found
    texts = {name: str(value) for name, value in values.items()}
    return _filled(found, texts) if language() == "en" else _filled_in_chinese(found, texts)


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """Return the singular or plural form of a message; it can contain ``{number}``.

    Most messages have one form in Chinese, which the catalogues have under the English plural. A message about a group,
    such as "each of these", has a second form for one item, under the English singular.
    """
    singular = number == 1 and (language() == "en" or one in catalogue())
    return gettext(one if singular else many, number=f"{number:,}", **values)


def listed(names: Iterable[object], between: str = ", ") -> str:
    """Return names as a list in the language of the context, with commas or other words between them."""
    return gettext(between).join(map(str, names))


def placeholders(text: str) -> str:
    """Return the placeholders of a usage line, such as ``FILE``, in the language of the context."""
    return _PLACEHOLDER.sub(lambda found: gettext(found[0]), text)


def joined(sentences: Iterable[str]) -> str:
    """Return sentences, without the empty ones, as running text; Chinese has no spaces between sentences."""
    return gettext(" ").join(filter(None, sentences))


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
            texts = {name: _value(name, text) for name, text in found.groupdict().items()}
            return _filled_in_chinese(translation, texts)
    place, colon, rest = sentence.partition(": ")
    if not (colon and _PLACE.search(place)):
        return sentence
    text = _chinese(rest)
    return place + (": " if text == rest or place[-1].isdigit() else gettext(": ")) + text


def _value(name: str, text: str) -> str:
    """Translate a value that is itself a message; names and quotations are unchanged."""
    if name == "commands" or name in LISTS:
        return _list_in_chinese(text)
    if name == "metavar":
        return placeholders(text)
    return _chinese(text) if name in WORDS else text


def _list_in_chinese(text: str) -> str:
    """Return a list of names with Chinese punctuation between them and without quotation marks."""
    if text == "none":
        return gettext(text)
    more = _MORE.search(text)
    names = listed(_NEXT.split(text[: more.start()] if more else text)).strip("'")
    return names + gettext(", and {number} more", number=more[1]) if more else names


def _filled(message: str, values: Mapping[str, str]) -> str:
    """Replace the names in braces by their values; other text in braces is unchanged."""
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), message)


def _filled_in_chinese(message: str, values: Mapping[str, str]) -> str:
    """Replace the names in braces by their values.

    A space separates a Chinese character from a Latin letter or a sign, and never two Chinese characters.
    """
    found = ""
    for number, part in enumerate(re.split(r"\{(\w+)\}", message)):
        text = values.get(part, f"{{{part}}}") if number % 2 else part
        found = _side_by_side(found, text) if number else text
    return found


def _side_by_side(left: str, right: str) -> str:
    """Return two parts of a Chinese sentence with a space between them only if one is needed."""
    end, start = left.rstrip(" ")[-1:], right.lstrip(" ")[:1]
    if _IDEOGRAPH.match(end) and _IDEOGRAPH.match(start):
        return left.rstrip(" ") + right.lstrip(" ")
    mixed = (_IDEOGRAPH.match(end) and _LATIN.match(start)) or (_LATIN.match(end) and _IDEOGRAPH.match(start))
    return f"{left} {right}" if mixed and left[-1:] != " " and right[:1] != " " else left + right


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return a pattern for each error with values, and its translation; the most specific patterns come first.

    A message that begins with a value could match the end of a longer message. Therefore such messages come last.
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
