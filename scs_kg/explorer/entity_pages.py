"""Pages of what the comparison is made of: systems, features, criteria, sources, claims, regions."""

from collections.abc import Mapping
from dataclasses import dataclass

from scs_kg import store
from scs_kg.explorer.citation import of_source
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.map import sheets
from scs_kg.explorer.matrix_pages import view
from scs_kg.explorer.page import Page
from scs_kg.judging.judge import Evidence
from scs_kg.judging.settle import deciding_findings, hierarchy
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.namespaces import BASE, EARL, SCS, local_id
from scs_kg.rules.criteria import read_criterion
from scs_kg.store import NamedNode
from scs_kg.store.query_library import Row, text


def _known(book: SiteContent, question: str, kind: str, name: str) -> tuple[str, list[Row]]:
    iri, rows = f"{BASE}{kind}/{name}", book.grouped(question, kind)
    if iri not in rows:
        raise UnknownNameError(kind, name, map(local_id, rows))
    return iri, rows[iri]


def system(book: SiteContent, name: str) -> Page:
    """Build the page of a system: where it operates, its features by kind, its claims by time, its verdicts."""
    iri, rows = _known(book, "systems", "system", name)
    claims = once(book.grouped("claims", "system").get(iri, []))
    kinds = {text(row, "feature"): text(row, "kind") for row in book.rows["features"]}
    by_kind: dict[str, dict[str, list[Row]]] = {kind: {} for kind in dict.fromkeys(kinds.values())}
    for row in claims:
        by_kind[kinds[text(row, "feature")]].setdefault(text(row, "feature"), []).append(row)
    data = {
        "kind": text(rows[0], "kind"),
        "regions": [text(row, "region") for row in rows],
        "sheets": sheets(book, [text(row, "region") for row in rows]),
        "by_kind": {kind: features for kind, features in by_kind.items() if features},
        "timeline": sorted((row for row in claims if text(row, "asOf")), key=lambda row: text(row, "asOf")),
        "undated": [row for row in claims if not text(row, "asOf")],
        "verdicts": verdicts(book, iri),
        "readings": [choice.reading for choice in book.choices.values() if _compared(book, choice.reading.iri, iri)],
        "sources": sorted({text(row, "source") for row in claims}),
    }
    return Page(f"system/{name}", "system", iri, data, iri)


def _compared(book: SiteContent, reading: str, iri: str) -> bool:
    return any(system.iri == iri for system in view(book, local_id(reading)).matrix.systems)


def once(rows: list[Row]) -> list[Row]:
    """Return the first row of each claim: a claim with several primary sources has several."""
    return list({text(row, "claim"): row for row in reversed(rows)}.values())[::-1]


def verdicts(book: SiteContent, iri: str, of: str = "subject", other: str = "test") -> Mapping[str, list[str]]:
    """Return by outcome what a system (or, the other way round, a criterion) was judged by, on all claims."""
    dataset = book.edition().dataset
    found: dict[str, list[str]] = {}
    for verdict in store.subjects(dataset, EARL + of, iri):
        (result,) = store.objects(dataset, verdict, EARL + "result")
        (outcome,) = store.objects(dataset, result, EARL + "outcome")
        (judged,) = store.objects(dataset, verdict, EARL + other)
        found.setdefault(local_id(store.text(outcome)), []).append(store.text(judged))
    return {outcome: sorted(names) for outcome, names in sorted(found.items())}


def feature(book: SiteContent, name: str) -> Page:
    """Build the page of a feature: what is above and below it, who is said to have it, which criteria test it."""
    iri, rows = _known(book, "features", "feature", name)
    below = [text(row, "feature") for row in book.rows["features"] if text(row, "broader") == iri]
    tested = [criterion for criterion, features in book.tested.items() if iri in features]
    data = {
        "kind": text(rows[0], "kind"),
        "broader": [text(row, "broader") for row in rows if text(row, "broader")],
        "narrower": below,
        "claims": once(book.grouped("claims", "feature").get(iri, [])),
        "criteria": tested,
        "scope": note(book, iri, "scopeNote"),
    }
    return Page(f"feature/{name}", "feature", iri, data, iri)


def note(book: SiteContent, iri: str, kind: str) -> list[str]:
    """Return the notes of a kind (``scopeNote``, ``editorialNote``) on a thing."""
    found = store.objects(book.source, NamedNode(iri), f"http://www.w3.org/2004/02/skos/core#{kind}")
    return [store.text(term) for term in found]


def criterion(book: SiteContent, name: str) -> Page:
    """Build the page of a criterion: its demand, its shape, who asks for it and why, and how the systems stand."""
    iri, _ = _known(book, "criteria-record", "criterion", name)
    (polarity,) = store.objects(book.source, NamedNode(iri), SCS + "polarity")
    data = {
        "polarity": store.text(polarity),
        "features": sorted(book.tested[iri]),
        "settling": list(
            deciding_findings(read_criterion(book.source, iri), "", Evidence({}, {}, {}), hierarchy(book.source))
        ),
        "shape": source_text(book, iri),
        "provisions": book.grouped("provisions", "criterion").get(iri, []),
        "verdicts": verdicts(book, iri, "test", "subject"),
        "scope": note(book, iri, "scopeNote"),
    }
    return Page(f"criterion/{name}", "criterion", iri, data, iri)


def source_text(book: SiteContent, iri: str) -> str:
    """Return what the project's files say of a thing, as it stands there."""
    file, line = store.locate(book.source, iri)
    if file is None or line is None:
        return ""
    block = []
    for written in file.read_text("utf-8").splitlines()[line - 1 :]:
        if not written.strip():
            break
        block.append(written)
    return "\n".join(block)


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """A claim on the page of its source: its row, primary sources, qualifiers, the criteria that use it, its place."""

    row: Row
    primary: tuple[str, ...]
    qualifiers: Mapping[str, list[str]]
    criteria: tuple[str, ...]
    file: str


def source(book: SiteContent, name: str) -> Page:
    """Build the page of a source: its record, how far it was checked, its claims in full, and those that cite it."""
    iri, rows = _known(book, "sources", "source", name)
    claims = book.grouped("claims", "source").get(iri, [])
    elsewhere = [row for row in book.grouped("claims", "primarySource").get(iri, []) if text(row, "source") != iri]
    pages = sorted({text(row, "page") for row in rows} - {""})
    data = {
        "row": rows[0],
        "pages": pages,
        "cited": of_source(rows[0], pages),
        "claims": [claim(book, claims, row) for row in once(claims)],
        "elsewhere_cited": once(elsewhere),
        "said_of_it": note(book, iri, "editorialNote"),
    }
    return Page(f"source/{name}", "source", iri, data, iri)


def claim(book: SiteContent, rows: list[Row], row: Row) -> ClaimEntry:
    """Return a claim in full: on whose word, with what qualifies or contradicts it, and which criteria use it."""
    iri = text(row, "claim")
    qualifiers: dict[str, list[str]] = {}
    for qualified in book.grouped("qualifiers", "claim").get(iri, []):
        qualifiers.setdefault(local_id(text(qualified, "qualifier")), []).append(text(qualified, "value"))
    used = [store.text(verdict) for verdict in store.subjects(book.edition().dataset, SCS + "restsOn", iri)]
    primary = sorted({text(other, "primarySource") for other in rows if text(other, "claim") == iri} - {""})
    return ClaimEntry(row, tuple(primary), qualifiers, tuple(sorted(_criteria_of(book, used))), book.places[iri])


def _criteria_of(book: SiteContent, used: list[str]) -> set[str]:
    dataset = book.edition().dataset
    return {store.text(t) for verdict in used for t in store.objects(dataset, NamedNode(verdict), EARL + "test")}


def region(book: SiteContent, name: str) -> Page:
    """Build the page of a region: its level by the claim that stands, what contains it, and its systems."""
    iri, rows = _known(book, "regions", "region", name)
    data = {
        "within": sorted({text(row, "within") for row in rows} - {""}),
        "parts_of": sorted({text(row, "region") for row in book.rows["regions"] if text(row, "within") == iri}),
        "systems": sorted({text(row, "system") for row in rows} - {""}),
        "levels": book.grouped("levels", "region").get(iri, []),
        "scope": note(book, iri, "scopeNote"),
        "sheets": sheets(book, [iri], inside=True),
    }
    return Page(f"region/{name}", "region", iri, data, iri)
