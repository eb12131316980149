"""The similarity of names, for suggestions and candidates."""

from collections.abc import Callable
from difflib import SequenceMatcher


def likeness_to(text: str, least: float) -> Callable[[str], float]:
    """Return a function from a name to its similarity to the text, from 0 to 1; it is 0 if it cannot reach ``least``.

    Before the similarity is computed, two upper bounds of it are compared with ``least``. They are fast, because the
    characters of the text are counted only once.
    """
    bound = SequenceMatcher(None, "", text, autojunk=False)

    def likeness(name: str) -> float:
        bound.set_seq1(name)
        if bound.real_quick_ratio() < least or bound.quick_ratio() < least:
            return 0.0
        return SequenceMatcher(None, text, name, autojunk=False).ratio()

    return likeness
