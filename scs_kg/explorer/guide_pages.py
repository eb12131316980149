"""The documentation of the project as pages: CommonMark with tables, in which links between files lead to pages.

The address of ``docs/how-to/cite.md`` is ``guide/how-to/cite``; ``docs/README.md`` is ``guide``. The catalogue
``docs/translations/zh-Hans.csv`` translates headings, paragraphs, list items and table cells, with their Markdown. Code
blocks are the same in each language, so that they are written and tested once.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from posixpath import dirname, normpath, relpath
from types import MappingProxyType
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.page import LANGUAGES, Page
from scs_kg.model.errors import UnknownNameError
from scs_kg.render.translated_texts import read_catalogues
from scs_kg.store.loading import default_root

START: Final = "README"
COMMENT: Final = re.compile(r"^[ \t]*<!--.*?-->[ \t]*$", re.DOTALL | re.MULTILINE)
LINK: Final = re.compile(r"(?P<path>[^#:]*)(?P<fragment>#.*)?")


@dataclass(frozen=True, slots=True)
class GuidePage:
    """One file of the documentation: its title, the text of its first paragraph, and its content as HTML.

    ``is_translated`` says whether the page is in the language that was asked for; otherwise it is in English.
    """

    title: str
    lead: str
    body: Markup
    is_translated: bool


def guide(content: SiteContent, path: str) -> Page:
    """Build the page of a file of the documentation; the start page of the documentation has no path.

    Raises:
        UnknownNameError: there is no such file.
    """
    known = guide_files()
    if (path or START) not in known or path == START:
        raise UnknownNameError("page", f"guide/{path}", guide_addresses())
    shown = {language: render(path or START, content.settings.repository, language) for language in LANGUAGES}
    return Page(f"guide/{path}" if path else "guide", "guide", "guide", {"guides": shown, "start": not path})


@cache
def guide_files() -> Mapping[str, Path]:
    """Return the files of the documentation, keyed by path without extension; empty if there is no documentation."""
    folder = default_root() / "docs"
    files = {path.relative_to(folder).as_posix().removesuffix(".md"): path for path in sorted(folder.rglob("*.md"))}
    return MappingProxyType(files)


@cache
def guide_translations(language: str) -> Mapping[str, str]:
    """Return the translation of each text of the documentation; empty for English."""
    return read_catalogues((default_root() / "docs" / "translations").glob(f"{language}.csv"))


def guide_addresses() -> list[str]:
    """Return the addresses of all pages of the documentation, the start page first."""
    return ["guide", *(_address(name) for name in guide_files() if name != START)]


def _address(name: str) -> str:
    return "guide" if name == START else f"guide/{name}"


@cache
def render(name: str, repository: str, language: str = "en") -> GuidePage:
    """Render a file of the documentation in a language of the pages, in English if the title has no translation.

    Links to other files of the project lead to the ``repository``, if known.
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    source = COMMENT.sub("", guide_files()[name].read_text("utf-8")).lstrip()
    translations = guide_translations(language)
    if language != "en" and source.partition("\n")[0].removeprefix("# ") not in translations:
        return replace(render(name, repository), is_translated=False)
    tokens = markdown.parse(source)
    _identify(tokens)
    texts = [token for token in tokens if token.type == "inline"]
    _translate(texts, translations, markdown)
    for token in texts:
        token.children = list(_linked(token.children or [], name, repository))
    title, lead = texts[0], next((found for found in texts[1:]), texts[0])
    body = markdown.renderer.render(tokens[3:], markdown.options, {})  # the title is the heading of the page
    return GuidePage(_plain(title), _plain(lead), Markup(_scrolling(body)), is_translated=True)  # noqa: S704  # raw HTML is escaped


def text_of(token: Token) -> str:
    """Return the Markdown of a heading, paragraph or table cell on one line, which is the key of its translation."""
    return token.content.replace("\n", " ")


def _translate(texts: Iterable[Token], translations: Mapping[str, str], markdown: MarkdownIt) -> None:
    """Replace the texts that have a translation."""
    for token in texts:
        if translation := translations.get(text_of(token)):
            token.children = markdown.parseInline(translation)[0].children


def _linked(tokens: list[Token], name: str, repository: str) -> Iterator[Token]:
    """Yield the parts of a text with their links rewritten; a link without a target becomes plain text."""
    is_link = True
    for token in tokens:
        if token.type == "link_open":
            is_link = bool(target := _target(str(token.attrGet("href")), name, repository))
            token.attrSet("href", target)
        if is_link or token.type not in {"link_open", "link_close"}:
            yield token


def _plain(token: Token) -> str:
    return "".join(" " if part.type == "softbreak" else part.content for part in token.children or ())


def _identify(tokens: list[Token]) -> None:
    """Give each heading an id from its text, as code hosts do, so that links to headings work."""
    for opened, text in pairwise(tokens):
        if opened.type == "heading_open":
            opened.attrSet("id", re.sub(r"[^\w\- ]", "", _plain(text).lower()).replace(" ", "-"))


def _target(href: str, name: str, repository: str) -> str:
    """Return the link to a page of the guide or a file in the repository; ``href`` for other sites, "" if unknown."""
    found = LINK.fullmatch(href)
    if not found or not found["path"]:
        return href
    place, fragment = normpath(f"docs/{dirname(name)}/{found['path']}"), found["fragment"] or ""
    other = place.removeprefix("docs/").removesuffix(".md")
    if place.startswith("docs/") and place.endswith(".md") and other in guide_files():
        return f"{relpath(f'{_address(other)}.html', dirname(_address(name)) or '.')}{fragment}"
    return f"{repository}/blob/main/{place}{fragment}" if repository else ""


def _scrolling(body: str) -> str:
    """Make wide tables and code scroll, also with the keyboard."""
    for opened, closed in (("<table>", "</table>"),):
        body = body.replace(opened, f'<div class="scroll" tabindex="0">{opened}').replace(closed, f"{closed}</div>")
    return body.replace("<pre>", '<pre tabindex="0">')
