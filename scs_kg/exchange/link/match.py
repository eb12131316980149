"""Matches a record of external data with the project's regions.

A record is a candidate if a code agrees, or if both the English and the Chinese name agree. One name is not enough:
many places in China have the same romanized name, and some have the same Chinese name. A person reviews every
candidate.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from scs_kg.exchange.link.external_records import ExternalRecord
from scs_kg.exchange.link.schemes import SCHEMES
from scs_kg.exchange.reconcile import normal
from scs_kg.model.namespaces import PREFIXES, curie

BOTH: Final = 0.95  # a code and a name agree. The numbers only order the review; they were not measured
CODE: Final = 0.9  # a code agrees, and there is no name
NAMES: Final = 0.8  # the names in both languages agree
CODE_ONLY: Final = 0.6  # a code agrees, and no name does
SHARED: Final = 0.5  # the names in both languages agree with several entries
CONFLICTING: Final = 0.3  # the entry contradicts a known match
CLOSE: Final = PREFIXES["skos"] + "closeMatch"
_BY_CODE, BY_NAME = PREFIXES["semapv"] + "MappingChaining", PREFIXES["semapv"] + "LexicalMatching"
_BY_BOTH = PREFIXES["semapv"] + "CompositeMatching"
_ENGLISH: Final = re.compile(r" (shi|sheng|xian|city|province|municipality|county|prefecture)$")
PROVINCE: Final = re.compile(r"(?!11|12|31|50|81|82)\d\d0000")
"""Matches the code of a province or an autonomous region in GB/T 2260.

The codes of municipalities, Hong Kong and Macau are left out, because each of these is a single city.
"""
_CHINESE: Final = re.compile(r"((维吾尔|壮族|回族)?自治区|[省市县])$")

Status = Literal["new", "known", "contradicts"]


@dataclass(frozen=True, slots=True)
class LinkCandidate:
    """A match to review: region or other record, external target, justification, confidence from 0 to 1, and conflicts.

    ``justification`` is an IRI of the vocabulary semapv. ``because`` lists the codes and names that agree; ``against``
    lists the conflicts.
    """

    region: str
    label: str
    predicate: str
    target: str
    source: str
    justification: str
    confidence: float
    status: Status
    because: tuple[str, ...]
    against: tuple[str, ...]
    line: int | None


@dataclass(frozen=True, slots=True)
class UnmatchedRecord:
    """A record that is not a candidate although a name agrees, with the reason."""

    region: str
    target: str
    why: str
    line: int | None


@dataclass(frozen=True, slots=True)
class KnownEntity:
    """The labels of the known regions, and three ways to find regions and links.

    ``named`` finds regions by language and name, ``linked`` finds regions by data set and target, and ``matches`` finds
    the targets of a region in a data set. ``provinces`` are the regions whose code is that of a province or an
    autonomous region.
    """

    labels: Mapping[str, str]
    named: Mapping[tuple[str, str], frozenset[str]]
    linked: Mapping[tuple[str, str], Mapping[str, str]]
    matches: Mapping[tuple[str, str], frozenset[str]]
    provinces: frozenset[str] = frozenset()


def forms(language: str, name: str) -> set[str]:
    """Return two normalized forms of a name (Unicode NFKC) without text in brackets: with and without its suffix."""
    form = normal(re.sub(r" ?\([^()]*\)$", "", unicodedata.normalize("NFKC", name)))
    return {form, (_CHINESE if language == "zh" else _ENGLISH).sub("", form)} - {""}


def matches(known: KnownEntity, entry: ExternalRecord) -> Iterator[LinkCandidate | UnmatchedRecord]:
    """Yield the candidates of an entry, and the regions with which only one name agrees."""
    names_of_entry = {(language, form) for language, name in entry.names for form in forms(language, name)}
    by_name: dict[str, dict[str, str]] = defaultdict(dict)
    for language, form in sorted(names_of_entry):
        for region in known.named.get((language, form), ()):
            by_name[region][language] = form
    by_code: dict[str, list[str]] = defaultdict(list)
    for source, code in entry.codes:
        for region, match in known.linked.get((source, code), {}).items():
            if match != CLOSE or code == entry.target:
                by_code[region].append(f"{source} {code}")
    languages = {language for language, _ in names_of_entry}
    for region in sorted(by_name.keys() | by_code.keys()):
        found = _Agreement(tuple(by_code.get(region, ())), by_name.get(region, {}), bool(languages))
        why = "" if found.codes else _why_names_do_not_suffice(known, entry, region, found.names.keys(), languages)
        yield UnmatchedRecord(region, entry.target, why, entry.line) if why else _candidate(known, entry, region, found)


def _why_names_do_not_suffice(
    known: KnownEntity, entry: ExternalRecord, region: str, agreeing: Collection[str], languages: Collection[str]
) -> str:
    """Return why an entry without an agreeing code is not a candidate for a region; empty if the entry is a candidate.

    ``agreeing`` are the languages in which a name agrees. ``languages`` are the languages in which the entry has a
    name.
    """
    if region in known.provinces and entry.first_level is False:
        return "is not a division of the first level, and the region is a province; only a name agrees"
    if {*agreeing} >= {"en", "zh"}:
        return ""
    (language,) = agreeing
    other = {"en": "zh", "zh": "en"}[language]
    lack = "has another name" if other in languages else "has no name"
    called = {"en": "English", "zh": "Chinese"}
    return f"only the {called[language]} name agrees; it {lack} in {called[other]}, and no code agrees"


@dataclass(frozen=True, slots=True)
class _Agreement:
    """The codes and names on which an entry and a region agree, and whether the entry has any name."""

    codes: tuple[str, ...]
    names: Mapping[str, str]
    named: bool


def _candidate(known: KnownEntity, entry: ExternalRecord, region: str, found: _Agreement) -> LinkCandidate:
    codes, names = found.codes, found.names
    links = known.linked.get((entry.source, entry.target), {})
    conflicts = tuple(_conflicts(known, entry, region))
    odd = ("no name agrees",) if codes and found.named and not names else ()
    return LinkCandidate(
        region=region,
        label=known.labels[region],
        predicate=links.get(region) or _predicate(entry, by_code=bool(codes)),
        target=entry.target,
        source=entry.source,
        justification=_BY_BOTH if codes and names else _BY_CODE if codes else BY_NAME,
        confidence=CONFLICTING if conflicts else CODE_ONLY if odd else (BOTH if names else CODE) if codes else NAMES,
        status="contradicts" if conflicts else "known" if region in links else "new",
        because=(*codes, *(f"{language} {name}" for language, name in sorted(names.items()))),
        against=(*conflicts, *odd),
        line=entry.line,
    )


def _predicate(entry: ExternalRecord, *, by_code: bool) -> str:
    """Return ``closeMatch`` for places inside a division and for entries that agree only in names."""
    scheme = SCHEMES.get(entry.source)
    if scheme and not scheme.iri:
        return scheme.predicate
    return PREFIXES["skos"] + "exactMatch" if by_code and not entry.within else CLOSE


def _conflicts(known: KnownEntity, entry: ExternalRecord, region: str) -> Iterator[str]:
    """Yield the known matches that an entry contradicts: another target or code, or another region."""
    for source, code in entry.codes:
        linked = known.linked.get((source, code), {})
        own = (source, code) == (entry.source, entry.target)
        ours = known.matches.get((region, source), frozenset())
        if ours and region not in linked and not (own and entry.within):
            yield f"{source} {code}, but the known one is {', '.join(sorted(ours))}"
        others = sorted(other for other, match in linked.items() if other != region and match != CLOSE)
        if others:
            yield f"{source} {code} belongs to {', '.join(curie(other) for other in others)}"
