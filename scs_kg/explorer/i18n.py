"""What is said in the language of the reader: the words of the pages, names, and sentences that both are put into."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from scs_kg.analysis.published_table import ComparedRow, Relation
from scs_kg.explorer.content import ALL, SiteContent
from scs_kg.explorer.guideline_pages import nature
from scs_kg.explorer.matrix_pages import View
from scs_kg.model.namespaces import local_id
from scs_kg.model.nouns import Entity, Outcome

FALLBACK: Final[Mapping[str, tuple[str, ...]]] = {"en": ("en", "zh-hans", "zh"), "zh-Hans": ("zh-hans", "zh", "en")}
MARKS: Final[Mapping[str, str]] = {"passed": "√", "failed": "×", "cantTell": "?", "inapplicable": "–"}


@cache
def words(language: str) -> Mapping[str, Any]:
    """Return the words of the interface in a language."""
    return tomllib.loads((files("scs_kg.explorer") / "words" / f"{language}.toml").read_text("utf-8"))


def name(book: SiteContent, iri: str, language: str) -> tuple[str, str]:
    """Return what a thing is called, and in which language: the reader's, else the next in the order, else its id."""
    names = book.names.get(iri, {})
    for candidate in FALLBACK[language]:
        if candidate in names:
            return names[candidate], candidate
    return (names[min(names)], min(names)) if names else (local_id(iri), "")


def definition(book: SiteContent, iri: str, language: str) -> tuple[str, str]:
    """Return what a thing is, and in which language, in the order of names; nothing if there is no definition."""
    found = book.definitions.get(iri, {})
    return next(((found[candidate], candidate) for candidate in FALLBACK[language] if candidate in found), ("", ""))


def edition(named: str, language: str) -> str:
    """Say which claims count in an edition."""
    said = words(language)["edition"]
    if named.startswith("as-of-"):
        return f"{said['as_of']} {named.removeprefix('as-of-')}"
    return str(said["all"]) if named == ALL else f"{said['dataset']} {named}"


def standing(book: SiteContent, view: View, language: str) -> str:
    """Say whether a guideline binds, to whom it speaks, where and since when, and how many systems are elsewhere."""
    found, said, mark = nature(view), words(language)["nature"], words(language)["mark"]

    def names(iris: Iterable[str]) -> str:
        return str(mark["list"]).join(name(book, iri, language)[0] for iri in iris)

    parts = [name(book, found.law, language)[0]]
    parts += [said["addresses"].format(names=names(found.addressees))] if found.addressees else []
    parts += [said["place"].format(names=names(found.regions))] if found.regions else []
    parts += [said["since"].format(date=found.since)] if found.since else []
    parts += [said["elsewhere"].format(count=found.elsewhere, of=found.among)] if found.elsewhere else []
    sentence = str(mark["semicolon"]).join(parts) + str(mark["stop"])
    return sentence[0].upper() + sentence[1:]


def agreement(book: SiteContent, row: ComparedRow, across: tuple[Entity, ...], language: str) -> str:
    """Say why a derived row agrees with the published one, or where it does not."""
    said, count = words(language)["agreement"], len(row.placements)
    if row.relation is Relation.SAME:
        return str(said["fixed" if any(row.derived) else "blank_row"])
    if row.relation is Relation.CONSISTENT or count > 1:
        return str(said["among" if row.relation is Relation.CONSISTENT else "none"]).format(count=count)

    def mark(outcome: Outcome | None) -> str:
        return MARKS[outcome] if outcome else str(said["blank"])

    cells = zip(across, row.placements[0], row.derived, strict=True)
    differing = [
        said["differing"].format(system=name(book, system.iri, language)[0], there=mark(was), here=mark(now))
        for system, was, now in cells
        if was != now
    ]
    return str(words(language)["mark"]["semicolon"]).join(differing)
