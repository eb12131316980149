"""Renders pages as HTML in a language: labels with fallback, relative links, everything escaped."""

from collections.abc import Mapping
from functools import cache, lru_cache
from posixpath import relpath
from typing import Any, Final

from markupsafe import Markup, escape

from scs_kg.explorer import cell_texts
from scs_kg.explorer.cell_exports import CITATION_FORMS, EXPORT_FORMS, SINGLE_FORMS
from scs_kg.explorer.charts import CROWDED_PLACES, MAPS, chart_bars
from scs_kg.explorer.citation import public_address
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.entity_pages import notes
from scs_kg.explorer.environment import environment
from scs_kg.explorer.guideline_pages import premises
from scs_kg.explorer.i18n import (
    agreement_sentence,
    applicability_sentence,
    definition,
    edition_label,
    label,
    messages_for,
    selection_sentence,
)
from scs_kg.explorer.i18n import words as words_of
from scs_kg.explorer.linked import COMMANDS, external_targets
from scs_kg.explorer.map import CROWDED, labels, overview
from scs_kg.explorer.page import LANGUAGES, Page, PageLocation, address_of, publisher_address
from scs_kg.explorer.record_history import record_history
from scs_kg.explorer.script_settings import definitions_json, script_settings
from scs_kg.explorer.searches import summary
from scs_kg.explorer.source_names import (
    authors,
    body_name,
    brief_citation,
    full_citation,
    named_records,
    part_read,
    shortened,
    translated,
)
from scs_kg.explorer.structured_data import structured_data
from scs_kg.store.ontology_header import release_date
from scs_kg.store.query_library import row_text

ENTITY_FORMS: Final = (("ttl", "ttl"),)


def html(content: SiteContent, page: Page, language: str, *, served: bool = False) -> str:
    """Render a page in one of ``LANGUAGES``.

    If it is ``served``, its interactive parts send requests to the server; otherwise they run in the browser.
    """
    context = _page_context(page, language, served=served)
    values = {
        **language_functions(content, language),
        **_page_functions(content, page, language),
        **context,
        **page.data,
    }
    with messages_for(language):
        return environment().get_template(f"{page.template}.html.j2").render(values)


def _page_context(page: Page, language: str, *, served: bool) -> Mapping[str, Any]:
    """Return the variables of every template that depend on the page and the language."""
    here = PageLocation(language, page.address)
    return {
        "page": page,
        "lang": language,
        "t": words_of(language),
        "up": here.up,
        "served": served,
        "exports": EXPORT_FORMS,
        "downloads": _downloads(here, page, served=served),
        "translations": {other: f"{here.up}{other}/{page.address}.html" for other in LANGUAGES},
        "en": Markup("") if language == "en" else Markup(' lang="en"'),
    }


def _page_functions(content: SiteContent, page: Page, language: str) -> Mapping[str, Any]:
    """Return the template variables that depend on the data and the page: links, the history of the page."""
    here = PageLocation(language, page.address)
    name = language_functions(content, language)["name"]
    href = cache(lambda target, fragment="": _href(content, here, target, fragment))
    return {
        "history": record_history(content, page.iri) if page.iri else None,
        "linked": external_targets(content, page.iri),
        "href": href,
        "link": cache(lambda iri: Markup(f'<a href="{escape(href(iri))}">{name(iri)}</a>')),  # noqa: S704  # escaped
        "publisher_href": lambda name: _href(content, here, *publisher_address(content, name).split("#")),
        "script_settings": lambda matrices, **texts: script_settings(content, page, language, matrices, texts),
        "public_address": public_address(content, page, language),
        "description": definition(content, page.iri, language)[0] if page.iri else _lead(page, language),
        "structured_data": lambda title, served: structured_data(content, page, language, title, served=served),
    }


@lru_cache(maxsize=len(LANGUAGES))
def language_functions(content: SiteContent, language: str) -> Mapping[str, Any]:
    """Return the template variables that depend on the data and the language: labels, definitions, sentences."""
    return {
        **cell_texts.functions(content, language),
        "linked_commands": COMMANDS,
        "name": cache(lambda iri: _with_language(label(content, iri, language), language)),
        "plain": lambda iri: label(content, iri, language)[0],
        "definition": lambda iri: _with_language(definition(content, iri, language), language),
        "scope_notes_of": lambda iri: notes(content, iri, "scopeNote"),
        **_source_functions(content, language),
        "translated": cache(lambda shown: _with_language(translated(content, shown, language), language)),
        "element": cache(lambda name, shown: _element(name, translated(content, shown, language), language)),
        "named_words": lambda shown: named_records(content, shown),
        "claim_row": lambda claim: content.grouped("claims", "claim")[claim][0],
        "has_page": lambda iri: address_of(content, iri) is not None,
        "conditions_of": lambda iri: [
            row_text(row, "condition") for row in content.grouped("conditions", "provision").get(iri, ())
        ],
        "searches_for": lambda system, criterion: summary(content, system, criterion),
        "premises_of": lambda reading, principle: premises(content, reading, principle),
        "definitions_json": lambda kinds: definitions_json(content, kinds, language),
        "applicability": lambda view: applicability_sentence(content, view.matrix.applicability, language),
        "selection_sentence": lambda matrix: selection_sentence(content, matrix.selection, language),
        "agreement": lambda row, systems: agreement_sentence(content, row, systems, language),
        "edition": lambda name: edition_label(content, name, language),
        "released": release_date(content.source),
        "settings": content.settings,
    }


def _source_functions(content: SiteContent, language: str) -> Mapping[str, Any]:
    """Return the template variables that name sources, their authors and their publishers."""
    return {
        "shortened": lambda shown: shortened(shown, language),
        "short": cache(lambda source: brief_citation(content, source, language)),
        "part_read": lambda source: part_read(content, source),
        "cited": cache(lambda source: full_citation(content, source, language)),
        "authors": lambda names: authors(content, names, language),
        "body_name": lambda name: _with_language(body_name(content, name, language), language),
    }


def _lead(page: Page, language: str) -> str:
    """Return the entry of a page in the list of pages that are not about one thing; empty for other pages."""
    return str(words_of(language)["about_page"].get(page.address, ""))


def root_page(name: str, **values: str) -> str:
    """Return a page at the root of the site, in all languages: ``root`` or ``404``."""
    return environment().get_template(f"{name}.html.j2").render(values)


def picture(content: SiteContent, name: str, language: str) -> str:
    """Draw a chart or a map as SVG, with labels in a language; raise UnknownNameError for an unknown name."""
    if name in MAPS:
        return _map(content, name, language)
    bars = chart_bars(content, name)
    words = words_of(language)["picture"]

    def bar_label(iri: str) -> str:
        return label(content, iri, language)[0] if "://" in iri else words.get(iri, iri)

    template = environment().get_template("bars.svg.j2")
    return template.render(bars=bars, words=words, shown=name, bar_label=bar_label, lang=language)


def _map(content: SiteContent, name: str, language: str) -> str:
    """Draw the map of all regions with systems, or its crowded part; only one of the maps has the label of a region."""
    sheet, is_detail = overview(content), name == CROWDED_PLACES
    frame = CROWDED if is_detail else sheet.window.frame
    spots = tuple(spot for spot in sheet.spots if frame.contains(spot))
    names = {spot.region: label(content, spot.region, language)[0] for spot in spots}
    labelled = {spot.region: names[spot.region] for spot in spots if is_detail or not CROWDED.contains(spot)}
    return (
        environment()
        .get_template("map.svg.j2")
        .render(
            shown=name,
            window=sheet.window,
            frame=frame,
            details=() if is_detail else (CROWDED,),
            spots=spots,
            names=names,
            labels=labels(frame, spots, labelled),
            words=words_of(language)["picture"],
            lang=language,
        )
    )


def _with_language(tagged: tuple[str, str], language: str) -> Markup:
    """Return a text as HTML, with its language tag if that is not the language of the page."""
    shown, tag = tagged
    if not tag or tag == language.lower():
        return escape(shown)
    return Markup(f'<i lang="{"zh-Hans" if tag == "zh-hans" else escape(tag)}">{escape(shown)}</i>')  # noqa: S704  # escaped


def _element(name: str, tagged: tuple[str, str], language: str) -> Markup:
    """Return an HTML element with a text, and its language tag if that is not the language of the page."""
    shown, tag = tagged
    attribute = "" if tag == language.lower() else ' lang="en"'
    return Markup(f"<{name}{attribute}>{escape(shown)}</{name}>")  # noqa: S704  # the text is escaped


def _href(content: SiteContent, here: PageLocation, target: str, fragment: str) -> str:
    """Return a relative link to the page of an IRI or to an address; an IRI without a page is returned unchanged."""
    path, mark, link = _link_from(content, here.folder, target, fragment)
    return mark if mark and path == here.address else link


@lru_cache(maxsize=50_000)
def _link_from(content: SiteContent, folder: str, target: str, fragment: str) -> tuple[str, str, str]:
    """Return the address of the page of a target, the fragment with ``#``, and the link from a page in a folder."""
    address = address_of(content, target, fragment) if "://" in target else f"{target}#{fragment}".rstrip("#")
    if address is None:
        return "", "", target
    path, mark, own_fragment = address.partition("#")
    return path, mark + own_fragment, f"{_relative(f'{path}.html', folder)}{mark}{own_fragment}"


@lru_cache(maxsize=10_000)
def _relative(path: str, folder: str) -> str:
    """Return a path as seen from a folder; both are paths below the same folder."""
    return relpath(path, folder or ".")


def _downloads(here: PageLocation, page: Page, *, served: bool) -> tuple[tuple[str, str], ...]:
    """Return the data formats of a page; each has its key in the interface words and its link."""
    forms = (*ENTITY_FORMS, *((CITATION_FORMS if served else SINGLE_FORMS) if "reference" in page.data else ()))
    return tuple((form, f"{here.up}{page.address}.{extension}") for form, extension in forms)
