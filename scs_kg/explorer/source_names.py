"""Names of sources, their authors and their publishers for readers, in the language of the page."""

import re
from typing import Final

from scs_kg import store
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.i18n import FALLBACK, label, words
from scs_kg.model.namespaces import BASE, PREFIXES, SCS
from scs_kg.store import NamedNode
from scs_kg.store.query_library import row_text

OWN_NAME: Final = re.compile(r"[^()]* \((?P<chinese>[一-鿿]+)\)")
"""A name in English with the Chinese name in brackets: ``Legal Weekly (法治周末)``."""


RECORD_ID: Final = re.compile(r"\b[a-z0-9]+(?:-[a-z0-9]+)+\b", re.ASCII)
"""Matches a word in a note that can be the id of a source, a claim or a system, also next to Chinese letters."""


def body_name(content: SiteContent, name: str, language: str) -> tuple[str, str]:
    """Return the name of a publisher or an author in a language, and its language tag.

    A body with a record of a publisher has the label of the record; another body can have a translation, as other texts
    of the data. The tag is empty if the name in the data is used.
    """
    if language != "en" and (own := OWN_NAME.fullmatch(name)):
        return own["chinese"], language.lower()
    for row in content.grouped("publishers", "name").get(name, ()):
        names = content.names[row_text(row, "publisher")]
        if language != "en" and (tag := FALLBACK[language][0]) in names:
            return names[tag], tag
    if language != "en" and (translation := content.chinese.get(name)):
        return translation, language.lower()
    return name, ""


def authors(content: SiteContent, names: str, language: str) -> str:
    """Return the authors of a source, which are separated by semicolons, each with its name in a language.

    A translation of the whole text, as of the texts of the data, comes first.
    """
    if language != "en" and (translation := content.chinese.get(names)):
        return translation
    return "; ".join(body_name(content, name.strip(), language)[0] for name in names.split(";"))


def short_citation(content: SiteContent, source: str, language: str) -> str:
    """Return the authors and the year of a source (an IRI) in a language: ``Liang et al. (2018)``."""
    row, phrases = content.grouped("sources", "source")[source][0], words(language)
    year, mark = row_text(row, "issued")[:4] or phrases["text"]["no_date"], phrases["mark"]
    return f"{authors(content, row_text(row, 'creator'), language)}{mark['open']}{year}{mark['close']}"


def brief_citation(content: SiteContent, source: str, language: str) -> str:
    """Return the short citation of a source (an IRI), with the usual short forms of long names of bodies."""
    return shortened(short_citation(content, source, language), language)


def shortened(name: str, language: str) -> str:
    """Return a name in its usual short form, by the patterns in the words of a language; other names are unchanged."""
    for pattern, short in words(language)["short_names"].values():
        name = re.sub(pattern, short, name)
    return name


def full_citation(content: SiteContent, source: str, language: str) -> str:
    """Return the authors and the year of a source (an IRI) as one line, with the title if the source has one."""
    has_title = row_text(content.grouped("sources", "source")[source][0], "title")
    title = label(content, source, language)[0] if has_title else ""
    parts = (short_citation(content, source, language), title)
    return str(words(language)["mark"]["colon"]).join(part for part in parts if part)


def part_read(content: SiteContent, source: str) -> str:
    """Return which part of a source was read, in English, if another source has the same authors, year and title.

    Return an empty text for other sources, which need no distinction.
    """
    row = content.grouped("sources", "source")[source][0]
    alike = {
        row_text(other, "source")
        for other in content.grouped("sources", "creator", "title")[
            f"{row_text(row, 'creator')} {row_text(row, 'title')}"
        ]
        if row_text(other, "issued")[:4] == row_text(row, "issued")[:4]
    }
    parts = store.objects(content.source, NamedNode(source), SCS + "partRead") if len(alike) > 1 else ()
    return ", ".join(sorted(map(store.text, parts)))


def translated(content: SiteContent, text: str, language: str) -> tuple[str, str]:
    """Return an English text of the data in the language of the page, if there is a translation, and its language tag.

    The ids of records in the text are replaced as in ``named_records``.
    """
    if language != "en" and (translation := content.chinese.get(text)):
        return named_records(content, translation, language), language.lower()
    return named_records(content, text), "en"


def named_records(content: SiteContent, text: str, language: str = "en") -> str:
    """Return a note in which the ids of sources, claims and systems are replaced by what readers cite."""
    return RECORD_ID.sub(lambda found: _record_name(content, found[0], language), text)


def _record_name(content: SiteContent, name: str, language: str) -> str:
    if content.grouped("sources", "source").get(PREFIXES["src"] + name):
        return short_citation(content, PREFIXES["src"] + name, language)
    if content.grouped("systems", "system").get(f"{BASE}system/{name}"):
        return label(content, f"{BASE}system/{name}", language)[0]
    rows = content.grouped("claims", "claim").get(PREFIXES["claim"] + name)
    if not rows:
        return name
    about = (label(content, row_text(rows[0], part), language)[0] for part in ("system", "feature"))
    parts = (*about, short_citation(content, row_text(rows[0], "source"), language))
    return (", " if language == "en" else words(language)["mark"]["comma"]).join(parts)
