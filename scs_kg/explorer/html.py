"""Pages in a language, as HTML: names with their fallback, links that work from any folder, nothing unescaped."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from posixpath import dirname, relpath
from typing import Any, Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from scs_kg import __version__
from scs_kg.analysis.explain import Explanation
from scs_kg.explorer.cell_exports import CITED, FORMS
from scs_kg.explorer.charts import CROWDED_PLACES, MAPS, drawn, proof
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.entity_pages import note
from scs_kg.explorer.i18n import MARKS, agreement, definition, edition, name, standing, words
from scs_kg.explorer.map import CROWDED, labels, overview
from scs_kg.explorer.page import LANGUAGES, Page, address_of
from scs_kg.explorer.record_history import record_history
from scs_kg.model.namespaces import BASE, curie, local_id
from scs_kg.store.query_library import text

DOWNLOADS: Final = (("ttl", "ttl"),)
NEEDLESS: Final = re.compile(
    r"</li>(?=\s*(?:<li\b|</[ou]l>))"
    r"|</dt>(?=\s*<d[dt]\b)"
    r"|</dd>(?=\s*(?:<d[dt]\b|</dl>))"
    r"|</t[dh]>(?=\s*(?:<t[dh]\b|</tr>))"
    r"|</tr>(?=\s*(?:<tr\b|</t(?:head|body)>))"
    r"|</p>(?=\s*(?:<(?:details|div|dl|h[1-6]|ol|p|section|table|ul)\b|</(?:main|section)>))"
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a page stands: ``up`` leads from it to the root of the site."""

    language: str
    address: str

    @property
    def up(self) -> str:
        """Return the relative path to the root."""
        return "../" * (self.address.count("/") + 1)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("scs_kg.explorer"), PackageLoader("scs_kg.explorer", "static/vendor")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"id": local_id, "curie": curie, "json": lambda value: json.dumps(value, ensure_ascii=False)}
    environment.filters["fill"] = lambda pattern, **values: pattern.format(**values)
    environment.globals |= {
        "text": text,
        "marks": MARKS,
        "languages": LANGUAGES,
        "languages_called": {language: words(language)["language"] for language in LANGUAGES},
        "version": __version__,
        "base": BASE,
    }
    return environment


def html(book: SiteContent, page: Page, language: str, *, served: bool = False) -> str:
    """Render a page in one of ``LANGUAGES``; what is live asks the server if it is ``served``, else the browser."""
    here = Address(language, page.address)
    helpers: dict[str, Any] = {
        "page": page,
        "past": record_history(book, page.iri) if page.iri else None,
        "lang": language,
        "t": words(language),
        "up": here.up,
        "served": served,
        "exports": FORMS if served else CITED,
        "name": _namer(book, language),
        "en": Markup("") if language == "en" else Markup(' lang="en"'),
        "english": lambda said: escape(said) if language == "en" else Markup('<span lang="en">{}</span>').format(said),
        "plain": lambda iri: name(book, iri, language)[0],
        "href": lambda target, fragment="": _href(book, here, target, fragment),
        "has_page": lambda iri: address_of(book, iri) is not None,
        "definition": lambda iri: _spoken(definition(book, iri, language), language),
        "standing": lambda shown: standing(book, shown, language),
        "agreement": lambda row, across: agreement(book, row, across, language),
        "notes": lambda iri: note(book, iri, "scopeNote"),
        "edition": lambda named: edition(named, language),
        "downloads": lambda shown: _downloads(here, shown),
        "data_href": lambda shown: _downloads(here, shown)[0][1],
        "elsewhere": {other: f"{here.up}{other}/{page.address}.html" for other in LANGUAGES},
    }
    return lean(_environment().get_template(f"{page.template}.html.j2").render(**helpers, **page.data))


def lean(text: str) -> str:
    """Leave out end tags that HTML does not need (HTML Living Standard, 13.1.2.4), where what follows says the same.

    The document that a browser reads is the same, and thousands of pages are half a megabyte smaller.
    """
    return NEEDLESS.sub("", text)


def entrance() -> str:
    """Return the page at the root, which leads on to the first language."""
    return _environment().get_template("entrance.html.j2").render()


def picture(book: SiteContent, shown: str, language: str) -> str:
    """Draw a picture by its name as SVG with words in a language; raise UnknownNameError if there is none."""
    if shown in MAPS:
        return _map(book, shown, language)
    found = drawn(book, shown)
    said = words(language)["picture"]

    def call(iri: str) -> str:
        return name(book, iri, language)[0] if "://" in iri else said.get(iri, iri)

    template = _environment().get_template("bars.svg.j2")
    return template.render(bars=found, said=said, shown=shown, call=call, lang=language)


def _map(book: SiteContent, shown: str, language: str) -> str:
    """Draw the regions of all systems, or those of the crowded part of the outline; each is named on one of both."""
    sheet, near = overview(book), shown == CROWDED_PLACES
    frame = CROWDED if near else sheet.window.frame
    spots = tuple(spot for spot in sheet.spots if frame.holds(spot))
    names = {spot.region: name(book, spot.region, language)[0] for spot in spots}
    named = {spot.region: names[spot.region] for spot in spots if near or not CROWDED.holds(spot)}
    return (
        _environment()
        .get_template("map.svg.j2")
        .render(
            shown=shown,
            window=sheet.window,
            frame=frame,
            details=() if near else (CROWDED,),
            spots=spots,
            names=names,
            labels=labels(frame, spots, named),
            said=words(language)["picture"],
            lang=language,
        )
    )


def proof_picture(found: Explanation) -> str:
    """Draw the graph of what a cell rests on as SVG; its words are ids, the same in every language."""
    return _environment().get_template("proof.svg.j2").render(graph=proof(found), found=found)


def _namer(book: SiteContent, language: str) -> Callable[[str], Markup]:
    return lambda iri: _spoken(name(book, iri, language), language)


def _spoken(said: tuple[str, str], language: str) -> Markup:
    """Return a text as HTML that says its language, if that is not the language of the page."""
    shown, spoken = said
    if not spoken or spoken == language.lower():
        return escape(shown)
    return Markup('<span lang="{}">{}</span>').format("zh-Hans" if spoken == "zh-hans" else spoken, shown)


def _href(book: SiteContent, here: Address, target: str, fragment: str) -> str:
    """Return a relative link to the page of an IRI or to an address; an IRI without a page stays as it is."""
    address = address_of(book, target, fragment) if "://" in target else target + (f"#{fragment}" if fragment else "")
    if address is None:
        return target
    path, mark, rest = address.partition("#")
    if path == here.address and mark:
        return f"#{rest}"
    return f"{relpath(f'{path}.html', dirname(here.address) or '.')}{mark}{rest}"


def _downloads(here: Address, page: Page) -> tuple[tuple[str, str], ...]:
    """Return the forms of the data of a page's thing, by their names among the words, each with its link."""
    forms = (*DOWNLOADS, *(CITED if "cited" in page.data else ()))
    return tuple((form, f"{here.up}{page.address}.{ending}") for form, ending in forms)
