"""Every kind of page, in both languages and two sizes, is free of errors, accessible, and small enough."""

import re
from html import unescape
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest
from playwright.sync_api import expect

from scs_kg.explorer.build import minified
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.html import html
from scs_kg.explorer.page import LANGUAGES
from scs_kg.explorer.router import addresses, page
from tests.browser.accessibility import violations
from tests.browser.conftest import SIZES, NewPage, Visit

KINDS = {
    "index": "index",
    "list of systems": "systems",
    "list of features": "features",
    "list of criteria": "criteria",
    "list of guidelines": "guidelines",
    "list of sources": "sources",
    "pictures": "pictures",
    "terms": "terms",
    "about": "about",
    "search": "search",
    "compare": "compare",
    "list of pages": "pages",
    "list of publishers": "publishers",
    "publishers of a kind": "publishers/newspaper",
    "links to other data sets": "links",
    "query": "query",
    "propose": "propose",
    "matrix of five": "matrix/agrawal-2022",
    "matrix of all": "matrix/gdpr-2016-full-text",
    "largest matrix": "matrix/pipl-2021-full-text",
    "matrix of a dataset": "matrix/china-2019-full-text/agrawal-2022",
    "times": "times/china-2019-full-text",
    "side by side": "beside/agrawal-2022/china-2019-full-text",
    "cells": "reading/agrawal-2022/shenzhen",
    "many cells": "reading/pipl-2021-full-text/rongcheng",
    "cells with elements": "reading/eu-ai-act-2024-full-text/rongcheng",
    "reading": "reading/agrawal-2022",
    "own reading": "own-reading/pipl-2021-full-text",
    "guideline": "guideline/china-2019",
    "principle": "guideline/china-2019/respect-for-privacy",
    "system": "system/xiamen",
    "feature": "feature/public-shaming",
    "criterion": "criterion/no-public-shaming",
    "criterion of elements": "criterion/no-detrimental-social-scoring",
    "condition": "condition/artificial-intelligence",
    "source": "source/agrawal-2022",
    "region": "region/fuzhou",
    "guide": "guide",
    "page of the guide": "guide/how-to/claims",
    "reference of the guide": "guide/reference/tables",
    "questions": "questions",
    "question on criteria": "question/shaming",
    "question on a reading": "question/eu-bans",
    "question on claims": "question/since-the-paper",
    "question on figures": "question/how-sure",
}
LARGEST = 300_000
FOR_EACH_PAGE = 8_400
"""The maximum size in bytes of the whole site with its data files, divided by the number of pages."""
WHOLE = 40_000_000
"""The maximum size in bytes of the whole site with its data files."""
DRAWN = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(innerWidth))))"
"""Waits until a page is drawn in a new size, after the scripts that look at the size; gives its width."""
SAME_DOCUMENT = """texts => {
  const [one, other] = texts.map((text) => {
    const found = new DOMParser().parseFromString(text, "text/html");
    for (const element of found.querySelectorAll("*")) {
      const attributes = [...element.attributes].sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const { name } of attributes) element.removeAttribute(name);
      for (const { name, value } of attributes) element.setAttribute(name, value.replace(/\\s+/g, " ").trim());
    }
    const walk = found.createTreeWalker(found, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replace(/\\s+/g, " ");
    return found.documentElement.outerHTML.replaceAll(/ ?(<[^>]*>) ?/g, "$1");
  });
  return one === other;
}"""
"""Compares the documents of two HTML texts, regardless of white space around tags and the order of attributes."""

pytestmark = pytest.mark.browser


def test_the_tested_kinds_of_pages_cover_every_template(content: SiteContent) -> None:
    """The template depends on the kind and the depth of an address, so one page of each kind and depth is built."""
    one_of_each = {(address.split("/", 1)[0], address.count("/")): address for address in addresses(content)}
    shown = {page(content, address).template for address in KINDS.values()}
    assert shown == {page(content, address).template for address in one_of_each.values()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_accessible_fits_and_has_no_errors(visit: Visit, kind: str, language: str) -> None:
    """An English page is opened on a phone and enlarged; a Chinese page is opened on a desk and made smaller.

    axe-core reads each language and each size once; a Chinese page on a desk shows all colours of the others.
    """
    sizes = [SIZES["phone"], SIZES["desk"]] if language == "en" else [SIZES["desk"], SIZES["phone"]]
    for step, (width, height) in enumerate(sizes):
        visit.page.set_viewport_size({"width": width, "height": height})
        shown = visit.page if step else visit.open(f"{language}/{KINDS[kind]}.html")
        expect(shown).to_have_title(re.compile("scs-kg$"))
        expect(shown.locator("h1")).to_have_count(1)
        assert shown.evaluate(DRAWN) == width
        assert shown.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        if step == 0:
            assert not violations(shown, colours=language != "en")


PAPER = {"portrait": 718, "landscape": 1047}
"""The width of A4 within margins of one centimetre, in CSS pixels (CSS Values and Units 4, 6.2)."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind, address in KINDS.items() if address.startswith(("matrix", "beside"))])
def test_a_matrix_fits_on_paper(visit: Visit, kind: str, language: str) -> None:
    shown = visit.open(f"{language}/{KINDS[kind]}.html")
    shown.emulate_media(media="print")
    wide = shown.evaluate("getComputedStyle(document.body).page") == "wide"
    assert wide == (len(shown.locator(".matrix thead tr:first-child th").all()) > 10)
    shown.set_viewport_size({"width": PAPER["landscape" if wide else "portrait"], "height": 700})
    taken, given = shown.evaluate("[document.querySelector('.matrix').offsetWidth, document.body.clientWidth]")
    assert 0 < taken <= given


def test_minifying_does_not_change_the_document(visit: Visit, content: SiteContent) -> None:
    shown = visit.open("en/about.html")
    for address in KINDS.values():
        whole = html(content, page(content, address), "zh-Hans")
        short = minified(whole)
        assert len(short) < len(whole), address
        assert shown.evaluate(SAME_DOCUMENT, [short, whole]), address


def test_pages_and_the_whole_site_are_small(site: Path) -> None:
    sizes = {path.relative_to(site).as_posix(): path.stat().st_size for path in site.rglob("*") if path.is_file()}
    pages = {name: size for name, size in sizes.items() if name.endswith(".html")}
    assert len(pages) > 2000
    assert max(pages.values()) <= LARGEST, max(pages, key=lambda name: pages[name])
    assert sum(sizes.values()) <= min(WHOLE, FOR_EACH_PAGE * len(pages))


START_TAG = re.compile(r'<[a-z](?:[^>"]|"[^"]*")*>', re.IGNORECASE)
ATTRIBUTE = re.compile(r'\s(href|src|id)=(?:"([^"]*)"|([^\s">]+))')


def attributes(text: str) -> dict[str, set[str]]:
    """Return the values of ``href``, ``src`` and ``id`` in minified HTML."""
    found: dict[str, set[str]] = {"href": set(), "src": set(), "id": set()}
    for tag in START_TAG.findall(text):
        for name, quoted, plain in ATTRIBUTE.findall(tag):
            found[name].add(unescape(quoted or plain))
    return found


def test_links_and_ids_are_read_from_minified_html() -> None:
    text = '<p id=a title="x > y"><a href=b.html#c>href=d.html</a><script src="e.js"></script><i id="f&amp;g"></i>'
    assert attributes(text) == {"href": {"b.html#c"}, "src": {"e.js"}, "id": {"a", "f&g"}}


def test_every_internal_link_has_a_target(site: Path) -> None:
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    read = {name: attributes((site / name).read_text("utf-8")) for name in files if name.endswith(".html")}
    assert len(read) > 2000
    broken = set()
    for page_name, found in read.items():
        for link in found["href"] | found["src"]:
            if "://" in link:
                continue
            name, _, fragment = link.partition("#")
            name = name.partition("?")[0]
            folder = (
                "" if name.startswith("/") else dirname(page_name)
            )  # the page for unknown addresses has absolute links
            target = normpath(join(folder, name.lstrip("/"))) if name else page_name
            if target not in files or (fragment and target in read and fragment not in read[target]["id"]):
                broken.add(f"{page_name}: {link}")
    assert not sorted(broken)[:20]


@pytest.mark.parametrize(("locale", "language"), [("zh-CN", "zh-Hans"), ("en-GB", "en"), ("de-DE", "en")])
def test_the_start_page_leads_to_the_language_of_the_browser(
    new_page: NewPage, served: str, locale: str, language: str
) -> None:
    shown = new_page(locale=locale)
    shown.goto(f"{served}/")
    expect(shown).to_have_url(f"{served}/{language}/index.html")
    expect(shown.locator("html")).to_have_attribute("lang", language)
