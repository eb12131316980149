"""The characters that a reader of a text does not see: control and format characters, and fillers.

Source: the general categories Cc, Cf, Zl and Zp (Unicode, chapter 4.5), and the blank letters of Hangul and Khmer.
"""

import unicodedata
from typing import Final

_CATEGORIES: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})
_FILLERS: Final = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_TAGS: Final = range(0xE0000, 0xE0080)


def hidden_characters(text: str) -> tuple[str, ...]:
    """Return the code point and name of each invisible character of a text, for example ``U+00AD SOFT HYPHEN``.

    They are in the order of the text. A control character has no name.
    """
    hidden = dict.fromkeys(character for character in text if _is_hidden(character))
    return tuple(map(_described, hidden))


def hidden_character_names() -> dict[str, str]:
    """Return the description of each invisible character, keyed by the character."""
    every = map(chr, (*range(0x10000), *_TAGS))
    return {character: _described(character) for character in every if _is_hidden(character)}


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in _CATEGORIES or character in _FILLERS


def _described(character: str) -> str:
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()
