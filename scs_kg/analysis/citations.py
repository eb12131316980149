"""Claims and sources as citations for readers."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from scs_kg.model.namespaces import local_id
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import Row, row_text


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation of a document: ``reference`` in full, ``short`` with authors and year only."""

    id: str
    short: str
    reference: str
    page: str
    verification: str


@dataclass(frozen=True, slots=True)
class CitedClaim:
    """A claim with its statement, the place in its source, and the primary sources that the source cites.

    ``note`` is the remark of a coder on the claim; it can be empty. ``replaces`` has the IRIs of the claims that this
    claim supersedes.
    """

    iri: str
    finding: str
    feature: str
    statement: str
    source: Citation
    locator: str
    as_of: str
    primary: tuple[Citation, ...]
    mode: str = ""
    confidence: str = ""
    note: str = ""
    replaces: tuple[str, ...] = ()


def cited_claims(dataset: Dataset, system: str | None = None) -> Mapping[str, CitedClaim]:
    """Return the claims about a system (default: all systems) with citations of their sources, keyed by IRI."""
    about = {"system": system} if system else {}
    citations = {row_text(row, "source"): _citation(row) for row in reversed(query_library.rows(dataset, "sources"))}
    labels = {row_text(row, "feature"): row_text(row, "label") for row in query_library.rows(dataset, "features")}
    remarks: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in query_library.rows(dataset, "qualifiers", **about):
        remarks[row_text(row, "claim"), local_id(row_text(row, "qualifier"))].append(row_text(row, "value"))
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in query_library.rows(dataset, "claims", **about):
        grouped[row_text(row, "claim")].append(row)
    return {
        claim: CitedClaim(
            iri=claim,
            finding=local_id(row_text(rows[0], "finding")),
            feature=labels[row_text(rows[0], "feature")],
            statement=row_text(rows[0], "statement"),
            source=citations[row_text(rows[0], "source")],
            locator=row_text(rows[0], "locator"),
            as_of=row_text(rows[0], "asOf"),
            primary=tuple(citations[s] for s in sorted({row_text(row, "primarySource") for row in rows} - {""})),
            mode=local_id(row_text(rows[0], "mode")),
            confidence=local_id(row_text(rows[0], "confidence")).lower(),
            note=" ".join(remarks.get((claim, "editorialNote"), ())),
            replaces=tuple(sorted(remarks.get((claim, "supersedes"), ()))),
        )
        for claim, rows in grouped.items()
    }


def short_name(row: Row) -> str:
    """Return the authors and the year of a source, from its row of ``sources.rq``: ``Liang et al. (2018)``."""
    return f"{row_text(row, 'creator')} ({row_text(row, 'issued')[:4] or 'no date'})"


def _citation(row: Row) -> Citation:
    short = short_name(row)
    parts = [row_text(row, "title") or "title unknown", row_text(row, "publishedIn"), row_text(row, "publisher")]
    reference = f"{short}. {'. '.join(part for part in parts if part)}."
    name, verification = local_id(row_text(row, "source")), local_id(row_text(row, "verification"))
    return Citation(name, short, reference, row_text(row, "page"), verification)
