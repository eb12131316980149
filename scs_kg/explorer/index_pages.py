"""Pages that list: the way in, all things of a kind, the terms of the ontology, and what the project is."""

import tomllib
from importlib.resources import files
from typing import Final

from scs_kg.contribute.read.fields import all_fields
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.matrix_pages import lines, pairs, view
from scs_kg.explorer.page import Page
from scs_kg.model.namespaces import SCS
from scs_kg.store.labels import NameIndex, name_index
from scs_kg.store.query_library import text

FEW: Final = 12
SECONDS: Final = 120
PAGED: Final = {SCS + "SocialCreditSystem": "system", SCS + "Feature": "feature", SCS + "Source": "source"}


def home(book: SiteContent, _: str) -> Page:
    """Build the way in: what this is, and the matrix of the first reading."""
    first = view(book, next(iter(book.choices.values())).reading.id)
    counts = {
        "systems": len({text(row, "system") for row in book.rows["systems"]}),
        "claims": len({text(row, "claim") for row in book.rows["claims"]}),
        "sources": len({text(row, "source") for row in book.rows["sources"]}),
        "criteria": len(book.rows["criteria-record"]),
        "guidelines": len({text(row, "guideline") for row in book.rows["guidelines"]}),
    }
    data = {"view": first, "lines": lines(book, first.matrix), "counts": counts, "readings": readings(book)}
    return Page("index", "home", "home", data)


def readings(book: SiteContent) -> list[object]:
    """Return every reading with its matrix."""
    return [view(book, choice.reading.id) for choice in book.choices.values()]


def systems(book: SiteContent, _: str) -> Page:
    """Build the list of systems by kind, with how much is known of each."""
    kinds = {text(row, "system"): row for row in book.rows["systems"]}
    coverage = {text(row, "system"): row for row in book.rows["coverage"]}
    by_kind: dict[str, list[tuple[object, object]]] = {}
    for iri, row in kinds.items():
        by_kind.setdefault(text(row, "kind"), []).append((row, coverage[iri]))
    return Page("systems", "systems", "systems", {"by_kind": by_kind})


def features(book: SiteContent, _: str) -> Page:
    """Build the tree of features by kind."""
    below: dict[str, list[str]] = {}
    kinds: dict[str, list[str]] = {}
    for row in book.rows["features"]:
        iri, broader = text(row, "feature"), text(row, "broader")
        if broader:
            below.setdefault(broader, []).append(iri)
        elif iri not in kinds.setdefault(text(row, "kind"), []):
            kinds[text(row, "kind")].append(iri)
    claims = book.grouped("claims", "feature")
    claimed = {iri: len({text(row, "claim") for row in rows}) for iri, rows in claims.items()}
    return Page("features", "features", "features", {"kinds": kinds, "below": below, "claimed": claimed})


def criteria(book: SiteContent, _: str) -> Page:
    """Build the list of criteria with the record of each."""
    asked: dict[str, set[str]] = {}
    for row in book.rows["provisions"]:
        asked.setdefault(text(row, "criterion"), set()).add(text(row, "reading"))
    return Page("criteria", "criteria", "criteria", {"rows": book.rows["criteria-record"], "asked": asked})


def guidelines(book: SiteContent, _: str) -> Page:
    """Build the list of guidelines and their readings."""
    return Page("guidelines", "guidelines", "guidelines", {"readings": readings(book), "pairs": list(pairs(book))})


def sources(book: SiteContent, _: str) -> Page:
    """Build the list of sources with how many claims rest on each."""
    used = {iri: len({text(row, "claim") for row in rows}) for iri, rows in book.grouped("claims", "source").items()}
    rows = list({text(row, "source"): row for row in reversed(book.rows["sources"])}.values())[::-1]
    return Page("sources", "sources", "sources", {"rows": rows, "used": used})


def terms(book: SiteContent, _: str) -> Page:
    """Build the list of the terms of the ontology."""
    return Page("terms", "terms", "terms", {"terms": sorted(iri for iri in book.names if iri.startswith(SCS))})


def about(book: SiteContent, _: str) -> Page:
    """Build the page on how marks come about, how to cite, and what the pages are made of."""
    return Page("about", "about", "about", {"vendored": vendored()})


def vendored() -> list[dict[str, str]]:
    """Return what the pages carry that others made: name, version, licence and file of each."""
    return list(tomllib.loads((files("scs_kg.explorer") / "vendored.toml").read_text("utf-8"))["asset"])


def search(book: SiteContent, _: str) -> Page:
    """Build the page of search over labels in both languages."""
    return Page("search", "search", "search", {})


def asking(book: SiteContent, _: str) -> Page:
    """Build the page on which anybody may ask the graph."""
    return Page("query", "query", "query")


def proposing(book: SiteContent, _: str) -> Page:
    """Build the page on which a claim can be written or a file be chosen, and held against the rules.

    ``fields`` are those of the records by kind, ``choices`` the ids and labels of what they may name, by class, but
    for the classes in ``paged``, whose names the search has already. Of at most ``few`` one is selected; ``lists`` are
    the classes of which several may be named. A check is stopped after so many ``seconds``.
    """
    fields = all_fields(book.source)
    known = name_index(book.source)
    kinds = sorted({one.values for of in fields.values() for one in of if one.values})
    choices = {
        kind: [(name, _labels(book, known, kind, name)) for name in known.ids(kind)]
        for kind in kinds
        if kind not in PAGED
    }
    several = {one.values for of in fields.values() for one in of if one.many}
    lists = several & choices.keys()
    data = {"fields": fields, "choices": choices, "paged": PAGED, "few": FEW, "lists": lists, "seconds": SECONDS}
    return Page("propose", "propose", "propose", data)


def _labels(book: SiteContent, known: NameIndex, kind: str, name: str) -> str:
    """Return what a thing is called in each language, English first."""
    (iri,) = known.find(kind, name)
    called = book.names.get(iri, {})
    return " · ".join(dict.fromkeys(called[language] for language in sorted(called))) or name
