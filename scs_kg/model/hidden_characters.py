"""The characters that a reader of a text does not see: control and format characters, fillers, variation selectors.

Hidden characters are those of the general categories Cc, Cf, Zl and Zp (Unicode, chapter 4.5), except for the visible
number signs of Arabic and Syriac. Characters with the property Default_Ignorable_Code_Point (DerivedCoreProperties.txt)
and the blank letters of Hangul, Khmer and Braille are hidden, too. Line ends and tabulators are allowed. The rule
``integrity:DraftHidden`` has the same pattern as this module.
"""

import re
import unicodedata
from typing import Final

_SELECTORS: Final = "[\\u180B-\\u180D\\u180F\\uFE00-\\uFE0F\\U000E0100-\\U000E01EF]"
"""Characters that choose the form of the preceding character, for example of an emoji; two in a row have no effect."""
HIDDEN: Final = (
    "[\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F\\u00AD\\u034F\\u061C\\u115F\\u1160\\u17B4\\u17B5"
    "\\u180E\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u206F\\u2800\\u3164\\uFEFF\\uFFA0\\uFFF0-\\uFFFC\\uFFFE\\uFFFF"
    "\\U00013430-\\U0001343F\\U0001BCA0-\\U0001BCA3\\U0001D173-\\U0001D17A\\U000E0000-\\U000E00FF\\U000E01F0-\\U000E0FFF]"
    f"|{_SELECTORS}{{2,}}"
)
"""The regular expression that finds hidden characters."""
_HIDDEN: Final = re.compile(HIDDEN)
_DESCRIBED: Final = re.compile(f"{HIDDEN}|{_SELECTORS}")
_LAST: Final = 0xE1000


def hidden_characters(text: str) -> tuple[str, ...]:
    """Return the code point and name of each invisible character of a text, for example ``U+00AD SOFT HYPHEN``.

    The descriptions are in the order of the text. The description of a control character has no name.
    """
    hidden = dict.fromkeys(character for found in _HIDDEN.findall(text) for character in found)
    return tuple(map(_described, hidden))


def hidden_character_names() -> dict[str, str]:
    """Return the description of each invisible character to which Unicode gives a meaning, keyed by the character."""
    every = (char for char in map(chr, range(_LAST)) if unicodedata.category(char) != "Cn")
    return {character: _described(character) for character in every if _DESCRIBED.fullmatch(character)}


def _described(character: str) -> str:
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()
