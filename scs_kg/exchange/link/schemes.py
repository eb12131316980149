"""The data sets that ``data/links`` uses: the form of their codes, and the columns and properties that have them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scs_kg.model.namespaces import PREFIXES, SCS

WDT: Final = "http://www.wikidata.org/prop/direct/"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A data set: a pattern whose group 1 is a code, and the form of its IRIs. Without ``iri``, the target is the code.

    ``predicate`` links a region to a code; ``columns`` are normalized column headings, ``properties`` are IRIs.
    ``source`` describes the file to download.
    """

    pattern: str
    iri: str = ""
    predicate: str = PREFIXES["skos"] + "exactMatch"
    columns: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    source: str = ""

    def target(self, value: str) -> str | None:
        """Return the canonical form of a code of this data set, or None if the text is not one."""
        found = re.fullmatch(self.pattern, value.strip())
        if not found:
            return None
        code = "".join(found[1].split())
        return self.iri.format(code) if self.iri else code.ljust(6, "0") if code.isdecimal() else code


SCHEMES: Final[Mapping[str, Scheme]] = {
    "GB/T 2260": Scheme(
        pattern=r"([1-9]\d(?: ?\d\d){0,2})",  # Wikidata writes "35 02", and "35" for a province
        predicate=SCS + "gbt2260Code",
        columns=("gbt2260", "gb2260", "gbt2260code", "adcode", "p442"),
        properties=(SCS + "gbt2260Code", WDT + "P442"),
        source="a table with the columns gbt2260 and names",
    ),
    "ISO 3166": Scheme(
        pattern=r"([A-Z]{2}(?:-[A-Z0-9]{1,3})?)",
        predicate=SCS + "iso3166Code",
        columns=("iso3166", "iso31661", "iso31662", "iso3166code", "p297", "p300"),
        properties=(SCS + "iso3166Code", WDT + "P297", WDT + "P300"),
        source="a table with the columns iso3166 and names",
    ),
    "GeoNames": Scheme(
        pattern=r"(?:https?://(?:sws|www)\.geonames\.org/)?([1-9]\d*)(?:/[\w.-]*)?",
        iri="https://sws.geonames.org/{}/",
        columns=("geonameid", "geonames", "geonamesid", "p1566"),
        properties=(WDT + "P1566",),
        source="its dump of a country, such as CN.txt, or a part of it",
    ),
    "Wikidata": Scheme(
        pattern=r"(?:https?://www\.wikidata\.org/(?:entity|wiki)/)?(Q[1-9]\d*)",
        iri="http://www.wikidata.org/entity/{}",
        columns=("wikidata", "wikidataid", "qid", "item"),
        source="the answer of its query service as CSV or TSV, or RDF",
    ),
    "Who's On First": Scheme(
        pattern=r"(?:https?://(?:spelunker\.)?whosonfirst\.org/id/)?([1-9]\d*)/?",
        iri="https://spelunker.whosonfirst.org/id/{}",
        columns=("wofid", "whosonfirst", "p6766"),
        properties=(WDT + "P6766",),
        source="a table with the columns wof_id and names",
    ),
    "DBpedia": Scheme(
        pattern=r"https?://dbpedia\.org/resource/([^\s<>\"{}|^`\\]+)",
        iri="http://dbpedia.org/resource/{}",
        columns=("dbpedia",),
        source="RDF of its labels",
    ),
    "DPV locations": Scheme(
        pattern=r"https://w3id\.org/dpv/loc#([A-Z0-9-]+)",
        iri="https://w3id.org/dpv/loc#{}",
        columns=("dpv", "dpvloc"),
        source="its file of locations in Turtle",
    ),
}
SAME: Final = frozenset(
    {
        PREFIXES["skos"] + "exactMatch",
        PREFIXES["owl"] + "sameAs",
        PREFIXES["schema"] + "sameAs",
        "http://schema.org/sameAs",
    }
)
NAMED: Final = frozenset(
    {
        PREFIXES["skos"] + "prefLabel",
        PREFIXES["skos"] + "altLabel",
        PREFIXES["rdfs"] + "label",
        PREFIXES["schema"] + "name",
        "http://schema.org/name",
        PREFIXES["foaf"] + "name",
        *(PREFIXES["gn"] + name for name in ("name", "officialName", "alternateName")),
    }
)


def of_iri(iri: str) -> tuple[str, str] | None:
    """Return the data set that an IRI belongs to, and the canonical form of the IRI."""
    for name, scheme in SCHEMES.items():
        if scheme.iri and ":" in iri and (target := scheme.target(iri)):
            return name, target
    return None
