"""The number of a principle in its text, such as article 22, and the choice of a principle by name or by number."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from scs_kg.model.advice import Advice
from scs_kg.model.entity import Entity
from scs_kg.model.errors import UnknownNameError, WrongUseError
from scs_kg.model.namespaces import SCS
from scs_kg.store import Dataset, query_library
from scs_kg.store.labels import long_name, name_index, resolve
from scs_kg.store.query_library import Row, row_entity, row_text

ARTICLE: Final = re.compile(r"(?:article|art)-(\d+[a-z]*)((?:-\w+)*)")
_WORDS: Final = re.compile(
    r"(?<![a-z])(?:articles?|art|paragraphs?|principles?|nos?|nr)(?![a-z])\.?|[第条條款项項原则則§]", re.ASCII
)
_PARTS: Final = re.compile(r"\d+(?: ?(?:bis|ter|quater|quinquies)(?![a-z]))?|[a-z]+")
"""A part of a number. The Latin words mark an article that was added later: article 22bis follows article 22."""
_DIGITS: Final = {character: str(number) for number, character in enumerate("零一二三四五六七八九")} | {"\u3007": "0"}
_CHINESE_NUMBER: Final = re.compile("[0-9百十零\u3007一二三四五六七八九]+")
_IN_WORDS: Final = re.compile(
    "(?:(?P<hundreds>[一二三四五六七八九])百(?:[零\u3007](?=[一二三四五六七八九]$)|(?=.?十)|$))?"
    "(?:(?P<tens>[一二三四五六七八九]?)(?P<ten>十))?(?P<ones>[一二三四五六七八九]?)"
)

Numbered = Mapping[Entity, str]
"""The number of each principle in the text of a guideline, or the position of the principle, or an empty text."""


def number_of(row: Row) -> str:
    """Return the number of a principle in its text, such as ``7(3)``, from its row of ``principles.rq``.

    If there is no number, return the article in the id; if there is no article, return an empty text.
    """
    return row_text(row, "notation") or article_number(row_entity(row, "principle").id)


def numbers_or_positions(numbers: Sequence[str], count: int) -> tuple[str, ...]:
    """Return the numbers of principles in their text; if no principle has a number, return positions, from 1.

    If only some principles have a number, the number of the other principles is empty.
    """
    return tuple(numbers) if any(numbers) else tuple(str(place) for place in range(1, count + 1))


def article_number(principle: str) -> str:
    """Return the article in the id of a principle: ``5(1)(c)`` for ``article-5-1-c``; empty for other ids."""
    if not (found := ARTICLE.fullmatch(principle)):
        return ""
    return found[1] + "".join(f"({part})" for part in found[2].split("-")[1:])


def resolve_principle(dataset: Dataset, name: str, principles: Sequence[Entity], numbers: Sequence[str]) -> Entity:
    """Return the principle with an id, an IRI, a number in its text, or a label.

    If no principle has a number, their positions count as numbers. An id may begin with the id of the guideline, as
    ``gdpr-2016/article-22``. A number may be written as ``22``, ``Art. 22``, ``article 7(3)`` or ``第二十二条``.
    A number without its parts, as ``7`` for ``7(3)``, is accepted if only one principle has it.

    Raises:
        UnknownNameError: no principle has this name; the message suggests similar ids.
        WrongUseError: several principles have this name, or it is the name of a principle of another guideline.
    """
    numbered = dict(zip(principles, numbers_or_positions(numbers, len(principles)), strict=True))
    return _resolve(dataset, name, [numbered], Advice("; choose the guideline with {option}", "guideline"))


def resolve_any_principle(dataset: Dataset, name: str, guideline: str | None = None) -> Entity:
    """Return the principle of a guideline (an IRI) or of any guideline, as ``resolve_principle`` does.

    Raises:
        UnknownNameError: no principle has this name; the message suggests similar ids.
        WrongUseError: several principles have this name, or it is the name of a principle of another guideline.
    """
    return _resolve(dataset, name, list(_numbered(dataset, guideline)), Advice("; choose a reading of this guideline"))


def _numbered(dataset: Dataset, guideline: str | None = None) -> Iterator[Numbered]:
    """Yield the principles of each guideline, or of the guideline with the given IRI, with their numbers."""
    rows = query_library.rows(dataset, "principles", **({"guideline": guideline} if guideline else {}))
    for _, own in groupby(rows, lambda row: row_text(row, "guideline")):
        found = {row_entity(row, "principle"): number_of(row) for row in own}
        yield dict(zip(found, numbers_or_positions(list(found.values()), len(found)), strict=True))


def _resolve(dataset: Dataset, name: str, guidelines: Collection[Numbered], advice: Advice) -> Entity:
    """Return the principle with a name or a number, from the principles of one or several guidelines."""
    principles = [one for numbered in guidelines for one in numbered]
    written = _parts(name)
    by_number = bool(written) and not any(name in {one.id, one.iri, long_name(one.iri)} for one in principles)
    found = {one: number for numbered in guidelines for one, number in _with_number(numbered, written)}
    if not by_number or not found:
        return _resolve_name(dataset, name, principles, advice)
    if len(found) > 1:
        differ = len(guidelines) == 1 and len(set(map(_parts, found.values()))) == len(found)
        names = {one: one.id if len(guidelines) == 1 else long_name(one.iri) for one in found}
        choices = ", ".join(f"{number} ({names[one]})" if differ else names[one] for one, number in found.items())
        raise WrongUseError(f"'{name}' is the number of several principles; write one of {choices}")
    return next(iter(found))


def _with_number(numbered: Numbered, written: tuple[str, ...]) -> list[tuple[Entity, str]]:
    """Return the principles of a guideline with a number, or else those whose number begins with this number."""
    parts = {one: _parts(number) for one, number in numbered.items()}
    exact = [one for one, known in parts.items() if known == written]
    return [(one, numbered[one]) for one in exact or parts if parts[one][: len(written)] == written]


def _resolve_name(dataset: Dataset, name: str, principles: Sequence[Entity], advice: Advice) -> Entity:
    """Return the principle with an id, an IRI or a label; the error for a principle of another guideline names both."""
    try:
        return resolve(dataset, name, "principle", principles)
    except UnknownNameError:
        named, written = name_index(dataset).find(SCS + "Principle", name), _parts(name)
        guidelines = {
            row_entity(row, "guideline", "label").id
            for row in query_library.rows(dataset, "principles")
            if row_text(row, "principle") in named or (written and _parts(number_of(row)) == written)
        }
        if not guidelines:
            raise
        raise WrongUseError(f"'{name}' is a principle of {', '.join(sorted(guidelines))}", advice) from None


def _parts(number: str) -> tuple[str, ...]:
    """Return the parts of a number: ``7``, ``3`` for ``Art. 7(3)``; empty if the text is not a number."""
    text = _CHINESE_NUMBER.sub(_arabic, unicodedata.normalize("NFKC", number).casefold())
    text = _WORDS.sub(" ", text)
    parts = tuple(part.replace(" ", "") for part in _PARTS.findall(text))
    is_number = re.fullmatch(r"[\s().,\-a-z\d]+", text) and all(len(part) == 1 for part in parts if part.isalpha())
    return parts if is_number and (len(parts) == 1 or not text.isalpha()) else ()


def _arabic(found: re.Match[str]) -> str:
    """Return a Chinese number below 1000 in digits: ``22`` for 二十二, and ``15`` for 一五.

    A malformed number is returned unchanged.
    """
    text = found[0]
    if text.isascii():
        return text
    if all(character in _DIGITS for character in text):
        return "".join(_DIGITS[character] for character in text)
    if not (parts := _IN_WORDS.fullmatch(text)):
        return text
    tens = (parts["tens"] or "一") if parts["ten"] else "零"
    return str(int("".join(_DIGITS[one] for one in (parts["hundreds"] or "零", tens, parts["ones"] or "零"))))
