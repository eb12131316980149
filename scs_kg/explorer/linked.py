"""The links of the thing of a page to other vocabularies and data sets."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.page import Page
from scs_kg.model.namespaces import local_id
from scs_kg.store.query_library import Row, row_text

TOPICS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "DPV EU rights": "charter",
        "DPV EU GDPR": "gdpr",
        "IBM AI Risk Atlas": "risks",
        "AIR 2024": "risks",
        "MIT AI Risk Repository": "risks",
        "AI Incident Database": "incidents",
        "OECD AI Incidents Monitor": "incidents",
        "AIAAIC Repository": "incidents",
    }
)
"""The data sets whose links have a separate section, mapped to the key of the heading."""
COMMANDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "charter": "scs-kg query federated/charter-rights --allow-service w3id.org=URL",
        "gdpr": "scs-kg query federated/dpv-rights-and-duties --allow-service w3id.org=URL",
        "risks": "scs-kg query federated/mitigations --allow-service w3id.org=URL",
        "incidents": "scs-kg query federated/incidents --allow-service incidentdatabase.ai=URL",
    }
)
"""The commands that add the data of another data set, keyed by the key of the heading.

In a command, ``URL`` stands for the address of a store that has the files of the data set.
"""
MATCHES: Final = ("exactMatch", "closeMatch", "relatedMatch", "broadMatch", "narrowMatch")
"""The kinds of match of SKOS, which have a column each; the table counts other relations together."""
ORDER: Final = ("operator", "charter", "gdpr", "risks", "incidents", "same", "similar")
PLAIN: Final[Mapping[str, str]] = MappingProxyType({"exactMatch": "same", "operator": "operator"})
"""The headings of links to data sets without a section, keyed by relation; other relations have the heading "similar".
"""


@dataclass(frozen=True, slots=True)
class ExternalTarget:
    """A target of a link in another data set.

    ``label`` is the label in the other data set, or else the address without the scheme. ``reason`` is in English.
    ``place`` is the address at which the target was read on ``date``. If targets of other links were read there too,
    the place is shared, and only the page of links has it. ``confidence`` is a decimal from 0 to 1.
    """

    address: str
    label: str
    source: str
    reason: str
    place: str
    date: str
    confidence: str
    is_place_shared: bool


@lru_cache(maxsize=1)  # a page is rendered in one language after the other
def external_targets(content: SiteContent, iri: str | None) -> Mapping[str, tuple[ExternalTarget, ...]]:
    """Return the targets of the links of a thing, keyed by the key of their heading, in the order of the page."""
    found: dict[str, dict[str, ExternalTarget]] = {key: {} for key in ORDER}
    for row in content.grouped("mappings", "subject").get(iri or "", ()):
        source, address = row_text(row, "in"), row_text(row, "object")
        key = TOPICS.get(source) or PLAIN.get(local_id(row_text(row, "predicate")), "similar")
        name = row_text(row, "objectLabel") or address.split("://", 1)[1]
        found[key][address] = ExternalTarget(
            address,
            name,
            source,
            reason=row_text(row, "comment"),
            place=row_text(row, "place"),
            date=row_text(row, "date"),
            confidence=row_text(row, "confidence"),
            is_place_shared=_is_place_shared(content, row),
        )
    return {key: tuple(targets.values()) for key, targets in found.items() if targets}


def _is_place_shared(content: SiteContent, row: Row) -> bool:
    """Return whether the targets of several links to a data set were read at the place of a link."""
    return f"{row_text(row, 'in')} {row_text(row, 'place')}" in _shared_places(content)


@lru_cache(maxsize=1)
def _shared_places(content: SiteContent) -> frozenset[str]:
    """Return each data set with each place, joined by a space, at which targets of several links were read."""
    by_place = content.grouped("mappings", "in", "place")
    return frozenset(key for key, rows in by_place.items() if len({row_text(row, "mapping") for row in rows}) > 1)


def links(content: SiteContent, _: str) -> Page:
    """Build the table of all links, with one row per data set and the number of links of each kind of match.

    ``places`` has the addresses at which targets of several links to a data set were read, with the days.
    """
    counts: dict[str, Counter[str]] = {}
    places: dict[str, set[tuple[str, str]]] = {}
    for row in content.rows["mappings"]:
        kind, source = local_id(row_text(row, "predicate")), row_text(row, "in")
        counts.setdefault(source, Counter())[kind if kind in MATCHES else "other"] += 1
        if _is_place_shared(content, row):
            places.setdefault(source, set()).add((row_text(row, "place"), row_text(row, "date")))
    most = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))
    found = {source: sorted(own) for source, own in places.items()}
    return Page("links", "links", "links", {"counts": dict(most), "kinds": (*MATCHES, "other"), "places": found})
