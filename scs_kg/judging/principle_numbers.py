"""The number of a principle in its text, such as article 22, and the choice of a principle by name or by number."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from scs_kg.model.entity import Entity
from scs_kg.model.errors import UnknownNameError, WrongUseError
from scs_kg.model.namespaces import SCS
from scs_kg.store import Dataset, query_library
from scs_kg.store.labels import name_index, resolve
from scs_kg.store.query_library import Row, row_entity, row_text

ARTICLE: Final = re.compile(r"(?:article|art)-(\d+)((?:-\w+)*)")
_WORDS: Final = re.compile(r"articles?|art\.?|paragraphs?|principles?|no\.|[第条條款项原则§]")
_CHINESE: Final = {character: number for number, character in enumerate("零一二三四五六七八九")}
_CHINESE_NUMBER: Final = re.compile("[百十零一二三四五六七八九]+")


def number_of(row: Row) -> str:
    """Return the number of a principle in its text, such as ``7(3)``, from its row of ``principles.rq``.

    Without one, it is the article in the id, else empty.
    """
    return row_text(row, "notation") or article_number(row_entity(row, "principle").id)


def numbers_or_positions(numbers: Sequence[str], count: int) -> tuple[str, ...]:
    """Return the numbers of principles in their text; in place of an empty one, the position, counted from 1."""
    return tuple(number or str(place) for place, number in enumerate(numbers or ("",) * count, 1))


def article_number(principle: str) -> str:
    """Return the article in the id of a principle: ``5(1)(c)`` for ``article-5-1-c``; empty if there is none."""
    if not (found := ARTICLE.fullmatch(principle)):
        return ""
    return found[1] + "".join(f"({part})" for part in found[2].split("-")[1:])


def resolve_principle(dataset: Dataset, name: str, principles: Sequence[Entity], numbers: Sequence[str]) -> Entity:
    """Return the principle with an id, an IRI, a number in its text, or a label; without numbers, also by position.

    A number may be written as ``22``, ``Art. 22``, ``article 7(3)`` or ``第二十二条``. A number
    without its parts, as ``7`` for ``7(3)``, is accepted if only one principle has it.

    Raises:
        UnknownNameError: no principle has this name; the message suggests similar ids.
        WrongUseError: several principles have this name, or it is the name of a principle of another guideline.
    """
    written = _parts(name)
    if not written or any(name in {one.id, one.iri} for one in principles):
        return _resolve(dataset, name, principles)
    number = dict(zip(principles, numbers_or_positions(numbers, len(principles)), strict=True))
    parts = {one: _parts(number[one]) for one in principles}
    found = [one for one, known in parts.items() if known == written]
    found = found or [one for one, known in parts.items() if known[: len(written)] == written]
    if len(found) > 1:
        choices = ", ".join(f"{number[one]} ({one.id})" for one in found)
        raise WrongUseError(f"'{name}' is the number of several principles; write one of {choices}")
    return found[0] if found else _resolve(dataset, name, principles)


def _resolve(dataset: Dataset, name: str, principles: Sequence[Entity]) -> Entity:
    """Return the principle with an id, an IRI or a label; the error for one of another guideline names both."""
    try:
        return resolve(dataset, name, "principle", principles)
    except UnknownNameError:
        written = _parts(name)
        others = name_index(dataset).find(SCS + "Principle", name)
        guidelines = {
            row_entity(row, "guideline", "label").id
            for row in query_library.rows(dataset, "principles")
            if row_text(row, "principle") in others or (written and _parts(number_of(row)) == written)
        }
        if not guidelines:
            raise
        named = ", ".join(sorted(guidelines))
        raise WrongUseError(f"'{name}' is a principle of {named}; choose the guideline with --guideline") from None


def _parts(number: str) -> tuple[str, ...]:
    """Return the parts of a number: ``7``, ``3`` for ``Art. 7(3)``; empty if the text is not a number."""
    text = _CHINESE_NUMBER.sub(_arabic, unicodedata.normalize("NFKC", number).casefold())
    text = _WORDS.sub(" ", text)
    parts = tuple(re.findall(r"\d+|[a-z]+", text))
    is_number = re.fullmatch(r"[\s().,\-a-z\d]+", text) and all(len(part) == 1 for part in parts if part.isalpha())
    return parts if is_number and (len(parts) == 1 or not text.isalpha()) else ()


def _arabic(found: re.Match[str]) -> str:
    """Return a Chinese number below 1000 in digits: ``22`` for 二十二."""
    total, digit = 0, 0
    for character in found[0]:
        if character in _CHINESE:
            digit = _CHINESE[character]
        else:
            total, digit = total + (digit or 1) * (100 if character == "百" else 10), 0
    return str(total + digit)
