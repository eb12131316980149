"""Pages with lists (home, all things of a kind, the terms of the ontology), and pages without data."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

from scs_kg.contribute.read.fields import all_fields
from scs_kg.explorer.cell_exports import compact_json
from scs_kg.explorer.citation import source_doi, source_reference
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.matrix_pages import View, comparable_readings, view
from scs_kg.explorer.page import Page
from scs_kg.model.namespaces import SCS
from scs_kg.store.labels import NameIndex, name_index
from scs_kg.store.query_library import Row, row_text

MAX_SELECT_OPTIONS: Final = 12
"""A field with at most this number of known values is a select element; other fields are text fields with suggestions.
"""
FORM_KINDS: Final = ("Claim", "Source")
"""The kinds of records that the form has fields for; other kinds are written in files."""
CHECK_TIMEOUT_SECONDS: Final = 120
PAGED_CLASSES: Final = {SCS + "SocialCreditSystem": "system", SCS + "Feature": "feature", SCS + "Source": "source"}


def readings(content: SiteContent) -> list[View]:
    """Return every reading with its matrix."""
    return [view(content, choice.reading.id) for choice in content.choices.values()]


def systems(content: SiteContent, _: str) -> Page:
    """Build the list of systems, grouped by kind, with the coverage of each."""
    rows = {row_text(row, "system"): row for row in content.rows["systems"]}
    coverage = {row_text(row, "system"): row for row in content.rows["coverage"]}
    by_kind: dict[str, list[tuple[Row, Row]]] = {}
    for iri, row in rows.items():
        by_kind.setdefault(row_text(row, "kind"), []).append((row, coverage[iri]))
    return Page("systems", "systems", "systems", {"by_kind": by_kind})


def features(content: SiteContent, _: str) -> Page:
    """Build the hierarchy of features, grouped by kind, with the number of claims on each."""
    narrower: dict[str, list[str]] = {}
    by_kind: dict[str, list[str]] = {}
    for row in content.rows["features"]:
        iri, broader = row_text(row, "feature"), row_text(row, "broader")
        if broader:
            narrower.setdefault(broader, []).append(iri)
        elif iri not in by_kind.setdefault(row_text(row, "kind"), []):
            by_kind[row_text(row, "kind")].append(iri)
    claims = content.grouped("claims", "feature")
    counts = {iri: len({row_text(row, "claim") for row in rows}) for iri, rows in claims.items()}
    return Page("features", "features", "features", {"by_kind": by_kind, "narrower": narrower, "claim_counts": counts})


def criteria(content: SiteContent, _: str) -> Page:
    """Build the list of conditions or criteria, with their readings, and with their systems grouped by outcome."""
    used_by: dict[str, set[str]] = {}
    for row in content.rows["provisions"]:
        used_by.setdefault(row_text(row, "criterion"), set()).add(row_text(row, "reading"))
    data = {"rows": content.rows["criteria-record"], "used_by": used_by, "conditions": content.rows["condition-list"]}
    return Page("criteria", "criteria", "criteria", data)


def guidelines(content: SiteContent, _: str) -> Page:
    """Build the list of guidelines and their readings."""
    data = {"readings": readings(content), "pairs": list(comparable_readings(content))}
    return Page("guidelines", "guidelines", "guidelines", data)


def sources(content: SiteContent, _: str) -> Page:
    """Build the list of sources, in the order of their authors and years, with the number of claims of each."""
    rows = sorted(source_rows(content), key=lambda row: (row_text(row, "creator").casefold(), row_text(row, "issued")))
    return Page("sources", "sources", "sources", {"rows": rows, "claim_counts": claim_counts(content)})


def sources_csl(content: SiteContent) -> str:
    """Return the references to all sources as one list of CSL-JSON 1.0, which reference managers import."""
    found: list[Mapping[str, Any]] = []
    for iri, rows in sorted(content.grouped("sources", "source").items()):
        pages = sorted({row_text(row, "page") for row in rows} - {""})
        found.append(source_reference(rows[0], pages, source_doi(content.source, iri)).csl)
    return compact_json(found)


def source_rows(content: SiteContent) -> list[Row]:
    """Return the first row of each source."""
    return list({row_text(row, "source"): row for row in reversed(content.rows["sources"])}.values())[::-1]


def claim_counts(content: SiteContent) -> dict[str, int]:
    """Return the number of claims of each source."""
    claims = content.grouped("claims", "source")
    return {iri: len({row_text(row, "claim") for row in rows}) for iri, rows in claims.items()}


def terms(content: SiteContent, _: str) -> Page:
    """Build the list of the terms of the ontology."""
    return Page("terms", "terms", "terms", {"terms": sorted(iri for iri in content.names if iri.startswith(SCS))})


def about(content: SiteContent, _: str) -> Page:
    """Build the page on how marks are derived, what the signs mean, how to cite, and which files third parties made."""
    return Page("about", "about", "about", {"vendored": vendored_assets(), "views": readings(content)})


def vendored_assets() -> list[dict[str, str]]:
    """Return the third-party assets of the pages: name, version, licence, files and note of each."""
    return list(tomllib.loads((files("scs_kg.explorer") / "vendored.toml").read_text("utf-8"))["asset"])


def pages(content: SiteContent, _: str) -> Page:
    """Build the list of all pages that are not about a single thing."""
    return Page("pages", "pages", "pages")


def search(content: SiteContent, _: str) -> Page:
    """Build the search page for names in both languages."""
    return Page("search", "search", "search", {})


def query_form(content: SiteContent, _: str) -> Page:
    """Build the page that runs SPARQL queries."""
    return Page("query", "query", "query")


def claim_form(content: SiteContent, _: str) -> Page:
    """Build the page that validates a new claim from a form or a file, and shows which cells would change.

    ``fields`` has the fields of each kind of record of the form. ``choices`` has the ids and labels of known values,
    keyed by class. ``choices`` omits the ``paged`` classes, because their names are in the search index. A field of a
    class with at most ``max_options`` values is a select element. ``lists`` has the classes whose fields take several
    values. A check stops after ``seconds``. ``readings`` are the readings with the words of their marks.
    """
    every = all_fields(content.source)
    fields = {kind: every[kind] for kind in FORM_KINDS}
    known = name_index(content.source)
    classes = sorted({field.value_class for of in fields.values() for field in of if field.value_class})
    choices = {
        name: [(value, _label(content, known, name, value)) for value in known.ids(name)]
        for name in classes
        if name not in PAGED_CLASSES
    }
    data = {
        "fields": fields,
        "choices": choices,
        "paged": PAGED_CLASSES,
        "max_options": MAX_SELECT_OPTIONS,
        "lists": {field.value_class for of in fields.values() for field in of if field.many} & choices.keys(),
        "seconds": CHECK_TIMEOUT_SECONDS,
        "readings": readings(content),
    }
    return Page("propose", "propose", "propose", data)


def _label(content: SiteContent, known: NameIndex, class_iri: str, value: str) -> str:
    """Return the names of a thing in all languages, English first; if it has no name, return its id."""
    (iri,) = known.find(class_iri, value)
    names = content.names.get(iri, {})
    return " · ".join(dict.fromkeys(names[language] for language in sorted(names))) or value
