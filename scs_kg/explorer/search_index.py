"""The search index of the pages: scripts with the names of things, and with definitions, claims, clauses and sources.

A script can be loaded from a folder without a server. Pagefind, a library for static sites, fetches its index, which
needs a server. The index that Pagefind makes of these pages is ten times as large, with a separate result for each page
that shows a claim.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from pypinyin import lazy_pinyin

from scs_kg import store
from scs_kg.analysis.citations import short_name
from scs_kg.explorer.answers import QUESTIONS
from scs_kg.explorer.cell_exports import packed_json
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.entity_pages import distinct_rows, valid_claims
from scs_kg.explorer.guide_pages import guide_addresses, guide_files, render
from scs_kg.explorer.i18n import words
from scs_kg.explorer.page import LANGUAGES, address_of, publisher_address
from scs_kg.explorer.source_names import authors, body_name, part_read, short_citation
from scs_kg.model.namespaces import PREFIXES, local_id
from scs_kg.store.query_library import Row, row_text

CHINESE: Final = re.compile("[一-鿿]")


def names_script(content: SiteContent) -> str:
    """Return the search index, a script with the names of all things that have a page, as packed JSON."""
    entries, alternatives = [], defaultdict(list)
    for iri, other in store.subject_objects(content.source, PREFIXES["skos"] + "altLabel"):
        alternatives[iri].append(other)
    for iri, by_language in sorted(content.names.items()):
        address = address_of(content, iri)
        if address and "#" not in address:
            names = {("zh-Hans" if tag == "zh-hans" else tag): name for tag, name in by_language.items()}
            also = sorted(alternatives[iri])
            pinyin = [lazy_pinyin(name) for name in (*names.values(), *also) if CHINESE.search(name)]
            entry: dict[str, object] = {"address": address, "names": names}
            entries.append(entry | ({"also": also} if also else {}) | ({"pinyin": pinyin} if pinyin else {}))
    return f'const PACKED_NAMES = "{packed_json(entries)}";\n'


def texts_script(content: SiteContent) -> str:
    """Return a script with the texts to search, as packed JSON; the texts of claims and clauses are columns."""
    found = search_texts(content)
    columns = {name: _in_columns(found[name]) for name in ("claims", "clauses")}
    return f'const PACKED_TEXTS = "{packed_json(found | columns)}";\n'


def _in_columns(pages: dict[str, list[list[str]]]) -> list[Any]:
    """Return entries without their texts, keyed by page, the English texts and the Chinese texts of all entries.

    Texts of one language next to each other are compressed better. A text without a translation has an empty one.
    """
    entries = [entry for found in pages.values() for entry in found]
    english, chinese = ["".join(entry[3:4]) for entry in entries], ["".join(entry[4:]) for entry in entries]
    return [{page: [entry[:3] for entry in found] for page, found in pages.items()}, english, chinese]


def search_texts(content: SiteContent) -> dict[str, Any]:
    """Return the texts to search, besides names; the names of linked things are in ``names_script``.

    ``questions`` are lists of the address, and of the titles and the introductions by language. ``guide`` are lists of
    the address, and of the titles and the first paragraphs by language. ``definitions`` maps the address of a thing
    to its definitions by language. ``claims`` and ``clauses`` are keyed by the address of the page, so that each
    address is written once. A claim is a list of its fragment, the ids of the system and the feature, and the
    statement. Superseded and retracted claims are left out. A clause is a list of its fragment, the addresses of the
    principle and the criterion, and the locator with the rationale. The last item of a claim or a clause is its Chinese
    text, if there is a translation. ``sources`` are lists of the address, the authors with the year, and the publisher.
    The next item is the authors with the year in Chinese, if an author has a Chinese name. The last item is the part
    that was read, if another source has the same authors, year and title. ``publishers`` are lists of the address and
    the names by language.
    """
    return {
        "questions": [_question(one.id) for one in QUESTIONS],
        "guide": _guide(content),
        "definitions": _definitions(content),
        "claims": _by_page([_claim(content, row) for row in valid_claims(content, content.rows["claims"])]),
        "clauses": _by_page([_clause(content, row) for row in distinct_rows(content.rows["provisions"], "provision")]),
        "sources": [_source(content, row) for row in distinct_rows(content.rows["sources"], "source")],
        "publishers": _publishers(content),
    }


def _question(name: str) -> list[Any]:
    """Return the address of a page that answers a question, its titles and its introductions, by language."""
    phrases = {language: words(language)["question"][name] for language in LANGUAGES}
    titles, leads = ({language: str(one[key]) for language, one in phrases.items()} for key in ("title", "lead"))
    return [f"question/{name}", titles, leads]


def _guide(content: SiteContent) -> list[list[Any]]:
    return [_guide_page(content, address) for address in guide_addresses()] if guide_files() else []


def _guide_page(content: SiteContent, address: str) -> list[Any]:
    name = address.removeprefix("guide").removeprefix("/") or "README"
    pages = {language: render(name, content.settings.repository, language) for language in LANGUAGES}
    translated = {language: page for language, page in pages.items() if page.is_translated}
    titles, leads = (
        {language: getattr(page, key) for language, page in translated.items()} for key in ("title", "lead")
    )
    return [address, titles, leads]


def _definitions(content: SiteContent) -> dict[str, Any]:
    found = {address_of(content, iri): texts for iri, texts in sorted(content.definitions.items())}
    return {
        address: {("zh-Hans" if tag == "zh-hans" else tag): text for tag, text in texts.items()}
        for address, texts in found.items()
        if address and "#" not in address
    }


def _by_page(found: Iterable[tuple[str, list[str]]]) -> dict[str, list[list[str]]]:
    """Group entries by page; an entry has the address of its page and its fragment."""
    pages: dict[str, list[list[str]]] = defaultdict(list)
    for address, entry in found:
        page, _, fragment = address.partition("#")
        pages[page].append([fragment, *entry])
    return pages


def _claim(content: SiteContent, row: Row) -> tuple[str, list[str]]:
    named = [local_id(row_text(row, name)) for name in ("system", "feature")]
    return content.anchors[row_text(row, "claim")], [*named, *_in_languages(content, [row_text(row, "statement")])]


def _clause(content: SiteContent, row: Row) -> tuple[str, list[str]]:
    linked = [address_of(content, row_text(row, name)) or "" for name in ("principle", "criterion")]
    texts = [row_text(row, name) for name in ("locator", "rationale")]
    return content.anchors[row_text(row, "provision")], [*linked, *_in_languages(content, texts)]


def _in_languages(content: SiteContent, texts: list[str]) -> list[str]:
    """Return one text that joins the given texts in English, and one in Chinese if the last text has a translation."""
    translations = [content.chinese.get(text, text) for text in texts]
    return [": ".join(texts), *([": ".join(translations)] if texts[-1] in content.chinese else [])]


def _source(content: SiteContent, row: Row) -> list[str | None]:
    source, creator = row_text(row, "source"), row_text(row, "creator")
    found = [address_of(content, source), short_name(row), row_text(row, "publisher")]
    has_chinese = authors(content, creator, "zh-Hans") != creator
    found.append(short_citation(content, source, "zh-Hans") if has_chinese else "")
    return [*found, part] if (part := part_read(content, source)) else found


def _publishers(content: SiteContent) -> list[list[Any]]:
    found: dict[str, dict[str, str]] = {}
    for name in sorted({row_text(row, "publisher") for row in content.rows["sources"]} - {""}):
        chinese, tag = body_name(content, name, "zh-Hans")
        found[publisher_address(content, name)] = {"en": name} | ({"zh-Hans": chinese} if tag else {})
    return [[address, names] for address, names in found.items()]
