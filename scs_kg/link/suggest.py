"""Matches regions with places of another data set: by code, or by name in both languages, never by English name alone.

Written in Latin letters, places in China share their names: Fuzhou is 福州 and 抚州. So an English name alone proposes
nothing, and what it would have proposed is told. A code that differs outweighs names that agree.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from scs_kg import query, records
from scs_kg.link.outside import SITES, Outside
from scs_kg.namespaces import BASE, PREFIXES, RDF, local_id
from scs_kg.query import text
from scs_kg.store import Dataset, Literal, NamedNode, Triple

SCHEMES: Final = ("GB/T 2260", "ISO 3166", *SITES)
_KINDS: Final = {
    "en": re.compile(r"( (city|province|county|district|municipality|prefecture|shi|sheng|xian))+$"),
    "zh": re.compile(r"(?<=..)(维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|地区|省|市|县|区)$"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A region and a place that may be the same.

    ``why`` says what agrees; ``against`` what speaks against it, empty if nothing does. ``known`` is the link to the
    same data set that is there already, if one is: to this place or to another.
    """

    region: str
    place: str
    why: tuple[str, ...]
    against: tuple[str, ...] = ()
    known: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What is proposed, and what is not, with why; both in the order of regions and places."""

    proposed: tuple[Candidate, ...]
    rejected: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class _Region:
    iri: str
    english: frozenset[str]
    chinese: frozenset[str]
    codes: frozenset[tuple[str, str]]
    linked: Mapping[str, frozenset[str]]


def suggest(dataset: Dataset, places: Iterable[Outside]) -> Suggestions:
    """Hold places against all regions of a dataset."""
    regions = _regions(dataset)
    by_code, by_name = defaultdict[tuple[str, str], set[str]](set), defaultdict[str, set[str]](set)
    for region in regions.values():
        for code in region.codes:
            by_code[code].add(region.iri)
        for name in region.english | region.chinese:
            by_name[name].add(region.iri)
    found: dict[tuple[str, str], Candidate] = {}
    for place in places:
        if place.iri.startswith(BASE):
            continue  # one of ours
        english, chinese = _plain("en", place.english), _plain("zh", place.chinese)
        near = {iri for code in _codes(place) for iri in by_code.get(code, ())}
        near |= {iri for name in english | chinese for iri in by_name.get(name, ())}
        for iri in near:
            found[iri, place.iri] = _candidate(regions[iri], place, english, chinese)
    ordered = [_against_others(found, key) for key in sorted(found)]
    return Suggestions(tuple(one for one in ordered if not one.against), tuple(one for one in ordered if one.against))


def _regions(dataset: Dataset) -> dict[str, _Region]:
    names, targets = defaultdict[str, set[tuple[str, str]]](set), defaultdict[str, set[tuple[str, str]]](set)
    for row in query.rows(dataset, "region-names"):
        names[text(row, "region")].add((text(row, "language"), text(row, "name")))
    for row in query.rows(dataset, "links"):
        targets[text(row, "region")].add((text(row, "in"), text(row, "target")))
    found = {}
    for iri, told in names.items():
        english = _plain("en", (name for tag, name in told if tag.startswith("en")))
        chinese = _plain("zh", (name for tag, name in told if tag.startswith("zh")))
        linked = defaultdict[str, set[str]](set)
        for _, target in targets[iri]:
            linked[_site(target)].add(target)
        codes = frozenset((scheme, target) for scheme, target in targets[iri] if scheme in SCHEMES)
        found[iri] = _Region(iri, english, chinese, codes, {site: frozenset(there) for site, there in linked.items()})
    return found


def _plain(language: str, names: Iterable[str]) -> frozenset[str]:
    """Return names without case, accents, space, and the word that says of which kind the place is."""
    found = set()
    for name in names:
        letters = (char for char in unicodedata.normalize("NFKD", name).casefold() if not unicodedata.combining(char))
        bare = " ".join("".join(char if char.isalnum() else " " for char in letters).split())
        found.add(_KINDS[language].sub("", bare))
    return frozenset(found)


def _codes(place: Outside) -> frozenset[tuple[str, str]]:
    """Return the codes of a place; its own IRI is one where it is of a site that we link to."""
    own = {(site, place.iri) for site, pattern in SITES.items() if _site(pattern) == _site(place.iri)}
    return place.codes | own


def _candidate(region: _Region, place: Outside, english: frozenset[str], chinese: frozenset[str]) -> Candidate:
    theirs, ours = _codes(place), region.codes
    same = sorted(f"{scheme} {value}" for scheme, value in theirs & ours)
    other = sorted({scheme for scheme, _ in theirs} & {scheme for scheme, _ in ours} - {s for s, _ in theirs & ours})
    names = [
        *(f"English name '{name}'" for name in sorted(region.english & english)),
        *(f"Chinese name '{name}'" for name in sorted(region.chinese & chinese)),
    ]
    against = [f"another code in {scheme}" for scheme in other]
    if not same and not region.chinese & chinese:
        against.append("the English name alone, which several places may share")
    elif not same and not region.english & english:
        against.append("the Chinese name alone; give the English name too, or a code")
    known = region.linked.get(_site(place.iri), frozenset())
    link = place.iri if place.iri in known else min(known, default=None)
    return Candidate(region.iri, place.iri, (*same, *names), tuple(against), link)


def _against_others(found: Mapping[tuple[str, str], Candidate], key: tuple[str, str]) -> Candidate:
    """Say of a candidate by name alone which other place of its region has the same grounds."""
    mine = found[key]
    if mine.against or any(not ground.endswith("'") for ground in mine.why):
        return mine
    site = _site(mine.place)
    near = ((place, other) for (region, place), other in found.items() if region == mine.region)
    rivals = [place for place, other in near if _site(place) == site and not other.against]
    if len(rivals) == 1:
        return mine
    return Candidate(mine.region, mine.place, mine.why, (f"one of {len(rivals)} places with these names",), mine.known)


def _site(iri: str) -> str:
    """Return what the IRIs of a data set begin with."""
    return re.sub(r"[^/#]*$", "", iri.rstrip("/"))


def as_turtle(found: Suggestions, source: str, file: str) -> str:
    """Return what is proposed and not known as links in the form of ``data/links/``, each marked as not yet reviewed.

    ``source`` is the name of the data set, ``file`` where its places were read.
    """
    written, owl, sssom = [], PREFIXES["owl"], PREFIXES["sssom"]
    slug = re.sub(r"[^a-z0-9]+", "-", source.casefold()).strip("-")
    counts = defaultdict[str, int](int)
    for one in found.proposed:
        if one.known == one.place:
            continue
        counts[one.region] += 1
        number = f"-{counts[one.region]}" if counts[one.region] > 1 else ""
        link = NamedNode(f"{PREFIXES['link']}{local_id(one.region)}-{slug}{number}")
        region, match, place = (NamedNode(iri) for iri in (one.region, PREFIXES["skos"] + "exactMatch", one.place))
        rival = f" {one.known} is linked already." if one.known else ""
        comment = f"Proposed, not yet reviewed: {' and '.join(one.why)}, read in {file}.{rival}"
        said: dict[str, NamedNode | Literal] = {
            RDF + "type": NamedNode(owl + "Axiom"),
            owl + "annotatedSource": region,
            owl + "annotatedProperty": match,
            owl + "annotatedTarget": place,
            sssom + "mapping_justification": NamedNode(PREFIXES["semapv"] + "LexicalMatching"),
            sssom + "object_source": Literal(source),
            PREFIXES["rdfs"] + "comment": Literal(comment, language="en"),
        }
        written.append(records.record(region.value, [Triple(region, match, place)]))
        written.append(records.record(link.value, [Triple(link, NamedNode(name), term) for name, term in said.items()]))
    return records.put("", written, lambda _: None)
